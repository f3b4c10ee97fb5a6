"""Fork worker processes in a server that has imported already what they need.

Processes with threads cannot be forked. The server is a process of `multiprocessing` that has none,
begins before the first worker, and ends with the last process that uses it. A worker that it forks
starts at once, and shares the memory of what was imported.
"""

import multiprocessing
import signal
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import forkserver, resource_tracker

FORKING = multiprocessing.get_context("forkserver")

_preloaded = ["index.library"]


def preload(module: str) -> None:
    """Let the server import a module for its workers; it counts until the server begins.

    Args:
        module: The full name of a module. One that cannot be found is left to the workers.
    """
    _preloaded.append(module)


def start_server() -> None:
    """Start the server, unless it runs; it then imports, which nobody waits for."""
    with serving():
        pass


@contextmanager
def serving() -> Iterator[None]:
    """Run the server, and start processes in it that receive neither SIGINT nor SIGTERM.

    Both come to all processes at once: from a terminal at Ctrl-C, from a service manager at a stop.

    Raises:
        BrokenProcessPool: The server was killed just now; the next call starts another.
    """
    resource_tracker.ensure_running()  # it unblocks them
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT, signal.SIGTERM])
    try:
        FORKING.set_forkserver_preload(_preloaded)
        forkserver.ensure_running()
        yield
    except (ConnectionError, EOFError) as error:
        raise BrokenProcessPool("the server of worker processes was killed") from error
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def listen_to_sigterm() -> None:
    """Receive SIGTERM in this process, also one that came before."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
