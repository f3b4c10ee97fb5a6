"""Read the shared news data set: 60,000 articles."""

import gzip
import json
from collections.abc import Iterable, Iterator
from typing import Any

from index import Article
from index.articles.readers.json_lines import parse_record
from index.language.sentences import split_sentences
from tests.support.paths import SHARED

DATA = SHARED / "data"
NEWS = DATA / "vietnews-60k.jsonl.gz"


def require_news() -> None:
    """Exit if the shared news is absent."""
    if not NEWS.is_file():
        raise SystemExit(f"{NEWS} is absent: there is no news to read")


def news_records() -> Iterator[dict[str, Any]]:
    """Yield the records of the news, in order."""
    with gzip.open(NEWS, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def first_articles(
    sentences: int, records: Iterable[dict[str, Any]] | None = None
) -> Iterator[Article]:
    """Yield the first articles that reach a number of sentences together.

    Args:
        sentences: The number of sentences.
        records: The records to read; those of the news by default.
    """
    taken = 0
    for record in records or news_records():
        if taken >= sentences:
            return
        article = parse_record(record)
        taken += len(split_sentences(article.text))
        yield article
