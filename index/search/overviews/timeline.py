"""Build a timeline of a subject: dated sentences, oldest first, one a fact and day.

The rules, in order:

1. Sentences that hold the subject are proposed, those with the words of dates first, and ordered
   by BM25.
2. The day of a sentence is the first that it names: by its date, or by `hôm qua` and the like,
   which are told from the publication of its article. A day after the publication is a plan, so
   it dates nothing.
3. Near-identical sentences of one day are one event, by its best sentence; a day has few events.
   Where more days are named than can be shown, those which most articles name are.
4. A sentence of an article's lead is of the day of publication, which is when it was said, if no
   sentence of the article names a day, none at all names that one, and few events are found
   otherwise. The event says so. A caption, of a few words, is none.
5. Filters limit the articles by publication. Days in words limit the days of the events; where
   there are none of those, the events are of any time, and the timeline says which days it missed.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from index.engine.protocol import Field, Snapshot, WeightedTerm, again_if_lost
from index.language.dates import MentionedDate, first_mentioned_date
from index.models.article import ArticleFilter, ArticleWithSpans, sentence_at
from index.models.headlines import ArticleRequestKind
from index.models.period import Period, publication_day
from index.models.timeline import Timeline, TimelineEvent
from index.search.overviews.articles_on_subject import (
    LEAD_SENTENCES,
    are_enough,
    find_articles,
    sentences_on,
)
from index.search.overviews.limits import limits_in_turn, published_from
from index.search.overviews.subject import Subject, analyse_subject
from index.search.pipeline import AskOptions, SearchContext
from index.search.query.article_requests import ArticleRequest
from index.search.quotes import join_highlights, make_quote
from index.search.ranking.bm25 import rank
from index.search.ranking.candidates import Candidates, Ranked
from index.search.ranking.deduplication import QuoteGroup, deduplicate
from index.search.ranking.term_counts import CollectionCounts
from index.store import View

SENTENCES = 80
"""Sentences that are proposed and read."""

MOST_EVENTS = 40
"""Events of a timeline: eight pages on a phone."""

ENOUGH_EVENTS = 10
"""Events on days that sentences name; with fewer, days of publication fill up to as many."""

EVENTS_A_DAY = 2

CAPTION_WORDS = 8
"""Words of a sentence, up to which it may be the caption of a picture."""

FACTS_COMPARED = 5
"""The best sentences of a day, among which different facts are looked for."""

SAME_FACT_FROM = 0.6
"""The share of the shorter sentence's words from which two of one day say the same fact."""

DATE_WORDS = ("ngày", "sáng", "trưa", "chiều", "tối", "đêm", "hôm", "tháng")
DATE_WEIGHT = 1.0
"""How much the words of dates count beside the subject in proposing sentences."""


@again_if_lost
def find_timeline(
    request: ArticleRequest, limit: int, offset: int, context: SearchContext
) -> Timeline | None:
    """Find a page of the events on the subject of a request; None if its subject is none.

    Args:
        request: The request.
        limit: Maximum number of events.
        offset: The number of events before the page.
        context: The parts of the library.

    Raises:
        QuestionError: There is no such source, or the first day is after the last.
    """
    snapshot = context.engine.snapshot()
    subject = analyse_subject(request.subject, ArticleRequestKind.NEWS, context, snapshot)
    if subject is None:
        return None
    said = request.dates.period if request.dates else None
    (limits,) = limits_in_turn(replace(request, dates=None), AskOptions(), context.sources)
    with context.articles.view() as view:
        for days in dict.fromkeys((said, None)):
            events = _events(subject, limits.wanted, days, snapshot, view)
            if events:
                break
        shown = events[offset : offset + limit]
        articles = view.get({event.group.best.address.article for event in shown})
    return Timeline(
        subject=request.subject,
        events=tuple(_quoted(event, subject, articles) for event in shown),
        more=len(events) > offset + limit,
        period=days or limits.period,
        missed=said if days is None else None,
    )


@dataclass(frozen=True, slots=True)
class _Event:
    """An event before it is quoted: `date` is where its sentence names the days, if it does."""

    days: Period
    group: QuoteGroup
    date: MentionedDate | None


@dataclass(frozen=True, slots=True)
class _DatedSentence:
    candidate: Ranked
    days: Period
    date: MentionedDate | None


def _events(
    subject: Subject, wanted: ArticleFilter, days: Period | None, snapshot: Snapshot, view: View
) -> list[_Event]:
    """Find all events on a subject within some days, oldest first."""
    if days and days.first:  # what happened is published then or later
        wanted = published_from(wanted, days.first)
    candidates = _propose(subject, wanted, snapshot, view)
    codes, articles = view.codes(candidates.numbers), view.get(candidates.numbers)
    ranked = rank(subject.query, candidates, codes, CollectionCounts(subject.query, snapshot))
    sentences = [
        sentence
        for sentence in _dated(ranked, articles)
        if days is None or days.holds(sentence.days)
    ]
    named = _by_days([sentence for sentence in sentences if sentence.date])
    events: list[_Event] = []
    for of_days in (*named.values(), *_by_publication(sentences, named)):
        if len(events) >= (MOST_EVENTS if of_days[0].date else ENOUGH_EVENTS):
            break
        groups = deduplicate([one.candidate for one in of_days], codes, articles, FACTS_COMPARED)
        dates = {sentence.candidate.address: sentence.date for sentence in of_days}
        events += (
            _Event(of_days[0].days, group, dates[group.best.address])
            for group in _different(groups, articles)
        )
    return sorted(events[:MOST_EVENTS], key=lambda event: _in_time(event.days))


def _propose(subject: Subject, wanted: ArticleFilter, snapshot: Snapshot, view: View) -> Candidates:
    """Propose sentences on a subject, dated ones first; few hold a subject of many words."""
    dates = [WeightedTerm(Field.SYLLABLES, word, DATE_WEIGHT) for word in DATE_WORDS]
    addresses = sentences_on(subject, SENTENCES, wanted, snapshot, preferred=dates)
    if are_enough(addresses):
        return Candidates(addresses)
    found = find_articles(ArticleRequestKind.SUBJECT, subject, wanted, SENTENCES, snapshot, view)
    return Candidates([*addresses, *(one for of in found.sentences.values() for one in of)])


def _dated(
    ranked: Sequence[Ranked], articles: Mapping[int, ArticleWithSpans]
) -> Iterator[_DatedSentence]:
    """Yield the sentences that have a day: one that they name, or that of publication."""
    for candidate in ranked:
        article, spans = articles[candidate.address.article]
        position = candidate.address.position
        if not position:
            continue
        text = sentence_at(position, article, spans)[0]
        if date := first_mentioned_date(text, article.published):
            yield _DatedSentence(candidate, date.period, date)
        elif article.published and position <= LEAD_SENTENCES and text.count(" ") >= CAPTION_WORDS:
            day = Period.of_day(publication_day(article.published))
            yield _DatedSentence(candidate, day, None)


def _by_days(sentences: Sequence[_DatedSentence]) -> dict[Period, list[_DatedSentence]]:
    """Group sentences by their days, those first that most articles name."""
    grouped: defaultdict[Period, list[_DatedSentence]] = defaultdict(list)
    for sentence in sentences:
        grouped[sentence.days].append(sentence)

    def articles(days: Period) -> int:
        return len({sentence.candidate.address.article for sentence in grouped[days]})

    return {days: grouped[days] for days in sorted(grouped, key=articles, reverse=True)}


def _by_publication(
    sentences: Sequence[_DatedSentence], named: Mapping[Period, Sequence[_DatedSentence]]
) -> Iterator[list[_DatedSentence]]:
    """Yield the sentences of articles that name no day, by days of publication that none names."""
    dated = {one.candidate.address.article for of_days in named.values() for one in of_days}
    rest = [
        sentence
        for sentence in sentences
        if sentence.days not in named and sentence.candidate.address.article not in dated
    ]
    yield from _by_days(rest).values()


def _different(
    groups: Sequence[QuoteGroup], articles: Mapping[int, ArticleWithSpans]
) -> list[QuoteGroup]:
    """Leave out what only words a better sentence of the same day in another way."""
    kept: list[tuple[QuoteGroup, set[str]]] = []
    for group in groups:
        address = group.best.address
        text = sentence_at(address.position, *articles[address.article])[0]
        words = set(text.casefold().split())
        if not any(
            len(words & others) >= SAME_FACT_FROM * min(len(words), len(others))
            for _, others in kept
        ):
            kept.append((group, words))
    return [group for group, _ in kept[:EVENTS_A_DAY]]


def _in_time(days: Period) -> tuple[object, ...]:
    return (days.first, -days.days)


def _quoted(
    event: _Event, subject: Subject, articles: Mapping[int, ArticleWithSpans]
) -> TimelineEvent:
    """Quote the sentence of an event, with its date highlighted too."""
    address = event.group.best.address
    quote = make_quote(
        subject.query,
        address.position,
        *articles[address.article],
        also_in=tuple(event.group.also_in),
    )
    if event.date:
        spans = sorted((*quote.highlights, (event.date.start, event.date.end)))
        quote = replace(quote, highlights=tuple(join_highlights(quote.text, spans)))
    return TimelineEvent(quote=quote, days=event.days, is_named=event.date is not None)
