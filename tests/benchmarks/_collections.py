"""Collections of shared news in several sizes, for half of whose questions the article is there."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from zlib import crc32

from index import Article, Library
from index.alerts.announcer import Alert
from index.articles.readers.json_lines import parse_record
from index.language.sentences import split_sentences
from tests.benchmarks._news import news_records
from tests.benchmarks._questions import news_questions, xquad_contexts

LEAST_WITH_XQUAD = 10_000
"""Sentences of a collection that also holds paragraphs of XQuAD, which are over a thousand."""


def build_collection(cache: Path, sentences: int) -> Path:
    """Return the data folder of a collection, built unless the cache holds it."""
    folder, complete = cache / str(sentences), cache / f"{sentences}.complete"
    if not complete.exists():
        with Library.open(folder) as library:
            library.ingest(_articles(sentences), alert=Alert.NONE)
        complete.touch()
    return folder


def _articles(sentences: int) -> Iterator[Article]:
    """Yield the articles of half of the questions, and news beside them up to a size."""
    asked = news_questions().articles
    news = list(_halved(parse_record(r) for r in news_records() if r["id"] in asked))
    if sentences >= LEAST_WITH_XQUAD:
        news += _halved(xquad_contexts())
    others = (parse_record(record) for record in news_records() if record["id"] not in asked)
    taken = 0
    for article in chain(news, others):
        if taken >= sentences:
            return
        taken += len(split_sentences(article.text))
        yield article


def _halved(articles: Iterator[Article] | tuple[Article, ...]) -> Iterator[Article]:
    """Yield the same half of some articles each time."""
    return (article for article in articles if crc32(str(article.id).encode()) % 2 == 0)
