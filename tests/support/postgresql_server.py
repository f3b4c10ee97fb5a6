"""A real PostgreSQL server on loopback, with a migrated database for each test.

It runs as `nobody` where the tests run as root, which it refuses.
"""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from pathlib import Path

from sqlalchemy import create_engine, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError

from index.store import Database
from tests.support.opensearch_server import free_port
from tests.support.waiting import START_SECONDS, wait_until

STOPPED_SECONDS = 30
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "400",  # of all processes of a test run
}


def missing() -> str | None:
    """Name what is not installed that a server needs; None if all is there."""
    return (
        None if find_program("postgres") and find_program("initdb") else "PostgreSQL not installed"
    )


class Server:
    """A server that can be stopped and started; `address` is that of a database of it."""

    def __init__(self, data: Path) -> None:
        self._data, port = data, free_port()
        self.address = make_url(f"postgresql+psycopg://hoibao@127.0.0.1:{port}/postgres")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        listening = ("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=")
        port = ("-p", str(self.address.port))
        settings = (part for each in SETTINGS.items() for part in ("-c", "=".join(each)))
        process = _start("postgres", self._data, *port, *listening, *settings)
        self._process = process
        wait_until(lambda: process.poll() is not None or _answers(self.address), START_SECONDS)
        assert process.poll() is None, "PostgreSQL does not start"

    def stop(self) -> None:
        """Stop it; all sessions end at once."""
        if self._process:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(STOPPED_SECONDS)
        self._process = None


@contextmanager
def postgresql_server(kept: Path | None = None) -> Iterator[Server]:
    """Run a server; see `missing`.

    Args:
        kept: A folder for its data, within one that everybody may enter; data that is there
            already is used. By default a temporary one.
    """
    with (
        nullcontext(str(kept))
        if kept
        else tempfile.TemporaryDirectory(prefix="hoibao-postgresql-") as name
    ):
        data = Path(name) / "data"
        if not data.exists():
            _initialise(data)
        server = Server(data)
        try:
            server.start()
            yield server
        finally:
            server.stop()


def main_process(kept: Path) -> int:
    """Return the id of the main process of a server that runs over a kept folder."""
    return int((kept / "data/postmaster.pid").read_text(encoding="utf-8").split()[0])


def fresh_database(server: URL, *, template: str = "", name: str = "") -> URL:
    """Make a database on a server, and return its address.

    Args:
        server: The address of a database of the server.
        template: The name of the database to copy; by default one that was migrated once.
        name: Its own name; by default another one each time.
    """
    name = name or f"test_{secrets.token_hex(4)}"
    template = template or _template(server)
    execute(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return server.set(database=name)


@cache
def _template(server: URL) -> str:
    """Make the database that others are copied from; nothing else may connect to it."""
    name = f"migrated_{os.getpid()}"
    execute(server, f"CREATE DATABASE {name}")
    Database(server.set(database=name)).close()
    return name


@cache
def version_of(server: URL) -> str:
    """Return the version that a server tells."""
    return execute(server, "SHOW server_version").split()[0]


def _initialise(data: Path) -> None:
    data.mkdir(parents=True)
    if os.geteuid() == 0:
        data.parent.chmod(0o755)
        shutil.chown(data, "nobody", "nogroup")
    accepting = ("--auth=trust", "--username=hoibao", "--encoding=UTF8", "--locale=C.UTF-8")
    _start("initdb", data, *accepting, "--no-sync").wait()


def execute(server: URL, statement: str) -> str:
    """Execute a statement outside of a transaction; return the first value, or nothing."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            result = connection.exec_driver_sql(statement)
            return str(result.scalar()) if result.returns_rows else ""
    finally:
        engine.dispose()


def _answers(server: URL) -> bool:
    try:
        execute(server, "SELECT 1")
    except OperationalError:
        return False
    return True


@cache
def find_program(name: str) -> str | None:
    """Find a program of the newest PostgreSQL; Debian keeps them out of the path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return shutil.which(name, path=os.pathsep.join((*map(str, folders), os.environ["PATH"])))


def _start(program: str, data: Path, *arguments: str) -> subprocess.Popen[bytes]:
    path, is_root = find_program(program), os.geteuid() == 0
    assert path is not None
    return subprocess.Popen(
        [path, "-D", str(data), *arguments],
        cwd=data,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        user="nobody" if is_root else None,
        group="nogroup" if is_root else None,
        extra_groups=[] if is_root else None,
    )
