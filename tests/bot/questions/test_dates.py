"""Days and filters in the questions of a chat."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import pytest_asyncio

from bot.messages import LANGUAGES, Language, Messages
from bot.messages.voice import Translator
from bot.questions.page_state import DateOutcome
from bot.questions.words import days_heading
from index.language.dates.publication import format_day
from index.models.period import Period, vietnam
from tests.support.bot import CONFERENCE, LIBRARY_OPENING, STORM, Talk, talking
from tests.support.playground import ANNA

MESSAGES = Messages.load()
FRESH = replace(
    STORM,
    title="Bão số 12 vào Phú Yên",
    text="Bão số 12 đổ bộ vào Tuy Hòa. Gió làm tốc mái 70 ngôi nhà.",
    url="https://bao.example/bao-so-12.html",
    source="Báo Khác",
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def talk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Talk]:
    yesterday = datetime.now(vietnam()) - timedelta(days=1)
    articles = (CONFERENCE, STORM, LIBRARY_OPENING, replace(FRESH, published=yesterday))
    async with talking(tmp_path_factory.mktemp("data"), articles) as started:
        yield started


@pytest.mark.asyncio(loop_scope="module")
class TestDays:
    async def test_that_are_told_from_today_are_kept_to_and_named(self, talk: Talk) -> None:
        answer = await talk.ask("Hôm qua bão làm tốc mái bao nhiêu ngôi nhà?")

        yesterday = datetime.now(vietnam()).date() - timedelta(days=1)
        assert answer["text"].startswith(f"Trong các bài đăng ngày {format_day(yesterday)}:")
        assert "70 ngôi nhà" in answer["text"]
        assert "300 ngôi nhà" not in answer["text"]

    async def test_stay_named_when_the_context_is_opened_and_closed(self, talk: Talk) -> None:
        answer = await talk.ask("Hôm qua bão làm tốc mái bao nhiêu ngôi nhà?")
        heading = answer["text"].splitlines()[0]

        for label in (MESSAGES.text("vi", "button_context"), MESSAGES.text("vi", "button_close")):
            assert await talk.press(await talk.message(answer["message_id"]), label) == ""
            shown = await talk.message(answer["message_id"])
            assert shown["text"].startswith(heading)

    async def test_of_which_there_is_nothing_are_told_beside_the_answer(self, talk: Talk) -> None:
        answer = await talk.ask("Tháng trước ai là thủ thư của thư viện xã Tân Lập?")

        assert answer["text"].startswith("Các bài đăng tháng ")
        assert "Nguyễn Thị Hoa" in answer["text"]

    async def test_that_are_a_date_are_favoured(self, talk: Talk) -> None:
        answer = await talk.ask("Bão làm tốc mái bao nhiêu ngôi nhà trong tháng 10/2020?")

        assert answer["text"].startswith("Ưu tiên tin tháng 10/2020:")
        assert "300 ngôi nhà" in answer["text"].splitlines()[1]

    async def test_are_named_in_english(self, talk: Talk) -> None:
        answer = await talk.ask(
            "bão làm tốc mái ngôi nhà since:2020-01-01 until:5/1/2021", user=ANNA
        )

        heading = "In articles published from 1 January 2020 to 5 January 2021:"
        assert answer["text"].startswith(heading)


@pytest.mark.asyncio(loop_scope="module")
class TestFilters:
    async def test_of_a_source_hold(self, talk: Talk) -> None:
        answer = await talk.ask('bão làm tốc mái bao nhiêu ngôi nhà nguồn:"báo khác"')

        assert "70 ngôi nhà" in answer["text"]
        assert "300 ngôi nhà" not in answer["text"]

    @pytest.mark.parametrize(
        ("question", "words"),
        [
            ("31/2/2021 có gì?", "Không có ngày 31/2/2021."),
            ("tin tháng 12/2099", "Chưa đến tháng 12/2099 nên chưa có tin."),
            ("bão since:qua", "Sau từ: phải là ngày tháng; tôi không hiểu “qua”."),
            ("bão since:<b>", "Sau từ: phải là ngày tháng; tôi không hiểu “<b>”."),
            ("bão until:", "Sau đến: chưa có gì."),
            ("bão since:2020 since:2021", "Bạn ghi từ: hai lần."),
            (
                "bão since:2021 until:2020",
                "Ngày bắt đầu (1/1/2021) muộn hơn ngày kết thúc (31/12/2020)",
            ),
            ("bão source:Lạ", "Tôi không có nguồn Lạ."),
            ("since:2021", "Bạn mới ghi bộ lọc, chưa có câu hỏi."),
        ],
    )
    async def test_that_cannot_be_understood_are_explained(
        self, talk: Talk, question: str, words: str
    ) -> None:
        assert (await talk.ask(question))["text"].startswith(words)


@pytest.mark.parametrize(
    ("period", "vietnamese", "english"),
    [
        (Period(date(2021, 1, 5), date(2021, 1, 5)), "ngày 5/1/2021", "on 5 January 2021"),
        (Period.of_months(2021, 1, 1), "tháng 1/2021", "in January 2021"),
        (Period.of_year(2020), "năm 2020", "in 2020"),
        (Period(date(2021, 1, 5), None), "từ ngày 5/1/2021", "since 5 January 2021"),
        (Period(None, date(2021, 1, 4)), "đến hết ngày 4/1/2021", "up to 4 January 2021"),
        (
            Period(date(2021, 1, 1), date(2021, 1, 5)),
            "từ ngày 1/1/2021 đến ngày 5/1/2021",
            "from 1 January 2021 to 5 January 2021",
        ),
    ],
)
def test_days_are_put_into_words(period: Period, vietnamese: str, english: str) -> None:
    language: Language
    for language, words in zip(LANGUAGES, (vietnamese, english), strict=True):
        piece = days_heading(
            Translator(MESSAGES, language, "hoibao_bot"), DateOutcome.WITHIN, period
        )
        assert piece is not None
        assert f" {words}:" in piece.html


def test_without_days_there_is_no_heading() -> None:
    voice = Translator(MESSAGES, "vi", "hoibao_bot")
    assert days_heading(voice, DateOutcome.NONE, Period.of_year(2020)) is None
    assert days_heading(voice, DateOutcome.WITHIN, None) is None
