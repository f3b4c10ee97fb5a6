"""What proposes candidates: a search engine behind a small protocol.

An engine is derived from the store: it can be thrown away and rebuilt, and it
remembers the revision up to which it has indexed. Nothing here, nor whoever
calls it, knows the types of a particular search library.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from index.articles.analysis import IndexableArticle
from index.models.article import ArticleFilter

Filter = ArticleFilter  # its name before it became one of the values of `index.models.article`
ChangedSince = Callable[[int], Iterable[Sequence[IndexableArticle]]]


class Field(StrEnum):
    """What a term is a term of.

    The first four are of a sentence; the last of a whole article, title
    included. Engines know all of them but `FOLDED`, syllables without their marks.
    """

    SYLLABLES = "syllables"
    WORDS = "words"
    BIGRAMS = "bigrams"
    FOLDED = "folded"
    ARTICLE = "article_syllables"


@dataclass(frozen=True, slots=True)
class WeightedTerm:
    """A term of a field, and its weight in a search."""

    field: Field
    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Totals:
    """The size of the collection: how many documents, and terms a document on average."""

    documents: int
    average_length: float


class SentenceAddress(NamedTuple):
    """A sentence: the article's number and the place in it, 0 for the title."""

    article: int
    position: int


@dataclass(frozen=True, slots=True)
class Origin:
    """What an index was made from: a collection, by its id, and a version of the analyser."""

    collection: str
    analyser: int


class Snapshot(Protocol):
    """An engine at one moment: all of its answers are of the same collection."""

    def totals(self, field: Field) -> Totals:
        """How large the collection is, counted in documents of the field."""

    def document_frequency(self, field: Field, term: str) -> int:
        """In how many documents of the field the term occurs."""

    def sentences(
        self, terms: Sequence[WeightedTerm], limit: int, wanted: ArticleFilter
    ) -> list[SentenceAddress]:
        """The best sentences by BM25 over terms of sentence fields."""

    def articles(
        self, terms: Sequence[WeightedTerm], limit: int, wanted: ArticleFilter
    ) -> list[int]:
        """The numbers of the best articles by BM25 over terms of article fields."""

    def indexed(self, first: int, last: int | None) -> list[SentenceAddress]:
        """What is indexed of the articles from one number to another, each as often as it is.

        Args:
            first: The first number.
            last: The last one; None for all that come.
        """

    def indexed_articles(self, first: int, last: int | None) -> list[int]:
        """The same for articles as a whole."""

    def mismatched_sentences(self, article: IndexableArticle) -> list[int]:
        """The positions of an article's sentences that are not indexed by just their terms."""


class Engine(Protocol):
    """A search engine that follows the store.

    One process at a time writes; all may read.
    """

    def origin(self) -> Origin | None:
        """What the index that answers was made from; None if there is none, or it is damaged."""

    def is_outdated(self) -> bool:
        """Whether an older version of the engine made it: it can be asked, but not updated."""

    def revision(self) -> int:
        """The revision up to which the store has been indexed; 0 without an index."""

    def snapshot(self) -> Snapshot:
        """The collection as last committed, by whichever process."""

    def faults(self) -> list[str]:
        """What of the index that answers is damaged, by its checksums."""

    def update(self, changed_since: ChangedSince, *, wait: bool = True) -> None:
        """Index what changed in the store since `revision()`, and commit.

        An article that was indexed before is replaced. Interrupted, the engine
        stays as it was, and updating again completes it.

        Args:
            changed_since: Gives the articles changed after a revision, in order.
            wait: Wait for another process that is indexing; else leave it to that one.
        """

    def rebuild(self, changed_since: ChangedSince, origin: Origin) -> None:
        """Make an index beside the one that answers, which then takes its place.

        Until then the old one may be asked and updated, by any process. Interrupted, it
        stays. Where another process is building the same, that one is waited for instead.

        Args:
            changed_since: Gives the articles changed after a revision, in order.
            origin: What the articles are.
        """
