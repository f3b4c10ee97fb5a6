"""From a question to ranked sentences: candidates proposed, ranked, read and judged."""

from collections.abc import Callable, Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from index.accents import Marks
from index.analyser import Analyser
from index.analysis import Located
from index.article import Quote
from index.candidates import Candidates, propose
from index.confidence import probability, probability_within
from index.engines import Engine, Filter, Snapshot
from index.evidence import evidence_of
from index.facts import Fact, facts
from index.favouring import Found, favoured, is_of, to_read, undated, within
from index.own_abbreviations import OwnAbbreviations
from index.periods import Asked, without
from index.query import Query
from index.question import analyse_question
from index.quoting import quote, read_signs, weighed
from index.ranking import Ranked, rank
from index.semantic import Semantics, is_understood, spokesmen
from index.store import Articles, View

CANDIDATES_READ, CANDIDATES_MEANT = 20, 40
"""How many of the best candidates are read to see whether they hold the answer's kind, and how
many to see whether they mean it, where that is on."""

CANDIDATES_EXAMINED = 150
"""How many are shown to whoever learns from them."""

CONFIDENT_FROM = 0.5
"""The probability from which an answer is to be trusted."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A candidate as the ranking sees it; see `index.weights` for the features and signs."""

    quote: Quote
    features: NDArray[np.float64]
    signs: frozenset[str]


class Searching:
    """Searches articles for sentences that answer.

    Args:
        articles: Which articles.
        engine: What proposes candidates.
        analyser: What reads questions.
        abbreviations: Those that it reads.
        semantics: What finds by meaning beside words, where that is on.
    """

    def __init__(
        self,
        articles: Articles,
        engine: Engine,
        analyser: Analyser,
        abbreviations: OwnAbbreviations,
        semantics: Semantics | None = None,
    ) -> None:
        self._articles = articles
        self._semantics = semantics
        self._engine = engine
        self._analyser = analyser
        self._abbreviations = abbreviations
        self._marks = lru_cache(1)(Marks)  # as long as the collection stays as it is

    def query(self, question: str) -> Query:
        """A question understood; see `analyse_question`."""
        return self._understood(question, self._engine.snapshot())

    def search(
        self,
        question: str,
        wanted: Filter,
        asked: Asked | None,
        *,
        limit: int,
        scope: Sequence[int],
    ) -> Found:
        """Find what answers a question best.

        Args:
            question: Without filters.
            wanted: What an article must be.
            asked: What the question says of time.
            limit: How many candidates are wanted at most.
            scope: Numbers of the articles to ask; all of them if empty.
        """
        snapshot = self._engine.snapshot()
        query = self._understood(question, snapshot)
        near = self._near(query, wanted, scope)
        with self._articles.view() as view:
            candidates = partial(self._candidates, query, snapshot, scope, view)
            found, of_days = candidates(wanted), Candidates()
            if asked and asked.period:
                of_days = candidates(within(wanted, asked.period))
                found = found.joined(of_days)
            if not scope:
                found = found.joined(Candidates(articles=sorted(near)))
            codes = view.codes(found.numbers)
            ranked = rank(query, found, codes, snapshot, near)
            if scope and query.kind and not ranked:
                # In a few articles the kind of answer wanted tells enough, without any word.
                ranked = rank(query, found, codes, snapshot, scope)
            read = partial(self._read, query, ranked, limit, asked, of_days.numbers, codes, near)
            if self._semantics is None:
                told, articles = read(view.get)
            else:
                at_hand = view.get(codes)
        if self._semantics:  # the model takes a second: no transaction is to last so long
            told, articles = read(lambda _: at_hand)
        if not told:
            return Found(query, told, articles, confident=False)
        best, judged = told[0].best, query
        if asked and is_of(asked, best, articles):
            undated_question = without(question, asked.stretches)
            judged = undated(query, self._understood(undated_question, snapshot))
        if scope:
            likelihood = probability_within(judged, best)
        else:
            likelihood = probability(judged, best, snapshot)
        return Found(query, told, articles, likelihood >= CONFIDENT_FROM)

    def examine(self, question: str) -> list[Examined]:
        """What the ranking sees of the best candidates, best first."""
        snapshot = self._engine.snapshot()
        query = self._understood(question, snapshot)
        found = propose(query, snapshot, Filter())
        with self._articles.view() as view:
            best = rank(query, found, view.codes(found.numbers), snapshot)[:CANDIDATES_EXAMINED]
            articles = view.get({each.address.article for each in best})
        return [
            Examined(
                quote(query, each.address.position, *articles[each.address.article], each.score),
                each.features,
                frozenset(read_signs(query, query.said, each, articles)),
            )
            for each in best
        ]

    def evidence(self, question: str) -> NDArray[np.float64] | None:
        """What speaks for and against its first quote; None if it has none."""
        found = self.search(question, Filter(), None, limit=1, scope=())
        if not found.facts:
            return None
        return evidence_of(found.query, found.facts[0].best, self._engine.snapshot())

    def _near(self, query: Query, wanted: Filter, scope: Sequence[int]) -> frozenset[int]:
        """The articles whose sentences may answer for their meaning alone."""
        if self._semantics is None or not is_understood(query.question):
            return frozenset()
        return frozenset(scope or self._semantics.propose(query.question, wanted))

    def _understood(self, question: str, snapshot: Snapshot) -> Query:
        abbreviations = self._abbreviations.at(self._engine.revision())
        return analyse_question(question, self._analyser, self._marks(snapshot), abbreviations)

    def _candidates(
        self, query: Query, snapshot: Snapshot, scope: Sequence[int], view: View, wanted: Filter
    ) -> Candidates:
        if not scope:
            return propose(query, snapshot, wanted)
        return Candidates(scope=view.within(scope, wanted) if wanted != Filter() else scope)

    def _read(
        self,
        query: Query,
        ranked: Sequence[Ranked],
        limit: int,
        asked: Asked | None,
        of_days: Collection[int],
        codes: Mapping[int, bytes],
        near: Set[int],
        articles_of: Callable[[Set[int]], Mapping[int, Located]],
    ) -> tuple[list[Fact], Mapping[int, Located]]:
        """The best candidates, one a fact.

        Holding the kind of answer wanted counts, and so does nearness where it is on. More of
        them are read if too few are left of those that say the same.
        """
        number = max(limit, CANDIDATES_MEANT if self._semantics else CANDIDATES_READ)
        while True:
            best = to_read(ranked, number, of_days)
            best = list({each.address: each for each in (*best, *spokesmen(ranked, near))}.values())
            articles = articles_of({found.address.article for found in best})
            there = weighed(query, best, articles)
            if self._semantics:
                there = self._semantics.reorder(query.question, there, near, articles)
            told = facts(favoured(asked, there, articles), codes, articles, limit)
            if len(told) >= limit or number >= len(ranked):
                return told, articles
            number *= 2
