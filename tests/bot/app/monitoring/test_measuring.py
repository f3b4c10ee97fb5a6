"""What is measured: durations, the event loop, searches; and that nothing is where it is off."""

import asyncio
import subprocess
import sys
import time

import pytest

from bot.app.monitoring import event_loop
from bot.app.monitoring.timing import run_timed
from index import Library
from index.models.answer import Answer
from index.models.durations import Durations
from tests.support.waiting import until


def test_durations_are_counted_within_their_bounds() -> None:
    durations = Durations([0.1, 1.0])
    for seconds in (0.0, 0.1, 0.5, 3.0):
        durations.add(seconds)

    assert durations.counts() == (2, 1, 1)
    assert durations.sum == pytest.approx(3.6)


async def test_the_lag_of_a_blocked_event_loop_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_loop, "LOOK_SECONDS", 0.01)

    async with event_loop.measuring_lag() as lags:

        async def is_measured() -> bool:
            return sum(lags.counts()) > 0

        await until(is_measured)
        asyncio.get_running_loop().call_soon(time.sleep, 0.2)

        async def is_late() -> bool:
            return sum(lags.counts()[bound_of(0.1) + 1 :]) > 0

        await until(is_late)


def bound_of(seconds: float) -> int:
    return event_loop.BOUNDS_SECONDS.index(seconds)


def ask(library: Library, question: str, *, limit: int) -> Answer:
    return library.ask(question, limit=limit)


def test_a_measured_question_has_the_same_answer(library: Library) -> None:
    question = "ai dự hội nghị?"
    plain = library.ask(question, limit=2)

    timed, times = run_timed(library, ask, (question,), {"limit": 2})

    assert timed.quotes == plain.quotes
    assert timed.confidence == plain.confidence
    assert times.engine is not None
    assert times.engine > 0
    assert times.database is not None
    assert times.database > 0


def test_clocks_are_put_on_once_and_count_nothing_outside(library: Library) -> None:
    run_timed(library, ask, ("ai dự hội nghị?",), {"limit": 1})
    context = library.search_context
    snapshot = context.engine.snapshot()
    library.ask("ai dự hội nghị?")

    _, times = run_timed(library, lambda _: None)

    assert library.search_context is context
    assert context.engine.snapshot() is snapshot
    assert (times.engine, times.database) == (None, None)


@pytest.mark.slow
def test_nothing_of_it_is_imported_where_it_is_off() -> None:
    code = "import sys, bot.cli.serve, bot.cli.ask; print(*sys.modules)"
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    imported = printed.stdout.split()
    assert "bot.app.runner" in imported
    assert not [name for name in imported if "prometheus" in name or "monitoring" in name]
