"""An article taken apart: its sentences and their terms."""

from dataclasses import dataclass
from functools import cached_property
from struct import Struct

from index.analyser import Analyser
from index.article import Article, StoredArticle
from index.codes import encode
from index.copies import copy_keys
from index.definitions import Definition, definitions_of
from index.sentences import split

Spans = tuple[tuple[int, int], ...]

Located = tuple[StoredArticle, Spans]
"""An article with the spans of its sentences."""

_SPAN = Struct("=II")


@dataclass(frozen=True)
class Analysis:
    """Where an article's sentences are and what they are found by.

    Args:
        spans: `[start, end)` of each sentence in the article's text.
        terms: The words form (see `index.analyser.Terms`) of the title and then
            of each sentence: one more than there are spans.
        definitions: The abbreviations that it explains; see `index.definitions`.
    """

    spans: Spans
    terms: tuple[str, ...]
    definitions: tuple[Definition, ...] = ()

    @cached_property
    def copy_keys(self) -> tuple[int, ...]:
        """The keys under which copies of the article are found; see `index.copies`."""
        return tuple(copy_keys(self.terms))

    @cached_property
    def codes(self) -> bytes:
        """The terms as ranking reads them; see `index.codes`."""
        return encode(self.terms)


@dataclass(frozen=True, slots=True)
class IndexableArticle:
    """What an engine needs of an article; `published` is in seconds since 1970."""

    number: int
    revision: int
    published: int | None
    sources: tuple[str, ...]
    terms: tuple[str, ...]


def analyse(article: Article | StoredArticle, analyser: Analyser) -> Analysis:
    """Split the article into sentences and analyse each of them."""
    spans = tuple(split(article.text))
    sentences = (article.text[start:end] for start, end in spans)
    terms = (analyser.analyse(text).text for text in (article.title, *sentences))
    return Analysis(spans, tuple(terms), definitions_of(article.title, article.text))


def pack_spans(spans: Spans) -> bytes:
    """Spans as 32-bit numbers."""
    return b"".join(_SPAN.pack(start, end) for start, end in spans)


def unpack_spans(packed: bytes) -> Spans:
    """What `pack_spans` packed."""
    return tuple(_SPAN.iter_unpack(packed))


def sentence_at(
    position: int, article: StoredArticle, spans: Spans
) -> tuple[str, int | None, int | None]:
    """Return the text of a sentence and its offsets; position 0 is the title, without offsets."""
    if position == 0:
        return article.title, None, None
    start, end = spans[position - 1]
    return article.text[start:end], start, end
