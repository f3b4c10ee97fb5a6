"""The bot while many ask at once: `python -m tests.benchmarks.load`.

200 people each ask a question, then three at once, under an embedded Telegram; the bot runs in a
process of its own, as `hoibao run` starts it, over the paragraphs of XQuAD and 100,000 sentences
of news (`--data` takes a copy of another library). First at the pace that Telegram allows, then as
fast as it can (`paid_broadcast`), then once more while the bot takes in news and sends alerts of
them. The event loop's stalls are how much later a task wakes than it wanted to; "with a core"
leaves out how long the loop's thread waited for a core that others had. What belongs to several
processes is that of the bot, then of those that it started.
"""

import argparse
import asyncio
import json
import shutil
import signal
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, cycle, islice
from multiprocessing import get_context
from multiprocessing.sharedctypes import SynchronizedArray
from operator import attrgetter
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pydantic import AnyHttpUrl, SecretStr
from rich.console import Console
from rich.table import Table

from bot.cli.tuning import favour_event_loop
from bot.messages import Messages
from bot.playground import Playground
from bot.playground.state import Message, User
from bot.running import serve
from bot.settings import Settings, SourceSetting
from index import Library
from index.alerting import Alert
from index.workers import cores
from tests.benchmarks._machine import machine
from tests.benchmarks._news import first_articles, news_records
from tests.benchmarks._processes import core_wait_seconds, cpu_seconds, family, peak_megabytes
from tests.benchmarks._questions import FORMS, require_data, xquad_contexts, xquad_questions

FIRST_PERSON = 2_000_000
TOGETHER = 3  # questions of a person at once, after a first one
ALERTED = 30  # chats that subscribe to everything
NEWS_ARTICLES = 3_000  # more than can be taken in meanwhile
NEWS_A_FILE = 20
TICK_SECONDS = 0.005
LONGEST_SECONDS = 600.0
BUSY = {catalogue["busy"] for catalogue in Messages.load().catalogues.values()}


@dataclass(slots=True)
class Figures:
    """What was seen of a run; times by chat and number of the question."""

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
        """How many chats got an answer before that of an earlier question."""
        order: dict[int, list[int]] = {}
        for chat, question in self.answered:  # in the order of the answers
            order.setdefault(chat, []).append(question)
        return sum(questions != sorted(questions) for questions in order.values())


class Crowd:
    """People who ask under an embedded Telegram, and what they see."""

    def __init__(self, playground: Playground, people: int) -> None:
        self.playground = playground
        self.figures = Figures()
        self._changed = asyncio.Event()
        self.people = [User(id=FIRST_PERSON + n, name=f"Người {n}") for n in range(people)]
        for person in self.people:
            playground.world.put_user(person)

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Note when the bot's messages arrive."""
        put = self.playground.world.put_message

        def noted(message: Message) -> Message:
            if message.sender.is_bot:
                self._note(message)
            return put(message)

        with patch.object(self.playground.world, "put_message", noted):
            yield

    async def ask(self, questions: Iterator[str]) -> None:
        """Have everybody ask, and wait for all answers."""
        await asyncio.gather(*(self._ask(person, questions) for person in self.people))

    async def alerted(self) -> None:
        """Wait until somebody is alerted."""
        while not self.figures.alerts:
            await self._changed.wait()

    def _note(self, message: Message) -> None:
        key = message.chat, message.reply_to or 0
        if message.reply_to is None:
            self.figures.alerts += 1
        elif key in self.figures.asked:
            self.figures.answered.setdefault(key, time.monotonic())
            self.figures.refused += message.text in BUSY
        self._changed.set()
        self._changed = asyncio.Event()

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
    """The bot's process: as `hoibao run`, with a task that notes the longest stall."""

    async def main() -> None:
        favour_event_loop()
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
    *,
    paced: bool = False,
    with_news: bool = False,
    processes: int | None = None,
) -> Figures:
    """Run the bot over a copy of a library, and have people ask it."""
    playground = Playground()
    crowd = Crowd(playground, people)
    context = get_context("spawn")
    stalls = context.Array("d", 2)
    with tempfile.TemporaryDirectory() as name:
        folder, incoming, news = (Path(name) / part for part in ("data", "in", "news"))
        shutil.copytree(data, folder)
        incoming.mkdir()
        if with_news:
            news.mkdir()
            _subscribe(folder)
            _write_news(news)
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
                    await _warmed(crowd)
                    if with_news:
                        for file in news.iterdir():
                            file.rename(incoming / file.name)
                        await crowd.alerted()
                    await _run(crowd, process.pid, stalls)
            finally:
                process.terminate()
                await asyncio.to_thread(process.join)
    return crowd.figures


async def _warmed(crowd: Crowd) -> None:
    """Wait until the bot has answered some questions: all that is lazy has been started."""
    crowd_of_some = Crowd(crowd.playground, 8)
    async with crowd_of_some.watching():
        await crowd_of_some.ask(questions())


async def _run(crowd: Crowd, pid: int, stalls: "SynchronizedArray[float]") -> None:
    figures = crowd.figures
    await asyncio.sleep(1)
    figures.alerts, stalls[:] = 0, [0.0, 0.0]
    processes = family(pid)
    before, started = [cpu_seconds(each) for each in processes], time.monotonic()
    await crowd.ask(islice(questions(), 100, None))
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


def _write_news(folder: Path) -> None:
    """Write articles that no library has yet, in files of several."""
    records = islice(news_records(), NEWS_ARTICLES)
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


def questions() -> Iterator[str]:
    """The shared questions, in turn Vietnamese, unmarked and English, over and over."""
    forms = xquad_questions()
    texts = zip(*(map(attrgetter("text"), forms[form]) for form in FORMS), strict=True)
    return cycle(chain.from_iterable(texts))


def library_of(folder: Path, sentences: int) -> None:
    """Take in the paragraphs of XQuAD, and so many sentences of news."""
    with Library.open(folder) as library:
        library.ingest(
            chain(xquad_contexts(), first_articles(sentences)), alert=Alert.NONE, workers=cores()
        )


def report(rows: dict[str, Figures]) -> Table:
    """The figures as a table."""
    table = Table(title="many people asking at once")
    for column in (
        "",
        "answers",
        "a second",
        "latency, s: median",
        "95 %",
        "slowest",
        "longest stall, ms",
        "with a core, ms",
        "chats out of order",
        "refused",
        "alerts a second",
        "cores used",
        "CPU ms an answer",
        "memory, MB",
    ):
        table.add_column(column, justify="right")
    for name, figures in rows.items():
        times = sorted(done - figures.asked[key] for key, done in figures.answered.items())
        table.add_row(
            name,
            f"{len(times)}",
            f"{len(times) / figures.seconds:.1f}",
            f"{statistics.median(times):.2f}",
            f"{times[int(0.95 * len(times))]:.2f}",
            f"{times[-1]:.2f}",
            f"{1000 * figures.stall:.0f}",
            f"{1000 * figures.own_stall:.0f}",
            f"{figures.disordered}",
            f"{figures.refused}",
            f"{figures.alerts / figures.seconds:.1f}",
            f"{sum(figures.cpu) / figures.seconds:.2f}",
            " + ".join(f"{1000 * each / len(times):.1f}" for each in figures.cpu),
            " + ".join(f"{each:.0f}" for each in figures.memory),
        )
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--sentences", type=int, default=100_000)
    parser.add_argument("--data", type=Path, help="ask a copy of this library instead")
    parser.add_argument("--processes", type=int, help="that answer, as the setting")
    arguments = parser.parse_args()
    require_data()
    with tempfile.TemporaryDirectory() as name:
        if arguments.data is None:
            library_of(Path(name), arguments.sentences)
        data = arguments.data or Path(name)
        run = partial(measure, data, arguments.people, processes=arguments.processes)
        rows = {
            "at Telegram's pace": asyncio.run(run(paced=True)),
            "as fast as it can": asyncio.run(run()),
            "and taking in news": asyncio.run(run(with_news=True)),
        }
    console = Console(width=180)
    console.print(machine())
    console.print(report(rows))


if __name__ == "__main__":
    main()
