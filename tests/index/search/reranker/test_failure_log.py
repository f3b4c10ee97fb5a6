"""A server that fails is a line in the log, and a line when it works again."""

import pytest

from index.search.reranker.failure_log import QUIET_SECONDS, FailureLog
from tests.index.search.reranker.test_circuit_breaker import Clock


def test_a_failure_is_said_once_and_its_end_once(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    log = FailureLog("model.example:8080", clock)
    log.succeeded()
    assert caplog.messages == []
    for _ in range(5):
        log.failed(RuntimeError("answers 500"))
        clock.now += QUIET_SECONDS
    for _ in range(5):
        log.succeeded()
    fails, works = caplog.messages
    assert fails.startswith("The reranker at model.example:8080 answers 500: ")
    assert works == "The reranker at model.example:8080 works again"


def test_one_that_fails_now_and_then_is_said_once_a_minute(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = Clock()
    log = FailureLog("model.example", clock)
    for _ in range(int(3 * QUIET_SECONDS)):
        log.failed(RuntimeError("answers 500"))
        log.succeeded()
        clock.now += 1
    assert len(caplog.messages) == 3 * 2


def test_a_failure_that_lasts_is_said_after_the_quiet(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    log = FailureLog("model.example", clock)
    log.failed(RuntimeError("answers 500"))
    log.succeeded()
    log.failed(RuntimeError("answers 500"))
    assert len(caplog.messages) == 2
    clock.now += QUIET_SECONDS
    log.failed(RuntimeError("answers 500"))
    log.succeeded()
    assert len(caplog.messages) == 4
