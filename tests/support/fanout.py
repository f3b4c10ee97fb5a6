"""Alert fan-out under crashes: send alerts to many chats while the bot is killed with -9.

Every chat (people and some groups) subscribes to an article that arrives in a watched folder.
`hoibao run` is killed at random moments and started again, under an embedded Telegram that
enforces the documented limits, while a person asks a question every few seconds. An answer
counts if the process was not killed meanwhile.
"""

import asyncio
import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from unittest.mock import patch

from bot.playground import Limits, Playground
from bot.playground.world.state import Chat, Message, User
from bot.settings import SourceSetting
from bot.sources.registry import add_source
from index import Library
from tests.support.bot import ARTICLES
from tests.support.commands import HOIBAO

FIRST_CHAT = 2_000_000
GROUPS_SHARE = 0.01
TITLE = "Bão số 12 đổ bộ"
TEXT = "Chiều nay bão số 12 đổ bộ vào Quảng Bình. Ông Đinh Văn Thảo chỉ đạo chống bão."
QUESTION, ANSWER = "ai tham dự hội nghị?", "Lương Văn Cầu"
QUESTION_PAUSE_SECONDS = 4.0
ASKING = 1001
LONGEST_SECONDS = 3_600.0


@dataclass(slots=True)
class Figures:
    """Results of a run; moments in monotonic seconds."""

    deliveries: int
    received: Counter[int] = field(default_factory=Counter)
    arrivals: list[float] = field(default_factory=list)
    kills: list[float] = field(default_factory=list)
    in_flight: list[int] = field(default_factory=list)
    up: list[tuple[float, float]] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)

    @property
    def duplicates(self) -> int:
        return sum(count - 1 for count in self.received.values())

    @property
    def lost(self) -> int:
        return self.deliveries - len(self.received)

    @property
    def rate(self) -> float:
        """Messages a second while the process runs, from its first message to its last."""
        messages = seconds = 0.0
        for start, end in self.up:
            inside = [moment for moment in self.arrivals if start <= moment <= end]
            if len(inside) > 1:
                messages += len(inside) - 1
                seconds += inside[-1] - inside[0]
        return messages / seconds if seconds else 0.0


class Fanout:
    """An embedded Telegram, a library with subscriptions, and the bot as a process."""

    def __init__(
        self, folder: Path, playground: Playground, address: str, figures: Figures
    ) -> None:
        self.folder = folder
        self.playground = playground
        self.figures = figures
        self._environment = {
            **os.environ,
            "HOIBAO_TOKEN": playground.token,
            "HOIBAO_API_URL": address,
            "HOIBAO_LOG_LEVEL": "WARNING",
        }
        self._process: asyncio.subprocess.Process | None = None
        self.started = 0.0
        self.ready = False

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            HOIBAO, "--data", self.folder / "data", "run", env=self._environment
        )
        self.started = time.monotonic()

    async def end(self, number: int) -> None:
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(number)
        await self._process.wait()
        self.figures.up.append((self.started, time.monotonic()))

    async def kill(self) -> None:
        """Kill the process, and count messages received but not yet marked as sent."""
        await self.end(signal.SIGKILL)
        self.figures.kills.append(time.monotonic())
        received = len(self.figures.received)
        self.figures.in_flight.append(max(0, received - await asyncio.to_thread(self._sent)))

    def _sent(self) -> int:
        with Library.open(self.folder / "data") as library:
            return library.outbox.counts().get("sent", 0)


async def measure(deliveries: int, kills: int) -> tuple[Figures, int]:
    """Run the fan-out; return the results, and the number of refused messages."""
    figures = Figures(deliveries)
    playground = Playground(limits=Limits())
    chats = _people(playground, deliveries)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        await asyncio.to_thread(_subscribe, folder, chats)
        async with playground.serve(port=0) as address, _watching(playground, figures):
            fanout = Fanout(folder, playground, address, figures)
            await fanout.start()
            asking = asyncio.create_task(_ask(fanout))
            await _until(lambda: fanout.ready, "the bot does not answer")
            (folder / "in" / "bao.txt").write_text(f"{TITLE}\n\n{TEXT}\n", encoding="utf-8")
            await _until(lambda: bool(figures.received), "no alert comes")
            await _disturb(fanout, kills)
            await _until(lambda: not figures.lost, f"{figures.lost} alerts are lost")
            asking.cancel()
            await fanout.end(signal.SIGTERM)
    return figures, playground.throttle.refused


async def _disturb(fanout: Fanout, kills: int) -> None:
    """Kill at random moments before the last message."""
    figures = fanout.figures
    points = sorted(random.sample(range(1, figures.deliveries), kills))
    for point in points:
        await _until(partial(_has_come_to, figures, point), "alerts stopped")
        await asyncio.sleep(random.uniform(0, 0.05))
        await fanout.kill()
        await fanout.start()


def _has_come_to(figures: Figures, point: int) -> bool:
    return len(figures.received) >= point


def _lives(figures: Figures, lives: int) -> bool:
    return len(figures.up) == lives


def _people(playground: Playground, count: int) -> list[int]:
    world = playground.world
    groups = int(count * GROUPS_SHARE)
    chats = list(range(FIRST_CHAT, FIRST_CHAT + count - groups))
    for chat in chats:
        world.put_user(User(id=chat, name=f"Người {chat}"))
    for number in range(1, groups + 1):
        group = Chat(id=-1_000_000_100_000 - number, type="supergroup", title=f"Nhóm {number}")
        chats.append(world.put_chat(group).id)
    return chats


def _subscribe(folder: Path, chats: Sequence[int]) -> None:
    bot = int(Playground().token.split(":")[0])
    with Library.open(folder / "data") as library:
        library.ingest(ARTICLES)
        for chat in chats:
            library.subscriptions.add(
                bot=bot, chat=chat, thread=None, wish='bão "quảng bình"', now=0, most=1
            )
        add_source(library.followed, SourceSetting(folder=folder / "in"))


@asynccontextmanager
async def _watching(playground: Playground, figures: Figures) -> AsyncIterator[None]:
    """Record the alerts that arrive."""
    put = playground.world.put_message

    def counted(message: Message) -> Message:
        if message.sender.is_bot and TITLE in message.text:
            figures.received[message.chat] += 1
            figures.arrivals.append(time.monotonic())
        return put(message)

    with patch.object(playground.world, "put_message", counted):
        yield


async def _ask(fanout: Fanout) -> None:
    """Ask every few seconds; an answer counts if no kill came between."""
    playground, figures = fanout.playground, fanout.figures
    user = playground.world.users[ASKING]
    chat = playground.world.chats[ASKING]
    while True:
        started, lives = time.monotonic(), len(figures.up)
        is_up = bool(figures.arrivals) and figures.arrivals[-1] > fanout.started
        question = playground.people.write(user, chat, QUESTION)
        answered = await _until(
            partial(_is_answered, playground, question), still=partial(_lives, figures, lives)
        )
        if answered and is_up:
            figures.answers.append(time.monotonic() - started)
        fanout.ready |= answered
        await asyncio.sleep(QUESTION_PAUSE_SECONDS)


def _is_answered(playground: Playground, question: Message) -> bool:
    later = playground.world.messages_after(question.chat, question.id)
    return any(each.reply_to in (question.id, None) and ANSWER in each.text for each in later)


async def _until(
    condition: Callable[[], bool],
    trouble: str = "it takes too long",
    still: Callable[[], bool] = lambda: True,
) -> bool:
    """Wait for a condition while `still` holds; return whether it was met."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while still():
        if condition():
            return True
        if time.monotonic() > deadline:
            raise SystemExit(trouble)
        await asyncio.sleep(0.005)
    return False
