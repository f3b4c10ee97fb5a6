"""Sources are checked as often as they publish, and less while they fail."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sources.schedule import (
    Bounds,
    adapt_interval,
    interval_by_dates,
    item_retry,
    next_check,
    next_retry,
)

NOW = 1_700_000_000
HOUR = 3600
BOUNDS = Bounds()


@pytest.mark.parametrize(
    ("gap", "interval"),
    [(60, 120), (10 * 60, 270), (HOUR, 27 * 60), (24 * HOUR, 6 * HOUR)],
)
def test_a_source_is_checked_as_often_as_it_publishes(gap: int, interval: int) -> None:
    published = [NOW - gap * number for number in range(30)]
    assert interval_by_dates(published, NOW, BOUNDS) == interval


def test_a_source_that_fell_silent_is_checked_less() -> None:
    published = [NOW - 30 * 24 * HOUR - 60 * number for number in range(30)]
    assert interval_by_dates(published, NOW, BOUNDS) == BOUNDS.longest


def test_dates_that_are_few_or_to_come_tell_nothing() -> None:
    assert interval_by_dates([NOW, NOW - 60], NOW, BOUNDS) is None
    assert interval_by_dates([NOW + 60] * 9, NOW, BOUNDS) is None


def test_without_dates_news_make_a_source_quicker_and_silence_slower() -> None:
    assert adapt_interval(1_000, True, BOUNDS) == 500
    assert adapt_interval(1_000, False, BOUNDS) == 1_500
    assert adapt_interval(BOUNDS.shortest, True, BOUNDS) == BOUNDS.shortest
    assert adapt_interval(BOUNDS.longest, False, BOUNDS) == BOUNDS.longest


def test_an_answer_that_is_to_be_kept_is_not_asked_for_sooner() -> None:
    assert next_check(NOW, 120, None, BOUNDS) == NOW + 120
    assert next_check(NOW, 120, 600.0, BOUNDS) == NOW + 600
    assert next_check(NOW, 900, 600.0, BOUNDS) == NOW + 900
    assert next_check(NOW, 120, 10.0**6, BOUNDS) == NOW + BOUNDS.longest


def test_each_failure_doubles_the_wait_up_to_the_longest() -> None:
    waits = [next_retry(NOW, failures, 0.5, None, BOUNDS) - NOW for failures in range(1, 12)]
    assert waits[:4] == [120, 240, 480, 960]
    assert waits[-1] == BOUNDS.longest
    assert all(first <= second for first, second in pairwise(waits))


@given(st.integers(1, 10**6), st.floats(0, 1))
def test_the_wait_stays_within_a_quarter_of_its_bounds(failures: int, jitter: float) -> None:
    wait = next_retry(NOW, failures, jitter, None, BOUNDS) - NOW
    assert 0.75 * BOUNDS.shortest <= wait <= 1.25 * BOUNDS.longest


def test_a_server_that_asks_to_wait_is_not_asked_before() -> None:
    assert next_retry(NOW, 1, 0.0, 5_000.0, BOUNDS) == NOW + 5_000
    assert next_retry(NOW, 9, 0.5, 5.0, BOUNDS) == NOW + BOUNDS.longest


def test_an_item_is_tried_at_growing_pauses_and_then_given_up() -> None:
    moments = [item_retry(NOW, attempts) for attempts in range(1, 6)]
    assert moments == [NOW + 300, NOW + 1_800, NOW + 10_800, None, None]
