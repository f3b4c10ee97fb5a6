"""Redact secrets (token, passwords) in log records and on standard error.

Exit lines and tracebacks are written to standard error. Worker processes, which write there too,
are told the secrets by `index.workers.processes`.
"""

import io
import logging
import re
import sys
import traceback
from typing import Any
from urllib.parse import quote

HIDDEN = "[secret]"
LEAST_SECRET = 8  # characters; a shorter text, unless it is a whole token, is too common to hide

_secrets: set[str] = set()
_forms: list[str] = []  # of the secrets, the longest first
_NAMED = re.compile(r"(?<=secret_token': ')[^']*")  # may be short; the library logs parameters


def hide(*secrets: str) -> None:
    """Redact these from now on: each as it is, percent-encoded, and its part after a colon."""
    _secrets.update(secrets)
    forms = {form for secret in _secrets for form in _forms_of(secret)}
    _forms[:] = sorted(forms, key=len, reverse=True)
    logging.setLogRecordFactory(RedactedRecord)  # so that every handler gets them redacted


def hidden() -> tuple[str, ...]:
    """Return the secrets that are hidden, for another process."""
    return tuple(_secrets)


def redact(text: str) -> str:
    """Replace every secret in a text."""
    for form in _forms:
        text = text.replace(form, HIDDEN)
    return _NAMED.sub(HIDDEN, text)


class RedactedRecord(logging.LogRecord):
    """Log record without secrets in its message, traceback and stack."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        message = self._message()
        if redact(message) != message:
            self.msg, self.args = redact(message), None
        if self.exc_info and self.exc_info[1]:
            trace = "".join(traceback.format_exception(self.exc_info[1])).rstrip("\n")
            if redact(trace) != trace:
                self.exc_info, self.exc_text = None, redact(trace)
        if self.stack_info:
            self.stack_info = redact(self.stack_info)

    def _message(self) -> str:
        """Return the message, even if its arguments do not match the format."""
        try:
            return self.getMessage()
        except (TypeError, ValueError, KeyError):
            return f"{self.msg} {self.args}"


class RedactedStream(io.TextIOWrapper):
    """Text stream that redacts what is written to it."""

    def write(self, text: str) -> int:
        """Write a text without its secrets."""
        super().write(redact(text))
        return len(text)


def redact_stderr() -> None:
    """Redact standard error from now on."""
    stream = sys.stderr
    if isinstance(stream, io.TextIOWrapper) and not isinstance(stream, RedactedStream):
        encoding, errors = stream.encoding, stream.errors
        sys.stderr = RedactedStream(
            stream.detach(), encoding=encoding, errors=errors, line_buffering=True
        )


def _forms_of(secret: str) -> set[str]:
    part = secret.partition(":")[2]
    forms = {secret, part} if len(part) >= LEAST_SECRET else {secret}
    if len(secret) < LEAST_SECRET and not part:
        return set()
    return forms | {quote(form, safe="") for form in forms}
