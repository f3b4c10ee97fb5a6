"""Find the articles on a subject, newest or best first, with their sentences on it.

1. Without a subject these are the newest articles of all. With one they hold its words: as one
   run of syllables, or if few do in one sentence, or else anywhere; see
   `index.search.query.requirements`.
2. News is ordered by publication, and articles that name the subject only in passing are left out
   if others do not. All else is ordered by BM25, see `index.search.ranking`.
3. An introduction is a sentence that says who or what the subject is; see `introductions`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from index.engine.protocol import Requirement, SentenceAddress, Snapshot, WeightedTerm
from index.models.article import ArticleFilter, sentence_at
from index.models.headlines import ArticleRequestKind
from index.search.overviews.introductions import introduction_strengths, preferred_terms
from index.search.overviews.subject import Subject
from index.search.query.requirements import needed_concepts
from index.search.ranking.bm25 import rank
from index.search.ranking.candidates import Candidates, Ranked
from index.search.ranking.term_counts import CollectionCounts
from index.store import View

SENTENCES = 100
"""Sentences that are proposed for a subject; about as many articles can be paged through."""

INTRODUCTIONS = 40
"""Sentences that are read to see whether they introduce the subject."""

MOST_SENTENCES = 3_200
"""Sentences among which the newest articles on a subject are looked for."""

ANYWHERE = 20
"""Articles that are read whole where no sentence holds all words of a subject."""

ENOUGH_ARTICLES = 3
"""Articles from which a stricter requirement finds enough."""

LEAD_SENTENCES = 3
"""A subject that is named in the title, or in these first sentences, is not named in passing."""


@dataclass(frozen=True, slots=True)
class FoundArticles:
    """Articles in order, and for each the addresses of its sentences on the subject, best first."""

    numbers: Sequence[int]
    sentences: Mapping[int, Sequence[SentenceAddress]]
    is_complete: bool = True


def find_articles(
    kind: ArticleRequestKind,
    subject: Subject | None,
    wanted: ArticleFilter,
    depth: int,
    snapshot: Snapshot,
    view: View,
) -> FoundArticles:
    """Find the articles on a subject, or of the news if there is no subject.

    Args:
        kind: The kind of articles that are asked for, which decides their order.
        subject: The subject.
        wanted: The filter of the articles.
        depth: The number of sentences to propose.
        snapshot: The engine that proposes, and the statistics.
        view: The articles.
    """
    if subject is None:
        numbers = snapshot.articles_holding([], depth, wanted, newest=True)
        return FoundArticles(numbers, {}, len(numbers) < depth)
    if kind is ArticleRequestKind.NEWS:
        return _newest(subject, wanted, depth, snapshot, view)
    if kind is ArticleRequestKind.INTRODUCTION:
        return _introductions(subject, wanted, snapshot, view)
    return _best(subject, wanted, snapshot, view)


def _newest(
    subject: Subject, wanted: ArticleFilter, depth: int, snapshot: Snapshot, view: View
) -> FoundArticles:
    """Find the newest articles on a subject."""
    hits = sentences_on(subject, depth, wanted, snapshot, newest=True)
    if subject.required.syllables and not are_enough(hits):
        return _anywhere(subject, hits, wanted, snapshot, view, newest=True)
    by_article = _by_article(hits)
    on_it = [number for number, among in by_article.items() if not _is_in_passing(among)]
    return FoundArticles(on_it or list(by_article), by_article, len(hits) < depth)


def with_best_sentences(
    found: FoundArticles, numbers: Sequence[int], subject: Subject, snapshot: Snapshot, view: View
) -> FoundArticles:
    """Put the sentences of some articles in order, the best on the subject first."""
    addresses = [address for number in numbers for address in found.sentences.get(number, ())]
    ranked = _rank(subject, Candidates(addresses), snapshot, view)
    return replace(found, sentences=_by_article([candidate.address for candidate in ranked]))


def _is_in_passing(addresses: Sequence[SentenceAddress]) -> bool:
    return len(addresses) == 1 and addresses[0].position > LEAD_SENTENCES


def _best(subject: Subject, wanted: ArticleFilter, snapshot: Snapshot, view: View) -> FoundArticles:
    """Find the best articles on a subject."""
    hits = sentences_on(subject, SENTENCES, wanted, snapshot)
    if subject.required.syllables and not are_enough(hits):
        return _anywhere(subject, hits, wanted, snapshot, view, newest=False)
    ranked = _rank(subject, Candidates(hits), snapshot, view)
    by_article = _by_article([candidate.address for candidate in ranked])
    return FoundArticles(list(by_article), by_article)


def _anywhere(
    subject: Subject,
    hits: Sequence[SentenceAddress],
    wanted: ArticleFilter,
    snapshot: Snapshot,
    view: View,
    *,
    newest: bool,
) -> FoundArticles:
    """Find articles that hold the words of a subject in several sentences, or in those found."""
    in_one = {address.article for address in hits}
    numbers = snapshot.articles_holding(subject.required.syllables, ANYWHERE, wanted, newest=newest)
    ranked = _rank(subject, Candidates(hits, numbers), snapshot, view)
    needed = needed_concepts(subject.query)
    by_article = _by_article(
        [
            candidate.address
            for candidate in ranked
            if candidate.address.article in in_one or candidate.article[needed].all()
        ]
    )
    order = [*numbers, *in_one.difference(numbers)] if newest else [*by_article]
    return FoundArticles([number for number in order if number in by_article], by_article)


def _introductions(
    subject: Subject, wanted: ArticleFilter, snapshot: Snapshot, view: View
) -> FoundArticles:
    """Find the sentences that introduce a subject, the clearest first."""
    required = subject.required.phrase or subject.required.words
    hits = snapshot.sentences_holding(required, INTRODUCTIONS, wanted, preferred=preferred_terms())
    numbers = {address.article for address in hits}
    articles = view.get(numbers)
    ranked = [
        candidate.address
        for candidate in _rank(subject, Candidates(hits), snapshot, view)
        if candidate.address.position
    ]
    texts = [sentence_at(address.position, *articles[address.article])[0] for address in ranked]
    strengths = introduction_strengths(texts, subject.text)
    clear = [(-strength, place) for place, strength in enumerate(strengths) if strength]
    by_article = _by_article([ranked[place] for _, place in sorted(clear)])
    return FoundArticles(list(by_article), by_article)


def _rank(
    subject: Subject, candidates: Candidates, snapshot: Snapshot, view: View
) -> Sequence[Ranked]:
    counts = CollectionCounts(subject.query, snapshot)
    return rank(subject.query, candidates, view.codes(candidates.numbers), counts)


def sentences_on(
    subject: Subject,
    depth: int,
    wanted: ArticleFilter,
    snapshot: Snapshot,
    *,
    newest: bool = False,
    preferred: Sequence[WeightedTerm] = (),
) -> list[SentenceAddress]:
    """Return sentences that hold the subject: as one run if enough articles do, else by words."""

    def holding(required: Sequence[Requirement]) -> list[SentenceAddress]:
        return snapshot.sentences_holding(
            required, depth, wanted, newest=newest, preferred=preferred
        )

    required, hits = subject.required, list[SentenceAddress]()
    if required.phrase:
        hits = holding(required.phrase) or holding(required.any_phrase)
    if required.words and not are_enough(hits):
        hits = holding(required.words) or hits
    return hits


def are_enough(hits: Iterable[SentenceAddress]) -> bool:
    """Whether sentences are of so many articles that no looser requirement is needed."""
    return len({address.article for address in hits}) >= ENOUGH_ARTICLES


def _by_article(
    addresses: Iterable[SentenceAddress],
) -> dict[int, list[SentenceAddress]]:
    """Group sentences by article, the article of the first one first."""
    grouped: defaultdict[int, list[SentenceAddress]] = defaultdict(list)
    for address in addresses:
        grouped[address.article].append(address)
    return dict(grouped)
