"""Alert fan-out under kill -9, in short; the benchmark `fanout` runs it at full length."""

import pytest

from tests.support.fanout import measure


@pytest.mark.slow
async def test_a_fan_out_that_is_killed_loses_nothing_and_doubles_what_was_in_flight() -> None:
    figures, refused = await measure(deliveries=60, kills=2)

    assert figures.lost == 0
    assert len(figures.kills) == 2
    assert figures.duplicates <= sum(figures.in_flight)
    assert refused == 0
