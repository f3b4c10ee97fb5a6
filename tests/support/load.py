"""Load test: many people ask the bot at once; record the latency of each answer.

The people act in an embedded Telegram; the bot runs in a process of its own, as started by
`hoibao run`.
"""

import asyncio
import json
import shutil
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle
from multiprocessing import get_context
from multiprocessing.sharedctypes import SynchronizedArray
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pydantic import AnyHttpUrl, SecretStr

from bot.app.runner import serve
from bot.cli.serve import prepare_process
from bot.messages import Messages
from bot.playground import Playground
from bot.playground.world.state import Message, User
from bot.settings import Settings, SourceSetting
from index import Library
from tests.support.processes import core_wait_seconds, cpu_seconds, family, peak_megabytes

FIRST_PERSON = 2_000_000
TOGETHER = 3  # questions of a person at once, after a first one
ALERTED = 30  # chats that subscribe to everything
ALERT_SIGN = "🔔"
NEWS_A_FILE = 20
TICK_SECONDS = 0.005
LONGEST_SECONDS = 600.0
BUSY = {catalogue["busy"] for catalogue in Messages.load().catalogues.values()}


@dataclass(slots=True)
class Figures:
    """Results of a run; moments by chat and message id of the question."""

    asked: dict[tuple[int, int], float] = field(default_factory=dict)
    answered: dict[tuple[int, int], float] = field(default_factory=dict)
    refused: int = 0
    alerts: int = 0
    stall: float = 0.0
    own_stall: float = 0.0
    cpu: list[float] = field(default_factory=list)
    seconds: float = 0.0
    memory: list[float] = field(default_factory=list)

    @property
    def disordered(self) -> int:
        """Number of chats with an answer before that of an earlier question."""
        order: dict[int, list[int]] = {}
        for chat, question in self.answered:  # in the order of the answers
            order.setdefault(chat, []).append(question)
        return sum(questions != sorted(questions) for questions in order.values())


class Crowd:
    """People who ask in an embedded Telegram, and the answers that they get."""

    def __init__(self, playground: Playground, people: int) -> None:
        self.playground = playground
        self.figures = Figures()
        self._changed = asyncio.Event()
        self.people = [User(id=FIRST_PERSON + n, name=f"Người {n}") for n in range(people)]
        for person in self.people:
            playground.world.put_user(person)

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Record the arrival of the bot's messages."""
        put = self.playground.world.put_message

        def noted(message: Message) -> Message:
            if message.sender.is_bot:
                self._note(message)
            return put(message)

        with patch.object(self.playground.world, "put_message", noted):
            yield

    async def ask(self, questions: Iterator[str]) -> None:
        """Let all people ask, and wait for all answers."""
        await asyncio.gather(*(self._ask(person, questions) for person in self.people))

    async def alerted(self) -> None:
        """Wait for the first alert."""
        while not self.figures.alerts:
            await self._changed.wait()

    async def ask_one(self, person: User, question: str) -> None:
        """Let one person ask, and wait for the answer."""
        await self._answers([self._write(person, question)])

    def _note(self, message: Message) -> None:
        key = message.chat, message.reply_to or self._first_unanswered(message.chat)
        if ALERT_SIGN in message.text:
            self.figures.alerts += 1
        elif key in self.figures.asked:
            self.figures.answered.setdefault(key, time.monotonic())
            self.figures.refused += message.text in BUSY
        self._changed.set()
        self._changed = asyncio.Event()

    def _first_unanswered(self, chat: int) -> int:
        """Return the question that an answer without a reply header is to."""
        unanswered = self.figures.asked.keys() - self.figures.answered.keys()
        return min((asked for place, asked in unanswered if place == chat), default=0)

    async def _ask(self, person: User, questions: Iterator[str]) -> None:
        await self._answers([self._write(person, next(questions))])
        await self._answers([self._write(person, next(questions)) for _ in range(TOGETHER)])

    def _write(self, person: User, question: str) -> tuple[int, int]:
        chat = self.playground.world.chats[person.id]
        number = self.playground.people.write(person, chat, question).id
        self.figures.asked[chat.id, number] = time.monotonic()
        return chat.id, number

    async def _answers(self, keys: Sequence[tuple[int, int]]) -> None:
        while not all(key in self.figures.answered for key in keys):
            await self._changed.wait()


def bot(folder: Path, values: dict[str, Any], stalls: "SynchronizedArray[float]") -> None:
    """Run the bot as `hoibao run` does, with a task that measures the longest stall."""

    async def main() -> None:
        prepare_process()
        settings = Settings(**values)
        with Library.open(folder) as library:
            serving = asyncio.create_task(serve(library, settings))
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, serving.cancel)
            metering = asyncio.create_task(_meter(stalls))
            await asyncio.wait([serving])
            metering.cancel()

    asyncio.run(main())


async def _meter(stalls: "SynchronizedArray[float]") -> None:
    while True:
        began, waited = time.monotonic(), core_wait_seconds()
        await asyncio.sleep(TICK_SECONDS)
        late = time.monotonic() - began - TICK_SECONDS
        own = late - (core_wait_seconds() - waited)
        stalls[:] = [max(stalls[0], late), max(stalls[1], own)]


async def measure(
    data: Path,
    people: int,
    questions: Iterable[str],
    *,
    paced: bool = False,
    news: Sequence[Mapping[str, Any]] = (),
    processes: int | None = None,
) -> Figures:
    """Run the bot over a copy of a library, and let people ask it.

    Args:
        data: The library's folder.
        people: The number of people.
        questions: Their questions, repeated as needed.
        paced: Keep to Telegram's sending limits.
        news: Records of articles to ingest and send alerts of meanwhile.
        processes: The number of answering processes.
    """
    playground, asked = Playground(), cycle(questions)
    crowd = Crowd(playground, people)
    context = get_context("spawn")
    stalls = context.Array("d", 2)
    with tempfile.TemporaryDirectory() as name:
        folder, incoming, written = (Path(name) / part for part in ("data", "in", "news"))
        shutil.copytree(data, folder)
        incoming.mkdir()
        if news:
            written.mkdir()
            _subscribe(folder)
            _write_news(written, news)
        async with playground.serve(port=0) as address, crowd.watching():
            values = {
                "token": SecretStr(playground.token),
                "api_url": AnyHttpUrl(address),
                "paid_broadcast": not paced,
                "sources": (SourceSetting(folder=incoming),),
            }
            if processes is not None:
                values["answering_processes"] = processes
            process = context.Process(target=bot, args=(folder, values, stalls))
            process.start()
            assert process.pid is not None
            try:
                async with asyncio.timeout(LONGEST_SECONDS):
                    await _warm_up(crowd, asked)
                    if news:
                        for file in written.iterdir():
                            file.rename(incoming / file.name)
                        await crowd.alerted()
                    await _run(crowd, asked, process.pid, stalls)
            finally:
                process.terminate()
                await asyncio.to_thread(process.join)
    return crowd.figures


async def _warm_up(crowd: Crowd, questions: Iterator[str]) -> None:
    """Ask some questions first, so that lazy parts are loaded."""
    crowd_of_some = Crowd(crowd.playground, 8)
    async with crowd_of_some.watching():
        await crowd_of_some.ask(questions)


async def _run(
    crowd: Crowd, questions: Iterator[str], pid: int, stalls: "SynchronizedArray[float]"
) -> None:
    figures = crowd.figures
    await asyncio.sleep(1)
    figures.alerts, stalls[:] = 0, [0.0, 0.0]
    processes = family(pid)
    before, started = [cpu_seconds(each) for each in processes], time.monotonic()
    await crowd.ask(questions)
    figures.seconds = time.monotonic() - started
    after = [cpu_seconds(each) for each in processes]
    figures.cpu = [end - start for start, end in zip(before, after, strict=True)]
    figures.stall, figures.own_stall = stalls[:]
    figures.memory = [peak_megabytes(each) for each in processes]


def _subscribe(folder: Path) -> None:
    owner = int(Playground().token.split(":")[0])
    with Library.open(folder) as library:
        for number in range(ALERTED):
            library.subscriptions.add(
                bot=owner, chat=FIRST_PERSON + number, thread=None, wish="*", now=0, most=1
            )


def _write_news(folder: Path, records: Sequence[Mapping[str, Any]]) -> None:
    """Write new articles in files of several."""
    lines = [
        json.dumps(
            {
                "id": f"moi-{number}",
                "title": record["title"],
                "text": f"Bản tin số {number}. {record['text']}",
                "published": record.get("published"),
            },
            ensure_ascii=False,
        )
        for number, record in enumerate(records)
    ]
    for start in range(0, len(lines), NEWS_A_FILE):
        batch = "\n".join(lines[start : start + NEWS_A_FILE])
        (folder / f"{start}.jsonl").write_text(batch, encoding="utf-8")
