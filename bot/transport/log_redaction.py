"""Redact the bot's token in log records."""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

HIDDEN = "[token]"
LEAST_SECRET = 8  # characters; a shorter part of a token is too common a text to hide


@contextmanager
def redacted_logs(token: str) -> Iterator[None]:
    """Redact a token in every log record while the context is open.

    Records are redacted where they are made, so that every handler gets them so.
    """
    forms = _forms(token)
    make = logging.getLogRecordFactory()

    def make_redacted(*arguments: Any, **named: Any) -> logging.LogRecord:
        record: logging.LogRecord = make(*arguments, **named)
        _redact_record(record, forms)
        return record

    logging.setLogRecordFactory(make_redacted)
    try:
        yield
    finally:
        logging.setLogRecordFactory(make)


def _forms(token: str) -> list[str]:
    """Return what to hide: the token, also percent-encoded, and its part after the colon."""
    secret = token.partition(":")[2]
    forms = [token, quote(token, safe=""), secret if len(secret) >= LEAST_SECRET else ""]
    return sorted(filter(None, forms), key=len, reverse=True)


def _redact_record(record: logging.LogRecord, forms: list[str]) -> None:
    """Redact a log record: its message, traceback and stack."""
    message = _message(record)
    if _redact(message, forms) != message:
        record.msg, record.args = _redact(message, forms), None
    if record.exc_info and record.exc_info[1]:
        trace = "".join(traceback.format_exception(record.exc_info[1])).rstrip("\n")
        if _redact(trace, forms) != trace:
            record.exc_info, record.exc_text = None, _redact(trace, forms)
    if record.stack_info:
        record.stack_info = _redact(record.stack_info, forms)


def _redact(text: str, forms: list[str]) -> str:
    for form in forms:
        text = text.replace(form, HIDDEN)
    return text


def _message(record: logging.LogRecord) -> str:
    """Return a record's message, even if its arguments do not match the format."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg} {record.args}"
