"""Find the top stories of a day: what most sources report, and the names suddenly frequent.

The rules, in order:

1. The articles are those of today; where today has few, of the last 24 hours; where these have
   none, of the newest day that has some. If days were asked for, they are of those.
2. Articles that report one thing make a story, see `story_clusters`. Stories of most sources come
   first, then those of most articles, then the newest.
3. A story is shown by the title and the first sentence of one of its articles.
4. Names that are suddenly frequent are counted, see `rising_names`.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock

from cachetools import LRUCache

from index.engine.protocol import Snapshot, again_if_lost
from index.models.answer import Quote
from index.models.article import ArticleFilter, ArticleWithSpans
from index.models.period import DAY, Period, vietnam
from index.models.stories import RisingName, Story, StoryPage, StoryWindow
from index.search.overviews.rising_names import rising_names
from index.search.overviews.story_clusters import cluster_stories
from index.search.pipeline import ANY_ARTICLE, SearchContext, published_within
from index.search.query.model import Query
from index.search.quotes import make_quote
from index.store import View

FEW = 20
"""Articles of today below which the last 24 hours are taken."""

KEPT = 8
"""Windows whose stories are kept: a bulletin goes to many chats at one time."""

MOST_ARTICLES = 2_000
"""Articles of a window that are compared: the newest."""


@dataclass(frozen=True, slots=True)
class _Window:
    """A window, its days, and the filter and the numbers of its articles, newest first."""

    kind: StoryWindow
    period: Period
    wanted: ArticleFilter
    numbers: Sequence[int]


@dataclass(frozen=True, slots=True)
class StoriesOfWindow:
    """All stories of a window, each by the numbers of its articles and its sources."""

    window: StoryWindow
    period: Period
    stories: Sequence[tuple[Sequence[int], tuple[str, ...]]]
    names: tuple[RisingName, ...] = ()
    articles: int = 0
    is_complete: bool = True


class StoryFinder:
    """Finds top stories, and keeps those found last while the index stays as it is. Thread-safe."""

    def __init__(self) -> None:
        self._found: LRUCache[Hashable, StoriesOfWindow | None] = LRUCache(KEPT)
        self._lock = Lock()

    @again_if_lost
    def find(
        self,
        asked_at: datetime,
        period: Period | None,
        offset: int,
        limit: int,
        context: SearchContext,
    ) -> StoryPage | None:
        """Find a page of the top stories at a moment, or of some days; see `find_stories`.

        Args:
            asked_at: The moment, of which the seconds are ignored.
            period: The days, with both ends; None for those of the moment.
            offset: The number of stories before the page.
            limit: The number of stories of the page.
            context: The parts of the library.
        """
        minute = asked_at.replace(second=0, microsecond=0)
        key = context.engine.revision(), minute, period
        with self._lock:
            is_known, found = key in self._found, self._found.get(key)
        if not is_known:
            found = find_stories(minute, period, context, context.engine.snapshot())
            with self._lock:
                self._found[key] = found
        return read_page(found, offset, limit, context) if found else None


def find_stories(
    asked_at: datetime, period: Period | None, context: SearchContext, snapshot: Snapshot
) -> StoriesOfWindow | None:
    """Find the top stories at a moment, or of some days.

    Args:
        asked_at: The moment; articles dated later are left out.
        period: The days, with both ends; None for those of the moment.
        context: The parts of the library.
        snapshot: The engine.

    Returns:
        The stories; None where no article is dated, or none of the days.
    """
    with context.articles.view() as view:
        window = _window(asked_at.astimezone(vietnam()), period, snapshot, view)
        if window is None:
            return None
        numbers = window.numbers[:MOST_ARTICLES]
        leads = view.leads(numbers)
        copies = view.near_duplicates(window.wanted)
        places = cluster_stories(leads, copies, snapshot)
        names = rising_names(leads, window.wanted, snapshot, view)
    stories = []
    for story in places:
        of_it = [leads[place] for place in story]
        sources = dict.fromkeys(source for lead in of_it for source in lead.sources)
        stories.append(([lead.number for lead in of_it], tuple(sources)))
    is_complete = len(window.numbers) <= MOST_ARTICLES
    return StoriesOfWindow(window.kind, window.period, stories, names, len(leads), is_complete)


def read_page(found: StoriesOfWindow, offset: int, limit: int, context: SearchContext) -> StoryPage:
    """Read the articles that a page of stories shows."""
    shown = found.stories[offset : offset + limit]
    articles = context.articles.get([numbers[0] for numbers, _ in shown])
    stories = [
        Story(quote=_lead(articles[numbers[0]]), sources=sources, articles=len(numbers))
        for numbers, sources in shown
        if numbers[0] in articles
    ]
    return StoryPage(
        window=found.window,
        period=found.period,
        stories=tuple(stories),
        names=found.names,
        articles=found.articles,
        is_complete=found.is_complete,
        more=len(found.stories) > offset + limit,
    )


def _lead(stored: ArticleWithSpans) -> Quote:
    article, spans = stored
    return make_quote(Query.empty(), min(1, len(spans)), article, spans)


def _window(
    asked_at: datetime, period: Period | None, snapshot: Snapshot, view: View
) -> _Window | None:
    """Return the first window with enough articles."""
    for kind, days, wanted in _windows_in_turn(asked_at, period, snapshot, view):
        numbers = snapshot.articles_holding([], MOST_ARTICLES + 1, wanted, newest=True)
        is_today = kind is StoryWindow.DAYS and period is None
        if len(numbers) >= (FEW if is_today else 1):
            return _Window(kind, days, wanted, numbers)
    return None


def _windows_in_turn(
    asked_at: datetime, period: Period | None, snapshot: Snapshot, view: View
) -> Iterator[tuple[StoryWindow, Period, ArticleFilter]]:
    """Yield the windows to look at in turn: their kind, days and filter."""
    now = int(asked_at.timestamp())
    if period is not None:
        yield StoryWindow.DAYS, period, _until(now, published_within(ANY_ARTICLE, period))
        return
    today = Period(asked_at.date(), asked_at.date())
    yield StoryWindow.DAYS, today, _until(now, published_within(ANY_ARTICLE, today))
    start = asked_at - DAY
    last_hours = ArticleFilter(since=int(start.timestamp()), until=now)
    yield StoryWindow.LAST_HOURS, Period(start.date(), asked_at.date()), last_hours
    newest = snapshot.articles_holding([], 1, ArticleFilter(until=now), newest=True)
    for article, _ in view.get(newest).values():
        if article.published is not None:
            day = article.published.astimezone(vietnam()).date()
            days = Period(day, day)
            yield StoryWindow.NEWEST_DAY, days, _until(now, published_within(ANY_ARTICLE, days))


def _until(now: int, wanted: ArticleFilter) -> ArticleFilter:
    return replace(wanted, until=min(now, wanted.until or now))
