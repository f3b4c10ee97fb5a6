"""Counts of articles in a chat: `/count`, and words that ask for one."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.questions.overviews import counts as counting
from bot.questions.overviews.chart import draw_bars
from bot.questions.overviews.counts import bars_of
from index import Article
from index.models.period import Period
from tests.support.articles import VIETNAM
from tests.support.bot import ARTICLES, BOT_NAME, LANS_CHAT, Talk, talking
from tests.support.playground import ANNA


def article(number: int, month: int, day: int, source: str) -> Article:
    return Article(
        title=f"Bão lũ ở xã {number}",
        text=f"Nước dâng ở xã {number}. Có {number + 20} nhà bị ngập đến mái.",
        url=f"https://bao.example/lu/{number}",
        published=datetime(2024, month, day, 8, tzinfo=VIETNAM),
        source=source,
    )


FLOODS = tuple(
    article(number, month, day, source)
    for number, (month, day, source) in enumerate(
        [(9, 29, "Báo <A>")] * 4 + [(9, 20, "Báo B")] * 2 + [(9, 10, "Báo <A>"), (8, 1, "Báo cũ")]
    )
)


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    async with talking(tmp_path, (*ARTICLES, *FLOODS)) as talk:
        yield talk


class TestCounts:
    @pytest.mark.parametrize(
        "text",
        [
            "/count bão lũ tháng 9/2024",
            "tháng 9/2024 có bao nhiêu bài về bão lũ?",
            "/count bao lu thang 9/2024",
        ],
    )
    async def test_are_told_by_day_and_by_source(self, talk: Talk, text: str) -> None:
        answer = await talk.ask(text)

        heading, days, sources, what = answer["text"].split("\n\n")
        counted, period = heading.split("\n")
        assert counted in ("Số bài về bão lũ: 7", "Số bài về bao lu: 7")
        assert period == "Đăng tháng 9/2024"
        bars = days.split("\n")[0]
        assert len(bars) == 30
        assert sorted(bars.replace("·", "")) == ["▂", "▄", "█"]
        assert bars.endswith("█·")
        assert days.split("\n")[1] == "Cột cao nhất: 4 bài, đăng ngày 29/9/2024"
        assert sources.split("\n") == ["Theo nguồn", "██████████ 5 · Báo <A>", "████ 2 · Báo B"]
        assert what == "Tôi đếm các bài có tiêu đề hoặc một câu chứa các từ này."

    async def test_are_worded_in_english_too(self, talk: Talk) -> None:
        answer = await talk.ask(
            "how many articles are there about bão lũ in September 2024?", user=ANNA
        )

        assert answer["text"].startswith("Articles on bão lũ: 7\nPublished in September 2024\n")
        assert "Highest bar: 4, published on 29 September 2024" in answer["text"]

    async def test_keep_to_the_days_that_were_named(self, talk: Talk) -> None:
        answer = await talk.ask("/count bão tháng 10/2020")

        assert answer["text"].startswith("Số bài về bão: 1\nĐăng tháng 10/2020")

    async def test_of_nothing_say_how_to_count_other_days(self, talk: Talk) -> None:
        answer = await talk.ask("/count bão lũ")

        assert answer["text"].startswith("Số bài về bão lũ: 0")
        assert "█" not in answer["text"]
        example = answer["text"].split("ghi thêm ngày tháng, ví dụ: ")[1]
        assert "tháng 9/2024" in (await talk.ask(f"/count {example}"))["text"]

    async def test_of_one_day_have_no_bars(self, talk: Talk) -> None:
        question = await talk.client.write("/count bão lũ ngày 29/9/2024")
        answer = await talk.answer(LANS_CHAT, question)
        await talk.ask("/lang")

        heading, sources, _ = answer["text"].split("\n\n")
        assert heading == "Số bài về bão lũ: 4\nĐăng ngày 29/9/2024"
        assert sources == "Theo nguồn\n██████████ 4 · Báo <A>"
        assert len(await talk.replies(question)) == 1

    async def test_ask_for_words_where_none_are_typed(self, talk: Talk) -> None:
        await talk.client.write("/count")
        prompt = await talk.alert("muốn đếm bài về chuyện gì")

        answer = await talk.ask("bão lũ tháng 9/2024", reply_to=prompt["message_id"])

        assert answer["text"].startswith("Số bài về bão lũ: 7")

    async def test_need_a_subject(self, talk: Talk) -> None:
        answer = await talk.ask("/count vì sao bão lũ lại đến sớm như thế")

        assert "chưa rõ bạn hỏi về chuyện gì" in answer["text"]

    async def test_of_an_empty_library_are_said_so(self, tmp_path: Path) -> None:
        async with talking(tmp_path / "none", ()) as talk:
            answer = await talk.ask("/count bão lũ")

        assert answer["text"].startswith("Chưa có bài báo nào")


SEPTEMBER = "/count bão lũ tháng 9/2024"


class TestPicture:
    async def test_of_the_days_comes_with_the_counts(self, talk: Talk) -> None:
        question = await talk.client.write(SEPTEMBER)
        picture = await talk.answer(LANS_CHAT, question, number=2)
        assert picture["text"].startswith("Số bài về bão lũ: 7")

        number = picture["message_id"]
        shown = await talk.client.http.get(
            f"/playground/chats/{LANS_CHAT}/messages/{number}/document"
        )
        assert shown.headers["content-type"] == "image/png"
        assert shown.content.startswith(b"\x89PNG")
        assert picture["document"] is None

    async def test_is_not_sent_of_nothing_or_without_the_extra(
        self, talk: Talk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await talk.ask("/count giá vàng")
        monkeypatch.setattr(counting, "HAS_CHARTS", False)
        await talk.ask(SEPTEMBER)
        await talk.ask("/lang")

        sent = await talk.client.messages(LANS_CHAT)
        assert len([message for message in sent if is_of_bot(message)]) == 3

    async def test_may_be_refused_by_a_group(self, talk: Talk) -> None:
        fault = {"method": "sendPhoto", "error": "not enough rights to send photos to the chat"}
        await talk.client.post("/faults", **fault)

        answer = await talk.ask(SEPTEMBER)
        again = await talk.ask(SEPTEMBER)

        assert answer["text"] == again["text"]
        assert "trục trặc" not in "".join(
            message["text"] for message in await talk.client.messages(LANS_CHAT)
        )

    def test_has_a_bar_as_high_as_its_count(self) -> None:

        drawn = Image.open(BytesIO(draw_bars([("1/9", 4), ("2/9", 0), ("3/9", 2), ("4/9", 4)])))

        blue = [
            sum(drawn.getpixel((x, y)) == (0x2F, 0x7D, 0xC1) for y in range(drawn.height))
            for x in (96, 236, 376, 516)
        ]
        assert blue[0] == blue[3] == pytest.approx(2 * blue[2], abs=2)
        assert blue[1] == 0


def is_of_bot(message: dict[str, Any]) -> bool:
    return bool(message["from"] == BOT_NAME)


def test_many_days_share_few_bars_and_none_is_lost() -> None:
    year = Period.of_year(2023)

    bars = bars_of(year, [1] * 365)

    assert len(bars) <= 30
    assert sum(count for _, count in bars) == 365
    assert bars[0] == (Period(date(2023, 1, 1), date(2023, 1, 13)), 13)
    assert bars[-1][0].last == date(2023, 12, 31)
