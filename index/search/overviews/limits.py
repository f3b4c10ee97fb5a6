"""Limit the articles of an overview to the sources and the days that a request names."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from index.models.article import ArticleFilter
from index.models.period import Period
from index.search.pipeline import AskOptions, published_within
from index.search.query.article_requests import ArticleRequest
from index.search.query.filters import FilterError, find_sources, wanted_sources
from index.store import SourceNames


@dataclass(frozen=True, slots=True)
class SearchLimits:
    """The articles to search: their filter, and the days of it.

    `missed` holds the days that were named and searched before, without success.
    """

    wanted: ArticleFilter
    period: Period | None = None
    missed: Period | None = None


def published_from(wanted: ArticleFilter, day: date) -> ArticleFilter:
    """Narrow a filter to articles published on a day or later."""
    within = published_within(wanted, Period(day, None))
    since = [moment for moment in (wanted.since, within.since) if moment is not None]
    return replace(wanted, since=max(since))


def with_source_named(request: ArticleRequest, sources: SourceNames) -> ArticleRequest:
    """Turn a subject that is the name of a source into a filter: `tin của Tuổi Trẻ`."""
    if not request.may_be_source:
        return request
    try:
        find_sources(request.subject, sources)
    except FilterError:
        return request
    filters = replace(request.filters, sources=(*request.filters.sources, request.subject))
    return replace(request, subject="", filters=filters)


def limits_in_turn(
    request: ArticleRequest, options: AskOptions, sources: SourceNames
) -> Iterator[SearchLimits]:
    """Yield the limits to search in turn, until some articles are found.

    Days in words that no article is of limit nothing; the days of filters always do.

    Raises:
        QuestionError: There is no such source, or the first day is after the last.
    """
    wanted = ArticleFilter(sources=wanted_sources(options.source, request.filters.sources, sources))
    days = request.filters.days(options.since, options.until)
    said = request.dates.period if request.dates else None
    if days is not None:
        yield SearchLimits(published_within(wanted, days), days)
        return
    if said is not None:
        yield SearchLimits(published_within(wanted, said), said)
    yield SearchLimits(wanted, missed=said)
