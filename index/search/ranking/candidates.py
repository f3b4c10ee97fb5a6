"""Propose candidate sentences and articles from the search index: the first stage of retrieval."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.engine.protocol import Field, SentenceAddress, Snapshot, TermSearch, WeightedTerm
from index.models.article import ArticleFilter
from index.search.query.model import Query, QueryTerm, Variant
from index.search.ranking.term_counts import CollectionCounts

SENTENCES = 60
"""Sentences proposed by their own terms."""

ARTICLES = 5
"""Articles proposed as a whole."""

SENTENCES_AN_ARTICLE = 1_000
"""How many sentences of an article are looked at when it is proposed as a whole."""

SYLLABLES_WEIGHT, WORDS_WEIGHT, BIGRAMS_WEIGHT = 0.7, 0.3, 0.2
"""Weights of a sentence's fields in the first stage; those of ranking are in `weights`."""

COMMON_FROM = 0.1
"""The share of sentences from which a term proposes none of them for a Vietnamese question: it
tells hardly any apart, and reading all that hold it takes the engine longest."""

FEW_SENTENCES = 20_000
"""So many are read whatever their share."""

COMMON_IN_ARTICLES_FROM, FEW_ARTICLES = 0.25, 2_000
"""The same for proposing articles, in whatever language: over 60,000 of them four fifths of the
time are saved, and what is found is as good."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Candidates for an answer: sentences and articles.

    Args:
        sentences: Sentences by themselves.
        articles: Articles all of whose sentences may, if they are not too many.
        scope: Articles that were asked for: all of their sentences.
    """

    sentences: Sequence[SentenceAddress] = ()
    articles: Sequence[int] = ()
    scope: Sequence[int] = ()

    @property
    def numbers(self) -> set[int]:
        """The numbers of all articles among the candidates."""
        of_sentences = {address.article for address in self.sentences}
        return of_sentences | set(self.articles) | set(self.scope)

    def joined(self, others: "Candidates") -> "Candidates":
        """Return the union with other candidates; the scope stays."""
        return Candidates(
            tuple(dict.fromkeys((*self.sentences, *others.sentences))),
            tuple(dict.fromkeys((*self.articles, *others.articles))),
            self.scope,
        )


def propose(
    query: Query,
    collection: CollectionCounts,
    snapshot: Snapshot,
    filters: Sequence[ArticleFilter],
) -> list[Candidates]:
    """Propose the best sentences by themselves, and the best articles as a whole.

    Args:
        query: The analysed question.
        collection: The statistics of its terms.
        snapshot: The engine to ask.
        filters: The filters of the articles.

    Returns:
        The candidates of each filter.
    """
    of_both = (Field.SYLLABLES, Field.ARTICLE)
    sentences, articles = (collection.totals(field).documents for field in of_both)
    terms, of_articles = list(_sentence_terms(query)), list(_article_terms(query))
    if query.words:
        terms = _telling(terms, collection, max(FEW_SENTENCES, COMMON_FROM * sentences))
    most = max(FEW_ARTICLES, COMMON_IN_ARTICLES_FROM * articles)
    searches = (
        TermSearch(terms, SENTENCES),
        TermSearch(_telling(of_articles, collection, most), ARTICLES),
    )
    return [Candidates(*hits) for hits in snapshot.best(*searches, filters)]


def _sentence_terms(query: Query) -> Iterator[WeightedTerm]:
    weight = SYLLABLES_WEIGHT if query.words else 1.0
    for concept in query.concepts:
        yield from _terms(concept, weight)
    for word in query.words:
        yield from map(_of_syllables, _terms(word, WORDS_WEIGHT))
    for bigram in query.bigrams:
        yield from _terms(bigram, BIGRAMS_WEIGHT)


def _telling(
    terms: Sequence[WeightedTerm], collection: CollectionCounts, most: float
) -> list[WeightedTerm]:
    """Return the terms that at most so many documents hold; all of them if there are none."""
    few = [term for term in terms if collection.of_term(term.field, term.text) <= most]
    return few or list(terms)


def _of_syllables(word: WeightedTerm) -> WeightedTerm:
    """Turn a word of one syllable into that syllable: the engine need not read both."""
    return word if "_" in word.text else word._replace(field=Field.SYLLABLES)


def _terms(concept: QueryTerm, weight: float) -> Iterator[WeightedTerm]:
    for way in _proposing(concept):
        if way.field is Field.SYLLABLES and len(way.terms) > 1:
            pairs = list(pairwise(way.terms))
            for pair in pairs:
                share = weight * way.weight / len(pairs)
                yield WeightedTerm(Field.BIGRAMS, "_".join(pair), share)
        else:
            for term in way.terms:
                yield WeightedTerm(way.field, term, weight * way.weight / len(way.terms))


def _proposing(concept: QueryTerm) -> Iterator[Variant]:
    """Yield the variants that propose: not a syllable without diacritics.

    It stands beside its forms with diacritics, is in too many sentences to tell them apart, and
    costs the engine most.
    """
    return (way for way in concept.alternatives if way.field is not Field.FOLDED)


def _article_terms(query: Query) -> Iterator[WeightedTerm]:
    for concept in query.concepts:
        for way in _proposing(concept):
            for term in way.terms:
                yield WeightedTerm(Field.ARTICLE, term, way.weight / len(way.terms))
