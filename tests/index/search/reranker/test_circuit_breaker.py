"""A server that fails is left alone for a while, ever longer, and tried by one at a time."""

from index.search.reranker.circuit_breaker import (
    FIRST_PAUSE_SECONDS,
    LONGEST_PAUSE_SECONDS,
    CircuitBreaker,
)


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def pause_of(breaker: CircuitBreaker, clock: Clock) -> int:
    """Return after how many seconds the server may be asked."""
    seconds = 0
    while not breaker.allows():
        clock.now += 1
        seconds += 1
    return seconds


def test_a_server_that_works_may_always_be_asked() -> None:
    breaker = CircuitBreaker(Clock())
    for _ in range(3):
        assert breaker.allows()
        breaker.succeeded()


def test_pauses_double_up_to_the_longest_and_begin_anew_once_it_works() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock)
    pauses = []
    for _ in range(8):
        breaker.failed()
        pauses.append(pause_of(breaker, clock))
    first, longest = int(FIRST_PAUSE_SECONDS), int(LONGEST_PAUSE_SECONDS)
    assert pauses == [min(first * 2**n, longest) for n in range(8)]
    breaker.succeeded()
    assert breaker.allows()
    breaker.failed()
    assert pause_of(breaker, clock) == first


def test_after_a_pause_one_caller_tries_while_the_others_do_not() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock)
    breaker.failed()
    clock.now += FIRST_PAUSE_SECONDS
    assert [breaker.allows() for _ in range(3)] == [True, False, False]


def test_several_failures_at_once_are_one() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock)
    for _ in range(4):
        breaker.failed()
    assert pause_of(breaker, clock) == int(FIRST_PAUSE_SECONDS)


def test_a_caller_who_never_tells_does_not_close_it_for_ever() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock)
    breaker.failed()
    assert pause_of(breaker, clock)
    assert pause_of(breaker, clock) == int(FIRST_PAUSE_SECONDS)
