"""Answer a question: parse, analyse, propose, rank, rerank, deduplicate, judge, quote.

The rules, in order:

1. Filters and dates are read from the question and become one or two searches. Days told from
   today (`hôm qua`) are days of publication: the articles of those days are searched first, and
   all articles only if none of those surely answers. A date (`tháng 1/2021`) may be one that
   articles write about: all articles are searched once, and those of the date are boosted.
2. A search analyses its words, proposes sentences that hold them (and articles near them in
   meaning, where that is on), and ranks those by BM25 without reading them, then in a second
   pass all sentences of the best articles too.
3. The best are read and reranked, those of the dates are boosted, and near-duplicates become
   one group. If fewer groups than wanted are left, twice as many sentences are read. Where models
   read too, one reranks what words have ranked: that on a server, else that of meaning.
4. The best sentence of the first group tells how likely the answer is right, which makes it an
   answer, a possible one or none. Each group becomes a quote.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from datetime import time as clock

from index.engine.protocol import Engine, Snapshot, again_if_lost
from index.language.dates import DateRequest, parse_date_request, remove_spans
from index.models.answer import Answer, Certainty
from index.models.article import ArticleFilter, ArticleWithSpans, sentence_at
from index.models.period import Period, vietnam
from index.search.confidence import (
    Probability,
    certainty_of,
    probability,
    probability_of_kind,
    probability_within,
)
from index.search.query.analysis import QuestionAnalyser
from index.search.query.filters import FilterError, parse_filters, wanted_sources
from index.search.query.model import Query
from index.search.quotes import make_quote
from index.search.ranking.bm25 import rank
from index.search.ranking.candidates import Candidates, Ranked, propose
from index.search.ranking.deduplication import QuoteGroup, deduplicate
from index.search.ranking.model_scores import ModelReranker
from index.search.ranking.reranking import (
    answering_first,
    best_sentences_per_article,
    boost_dates,
    matches_dates,
    rerank,
    without_date_terms,
)
from index.search.ranking.term_counts import CollectionCounts
from index.search.reranker import RemoteReranker
from index.search.semantic.reranker import Semantics
from index.store import Articles, SourceNames, View

CANDIDATES_READ = 20
"""How many of the best candidates are read first, where no model wants more."""

WHOLE_ARTICLES = 6
"""How many of the best articles get all their sentences ranked: five to ten do equally well."""

ANY_ARTICLE = ArticleFilter()

LONGEST_QUESTION = 4_096  # characters, as of a message: cost grows with the square of it


@dataclass(frozen=True, slots=True)
class SearchContext:
    """The parts of a library that answer questions; the last two are models, if they read too."""

    articles: Articles
    sources: SourceNames
    engine: Engine
    analyser: QuestionAnalyser
    semantics: Semantics | None = None
    reranker: RemoteReranker | None = None

    def models(self) -> Sequence[ModelReranker]:
        """Return the models that read the candidates of one question, the first choice first."""
        remote = self.reranker.start() if self.reranker else None
        return [model for model in (remote, self.semantics) if model]

    def without_models(self) -> "SearchContext":
        """Return the same parts without models, for questions whose words are enough."""
        return replace(self, semantics=None, reranker=None)


@dataclass(frozen=True, slots=True)
class AskOptions:
    """The arguments of `Library.ask` beside the question."""

    limit: int = 3
    scope: Sequence[int] = ()
    since: date | None = None
    until: date | None = None
    source: str | None = None
    today: date | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """One search of the collection.

    Args:
        text: The question to search for, without filters.
        wanted: The filter of the articles.
        scope: Numbers of the articles to search; all of them if empty.
        limit: How many groups of quotes are wanted at most.
        dates: The dates to boost, and whether the newest articles are wanted.
        period: The dates that this search is limited to.
        unmatched: The dates that the search before it was limited to.
    """

    text: str
    wanted: ArticleFilter = ANY_ARTICLE
    scope: Sequence[int] = ()
    limit: int = 3
    dates: DateRequest | None = None
    period: Period | None = None
    unmatched: Period | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates in order, before any of them is read.

    Args:
        ranked: The candidates, best first.
        codes: The term codes of their articles, by number.
        dated: Numbers of articles that were proposed for the dates to boost.
        near: Numbers of articles that were proposed for their meaning.
    """

    ranked: Sequence[Ranked]
    codes: Mapping[int, bytes]
    dated: Set[int]
    near: Set[int]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The quotes found by a search.

    Args:
        query: The analysed question.
        groups: The best quotes first, near-duplicates in one group.
        articles: The articles of the candidates that were read.
        probability: How likely the first quote answers the question.
        period: The dates asked for that the quotes are of.
        unmatched: The dates asked for that they are not of.
    """

    query: Query
    groups: Sequence[QuoteGroup]
    articles: Mapping[int, ArticleWithSpans]
    probability: Probability
    period: Period | None
    unmatched: Period | None

    @property
    def confidence(self) -> float:
        """The probability that the first quote answers the question, 0 to 1."""
        return self.probability.value

    @property
    def certainty(self) -> Certainty:
        """The grade of the confidence."""
        return certainty_of(self.confidence)


@again_if_lost
def answer(question: str, options: AskOptions, context: SearchContext) -> Answer:
    """Answer a question with the sentences that match it best; see the module.

    Raises:
        QuestionError: There is no such source, or the first day is after the last.
    """
    started = time.perf_counter()
    snapshot = context.engine.snapshot()
    searches = plan_searches(question, options, context.sources)
    result = _search_until_sure(searches, context, snapshot)
    quotes = [
        replace(
            make_quote(
                result.query,
                group.best.address.position,
                *result.articles[group.best.address.article],
                group.best.score,
                tuple(group.also_in),
                group.words,
            ),
            shares=group.best.shares,
        )
        for group in result.groups
    ]
    return Answer(
        question=question,
        quotes=tuple(quotes),
        milliseconds=(time.perf_counter() - started) * 1000,
        confidence=result.confidence,
        certainty=result.certainty,
        period=result.period,
        missed=result.unmatched,
        evidence=result.probability.evidence,
    )


def plan_searches(question: str, options: AskOptions, sources: SourceNames) -> list[Search]:
    """Parse the filters and dates of a question into the searches to try, in order.

    Only its first `LONGEST_QUESTION` characters count.

    Raises:
        QuestionError: There is no such source, or the first day is after the last.
    """
    today = options.today or datetime.now(vietnam()).date()
    typed = parse_filters(question[:LONGEST_QUESTION], today)
    days = typed.days(options.since, options.until)
    wanted = ArticleFilter(sources=wanted_sources(options.source, typed.sources, sources))
    plain = Search(typed.question, wanted, options.scope, options.limit)
    if days is not None:
        return [replace(plain, wanted=published_within(wanted, days), period=days)]
    # Within articles that were asked for, the words of a date are words like others.
    dates = None if options.scope else parse_date_request(typed.question, today)
    if dates is None or dates.period is None:
        return [replace(plain, dates=dates)]
    undated = remove_spans(typed.question, dates.spans)
    if dates.is_relative:
        newest = DateRequest(wants_newest=True) if dates.wants_newest else None
        within = published_within(wanted, dates.period)
        return [
            replace(plain, text=undated, wanted=within, dates=newest, period=dates.period),
            replace(plain, dates=newest, unmatched=dates.period),
        ]
    if dates.period.is_open:  # the day that is named is not the one that is looked for
        return [replace(plain, text=undated, dates=replace(dates, spans=()))]
    return [replace(plain, dates=dates)]


def published_within(wanted: ArticleFilter, period: Period) -> ArticleFilter:
    """Narrow a filter to articles published on some days."""
    return replace(
        wanted,
        since=_moment(period.first, clock.min) if period.first else wanted.since,
        until=_moment(period.last, clock.max) if period.last else wanted.until,
    )


def _search_until_sure(
    searches: Sequence[Search], context: SearchContext, snapshot: Snapshot
) -> SearchResult:
    """Search until there is an answer; else return the first that may be one, else the last."""
    first, *others = searches
    models = context.models()
    best = search(first, context, snapshot, models)
    for planned in others:
        if best.certainty is Certainty.ANSWER:
            break
        result = search(planned, context, snapshot, models)
        if best.certainty is Certainty.NONE or result.certainty is Certainty.ANSWER:
            best = result
    return best


def period_named(question: str, today: date) -> Period | None:
    """Return the days that a question names, in filters or in words; None if there are none."""
    try:
        typed = parse_filters(question[:LONGEST_QUESTION], today)
        if days := typed.days(None, None):
            return days
    except FilterError:
        return None
    dates = parse_date_request(typed.question, today)
    return dates.period if dates else None


def search(
    planned: Search,
    context: SearchContext,
    snapshot: Snapshot,
    models: Sequence[ModelReranker] = (),
) -> SearchResult:
    """Run one search: analyse, propose, rank, rerank, deduplicate, judge.

    Args:
        planned: The search.
        context: The parts of the library.
        snapshot: The engine that proposes, and the statistics.
        models: The models of the question, see `SearchContext.models`.
    """
    query = context.analyser.analyse(planned.text, snapshot)
    near = frozenset[int]()
    if context.semantics:
        near = context.semantics.nearest(query.question, planned.wanted, planned.scope)
    with context.articles.view() as view:
        ranking = propose_and_rank(query, planned, near, snapshot, view)
        if not models:
            groups, articles = best_groups(query, planned, ranking, view.get)
        else:
            all_articles = view.get(ranking.codes)
    if models:  # which take a second: no transaction is to last so long
        groups, articles = best_groups(query, planned, ranking, lambda _: all_articles, models)
    likely = Probability()
    if groups:
        likely = judge(query, planned, groups[0].best, articles, context, snapshot)
    period, unmatched = _dates_of(groups, articles, planned)
    return SearchResult(query, groups, articles, likely, period, unmatched)


def propose_and_rank(
    query: Query, planned: Search, near: Set[int], snapshot: Snapshot, view: View
) -> Ranking:
    """Propose the candidates of a search and order them by BM25.

    Args:
        query: The analysed question.
        planned: The search.
        near: Numbers of the articles nearest to the question in meaning.
        snapshot: The engine that proposes, and the statistics.
        view: The articles.
    """
    collection, filters = CollectionCounts(query, snapshot), [planned.wanted]
    if planned.dates and planned.dates.period:
        filters.append(published_within(planned.wanted, planned.dates.period))
    if planned.scope:
        proposed = [_within_scope(planned.scope, wanted, view) for wanted in filters]
    else:
        proposed = propose(query, collection, snapshot, filters)
    candidates, *of_dates = proposed
    dated = of_dates[0] if of_dates else Candidates()
    candidates = candidates.joined(dated)
    if not planned.scope:
        candidates = candidates.joined(Candidates(articles=sorted(near)))
    codes = view.codes(candidates.numbers)
    ranked = rank(query, candidates, codes, collection, near, WHOLE_ARTICLES)
    if planned.scope and query.kind and (query.asks_only_kind or not ranked):
        # In a few articles the kind of answer wanted tells enough, without any word.
        ranked = rank(query, candidates, codes, collection, planned.scope)
    return Ranking(ranked, codes, dated.numbers, near)


def best_groups(
    query: Query,
    planned: Search,
    ranking: Ranking,
    read: Callable[[Iterable[int]], Mapping[int, ArticleWithSpans]],
    models: Sequence[ModelReranker] = (),
) -> tuple[Sequence[QuoteGroup], Mapping[int, ArticleWithSpans]]:
    """Read the best candidates, rerank them, and make one group of those that say the same.

    Returns:
        The groups, best first, and the articles that were read.
    """
    depth = max(planned.limit, CANDIDATES_READ, *(model.depth for model in models))
    while True:
        best = _shortlist(ranking, depth)
        articles = read({candidate.address.article for candidate in best})
        reranked = rerank(query, best, articles)
        for model in models:
            by_model = model.rerank(query.question, reranked, ranking.near, articles)
            if by_model is not None:
                reranked = by_model
                break
        boosted = boost_dates(planned.dates, reranked, articles)
        if planned.scope and query.asks_only_kind:
            boosted = answering_first(query, boosted, articles)
        groups = deduplicate(boosted, ranking.codes, articles, planned.limit)
        if len(groups) >= planned.limit or depth >= len(ranking.ranked):
            return groups, articles
        depth *= 2


def judge(
    query: Query,
    planned: Search,
    best: Ranked,
    articles: Mapping[int, ArticleWithSpans],
    context: SearchContext,
    snapshot: Snapshot,
) -> Probability:
    """Estimate how likely the best candidate answers the question.

    A candidate of the dates asked for need not hold the words of the dates. `khi nào?` alone is
    answered within articles only: elsewhere any sentence would do.
    """
    if not planned.scope and query.asks_nothing_else:
        return Probability()
    dates = planned.dates
    if dates and dates.spans and matches_dates(dates, best, articles):
        undated = context.analyser.analyse(remove_spans(planned.text, dates.spans), snapshot)
        query = without_date_terms(query, undated)
    if planned.scope:
        within = probability_within(query, best)
        if not query.asks_only_kind:
            return within
        sentence = sentence_at(best.address.position, *articles[best.address.article])[0]
        of_kind = probability_of_kind(query, sentence)
        return max(of_kind, within, key=lambda each: each.value) if of_kind.value else of_kind
    return probability(query, best, snapshot)


def _moment(day: date, time: clock) -> int:
    return int(datetime.combine(day, time, vietnam()).timestamp())


def _within_scope(scope: Sequence[int], wanted: ArticleFilter, view: View) -> Candidates:
    return Candidates(scope=view.within(scope, wanted) if wanted != ANY_ARTICLE else scope)


def _shortlist(ranking: Ranking, depth: int) -> list[Ranked]:
    """Return the candidates to read: the best, the best of the dates, the best by meaning."""
    best = ranking.ranked[:depth]
    rest = ranking.ranked[depth:] if ranking.dated else ()
    of_dates = [candidate for candidate in rest if candidate.address.article in ranking.dated][
        :depth
    ]
    by_meaning = best_sentences_per_article(ranking.ranked, ranking.near)
    shortlist = (*best, *of_dates, *by_meaning)
    return list({candidate.address: candidate for candidate in shortlist}.values())


def _dates_of(
    groups: Sequence[QuoteGroup], articles: Mapping[int, ArticleWithSpans], planned: Search
) -> tuple[Period | None, Period | None]:
    """Return the dates asked for that quotes are of, and those that they are not of."""
    dates = planned.dates
    if dates is None or dates.period is None:
        return planned.period, planned.unmatched
    # A year that was not said is not claimed of what only names the day.
    with_year = replace(dates, has_year=True)
    if any(matches_dates(with_year, group.best, articles) for group in groups):
        return dates.period, None
    return None, dates.period if dates.has_year else None
