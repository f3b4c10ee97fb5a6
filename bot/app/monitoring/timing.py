"""Measure how long searches wait for the search engine and for the database.

`run_timed` puts clocks on the parts of a library that search, once, and returns what they show with
the result. Libraries that nobody measures have none.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import Any, Literal, Protocol, TypeVar, cast

from index.engine.protocol import Engine, Snapshot
from index.search.pipeline import SearchContext
from index.store import Articles, View

Part = Literal["engine", "database"]
Result = TypeVar("Result")


@dataclass(slots=True)
class SearchTimes:
    """Seconds spent in the search engine, and in reading articles; None where neither was used."""

    engine: float | None = None
    database: float | None = None


class Searching(Protocol):
    """Library whose searches are measured."""

    search_context: SearchContext


Searched = TypeVar("Searched", bound=Searching)

_TIMES = "search_times"  # which is pickled with the error
_times: ContextVar[SearchTimes] = ContextVar("_times")


def run_timed(
    library: Searched,
    function: Callable[..., Result],
    args: tuple[Any, ...] = (),
    kwargs: Mapping[str, Any] | None = None,
) -> tuple[Result, SearchTimes]:
    """Run a function with a library, and measure the searches that it makes in this thread.

    Args:
        library: The library; its `search_context` has clocks from now on.
        function: The function; its first argument is the library.
        args: Its further arguments.
        kwargs: Its arguments by name.

    Returns:
        The result, and the times that its searches took; an error has them as an attribute, see
        `times_of`.
    """
    library.search_context = _with_clocks(library.search_context)
    times = SearchTimes()
    before = _times.set(times)
    try:
        return function(library, *args, **(kwargs or {})), times
    except Exception as error:
        error.__dict__[_TIMES] = times
        raise
    finally:
        _times.reset(before)


def times_of(error: Exception) -> SearchTimes:
    """Return the times of the searches before an error that `run_timed` raised."""
    times = error.__dict__.get(_TIMES)
    return times if isinstance(times, SearchTimes) else SearchTimes()


def _with_clocks(context: SearchContext) -> SearchContext:
    """Return the same parts with clocks on the engine and the articles, unless they are there."""
    engine: object = context.engine
    if isinstance(engine, TimedEngine):
        return context
    return replace(
        context,
        engine=cast(Engine, TimedEngine(context.engine)),
        articles=cast(Articles, TimedArticles(context.articles)),
    )


class TimedEngine:
    """Search engine whose snapshots have clocks."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._last: tuple[Snapshot, Snapshot] | None = None

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    def snapshot(self) -> Snapshot:
        """Return a snapshot with clocks; the same one for the same snapshot of the engine."""
        snapshot = _call("engine", self._engine.snapshot)
        last = self._last
        if last is None or last[0] is not snapshot:
            last = self._last = snapshot, cast(Snapshot, TimedCalls("engine", snapshot))
        return last[1]


class TimedArticles:
    """Articles of a database whose views have clocks."""

    def __init__(self, articles: Articles) -> None:
        self._articles = articles

    def __getattr__(self, name: str) -> object:
        return getattr(self._articles, name)

    @contextmanager
    def view(self) -> Iterator[View]:
        """Open a view with clocks."""
        with self._articles.view() as view:
            yield cast(View, TimedCalls("database", view))


class TimedCalls:
    """Object of which nothing but methods is used, with a clock on their calls."""

    def __init__(self, part: Part, called: object) -> None:
        self._part = part
        self._called = called

    def __getattr__(self, name: str) -> Callable[..., object]:
        return partial(_call, self._part, getattr(self._called, name))


def _call(part: Part, method: Callable[..., Result], /, *args: object, **kwargs: object) -> Result:
    """Call a method, and add the time that it takes to those of the function being run."""
    started = perf_counter()
    try:
        return method(*args, **kwargs)
    finally:
        if times := _times.get(None):
            setattr(times, part, (getattr(times, part) or 0.0) + perf_counter() - started)
