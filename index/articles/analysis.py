"""An article taken apart: its sentences and their terms."""

from dataclasses import dataclass
from functools import cached_property
from struct import Struct

from index.articles.abbreviations import Definition, definitions_in_article
from index.articles.duplicates import duplicate_keys
from index.articles.term_codes import encode_terms
from index.language.analyser import Analyser
from index.language.sentences import split_sentences
from index.models.article import Article, StoredArticle

Spans = tuple[tuple[int, int], ...]

ArticleWithSpans = tuple[StoredArticle, Spans]
"""An article with the spans of its sentences."""

_SPAN = Struct("=II")


@dataclass(frozen=True)
class Analysis:
    """Where an article's sentences are and what they are found by.

    Args:
        spans: `[start, end)` of each sentence in the article's text.
        terms: The words form (see `index.language.analyser.Terms`) of the title and then
            of each sentence: one more than there are spans.
        definitions: The abbreviations that it explains; see `index.articles.abbreviations`.
    """

    spans: Spans
    terms: tuple[str, ...]
    definitions: tuple[Definition, ...] = ()

    @cached_property
    def duplicate_keys(self) -> tuple[int, ...]:
        """The keys under which copies of the article are found; see `index.articles.duplicates`."""
        return tuple(duplicate_keys(self.terms))

    @cached_property
    def codes(self) -> bytes:
        """The terms as ranking reads them; see `index.articles.term_codes`."""
        return encode_terms(self.terms)


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
    spans = tuple(split_sentences(article.text))
    sentences = (article.text[start:end] for start, end in spans)
    terms = (analyser.analyse(text).text for text in (article.title, *sentences))
    return Analysis(spans, tuple(terms), definitions_in_article(article.title, article.text))


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
