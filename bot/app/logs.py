"""Log of `hoibao run` and `hoibao playground`: its style, and one line for an error of Telegram."""

import logging

from telegram.error import TelegramError

from bot.settings import Settings
from index.workers import LogStyle, log_to_stderr

TRACING_LOGGERS = ("telegram.ext", "telegram.ext.Updater")  # of the library's network errors


def set_up_log(settings: Settings) -> None:
    """Log from now on as the settings say."""
    log_to_stderr(LogStyle(settings.log_level, as_json=settings.log_format == "json"))
    for name in TRACING_LOGGERS:
        logging.getLogger(name).addFilter(_without_trace)


def _without_trace(record: logging.LogRecord) -> bool:
    """Replace the traceback of a Telegram error by its message; let every record pass."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, TelegramError):
        record.msg, record.args = f"{record.getMessage()} {error}", None
        record.exc_info, record.exc_text = None, None
    return True
