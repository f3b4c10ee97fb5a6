"""Secrets are redacted in log records and in all that this and other processes print."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from index.workers import HIDDEN, hide

TOKEN = "7000000002:AAF4xyz_secret-part-of-the-token"
SECRET = TOKEN.partition(":")[2]


class Unprintable:
    """What fails where nobody can catch it."""

    def __del__(self) -> None:
        fail()


def fail(*_: object) -> None:
    raise ValueError(f"cause {TOKEN}")


@pytest.fixture
def log() -> Iterator[StringIO]:
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def test_the_token_is_hidden_in_messages_arguments_tracebacks_and_stacks(log: StringIO) -> None:
    logger = logging.getLogger("any.logger")
    hide(TOKEN)
    logger.warning("https://api.telegram.org/bot%s/getMe", TOKEN)
    logger.warning("https://proxy.example/%s", TOKEN.replace(":", "%3A"))
    logger.warning({"token": TOKEN})
    logger.warning("only %s", SECRET)
    try:
        try:
            fail()
        except ValueError as error:
            raise RuntimeError(f"effect {TOKEN}") from error
    except RuntimeError:
        logger.exception("failed")

    written = log.getvalue()
    assert SECRET not in written
    assert "%3A" not in written
    assert written.count(HIDDEN) == 6
    assert f"RuntimeError: effect {HIDDEN}" in written


def test_other_records_are_left_alone(log: StringIO) -> None:
    hide(TOKEN, "", "a")
    logging.getLogger("any.logger").warning("%d articles", 3)
    assert log.getvalue() == "3 articles\n"


@pytest.mark.parametrize(
    "failure",
    [
        "fail()",
        "raise SystemExit(TOKEN)",
        "threading.Thread(target=fail).start()",
        "Unprintable()",
        "logging.critical('%s', TOKEN)",
        "submit(start_pool(1, int), fail).result()",
        "submit(start_pool(1, fail), int).result()",
        "start_process(fail, int).join()",
    ],
)
def test_nothing_that_a_process_or_its_workers_print_holds_a_secret(
    tmp_path: Path, failure: str
) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import logging, threading\n"
        "from index.workers import hide, redact_stderr, start_pool, start_process, submit\n"
        "from tests.index.workers.test_redaction import TOKEN, Unprintable, fail\n"
        "if __name__ == '__main__':\n"
        "    redact_stderr()\n"
        "    hide(TOKEN)\n"
        f"    {failure}\n",
        encoding="utf-8",
    )
    ran = subprocess.run([sys.executable, program], capture_output=True, encoding="utf-8")
    assert HIDDEN in ran.stderr
    assert SECRET not in ran.stderr
