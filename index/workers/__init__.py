"""Run blocking functions in threads and worker processes; log, and redact secrets in all output."""

from index.workers.fork_server import preload
from index.workers.logs import LogStyle, log_to_stderr
from index.workers.processes import (
    BACKGROUND_NICENESS,
    Executor,
    InlineExecutor,
    OwnThreads,
    ProcessExecutor,
    cores,
    in_thread,
    start_pool,
    start_process,
    submit,
)
from index.workers.redaction import HIDDEN, hide, redact_stderr
from index.workers.tasks import LoggedFailures, in_background

__all__ = [
    "BACKGROUND_NICENESS",
    "HIDDEN",
    "Executor",
    "InlineExecutor",
    "LogStyle",
    "LoggedFailures",
    "OwnThreads",
    "ProcessExecutor",
    "cores",
    "hide",
    "in_background",
    "in_thread",
    "log_to_stderr",
    "preload",
    "redact_stderr",
    "start_pool",
    "start_process",
    "submit",
]
