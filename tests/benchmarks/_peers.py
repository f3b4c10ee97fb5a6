"""What others would build to find sentences, to be asked beside us.

They have the sentences that we have, without titles, each as a document, under the settings that
their libraries come with. None of them knows a question without marks, another language, or
whether its answer is to be trusted.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec

import numpy as np
import tantivy
from rank_bm25 import BM25Okapi

from index import Answer, Article, Quote, StoredArticle
from index.analyser import syllable_spans
from index.sentences import split
from tests.benchmarks._pyvi import load_pyvi

Best = Callable[[str, int], Sequence[int]]
"""The places of so many best sentences for a question, best first."""


class Sentences:
    """The sentences of articles, in order."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self.articles: dict[str, StoredArticle] = {}
        self.spans: list[tuple[StoredArticle, int, int]] = []
        for number, article in enumerate(articles, start=1):
            name = article.id or str(number)
            stored = StoredArticle(number=number, id=name, title=article.title, text=article.text)
            self.articles[name] = stored
            self.spans += ((stored, start, end) for start, end in split(stored.text))

    @property
    def texts(self) -> list[str]:
        """Each sentence as it is written."""
        return [article.text[start:end] for article, start, end in self.spans]


class Peer:
    """A way to find sentences that answers as a `Library` does."""

    def __init__(self, sentences: Sentences, best: Best) -> None:
        self._sentences = sentences
        self._best = best

    def ask(self, question: str, *, limit: int = 3, scope: Sequence[int] = ()) -> Answer:
        """The best sentences; a peer is never confident, and knows no scope."""
        assert not scope
        started = time.perf_counter()
        spans = [self._sentences.spans[place] for place in self._best(question, limit)]
        quotes = tuple(
            Quote(
                text=article.text[start:end],
                start=start,
                end=end,
                score=1 / rank,
                article=article,
                position=0,
            )
            for rank, (article, start, end) in enumerate(spans, start=1)
        )
        spent = 1000 * (time.perf_counter() - started)
        return Answer(question=question, quotes=quotes, confident=False, milliseconds=spent)

    def find(self, reference: str) -> StoredArticle | None:
        """The article with this id."""
        return self._sentences.articles.get(reference)


def peers() -> dict[str, Callable[[Sequence[str]], Best]]:
    """By name, what makes each peer of the texts of sentences."""
    found: dict[str, Callable[[Sequence[str]], Best]] = {
        "rank_bm25, pyvi words": rank_bm25_over_words,
        "tantivy, syllables": tantivy_over_syllables,
    }
    return found | ({"bm25s, syllables": bm25s_over_syllables} if has_bm25s() else {})


def has_bm25s() -> bool:
    """Whether bm25s is there, which the extra `benchmark` brings."""
    return find_spec("bm25s") is not None


def rank_bm25_over_words(texts: Sequence[str]) -> Best:
    """`rank_bm25.BM25Okapi` over the words of `pyvi.ViTokenizer`: the usual way."""
    tokenize = load_pyvi()

    def words(text: str) -> list[str]:
        return tokenize(text).lower().split()

    bm25 = BM25Okapi([words(text) for text in texts])

    def best(question: str, limit: int) -> Sequence[int]:
        scores = bm25.get_scores(words(question))
        places = (
            np.argpartition(-scores, limit)[:limit] if limit < len(texts) else range(len(texts))
        )
        return sorted((int(place) for place in places), key=lambda place: (-scores[place], place))

    return best


def bm25s_over_syllables(texts: Sequence[str]) -> Best:
    """`bm25s.BM25` over syllables."""
    import bm25s

    bm25 = bm25s.BM25()
    bm25.index([syllables(text) for text in texts], show_progress=False)

    def best(question: str, limit: int) -> Sequence[int]:
        found, _ = bm25.retrieve(
            [syllables(question)], k=min(limit, len(texts)), show_progress=False
        )
        return [int(place) for place in found[0]]

    return best


def tantivy_over_syllables(texts: Sequence[str]) -> Best:
    """`tantivy` over syllables, in memory."""
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("place", stored=True)
    builder.add_text_field("syllables", tokenizer_name="terms", index_option="freq")
    schema = builder.build()
    index = tantivy.Index(schema)
    index.register_tokenizer(
        "terms", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    )
    writer = index.writer(64_000_000, 1)
    for place, text in enumerate(texts):
        writer.add_document(tantivy.Document(place=place, syllables=" ".join(syllables(text))))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def best(question: str, limit: int) -> Sequence[int]:
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(schema, "syllables", syllable))
            for syllable in dict.fromkeys(syllables(question))
        ]
        hits = searcher.search(tantivy.Query.boolean_query(terms), limit).hits
        return [int(searcher.doc(address)["place"][0]) for _, address in hits]

    return best


def syllables(text: str) -> list[str]:
    """The syllables of a text, as we index them."""
    return [syllable for syllable, _, _ in syllable_spans(text)]
