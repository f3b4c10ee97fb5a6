"""Secrets are redacted in log records and in all that this and other processes print."""

import logging
import subprocess
import sys
from collections.abc import Iterator, Mapping
from io import StringIO

import pytest

from index.workers import HIDDEN, hide
from tests.support.failures import TOKEN, fail

SECRET = TOKEN.partition(":")[2]
FAILURES = (
    "fail()",
    "raise SystemExit(TOKEN)",
    "threading.Thread(target=fail).start()",
    "Unprintable()",
    "logging.critical('%s', TOKEN)",
    "submit(start_pool(1, int), fail).result()",
    "submit(start_pool(1, fail), int).result()",
    "start_process(fail, int).join()",
)
PROGRAM = """
import logging, os, sys, threading
from index.workers import hide, redact_stderr, start_pool, start_process, submit
from tests.support.failures import TOKEN, Unprintable, fail

def in_a_fork(number):
    process = os.fork()
    if process:
        os.waitpid(process, 0)
    else:
        os.dup2(os.open(str(number), os.O_WRONLY | os.O_CREAT), 2)
    return process == 0

if __name__ == "__main__":
    for number, failure in enumerate(sys.argv[1:]):
        if in_a_fork(number):
            redact_stderr()
            hide(TOKEN)
            exec(failure)
            break
"""


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


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """What a program prints on standard error, by the failure that ends it.

    Each fails in a fork of one program, which has imported what all of them need.
    """
    folder = tmp_path_factory.mktemp("failures")
    program = folder / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    subprocess.run([sys.executable, program, *FAILURES], cwd=folder, check=True)
    return {
        failure: (folder / str(number)).read_text(encoding="utf-8")
        for number, failure in enumerate(FAILURES)
    }


@pytest.mark.slow
@pytest.mark.parametrize("failure", FAILURES)
def test_nothing_that_a_process_or_its_workers_print_holds_a_secret(
    printed: Mapping[str, str], failure: str
) -> None:
    assert HIDDEN in printed[failure]
    assert SECRET not in printed[failure]
