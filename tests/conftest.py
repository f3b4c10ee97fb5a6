"""What many tests start from: a library with a few invented articles."""

import gc
import gzip
import json
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta, timezone
from itertools import islice
from pathlib import Path

import hypothesis
import pytest
import pytest_asyncio
from playwright.async_api import Browser
from telegram import Bot

from bot.playground import Playground
from index import Article, Library
from index.engines import Snapshot
from index.engines.embedded import TantivyEngine
from index.records import parse_record
from index.sources.fetching import Fetcher
from tests.bot_support import Talk, talking
from tests.browser_support import chromium
from tests.command_support import RECORDS, Commands
from tests.fetching_support import HASTY, SMALL
from tests.following_support import Desk, open_desk
from tests.playground_support import Client, served
from tests.shelf import shelf
from tests.tending_support import Tending, tending
from tests.web_support import Site, web_site

LONGEST_FILES = ("test_fanout.py", "test_crash.py", "test_sending.py")
# How long an example takes says more of the machine than of the code.
hypothesis.settings.register_profile(
    "shared", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("shared")

VIETNAM = timezone(timedelta(hours=7))
SHARED = Path(__file__).parents[2] / "shared"

CONFERENCE = Article(
    id="hoi-nghi",
    url="https://songthuong.example/hoi-nghi-thuy-loi",
    title="Hội nghị tổng kết công tác thủy lợi năm 2022",
    text=(
        "Sáng 12/12/2022, Sở Nông nghiệp tổ chức hội nghị tổng kết công tác thủy lợi.\n"
        "Dự hội nghị có ông Trần Văn Khải, Phó Chủ tịch UBND tỉnh cùng lãnh đạo các huyện.\n"
        "Năm 2022, toàn tỉnh nạo vét 315 km kênh mương. Kinh phí thực hiện là 42,5 tỷ đồng.\n"
        "Hội nghị kết thúc vào buổi chiều cùng ngày."
    ),
    published=datetime(2022, 12, 12, 16, 30, tzinfo=VIETNAM),
    source="Báo Sông Thương",
)
FLOOD = Article(
    id="lu-quet",
    url="https://songthuong.example/lu-quet",
    title="Lũ quét làm sập hai cây cầu ở Mường Lống",
    text=(
        "Đêm 3/9/2023, lũ quét xảy ra tại xã Mường Lống. Hai cây cầu bị cuốn trôi, "
        "120 hộ dân bị cô lập.\n"
        "Nguyên nhân là do mưa lớn kéo dài suốt ba ngày.\n"
        "Bộ đội đã đưa lương thực vào bằng thuyền."
    ),
    published=datetime(2023, 9, 4, 8, 5, tzinfo=VIETNAM),
    source="Báo Sông Thương",
)
FOOTBALL = Article(
    id="bong-da",
    title="Đội bóng trường Lê Lợi vô địch giải học sinh",
    text=(
        "Chiều 20/5, đội bóng trường Lê Lợi thắng trường Nguyễn Du 3-1 trong trận chung kết.\n"
        "Cầu thủ Phạm Quốc Huy ghi hai bàn. Trận đấu diễn ra trên sân vận động thành phố."
    ),
    source="Cổng tin Thể thao",
)
ARTICLES = (CONFERENCE, FLOOD, FOOTBALL)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files, so that no worker is left with one at the end."""
    items.sort(key=lambda item: item.path.name not in LONGEST_FILES)


def pytest_collection_finish() -> None:
    """Look for garbage among what tests make, not among the thousands of tests each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A library of three articles, in a folder of its own."""
    with shelf(tmp_path / "data", ARTICLES) as opened:
        yield opened


@pytest.fixture
def hoibao(tmp_path: Path) -> Commands:
    return Commands(tmp_path)


@pytest.fixture
def filled(hoibao: Commands, tmp_path: Path) -> Commands:
    with shelf(tmp_path / "data", tuple(map(parse_record, RECORDS))):
        return hoibao


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Library]:
    """A library without an article."""
    with shelf(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    """A client of an embedded Telegram of its own."""
    async with served(Playground()) as opened:
        yield opened


@pytest.fixture
async def bot(client: Client) -> AsyncIterator[Bot]:
    """The bot of that Telegram, as python-telegram-bot sees it, with nothing behind it."""
    async with Bot(client.playground.token, base_url=f"{client.address}/bot") as opened:
        yield opened


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    """Lan talking with the bot about a few articles, in an embedded Telegram of its own."""
    async with talking(tmp_path) as started:
        yield started


@pytest.fixture
async def admin(tmp_path: Path) -> AsyncIterator[Tending]:
    """Lan, an admin, talking with a bot that follows sources."""
    async with tending(tmp_path) as started:
        yield started


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
def collection(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """What the engine knows of the same articles."""
    folder = tmp_path_factory.mktemp("collection")
    with Library.open(folder) as opened:
        opened.ingest(ARTICLES)
    return TantivyEngine(folder / "engine").snapshot()


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


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """A Chromium for all tests of a module."""
    async with chromium() as opened:
        yield opened
