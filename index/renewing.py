"""Renewing what an older version made, in a process of its own beside those that answer."""

import multiprocessing
import os
from multiprocessing.context import SpawnProcess
from pathlib import Path

from sqlalchemy.engine import URL

from index.library import Library
from index.processes import end_with_parent, interrupts_held_back

NICENESS = 10  # answers come first


def start_renewing(library: Library) -> SpawnProcess:
    """Start a process that renews a library; it may be ended at any moment.

    Returns:
        The process. Its exit code is 0 once all is renewed.
    """
    context = multiprocessing.get_context("spawn")
    process = context.Process(
        target=_renew, args=(library.folder, library.address), name="renewing", daemon=True
    )
    with interrupts_held_back():
        process.start()
    return process


def _renew(folder: Path, address: URL) -> None:
    end_with_parent()
    os.nice(NICENESS)
    with Library.open(folder, database=address) as library:
        library.upkeep.upgrade()
