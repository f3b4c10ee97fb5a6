"""What others would build to find sentences, to be asked beside us.

They have the sentences that we have, without titles, each as a document, under the settings that
their libraries come with. None of them knows a question without marks, another language, or
whether its answer is to be trusted.
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
            self.spans += ((stored, start, end) for start, end in split_sentences(stored.text))

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
        return best_places(bm25.get_scores(words(question)), limit)

    return best


def bm25s_over_syllables(texts: Sequence[str]) -> Best:
    """`bm25s.BM25` over syllables, with the k1 that it comes with."""
    return _over_syllables(bm25s_numpy(list(map(syllables, texts)), k1=1.5))


def tantivy_over_syllables(texts: Sequence[str]) -> Best:
    """`tantivy` over syllables."""
    return _over_syllables(tantivy_alone(list(map(syllables, texts))))


def _over_syllables(search: Search) -> Best:
    def best(question: str, limit: int) -> Sequence[int]:
        return search(list(dict.fromkeys(syllables(question))), limit)

    return best


def syllables(text: str) -> list[str]:
    """The syllables of a text, as we index them."""
    return [syllable for syllable, _, _ in syllable_spans(text)]
