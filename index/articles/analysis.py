"""Analysis of an article: sentence spans, terms, abbreviations, duplicate keys, term codes."""

from dataclasses import dataclass
from functools import cached_property

from index.articles.abbreviations import Definition, definitions_in_article
from index.articles.duplicates import duplicate_keys
from index.articles.term_codes import encode_terms
from index.language.analyser import Analyser
from index.language.sentences import split_sentences
from index.models.article import Article, Spans, StoredArticle


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


def analyse(article: Article | StoredArticle, analyser: Analyser) -> Analysis:
    """Split an article into sentences and analyse each into terms."""
    spans = tuple(split_sentences(article.text))
    sentences = (article.text[start:end] for start, end in spans)
    terms = (analyser.analyse(text).text for text in (article.title, *sentences))
    return Analysis(spans, tuple(terms), definitions_in_article(article.title, article.text))
