"""Work that is tried again logs each failure once, with a traceback if nobody foresaw it."""

import logging

import pytest

from index.errors import DatabaseLostError, StorageError
from index.workers import LoggedFailures

_LOGGER = logging.getLogger(__name__)


def test_a_failure_is_logged_once_until_it_succeeds(caplog: pytest.LogCaptureFixture) -> None:
    failures = LoggedFailures(_LOGGER, "nothing is stored")
    for error in (StorageError("full"), StorageError("full"), None, StorageError("full")):
        with failures:
            if error:
                raise error
    assert caplog.messages == ["nothing is stored, trying again: full"] * 2
    assert all(record.exc_info is None for record in caplog.records)


def test_a_lost_database_is_logged_elsewhere(caplog: pytest.LogCaptureFixture) -> None:
    with LoggedFailures(_LOGGER, "nothing is stored"):
        raise DatabaseLostError("gone")
    assert not caplog.records


def test_an_error_in_the_program_has_a_traceback(caplog: pytest.LogCaptureFixture) -> None:
    with LoggedFailures(_LOGGER, "nothing is stored"):
        raise ValueError("odd")
    assert "Traceback" in caplog.text


def test_an_error_in_the_program_may_go_on() -> None:
    with pytest.raises(ValueError, match="odd"), LoggedFailures(_LOGGER, "-", unexpected=False):
        raise ValueError("odd")
