"""Fixtures of the index: libraries, the command, web sites on loopback; no Telegram, no browser."""

import gzip
import json
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from pathlib import Path

import pytest

import tests
from index import Library
from index.engines import Snapshot
from index.engines.embedded import TantivyEngine
from index.records import parse_record
from index.sources.fetching import Fetcher
from tests.articles_support import ARTICLES
from tests.command_support import RECORDS, Commands
from tests.fetching_support import HASTY, SMALL
from tests.following_support import Desk, open_desk
from tests.shelf import shelf
from tests.web_support import Site, web_site

SHARED = Path(str(tests.__file__)).parents[2] / "shared"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A library of three articles, in a folder of its own."""
    with shelf(tmp_path / "data", ARTICLES) as opened:
        yield opened


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Library]:
    """A library without an article."""
    with shelf(tmp_path / "data") as opened:
        yield opened


@pytest.fixture(scope="session")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """What the engine knows of the same articles."""
    folder = tmp_path_factory.mktemp("collection")
    with Library.open(folder) as opened:
        opened.ingest(ARTICLES)
    return TantivyEngine(folder / "engine").snapshot()


@pytest.fixture
def hoibao(tmp_path: Path) -> Commands:
    return Commands(tmp_path)


@pytest.fixture
def filled(hoibao: Commands, tmp_path: Path) -> Commands:
    with shelf(tmp_path / "data", tuple(map(parse_record, RECORDS))):
        return hoibao


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """A web site on loopback, without a page."""
    async with web_site() as served_site:
        yield served_site


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    """A fetcher that may fetch from loopback, little at a time."""
    async with Fetcher(private_networks=True, limits=SMALL) as opened:
        yield opened


@pytest.fixture
async def hasty() -> AsyncIterator[Fetcher]:
    """A fetcher that waits for nobody: for what never answers."""
    async with Fetcher(private_networks=True, limits=HASTY) as opened:
        yield opened


@pytest.fixture
def desk(tmp_path: Path, fetcher: Fetcher) -> Iterator[Desk]:
    """A library whose sources are checked by hand."""
    with open_desk(tmp_path / "data", fetcher) as opened:
        yield opened


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the real page and data sets.

    They are other people's texts, which the project may not give out: a clone elsewhere does not
    have them, and `make test` has to pass there too.
    """
    if not SHARED.is_dir():
        pytest.skip("the shared articles and data are not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def real_news(shared: Path) -> list[str]:
    """The texts of three hundred real articles."""
    with gzip.open(shared / "data" / "vietnews-60k.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in islice(lines, 300)]
