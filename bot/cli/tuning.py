"""Process-wide tuning: garbage collection, malloc arenas, thread switching."""

import ctypes
import gc
import sys
from contextlib import suppress

COLLECTION_THRESHOLD = 50_000  # new objects: little of what a start makes is garbage

ARENAS = 2
"""Ingesting a million sentences then needs 580 MB instead of 640, and no more time."""

SWITCH_SECONDS = 0.0003  # after which a busy thread makes way for the event loop, not 0.005

_M_ARENA_MAX = -8  # as malloc.h has it; see mallopt(3)


def collect_rarely() -> None:
    """Collect garbage less often."""
    gc.set_threshold(COLLECTION_THRESHOLD)


def skip_last_collection() -> None:
    """Skip the garbage collection at exit, a sixth of the time of a short command."""
    gc.freeze()


def limit_arenas() -> None:
    """Limit glibc to two malloc arenas, so that threads reuse each other's freed memory.

    Best called before there are threads. Does nothing where the C library is another one.
    """
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, ARENAS)


def prefer_event_loop() -> None:
    """Let an event loop run on time beside busy threads, once all has been imported."""
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.freeze()  # what has been imported stays, and need not be looked through again
