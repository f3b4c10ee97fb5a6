"""Example questions of the newest articles: renewed in the background, shown in the chat."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from bot.app import examples
from bot.app.examples import (
    PROFILE_SECONDS,
    RENEW_SECONDS,
    ExampleRenewal,
    first_example,
    renewing_examples,
)
from bot.app.profile import register_profile
from bot.conversation.answer_pool import AnswerPool
from bot.messages import Messages
from bot.messages.examples import ExampleQuestions
from bot.messages.voice import Translator
from bot.playground import Playground
from index import Article, Library
from tests.support.bot import ANNAS_CHAT, Talk, answering
from tests.support.libraries import open_library
from tests.support.playground import ANNA, serve_playground
from tests.support.waiting import until

VOICE = Translator(Messages.load(), "vi", "hoibao_bot")
QUESTION = "Ai là giám đốc bệnh viện Mường Lống?"
HOSPITAL = Article(
    title="Bệnh viện Mường Lống mở thêm khoa",
    text="Bà Vi Thị Sen, giám đốc bệnh viện Mường Lống, nói khoa mới có 40 giường.",
)
SHIPS = Article(
    title="Nga bán 4 tàu hộ vệ cho Ấn Độ",
    text="Nga ký hợp đồng bán 4 tàu hộ vệ cho Ấn Độ. Tàu đầu tiên được giao năm sau.",
)


@dataclass
class Renewing:
    """A renewal over a library, with a clock of its own."""

    library: Library
    examples: ExampleQuestions = field(default_factory=ExampleQuestions)
    now: float = 0.0
    shown: int = 0
    is_first: bool = True

    def __post_init__(self) -> None:
        pool = AnswerPool.of_threads(self.library)
        self.renewal = ExampleRenewal(
            self.library,
            pool,
            self.examples,
            self._show,
            shows=lambda: self.is_first,
            clock=lambda: self.now,
        )

    async def _show(self) -> None:
        self.shown += 1

    def questions(self) -> tuple[str, ...]:
        return self.examples.some(VOICE, 9)


class TestRenewal:
    @pytest.fixture
    def library(self, tmp_path: Path) -> Iterator[Library]:
        with open_library(tmp_path, (HOSPITAL,)) as library:
            yield library

    async def test_takes_one_question_of_each_of_the_newest_articles(
        self, library: Library
    ) -> None:
        renewing = Renewing(library)

        await renewing.renewal.look()

        assert renewing.questions() == (QUESTION,)

    async def test_waits_for_other_articles_and_ten_minutes(self, library: Library) -> None:
        renewing = Renewing(library)
        await renewing.renewal.look()
        library.ingest([SHIPS])

        renewing.now = RENEW_SECONDS - 1
        await renewing.renewal.look()
        assert len(renewing.questions()) == 1
        renewing.now = RENEW_SECONDS
        await renewing.renewal.look()
        assert len(renewing.questions()) == 2

    async def test_changes_the_profile_every_six_hours_at_most(self, library: Library) -> None:
        renewing = Renewing(library)
        await renewing.renewal.look()
        for number in range(3):
            library.ingest([Article(title=f"Tin {number}", text="Chợ đông.")])
            renewing.now += RENEW_SECONDS
            await renewing.renewal.look()
        assert renewing.shown == 1

        library.ingest([SHIPS])
        renewing.now = PROFILE_SECONDS
        await renewing.renewal.look()
        assert renewing.shown == 2

    async def test_leaves_the_profile_to_another_worker_until_that_one_stops(
        self, library: Library
    ) -> None:
        renewing = Renewing(library, is_first=False)
        await renewing.renewal.look()
        assert (renewing.questions(), renewing.shown) == ((QUESTION,), 0)

        renewing.is_first = True
        await renewing.renewal.look()
        await renewing.renewal.look()
        assert renewing.shown == 1

    async def test_leaves_out_an_article_that_a_defect_stops_at(
        self, library: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        library.ingest([SHIPS])
        newest, *_ = (article.number for article in library.latest(2))

        def fail_once(library: Library, number: int) -> str | None:
            if number == newest:
                raise IndexError("a defect")
            return first_example(library, number)

        monkeypatch.setattr(examples, "first_example", fail_once)
        renewing = Renewing(library)
        await renewing.renewal.look()

        assert len(renewing.questions()) == 1
        assert "a defect" in caplog.text

    async def test_goes_on_in_the_background_after_an_error(
        self, library: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        renewing = Renewing(library)
        renewing.renewal._pool.room = 0
        taken = [await renewing.renewal._pool._turns.acquire() for _ in range(4)]
        async with renewing_examples(renewing.renewal, pause=0.01):
            await until(lambda: _logged(caplog))
            renewing.renewal._pool.room = 9
            for _ in taken:
                renewing.renewal._pool._turns.release()
            await until(lambda: _known(renewing))
        assert renewing.questions() == (QUESTION,)


async def _logged(caplog: pytest.LogCaptureFixture) -> bool:
    return "example questions are not renewed" in caplog.text


async def _known(renewing: Renewing) -> bool:
    return bool(renewing.questions())


@asynccontextmanager
async def talking_with_examples(folder: Path, *articles: Article) -> AsyncIterator[Talk]:
    playground, shown = Playground(), ExampleQuestions()
    with open_library(folder, articles) as library:
        async with (
            serve_playground(playground) as client,
            answering(client, library, examples=shown) as talk,
        ):
            show = partial(register_profile, talk.application.bot, shown)
            await ExampleRenewal(library, AnswerPool.of_threads(library), shown, show).look()
            yield talk


class TestInTheChat:
    @pytest.mark.parametrize("text", ["/start", "/help", "/ask", "xin chào", "???", "xyzw qwv"])
    async def test_are_those_of_the_articles(self, tmp_path: Path, text: str) -> None:
        async with talking_with_examples(tmp_path, HOSPITAL) as talk:
            assert QUESTION in (await talk.ask(text))["text"]
            assert "Lương Văn Cầu" not in (await talk.ask(QUESTION))["text"]

    async def test_are_answered_from_their_article(self, tmp_path: Path) -> None:
        async with talking_with_examples(tmp_path, HOSPITAL, SHIPS) as talk:
            assert "Vi Thị Sen" in (await talk.ask(QUESTION))["text"]

    @pytest.mark.parametrize("text", ["/start", "/help", "xin chào", "xyzw qwv"])
    async def test_are_left_out_where_there_are_none(self, tmp_path: Path, text: str) -> None:
        async with talking_with_examples(tmp_path) as talk:
            assert "Ví dụ:" not in (await talk.ask(text))["text"]

    async def test_are_left_out_of_english_chats(self, tmp_path: Path) -> None:
        async with talking_with_examples(tmp_path, HOSPITAL) as talk:
            answer = await talk.ask("/start", user=ANNA, chat=ANNAS_CHAT)
            assert "example:" not in answer["text"].split("/subscribe")[0]

    async def test_are_in_the_profile(self, tmp_path: Path) -> None:
        async with talking_with_examples(tmp_path, HOSPITAL) as talk:
            described = await talk.client.result("getMyDescription")
            short = await talk.client.result("getMyShortDescription")
            commands = (await talk.client.call("getMyCommands"))["result"]
            english = await talk.client.result("getMyDescription", language_code="en")

        assert described["description"].endswith(f"Ví dụ:\n• {QUESTION}")
        assert short["short_description"].endswith(f"Ví dụ: {QUESTION}")
        assert commands[0]["description"] == f"Hỏi về tin tức. Ví dụ: {QUESTION}"
        assert QUESTION not in english["description"]
