"""Tests on real servers: left out, in one line, where none can run; else it is said which ran.

A test on a server has the marker `opensearch`. Where `TESTS_REQUIRE_SERVERS` is set nothing is left
out: without a server no test runs.
"""

import json
import os
import urllib.request
from collections.abc import Iterator

import pytest

from tests.support.opensearch_server import missing, opensearch_folder, opensearch_server

REQUIRED = "TESTS_REQUIRE_SERVERS"
"""Environment variable that CI sets."""

SERVER = "server"
"""Name of the property of a test's report that says on which server it ran."""


def pytest_configure() -> None:
    """Refuse to run without a server where one is required."""
    if os.environ.get(REQUIRED) and (absent := missing()):
        raise pytest.UsageError(f"no OpenSearch server can run here: {absent}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests on servers that cannot run here."""
    left_out = [item for item in items if missing() and item.get_closest_marker("opensearch")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which servers were started, or why none was."""
    if absent := missing():
        terminalreporter.write_line(f"Tests on a real OpenSearch server are skipped: {absent}")
    servers = [
        value
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if name == SERVER and report.when == "call"
    ]
    for server in sorted(set(servers)):
        terminalreporter.write_line(f"{servers.count(server)} tests passed on a real {server}")


@pytest.fixture(scope="session")
def _started_opensearch() -> Iterator[str]:
    with opensearch_folder() as folder, opensearch_server(folder) as url:
        yield url


@pytest.fixture
def opensearch_url(_started_opensearch: str, request: pytest.FixtureRequest) -> str:
    """The URL of a real OpenSearch server on loopback."""
    with urllib.request.urlopen(_started_opensearch, timeout=60) as found:
        version = json.load(found)["version"]["number"]
    request.node.user_properties.append((SERVER, f"OpenSearch {version} started on loopback"))
    return _started_opensearch
