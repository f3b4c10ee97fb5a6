"""Run blocking functions in threads and worker processes; redact secrets in their output."""

from index.workers.fork_server import preload
from index.workers.processes import (
    BACKGROUND_NICENESS,
    Executor,
    InlineExecutor,
    ProcessExecutor,
    cores,
    in_thread,
    start_pool,
    start_process,
    submit,
)
from index.workers.redaction import HIDDEN, hide, redact_stderr

__all__ = [
    "BACKGROUND_NICENESS",
    "HIDDEN",
    "Executor",
    "InlineExecutor",
    "ProcessExecutor",
    "cores",
    "hide",
    "in_thread",
    "preload",
    "redact_stderr",
    "start_pool",
    "start_process",
    "submit",
]
