"""Share the work with other processes over the same database: membership and roles."""

import socket
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from bot.app.errors import StartError
from bot.settings import Role, Settings
from index import Library
from index.store import Worker


@dataclass(frozen=True, slots=True)
class Sharing:
    """Worker that this process is, its roles, and the library that the workers share."""

    worker: Worker
    roles: frozenset[Role]
    library: Library


@contextmanager
def shared(library: Library, settings: Settings) -> Iterator[Sharing | None]:
    """Make this process a worker of a database server while the context is open.

    Yields:
        None if the database is a file: then one process does all the work.

    Raises:
        StartError: If it is to do a part of the work, and the database is a file.
        StorageError: If the database cannot be used.
    """
    roles = frozenset(settings.roles)
    if library.address.get_backend_name() == "sqlite":
        if roles != frozenset(Role):
            raise StartError(
                "roles: one process does all the work over an SQLite file; to share it, set "
                "database to that of a PostgreSQL server, see config.example.toml"
            )
        yield None
        return
    with joined(library, roles) as worker:
        yield Sharing(worker, roles, library)


def joined(library: Library, roles: Iterable[Role]) -> AbstractContextManager[Worker]:
    """Make this process a worker while the context is open.

    One that does all the work by itself joins as a follower: so `hoibao sources check`, which
    is another process over its file, leaves alone what it checks.

    Raises:
        StorageError: If the database cannot be used.
    """
    return library.workers.joined(socket.gethostname(), sorted(role.value for role in roles))
