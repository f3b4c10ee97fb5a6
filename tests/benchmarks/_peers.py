"""Baseline sentence search with other libraries: rank_bm25, bm25s, tantivy.

They index the same sentences as documents, without titles, under the default settings of their
libraries. None of them restores diacritics, translates questions or estimates confidence.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec

from rank_bm25 import BM25Okapi

from index import Answer, Article, Quote, StoredArticle
from index.language.analyser import syllable_spans
from index.language.sentences import split_sentences
from tests.benchmarks._bm25 import Search, best_places, bm25s_numpy, tantivy_alone
from tests.benchmarks._pyvi import load_pyvi

Best = Callable[[str, int], Sequence[int]]
"""From a question and a limit to the positions of the best sentences, best first."""


class Sentences:
    """Sentences of articles, in order."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self.articles: dict[str, StoredArticle] = {}
        self.spans: list[tuple[StoredArticle, int, int]] = []
        for number, article in enumerate(articles, start=1):
            name = article.id or str(number)
            stored = StoredArticle(number=number, id=name, title=article.title, text=article.text)
            self.articles[name] = stored
            self.spans += ((stored, start, end) for start, end in split_sentences(stored.text))

    @property
    def texts(self) -> list[str]:
        """Text of each sentence."""
        return [article.text[start:end] for article, start, end in self.spans]


class Peer:
    """Baseline with the interface of a `Library`."""

    def __init__(self, sentences: Sentences, best: Best) -> None:
        self._sentences = sentences
        self._best = best

    def ask(self, question: str, *, limit: int = 3, scope: Sequence[int] = ()) -> Answer:
        """Find the best sentences; a baseline is never confident, and has no scopes."""
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
        return Answer(question=question, quotes=quotes, milliseconds=spent)

    def find(self, reference: str) -> StoredArticle | None:
        """Return the article with this id."""
        return self._sentences.articles.get(reference)


def peers() -> dict[str, Callable[[Sequence[str]], Best]]:
    """Return the builders of the baselines by name."""
    found: dict[str, Callable[[Sequence[str]], Best]] = {
        "rank_bm25, pyvi words": rank_bm25_over_words,
        "tantivy, syllables": tantivy_over_syllables,
    }
    return found | ({"bm25s, syllables": bm25s_over_syllables} if has_bm25s() else {})


def has_bm25s() -> bool:
    """Tell whether bm25s of the extra `benchmark` is installed."""
    return find_spec("bm25s") is not None


def rank_bm25_over_words(texts: Sequence[str]) -> Best:
    """Search by `rank_bm25.BM25Okapi` over words of `pyvi.ViTokenizer`: the usual way."""
    tokenize = load_pyvi()

    def words(text: str) -> list[str]:
        return tokenize(text).lower().split()

    bm25 = BM25Okapi([words(text) for text in texts])

    def best(question: str, limit: int) -> Sequence[int]:
        return best_places(bm25.get_scores(words(question)), limit)

    return best


def bm25s_over_syllables(texts: Sequence[str]) -> Best:
    """Search by `bm25s.BM25` over syllables with its default k1."""
    return _over_syllables(bm25s_numpy(list(map(syllables, texts)), k1=1.5))


def tantivy_over_syllables(texts: Sequence[str]) -> Best:
    """Search by `tantivy` over syllables."""
    return _over_syllables(tantivy_alone(list(map(syllables, texts))))


def _over_syllables(search: Search) -> Best:
    def best(question: str, limit: int) -> Sequence[int]:
        return search(list(dict.fromkeys(syllables(question))), limit)

    return best


def syllables(text: str) -> list[str]:
    """Split a text into the syllables that we index."""
    return [syllable for syllable, _, _ in syllable_spans(text)]
