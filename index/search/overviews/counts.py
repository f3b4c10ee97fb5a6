"""Count the articles on a subject, by day of publication and by source.

An article counts if one of its sentences, or its title, holds the words of the subject: as one
run of syllables if some articles hold them so and the subject is no longer than that; see
`index.search.query.requirements`. Articles without a date of publication do not count. The days
are those of the request, else the last thirty.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from index.engine.protocol import Requirement, Snapshot, again_if_lost
from index.models.article import ArticleFilter
from index.models.counts import ArticleCounts
from index.models.headlines import ArticleRequestKind
from index.models.period import DAY, Period, days_before, from_seconds
from index.search.overviews.articles_on_subject import are_enough
from index.search.overviews.limits import limits_in_turn
from index.search.overviews.subject import Subject, analyse_subject
from index.search.pipeline import AskOptions, SearchContext, published_within
from index.search.query.article_requests import ArticleRequest

LAST_DAYS = 30
"""The days that are counted where a request names none."""

MOST_DAYS = 3_660

MOST_SENTENCES = 100_000
"""Sentences that are looked at."""

SAMPLE = 100
"""Sentences that tell whether articles hold a subject as one run."""


@again_if_lost
def count_articles(
    request: ArticleRequest, today: date, context: SearchContext
) -> ArticleCounts | None:
    """Count the articles on the subject of a request; None if its subject is none.

    Args:
        request: The request.
        today: The last day that is counted where the request names no other.
        context: The parts of the library.

    Raises:
        QuestionError: There is no such source, or the first day is after the last.
    """
    snapshot = context.engine.snapshot()
    subject = analyse_subject(request.subject, ArticleRequestKind.COUNT, context, snapshot)
    if subject is None:
        return None
    (limits,) = limits_in_turn(replace(request, dates=None), AskOptions(), context.sources)
    said = limits.period or (request.dates.period if request.dates else None)
    period = _closed(said, today)
    required = _required(subject, limits.wanted, snapshot)
    wanted = published_within(limits.wanted, period)
    hits = snapshot.sentences_holding(required, MOST_SENTENCES, wanted)
    with context.articles.view() as view:
        origins = view.origins({address.article for address in hits})
    days = Counter(
        from_seconds(moment).date() for moment, _ in origins.values() if moment is not None
    )
    sources = Counter(name for _, names in origins.values() for name in names)
    assert period.first is not None
    return ArticleCounts(
        subject=request.subject,
        period=period,
        days=[days[period.first + place * DAY] for place in range(period.days)],
        sources=sorted(sources.items(), key=lambda item: (-item[1], item[0])),
        is_complete=len(hits) < MOST_SENTENCES,
    )


def _closed(period: Period | None, today: date) -> Period:
    """Return the days to count: those named, until today at most; the last ones without any."""
    last = min((period and period.last) or today, today)
    first = (period and period.first) or days_before(last, LAST_DAYS - 1)
    first = max(min(first, last), days_before(last, MOST_DAYS - 1))
    return Period(first, last)


def _required(subject: Subject, wanted: ArticleFilter, snapshot: Snapshot) -> Sequence[Requirement]:
    """Return what a sentence on the subject has to hold."""
    required = subject.required
    for run in (required.phrase, required.any_phrase):
        hits = snapshot.sentences_holding(run, SAMPLE, wanted) if run else []
        if are_enough(hits) or (hits and not required.words):
            return run
    return required.words or required.phrase
