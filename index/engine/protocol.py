"""Protocol of search engines, which return candidate sentences for a query.

An engine is derived from the store: it can be deleted and rebuilt, and it remembers the revision
up to which it has indexed. Neither the protocol nor its callers know the types of a particular
search library.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from index.models.article import ArticleFilter, IndexableArticle

ChangedSince = Callable[[int], Iterable[Sequence[IndexableArticle]]]


class Field(StrEnum):
    """Field of a search index.

    The first four hold terms of a sentence; the last one those of a whole article, with its
    title. Engines index all but `FOLDED`, syllables without diacritics.
    """

    SYLLABLES = "syllables"
    WORDS = "words"
    BIGRAMS = "bigrams"
    FOLDED = "folded"
    ARTICLE = "article_syllables"


@dataclass(frozen=True, slots=True)
class WeightedTerm:
    """Term of a field with its weight in a search."""

    field: Field
    text: str
    weight: float = 1.0


Requirement = Sequence[Sequence[WeightedTerm]]
"""Alternatives, of which a document has to hold one: all the terms of it."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Size of the collection: number of documents, and mean number of terms in one."""

    documents: int
    average_length: float


class SentenceAddress(NamedTuple):
    """Address of a sentence: the article's number and the position in it, 0 for the title."""

    article: int
    position: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Origin of an index: the id of the collection and the version of the analyser."""

    collection: str
    analyser: int


class Snapshot(Protocol):
    """Consistent view of the index: all results are from the same commit."""

    def totals(self, field: Field) -> Totals:
        """Return the size of the collection in documents of the field."""

    def document_frequency(self, field: Field, term: str) -> int:
        """Return the number of documents whose field contains the term."""

    def sentences(
        self, terms: Sequence[WeightedTerm], limit: int, wanted: ArticleFilter
    ) -> list[SentenceAddress]:
        """Search for the best sentences by BM25 over sentence fields."""

    def articles(
        self, terms: Sequence[WeightedTerm], limit: int, wanted: ArticleFilter
    ) -> list[int]:
        """Search for the best articles, by number, by BM25 over the article field."""

    def sentences_holding(
        self,
        required: Sequence[Requirement],
        limit: int,
        wanted: ArticleFilter,
        *,
        newest: bool = False,
        preferred: Sequence[WeightedTerm] = (),
    ) -> list[SentenceAddress]:
        """Search for sentences that meet every requirement.

        Args:
            required: The requirements, of terms of sentence fields; at least one.
            limit: How many at most.
            wanted: The filter of the articles.
            newest: Order them by publication, newest first and undated last, not by BM25.
            preferred: Further terms that raise the BM25 of a sentence.
        """

    def articles_holding(
        self,
        required: Sequence[Requirement],
        limit: int,
        wanted: ArticleFilter,
        *,
        newest: bool = False,
    ) -> list[int]:
        """Search for articles, by number, that meet every requirement of the article field.

        Without a requirement all articles do; see `sentences_holding`.
        """

    def indexed(self, first: int, last: int | None) -> list[SentenceAddress]:
        """List all indexed sentences of a range of articles, with repetitions.

        Args:
            first: The first article number.
            last: The last one; None for no limit.
        """

    def indexed_articles(self, first: int, last: int | None) -> list[int]:
        """List all indexed articles of a range, with repetitions."""

    def mismatched_sentences(self, article: IndexableArticle) -> list[int]:
        """Return the positions of sentences that are not indexed by exactly their terms."""


class Engine(Protocol):
    """Search engine that indexes the store: one process at a time writes, all may read."""

    def origin(self) -> Origin | None:
        """Return the origin of the index in use; None if it is missing or damaged."""

    def is_outdated(self) -> bool:
        """Whether an older version of the engine made it: it can be searched, but not updated."""

    def revision(self) -> int:
        """Return the revision up to which the store has been indexed; 0 without an index."""

    def snapshot(self) -> Snapshot:
        """Return the index as last committed by any process."""

    def faults(self) -> list[str]:
        """List the damaged files of the index in use, by their checksums."""

    def update(self, changed_since: ChangedSince, *, wait: bool = True) -> None:
        """Index the articles changed since `revision()`, and commit.

        An article that was indexed before is replaced. If interrupted, the index is
        unchanged, and the next update completes it.

        Args:
            changed_since: Returns the articles changed after a revision, in order.
            wait: Wait for another process that is indexing; else leave it to that one.
        """

    def rebuild(self, changed_since: ChangedSince, origin: Origin) -> None:
        """Build a new index beside the one in use, then switch to it.

        Until then the old one may be searched and updated, by any process. Interrupted, it
        stays. If another process is building the same index, wait for that one instead.

        Args:
            changed_since: Returns the articles changed after a revision, in order.
            origin: The origin of the articles.
        """
