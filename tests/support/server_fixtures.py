"""Tests on real servers: left out, in one line, where none can run; else it is said which ran.

A test on a server has the marker `opensearch` or `postgresql`. Where `TESTS_REQUIRE_SERVERS` is set
no test runs if one of the servers cannot.
"""

import json
import os
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

import pytest
from sqlalchemy import make_url
from sqlalchemy.engine import URL

from tests.support import opensearch_server, postgresql_server
from tests.support.shared_server import shared_server

REQUIRED = "TESTS_REQUIRE_SERVERS"
"""Environment variable that CI sets."""

SERVER = "server"
"""Name of the property of a test's report that says on which server it ran."""

SERVERS: Mapping[str, Callable[[], str | None]] = {
    "opensearch": opensearch_server.missing,
    "postgresql": postgresql_server.missing,
}
"""By marker: name what is not installed that a server needs, or None."""


def _absent() -> dict[str, str]:
    return {marker: absent for marker, missing in SERVERS.items() if (absent := missing())}


def pytest_configure() -> None:
    """Refuse to run without the servers where they are required."""
    if os.environ.get(REQUIRED) and (absent := _absent()):
        raise pytest.UsageError(f"not all servers can run here: {', '.join(absent.values())}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests on servers that cannot run here."""
    absent = _absent()
    left_out = [item for item in items if any(map(item.get_closest_marker, absent))]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which servers were started, or why none was."""
    for marker, absent in _absent().items():
        terminalreporter.write_line(f"Tests on a real {marker} server are skipped: {absent}")
    servers = [
        value
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if name == SERVER and report.when == "call"
    ]
    for server in sorted(set(servers)):
        terminalreporter.write_line(f"{servers.count(server)} tests passed on a real {server}")


Shared = Callable[[str, Callable[[], AbstractContextManager[str]]], AbstractContextManager[str]]


@pytest.fixture(scope="session")
def once_a_run(tmp_path_factory: pytest.TempPathFactory) -> Shared:
    """Return a function that runs a server, by its name, once for all processes of the run."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return lambda _, run: run()
    of_run = tmp_path_factory.getbasetemp().parent
    return lambda name, run: shared_server(of_run / name, run)


@contextmanager
def _opensearch() -> Iterator[str]:
    with (
        opensearch_server.opensearch_folder() as folder,
        opensearch_server.opensearch_server(folder) as url,
    ):
        yield url


@contextmanager
def _postgresql() -> Iterator[str]:
    with postgresql_server.postgresql_server() as server:
        yield server.address.render_as_string()


@pytest.fixture(scope="session")
def _started_opensearch(once_a_run: Shared) -> Iterator[str]:
    with once_a_run("opensearch", _opensearch) as url:
        yield url


@pytest.fixture
def opensearch_url(_started_opensearch: str, request: pytest.FixtureRequest) -> str:
    """The URL of a real OpenSearch server on loopback."""
    with urllib.request.urlopen(_started_opensearch, timeout=60) as found:
        version = json.load(found)["version"]["number"]
    request.node.user_properties.append((SERVER, f"OpenSearch {version} started on loopback"))
    return _started_opensearch


@pytest.fixture(scope="session")
def _started_postgresql(once_a_run: Shared) -> Iterator[URL]:
    with once_a_run("postgresql", _postgresql) as address:
        yield make_url(address)


@pytest.fixture
def postgresql(_started_postgresql: URL, request: pytest.FixtureRequest) -> URL:
    """The address of a database on a real PostgreSQL server on loopback."""
    version = postgresql_server.version_of(_started_postgresql)
    request.node.user_properties.append((SERVER, f"PostgreSQL {version} started on loopback"))
    return _started_postgresql


@pytest.fixture
def postgresql_address(postgresql: URL) -> URL:
    """The address of an empty database on that server."""
    return postgresql_server.fresh_database(postgresql)
