"""The log as JSON: one object a line, whatever is logged, without a secret."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from typing import Any

import pytest

from index.workers import HIDDEN, hide
from index.workers.logs import JsonFormatter
from tests.support.failures import TOKEN, fail

SECRET = TOKEN.partition(":")[2]
PROGRAM = """
import logging, sys, threading, warnings
from functools import partial
from index.workers import LogStyle, hide, log_to_stderr, redact_stderr
from index.workers import start_pool, start_process, submit
from tests.support.failures import TOKEN, fail

if __name__ == "__main__":
    hide(TOKEN)
    redact_stderr()
    log_to_stderr(LogStyle("INFO", as_json=sys.argv[1] == "json"))
    logging.info("it starts")
    logging.debug("not logged")
    logging.getLogger("httpx").info("not logged")
    pool = start_pool(1, partial(logging.info, "a worker starts"))
    submit(pool, logging.warning, "a worker has %s", TOKEN).result()
    start_process(fail, int).join()
    warnings.warn("old")
    thread = threading.Thread(target=fail, name="a thread")
    thread.start()
    thread.join()
    fail()
"""


@pytest.fixture
def log() -> Iterator[StringIO]:
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    hide(TOKEN)
    yield stream
    root.removeHandler(handler)


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_record_is_an_object_in_one_line() -> None:
    # Not logged: pytest cannot hand half a character from process to process.
    args = ('Bão "số" 9',)
    message = "Bài báo “%s”\nthứ hai \u2028 \udc80"
    record = logging.LogRecord("a.b", logging.WARNING, __file__, 1, message, args, None)
    (line,) = JsonFormatter().format(record).split("\n")
    entry = json.loads(line)

    moment = datetime.fromisoformat(entry.pop("time"))
    assert moment.tzinfo is not None
    assert entry == {
        "level": "WARNING",
        "logger": "a.b",
        "message": 'Bài báo “Bão "số" 9”\nthứ hai \u2028 \udc80',
    }


def test_an_exception_is_part_of_the_object_without_a_secret(log: StringIO) -> None:
    try:
        fail()
    except Exception:
        logging.exception("It failed with %s", TOKEN, stack_info=True)

    (entry,) = (json.loads(line) for line in log.getvalue().split("\n") if line)
    assert entry["level"] == "ERROR"
    assert entry["message"] == f"It failed with {HIDDEN}"
    assert entry["exception"].startswith("Traceback")
    assert HIDDEN in entry["exception"]
    assert "test_logs.py" in entry["stack"]
    assert SECRET not in log.getvalue()


def test_an_exception_without_a_secret_is_there_too(log: StringIO) -> None:
    try:
        raise ValueError("a plain one")
    except ValueError:
        logging.exception("It failed")

    (entry,) = objects(log.getvalue())
    assert entry["exception"].endswith("ValueError: a plain one")


def errors_of(style: str) -> str:
    program = subprocess.run(
        [sys.executable, "-c", PROGRAM, style], capture_output=True, encoding="utf-8", check=False
    )
    assert program.returncode == 1
    return program.stderr


@pytest.mark.slow
def test_all_that_a_program_and_its_workers_log_is_json() -> None:
    entries = objects(errors_of("json"))

    told = [(entry["level"], entry["logger"], entry["message"].split(":")[0]) for entry in entries]
    assert told[:4] == [
        ("INFO", "root", "it starts"),
        ("INFO", "root", "a worker starts"),
        ("WARNING", "root", f"a worker has {HIDDEN}"),
        ("ERROR", "index.workers.processes", "a background process failed"),
    ]
    assert [level for level, *_ in told[4:]] == ["WARNING", "ERROR", "CRITICAL"]
    assert "UserWarning: old" in entries[4]["message"]
    assert "a thread" in entries[5]["message"]
    assert all("Traceback" in entry["exception"] for entry in entries[5:])
    assert SECRET not in str(entries)


@pytest.mark.slow
def test_workers_log_lines_of_text_as_their_program_does() -> None:
    first, _, third, *_ = errors_of("text").splitlines()

    assert first.endswith(" INFO root: it starts")
    assert third.endswith(f" WARNING root: a worker has {HIDDEN}")
