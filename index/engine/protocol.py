"""Protocol of search engines, which return candidate sentences for a query.

An engine is derived from the store: it can be deleted and rebuilt, and it remembers the revision
up to which it has indexed. Neither the protocol nor its callers know the types of a particular
search library.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from itertools import pairwise
from typing import Generic, NamedTuple, ParamSpec, Protocol, TypeVar

from index.errors import SnapshotLostError
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


class WeightedTerm(NamedTuple):
    """Term of a field with its weight in a search."""

    field: Field
    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class TermSearch:
    """Search for the best documents by BM25: those with any of the terms, so many at most."""

    terms: Sequence[WeightedTerm] = ()
    limit: int = 0


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


class Hits(NamedTuple):
    """Sentences and articles, by number, that a search found, best first."""

    sentences: Sequence[SentenceAddress]
    articles: Sequence[int]


@dataclass(frozen=True, slots=True)
class Origin:
    """Origin of an index: the id of the collection and the version of the analyser."""

    collection: str
    analyser: int


def sentence_texts(terms: str) -> dict[Field, str]:
    """Return the text of each field of a sentence: its terms, with spaces between.

    Args:
        terms: The words of the sentence.
    """
    syllables = terms.replace("_", " ")
    return {
        Field.WORDS: terms,
        Field.SYLLABLES: syllables,
        Field.BIGRAMS: " ".join(map("_".join, pairwise(syllables.split()))),
    }


def article_text(article: IndexableArticle) -> str:
    """Return the text of the article field: the syllables of all sentences."""
    return " ".join(article.terms).replace("_", " ")


Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """Cache of values of which many are computed at once. May be shared by threads.

    Args:
        compute: Computes the values of some keys, in order.
        most: How many values are kept.
    """

    def __init__(self, compute: Callable[[Sequence[Key]], Iterable[Value]], most: int) -> None:
        self._compute = compute
        self._most = most
        self._values: dict[Key, Value] = {}

    def __contains__(self, key: Key) -> bool:
        return key in self._values

    def of(self, keys: Iterable[Key]) -> Mapping[Key, Value]:
        """Return the values of some keys, with those of others that are kept."""
        keys, values = list(keys), self._values
        missing = [key for key in keys if key not in values]
        if not missing:
            return values
        if len(values) + len(missing) > self._most:
            values = self._values = {key: values[key] for key in keys if key in values}
        missing = list(dict.fromkeys(missing))
        values.update(zip(missing, self._compute(missing), strict=True))
        return values


class Snapshot(Protocol):
    """Consistent view of the index: all results are from the same commit.

    An engine may be a server: each call is one round trip at most, so that callers ask for many
    things at once. It raises `SnapshotLostError` where it does not have this state any more, and
    `UnavailableError` where it does not answer. The frequencies that a snapshot has returned it
    keeps for later calls.
    """

    def totals(self, field: Field) -> Totals:
        """Return the size of the collection in documents of the field."""

    def document_frequencies(
        self, terms: Mapping[Field, Iterable[str]]
    ) -> Mapping[Field, Mapping[str, int]]:
        """Count the documents that contain each of some terms of each of some fields.

        Returns:
            The number for each of these terms, and maybe for others.
        """

    def best(
        self, sentences: TermSearch, articles: TermSearch, filters: Sequence[ArticleFilter]
    ) -> list[Hits]:
        """Search for the best sentences and the best articles among those of each filter.

        Args:
            sentences: The search for sentences, by terms of their fields.
            articles: The search for articles, by terms of the article field.
            filters: The filters of the articles.

        Returns:
            The hits of each filter.
        """

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
        """Describe each fault of the index in use in one line; there are none without an index."""

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

    def close(self) -> None:
        """Close the connections of the engine, if it has any."""


Params = ParamSpec("Params")
Result = TypeVar("Result")


def again_if_lost(function: Callable[Params, Result]) -> Callable[Params, Result]:
    """Decorate a function that takes a snapshot to run once more if that is lost meanwhile."""

    @wraps(function)
    def repeated(*args: Params.args, **kwargs: Params.kwargs) -> Result:
        try:
            return function(*args, **kwargs)
        except SnapshotLostError:
            return function(*args, **kwargs)

    return repeated
