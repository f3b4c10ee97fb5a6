"""Servers that the processes of one test run share."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock


@contextmanager
def shared_server(folder: Path, run: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    """Use the server that another process of the test run has started, or start it.

    The process that started it ends it, once no other one uses it.

    Args:
        folder: A folder of this server that all processes of the run know.
        run: Runs the server; gives its address.

    Returns:
        The address.
    """
    folder.mkdir(exist_ok=True)
    address, starting = folder / "address", FileLock(folder / "starting.lock")
    with (folder / "users").open("a") as users, ExitStack() as started:
        with starting:
            if is_ours := not address.exists():
                address.write_text(started.enter_context(run()), encoding="utf-8")
            fcntl.flock(users, fcntl.LOCK_SH)
            found = address.read_text(encoding="utf-8")
        try:
            yield found
        finally:
            if is_ours:
                with starting:
                    address.unlink()
                fcntl.flock(users, fcntl.LOCK_EX)  # once the others have closed the file
