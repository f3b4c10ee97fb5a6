"""Analysis of an article: sentence spans, terms, abbreviations, duplicate keys, term codes."""

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
"""An article with the spans of its sentences in its text."""

_SPAN = Struct("=II")


@dataclass(frozen=True)
class Analysis:
    """Sentence spans and terms of an article.

    Args:
        spans: `[start, end)` of each sentence in the article's text.
        terms: Terms of the title and then of each sentence, in the form of
            `index.language.analyser.Terms`: one more than there are spans.
        definitions: Abbreviations that it defines; see `index.articles.abbreviations`.
    """

    spans: Spans
    terms: tuple[str, ...]
    definitions: tuple[Definition, ...] = ()

    @cached_property
    def duplicate_keys(self) -> tuple[int, ...]:
        """Keys that duplicates of the article share; see `index.articles.duplicates`."""
        return tuple(duplicate_keys(self.terms))

    @cached_property
    def codes(self) -> bytes:
        """Terms encoded for the ranking; see `index.articles.term_codes`."""
        return encode_terms(self.terms)


@dataclass(frozen=True, slots=True)
class IndexableArticle:
    """Fields of an article that an engine indexes; `published` is in seconds since 1970."""

    number: int
    revision: int
    published: int | None
    sources: tuple[str, ...]
    terms: tuple[str, ...]


def analyse(article: Article | StoredArticle, analyser: Analyser) -> Analysis:
    """Split an article into sentences and analyse each into terms."""
    spans = tuple(split_sentences(article.text))
    sentences = (article.text[start:end] for start, end in spans)
    terms = (analyser.analyse(text).text for text in (article.title, *sentences))
    return Analysis(spans, tuple(terms), definitions_in_article(article.title, article.text))


def pack_spans(spans: Spans) -> bytes:
    """Encode spans as pairs of 32-bit numbers, for the database."""
    return b"".join(_SPAN.pack(start, end) for start, end in spans)


def unpack_spans(packed: bytes) -> Spans:
    """Decode spans that `pack_spans` encoded."""
    return tuple(_SPAN.iter_unpack(packed))


def sentence_at(
    position: int, article: StoredArticle, spans: Spans
) -> tuple[str, int | None, int | None]:
    """Return a sentence of an article and its offsets; position 0 is the title, without offsets."""
    if position == 0:
        return article.title, None, None
    start, end = spans[position - 1]
    return article.text[start:end], start, end
