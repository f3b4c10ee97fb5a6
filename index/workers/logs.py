"""Log to standard error, as lines of text or as JSON objects, in this process and its workers.

A JSON object is one line: `time` (ISO 8601 with its offset), `level`, `logger`, `message`, and
`exception` where there is one. Secrets are redacted in the records, see `index.workers.redaction`.
"""

import json
import logging
import sys
import threading
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import TextIO

TEXT_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
CHATTY_LOGGERS = ("alembic", "httpx", "httpcore", "uvicorn")  # of each request, step, start

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LogStyle:
    """Level from which records are logged, and whether as JSON."""

    level: str
    as_json: bool = False


class JsonFormatter(logging.Formatter):
    """Formatter of records as JSON objects in one line each."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the JSON object of a record."""
        values = {
            "time": datetime.fromtimestamp(record.created).astimezone().isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_text:
            values["exception"] = record.exc_text
        elif record.exc_info:
            values["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            values["stack"] = record.stack_info
        return json.dumps(values, ensure_ascii=False)


class StyledHandler(logging.StreamHandler[TextIO]):
    """Handler that writes to standard error in a style."""

    def __init__(self, style: LogStyle) -> None:
        super().__init__(sys.stderr)
        self.style = style
        self.setFormatter(JsonFormatter() if style.as_json else logging.Formatter(TEXT_FORMAT))


def log_to_stderr(style: LogStyle | None) -> None:
    """Log in a style from now on; None, or a log that is set up already, changes nothing.

    In JSON come Python's warnings, and errors that end a thread or the process, as records too.
    """
    if style is None or logging.getLogger().handlers:
        return
    logging.basicConfig(level=style.level, handlers=[StyledHandler(style)])
    for name in CHATTY_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    if style.as_json:
        logging.captureWarnings(True)
        sys.excepthook = _log_uncaught
        threading.excepthook = _log_uncaught_in_thread


def log_style() -> LogStyle | None:
    """Return the style in which this process logs, for another one; None if it has none."""
    handlers = logging.getLogger().handlers
    return next((each.style for each in handlers if isinstance(each, StyledHandler)), None)


def _log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    _LOGGER.critical("an error in this program ended it", exc_info=(kind, error, trace))


def _log_uncaught_in_thread(failed: threading.ExceptHookArgs) -> None:
    name = failed.thread.name if failed.thread else "unknown"
    _LOGGER.error("an error in this program ended the thread %s", name, exc_info=failed.exc_value)
