"""Crash safety: nothing is lost or inconsistent after kill -9 in any phase."""

import pytest

from tests.support.crashes import PHASES, measure

KILLS = 1
SEED = 5  # for the time that it takes; `python -m tests.benchmarks.crashes` has none


@pytest.mark.slow
@pytest.mark.parametrize("phase", PHASES)
def test_nothing_is_lost_by_kill_9(phase: str) -> None:
    figures = measure(KILLS, SEED, [phase])[phase]
    assert figures.kills == KILLS
    assert (figures.lost, figures.wrong) == (0, 0)
