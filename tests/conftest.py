"""Shared fixtures: libraries, the `hoibao` command, web sites on loopback, fetchers."""

import gc
import gzip
import json
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy.engine import URL

from index import Library
from index.articles.readers.json_lines import parse_record
from index.engine.protocol import Snapshot
from index.engine.tantivy_engine import TantivyEngine
from index.sources.fetch.fetcher import Fetcher
from index.workers import preload
from tests.support.articles import ARTICLES
from tests.support.commands import RECORDS, Commands
from tests.support.fetching import HASTY, SMALL
from tests.support.follower import FollowerDesk, open_desk
from tests.support.libraries import open_library
from tests.support.paths import SHARED
from tests.support.web_site import Site, web_site

pytest_plugins = ["tests.support.server_fixtures"]

LONGEST_FILES = """
test_fanout test_crash test_accessibility test_answer_pool test_page test_runner
test_page_places test_page_keys test_linear_parsers test_linear_patterns test_commands test_sender
test_several_senders test_handlers test_answer_layout test_recorded_buttons test_processes
""".split()
# How long an example takes says more of the machine than of the code.
hypothesis.settings.register_profile(
    "shared", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("shared")
preload("tests.support.errands")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files, so that no worker is left with one at the end."""
    items.sort(key=lambda item: item.path.stem not in LONGEST_FILES)


def pytest_collection_finish() -> None:
    """Look for garbage among what tests make, not among the thousands of tests each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def server() -> URL | None:
    """The PostgreSQL server of the libraries of other fixtures; None for SQLite.

    Suites that run on both kinds of databases override it.
    """
    return None


@pytest.fixture
def library(tmp_path: Path, server: URL | None) -> Iterator[Library]:
    """A library of three articles, in a folder of its own."""
    with open_library(tmp_path / "data", ARTICLES, server) as opened:
        yield opened


@pytest.fixture
def empty(tmp_path: Path, server: URL | None) -> Iterator[Library]:
    """A library without an article."""
    with open_library(tmp_path / "data", server=server) as opened:
        yield opened


@pytest.fixture(scope="session")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A snapshot of the engine over the same articles."""
    folder = tmp_path_factory.mktemp("collection")
    with Library.open(folder) as opened:
        opened.ingest(ARTICLES)
    return TantivyEngine(folder / "engine").snapshot()


@pytest.fixture
def hoibao(tmp_path: Path) -> Commands:
    return Commands(tmp_path)


@pytest.fixture
def filled(hoibao: Commands, tmp_path: Path) -> Commands:
    with open_library(tmp_path / "data", tuple(map(parse_record, RECORDS))):
        return hoibao


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """A web site on loopback, without a page."""
    async with web_site() as served_site:
        yield served_site


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    """A fetcher with access to loopback and small limits."""
    async with Fetcher(private_networks=True, limits=SMALL) as opened:
        yield opened


@pytest.fixture
async def hasty() -> AsyncIterator[Fetcher]:
    """A fetcher with short timeouts, for servers that never respond."""
    async with Fetcher(private_networks=True, limits=HASTY) as opened:
        yield opened


@pytest.fixture
def desk(tmp_path: Path, fetcher: Fetcher, server: URL | None) -> Iterator[FollowerDesk]:
    """A library with a follower driven by the test."""
    with open_desk(tmp_path / "data", fetcher, server=server) as opened:
        yield opened


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the real page and data sets.

    Their texts are copyrighted and not part of the repository; `make test` passes without them.
    """
    if not SHARED.is_dir():
        pytest.skip("the shared articles and data are not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def real_news(shared: Path) -> list[str]:
    """The texts of three hundred real articles."""
    with gzip.open(shared / "data" / "vietnews-60k.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in islice(lines, 300)]
