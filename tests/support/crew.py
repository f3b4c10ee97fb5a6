"""Crew of workers under kill -9: one PostgreSQL, one token, several `hoibao run`.

Many chats subscribe to an article that comes in a feed, while other feeds bring news and people
ask. A worker is killed at random moments and started again, under an embedded Telegram that
enforces the documented limits.
"""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Self
from unittest.mock import patch

from sqlalchemy.engine import URL

from bot.playground import Limits, Playground
from bot.playground.world.state import Message, User
from bot.settings import SourceSetting
from bot.sources.registry import add_source
from index import Library
from tests.support.bot import ARTICLES, BOT_NAME
from tests.support.commands import HOIBAO
from tests.support.follower import feed, item, page
from tests.support.load import Crowd
from tests.support.processes import cpu_seconds, family
from tests.support.web_site import Request, Site, head

FIRST_CHAT = 3_000_000
FIRST_READER = 2_000_000
STORM = "Bão số 12 đổ bộ vào Quảng Bình"
STORM_TEXT = "Chiều nay bão số 12 đổ bộ vào Quảng Bình. Ông Đinh Văn Thảo chỉ đạo chống bão."
QUESTIONS = (
    "ai tham dự hội nghị?",
    "bão số mấy đổ bộ?",
    "sơ tán bao nhiêu người?",
    "thủ thư là ai?",
)
FEED_SECONDS = 0.4  # for which a feed keeps its reader waiting
NEWS_SECONDS = 4.0  # between two articles of a feed
LISTED = 200  # articles that a feed lists
READER_SECONDS = 2.0  # between two questions of a reader
LONGEST_SECONDS = 1_800.0
SETTLING_SECONDS = 300.0  # in which the last article is stored and the last question answered


@dataclass(slots=True)
class Figures:
    """Results of a run; moments in monotonic seconds."""

    deliveries: int
    received: Counter[int] = field(default_factory=Counter)
    in_flight: list[int] = field(default_factory=list)
    twice_at_once: int = 0
    checks: int = 0
    published: set[str] = field(default_factory=set)
    stored: int = 0
    asked: int = 0
    answered: int = 0
    answers: int = 0
    disordered: int = 0
    seconds: list[float] = field(default_factory=list)
    kills: int = 0
    refused: int = 0

    @property
    def lost(self) -> int:
        return self.deliveries - len(self.received)

    @property
    def duplicates(self) -> int:
        return sum(count - 1 for count in self.received.values())


class Feeds:
    """Feeds on loopback addresses of their own, and whether one is read twice at once."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.sites: list[Site] = []
        self._articles: dict[int, list[tuple[str, str, str]]] = {}
        self._reading: Counter[int] = Counter()

    @asynccontextmanager
    async def served(self, number: int) -> AsyncIterator[list[str]]:
        """Serve some feeds; yield their addresses."""
        async with AsyncExitStack() as stack:
            for index in range(number):
                site = Site()
                host = f"127.0.0.{index + 2}"
                server = await asyncio.start_server(site.serve, host, 0)
                stack.callback(server.close)
                site.port = server.sockets[0].getsockname()[1]
                site.handlers["/feed.xml"] = partial(self._answer, index)
                self.sites.append(site)
                self._articles[index] = []
                self.publish(
                    index, f"Tin đầu tiên của báo số {index}", "Bản tin đầu tiên ra hôm nay."
                )
            yield [self._url(index, "/feed.xml") for index in range(number)]

    def publish(self, index: int, title: str, text: str) -> None:
        """Publish an article in a feed."""
        path = f"/bai-{len(self._articles[index])}.html"
        self._articles[index].append((path, title, text))
        self.sites[index].page(path, page(title, text))
        self.figures.published.add(self._url(index, path))

    async def keep_publishing(self) -> None:
        """Publish an article in each feed now and then."""
        while True:
            await asyncio.sleep(NEWS_SECONDS)
            for index, articles in self._articles.items():
                number = len(articles)
                text = f"Xã số {index} đón {number} đoàn khách trong ngày thứ {number}."
                self.publish(index, f"Xã số {index} đón khách ngày {number}", text)

    def _url(self, index: int, path: str) -> str:
        return self.sites[index].url(path, f"127.0.0.{index + 2}")

    async def _answer(
        self,
        index: int,
        request: Request,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        """Answer after a while, unless the reader dies; count another one that reads meanwhile."""
        self.figures.checks += 1
        self._reading[index] += 1
        self.figures.twice_at_once += self._reading[index] > 1
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(reader.read(1), FEED_SECONDS)
                return  # the connection was closed: its reader is dead
            items = [
                item(self.sites[index], path, title).replace("127.0.0.1", f"127.0.0.{index + 2}")
                for path, title, _ in reversed(self._articles[index][-LISTED:])
            ]
            body = feed(*items).encode()
            writer.write(head(200, {"Content-Length": str(len(body))}) + body)
            await writer.drain()
        finally:
            self._reading[index] -= 1


class Crew:
    """Workers as processes, each with a data folder of its own as on another machine."""

    def __init__(
        self, folder: Path, database: URL, playground: Playground, address: str, **variables: str
    ) -> None:
        self.folder = folder
        self.database = database
        self._environment = {
            **os.environ,
            "HOIBAO_TOKEN": playground.token,
            "HOIBAO_API_URL": address,
            "HOIBAO_DATABASE": database.render_as_string(hide_password=False),
            "HOIBAO_LOG_LEVEL": "ERROR",
            "HOIBAO_PRIVATE_NETWORKS": "true",
            "HOIBAO_ANSWERING_PROCESSES": "1",
            **variables,
        }
        self.processes: dict[int, asyncio.subprocess.Process] = {}

    async def start(self, number: int) -> None:
        """Start a worker."""
        self.processes[number] = await asyncio.create_subprocess_exec(
            HOIBAO, "--data", self.folder / str(number), "run", env=self._environment
        )

    async def end(self, number: int, how: int = signal.SIGTERM) -> None:
        """End a worker, and wait for its end."""
        process = self.processes.pop(number)
        if process.returncode is None:
            process.send_signal(how)
        await process.wait()

    @asynccontextmanager
    async def working(self, workers: int) -> AsyncIterator[Self]:
        """Run so many workers for as long as the context is open."""
        try:
            for number in range(workers):
                await self.start(number)
            yield self
        finally:
            await asyncio.gather(*(self.end(number) for number in list(self.processes)))

    def cpu_seconds(self) -> float:
        """Return the CPU time of all workers and their processes so far."""
        pids = [pid for process in self.processes.values() for pid in family(process.pid)]
        return sum(map(cpu_seconds, pids))


async def measure_kills(
    folder: Path, database: URL, *, workers: int, deliveries: int, kills: int, sources: int
) -> Figures:
    """Kill workers at random moments of a fan-out, of news and of questions.

    Args:
        folder: An empty folder.
        database: The address of an empty database.
        workers: The number of workers.
        deliveries: The chats that get the alert.
        kills: How often one is killed with -9 and started again.
        sources: The number of feeds.
    """
    figures, playground = Figures(deliveries), Playground(limits=Limits())
    feeds, readers = Feeds(figures), Crowd(playground, 8)
    async with (
        feeds.served(sources) as addresses,
        playground.serve(port=0) as address,
        _watching(playground, figures),
        readers.watching(),
    ):
        chats = _people(playground, deliveries)
        await asyncio.to_thread(_set_up, folder, database, chats, addresses)
        async with Crew(folder, database, playground, address).working(workers) as crew:
            tasks = [asyncio.create_task(_keep_asking(readers, each)) for each in readers.people]
            tasks.append(asyncio.create_task(feeds.keep_publishing()))
            try:
                await _until(lambda: len(readers.figures.answered) >= len(readers.people))
                feeds.publish(0, STORM, STORM_TEXT)
                await _disturb(crew, figures, kills)
                await _until(lambda: not figures.lost)
            finally:
                for task in tasks:
                    task.cancel()
            with Library.open(folder / "look", database=database, indexing=False) as library:

                def stored() -> bool:
                    figures.stored = sum(library.find(url) is not None for url in figures.published)
                    return figures.stored == len(figures.published)

                asked = readers.figures.asked
                await _until(lambda: len(readers.figures.answered) == len(asked), SETTLING_SECONDS)
                await _until(stored, SETTLING_SECONDS)
    found = readers.figures
    figures.asked, figures.answered = len(found.asked), len(found.answered)
    figures.disordered = found.disordered
    figures.seconds = sorted(found.answered[key] - found.asked[key] for key in found.answered)
    figures.answers = sum(
        message.sender.name == BOT_NAME
        for person in readers.people
        for message in playground.world.messages_after(playground.world.chats[person.id].id, 0)
    )
    figures.refused = playground.throttle.refused
    return figures


async def measure_throughput(
    folder: Path, database: URL, *, workers: int, people: int, questions: Sequence[str]
) -> tuple[int, float, float]:
    """Let people ask some workers over a Bot API without limits.

    Returns:
        The number of answers, the seconds that they took, and the CPU seconds of the workers.
    """
    playground, asked = Playground(), cycle(questions)
    crowd = Crowd(playground, people)
    async with playground.serve(port=0) as address, crowd.watching():
        paid = Crew(folder, database, playground, address, HOIBAO_PAID_BROADCAST="true")
        async with paid.working(workers) as crew:
            await _warm_up(playground, asked, workers)
            before, started = crew.cpu_seconds(), time.monotonic()
            await asyncio.wait_for(crowd.ask(asked), LONGEST_SECONDS)
            seconds, cpu = time.monotonic() - started, crew.cpu_seconds() - before
    return len(crowd.figures.answered), seconds, cpu


async def _warm_up(playground: Playground, questions: Iterator[str], workers: int) -> None:
    """Ask until each worker has started and loaded what answers need."""
    for _ in range(3):
        some = Crowd(playground, 12 * workers)
        async with some.watching():
            await asyncio.wait_for(some.ask(questions), LONGEST_SECONDS)
        await asyncio.sleep(3)


async def _keep_asking(readers: Crowd, person: User) -> None:
    for question in cycle(QUESTIONS):
        await readers.ask_one(person, question)
        await asyncio.sleep(READER_SECONDS * random.uniform(0.5, 1.5))


async def _disturb(crew: Crew, figures: Figures, kills: int) -> None:
    """Kill a worker at random moments before the last message, and start it again."""
    points = sorted(random.sample(range(1, figures.deliveries), kills))
    with Library.open(crew.folder / "count", database=crew.database, indexing=False) as library:
        for point in points:
            await _until(partial(_has_come_to, figures, point))
            await asyncio.sleep(random.uniform(0, 0.05))
            number = random.choice(list(crew.processes))
            await crew.end(number, signal.SIGKILL)
            figures.kills += 1
            sent = (await asyncio.to_thread(library.outbox.counts)).get("sent", 0)
            figures.in_flight.append(max(0, sum(figures.received.values()) - sent))
            await crew.start(number)


def _has_come_to(figures: Figures, point: int) -> bool:
    return len(figures.received) >= point


def _people(playground: Playground, count: int) -> list[int]:
    chats = list(range(FIRST_CHAT, FIRST_CHAT + count))
    for chat in chats:
        playground.world.put_user(User(id=chat, name=f"Người {chat}"))
    return chats


def _set_up(folder: Path, database: URL, chats: Sequence[int], feeds: Sequence[str]) -> None:
    bot = int(Playground().token.split(":")[0])
    with Library.open(folder / "setup", database=database) as library:
        library.ingest(ARTICLES)
        for chat in chats:
            library.subscriptions.add(
                bot=bot, chat=chat, thread=None, wish='bão "quảng bình"', now=0, most=1
            )
        for number, url in enumerate(feeds):
            setting = SourceSetting.model_validate(
                {"name": f"Báo số {number}", "url": url, "kind": "feed"}
            )
            add_source(library.followed, setting)


@asynccontextmanager
async def _watching(playground: Playground, figures: Figures) -> AsyncIterator[None]:
    """Record the alerts that arrive."""
    put = playground.world.put_message

    def counted(message: Message) -> Message:
        if message.sender.is_bot and message.chat >= FIRST_CHAT:
            figures.received[message.chat] += 1
        return put(message)

    with patch.object(playground.world, "put_message", counted):
        yield


async def _until(condition: Callable[[], bool], longest: float = LONGEST_SECONDS) -> bool:
    """Wait for a condition; return False if it takes too long."""
    deadline = time.monotonic() + longest
    while not await asyncio.to_thread(condition):
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.05)
    return True
