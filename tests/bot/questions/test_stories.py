"""Top stories in a chat: `/today`, words that ask for them, and their pages."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.playground import Playground
from index import Article
from tests.support.bot import Talk, labels, talking
from tests.support.news_of_day import DAY, DAY_OF_NEWS, HARVEST, HOUR, NOW, OTHERS, other_news
from tests.support.playground import ANNA, GROUP, MINH

DAILY = "🗞 Nhận mỗi ngày"


@asynccontextmanager
async def talking_at(
    folder: Path, articles: Sequence[Article], at: datetime = NOW
) -> AsyncIterator[Talk]:
    """Talk with the bot at a moment of its news."""
    playground = Playground(clock=at.timestamp)
    async with talking(folder / "data", tuple(articles), playground) as talk:
        yield talk


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    async with talking_at(tmp_path, DAY_OF_NEWS) as talk:
        yield talk


def rows(message: dict[str, Any]) -> list[str]:
    return [block for block in message["text"].split("\n\n") if block[:1].isdigit()]


class TestTopStories:
    @pytest.mark.parametrize(
        "text", ["/today", "tin nổi bật hôm nay", "diem tin hom nay", "top stories"]
    )
    async def test_say_how_they_were_chosen_and_quote_a_sentence_of_each(
        self, talk: Talk, text: str
    ) -> None:
        answer = await talk.ask(text)

        heading, *stories = answer["text"].split("\n\n")
        assert heading == (
            "Tin nổi bật\nTừ 23 bài đăng hôm nay, ngày 29/11/2026. Xếp theo số nguồn đưa tin."
        )
        title, sources, quote = stories[0].split("\n")
        assert "Mường Lống" in title
        assert sources.startswith("3 nguồn: Báo ")
        assert sources.endswith(" · Chủ nhật, 29/11/2026 19:00")
        assert any(quote in article.text for article in DAY_OF_NEWS)
        assert 'href="https://bao.example/' in answer["html"]
        assert f"{quote}</blockquote>" in answer["html"]
        assert "2 nguồn: Báo A, Báo B" in stories[1]
        assert stories[2].split("\n")[1].startswith("Báo Lẻ · ")
        assert labels(answer) == ["Tiếp ›", DAILY]

    async def test_are_in_english_too(self, talk: Talk) -> None:
        answer = await talk.ask("top stories today", user=ANNA)

        assert answer["text"].startswith(
            "Top stories\nArticles published today, on 29 November 2026: 23. "
            "Stories reported by the most sources come first.\n\n1. "
        )
        assert "3 sources: Báo " in answer["text"]
        assert labels(answer) == ["Next ›", "🗞 Send daily"]

    async def test_are_not_what_news_of_today_asks_for(self, talk: Talk) -> None:
        answer = await talk.ask("tin hôm nay")

        assert answer["text"].startswith("Tin mới nhất\nĐăng ngày 29/11/2026")

    async def test_are_paged_through_by_buttons_without_the_question(self, talk: Talk) -> None:
        answer = await talk.ask("/today")
        await talk.delete(answer["reply_to"])
        first, seen = rows(answer), rows(answer)

        message = answer
        while "Tiếp ›" in labels(message):
            await talk.press(message, "Tiếp ›")
            message = await talk.message(answer["message_id"])
            seen += rows(message)

        assert [row.split(". ")[0] for row in seen] == [str(n) for n in range(1, 21)]
        assert labels(message) == ["‹ Trước", DAILY]
        assert "Trang 4" in message["text"]
        for _ in range(3):
            await talk.press(await talk.message(answer["message_id"]), "‹ Trước")
        assert rows(await talk.message(answer["message_id"])) == first

    @pytest.mark.parametrize("data", ["1dz.0", "1d0.tritol", "1d0.1.1e61q.1e61q", "1d0.0.5.1"])
    async def test_do_not_stumble_over_buttons_that_were_made_up(
        self, talk: Talk, data: str
    ) -> None:
        answer = await talk.ask("/today")

        assert await talk.press_data(answer["message_id"], data)

    async def test_of_another_day_keep_to_it_on_each_page(self, tmp_path: Path) -> None:
        yesterday = [other_news(100 + number, NOW - DAY) for number in range(7)]
        async with talking_at(tmp_path, (*DAY_OF_NEWS, *yesterday)) as talk:
            answer = await talk.ask("/today hôm qua")
            same = await talk.ask("điểm tin hôm qua")
            await talk.press(answer, "Tiếp ›")
            second = await talk.message(answer["message_id"])
            none = await talk.ask("/today 5/1/2021")
            refused = await talk.ask("/today lung tung")

        assert "Từ 7 bài đăng ngày 28/11/2026. Xếp theo số nguồn đưa tin." in answer["text"]
        assert rows(same) == rows(answer)
        assert "Từ 7 bài đăng ngày 28/11/2026" in second["text"]
        assert len(rows(second)) == 2
        assert none["text"] == "Không có bài nào đăng ngày 5/1/2021."
        assert "/today hôm qua" in refused["text"]

    async def test_are_of_the_last_24_hours_where_today_has_few(self, tmp_path: Path) -> None:
        morning = (NOW + DAY).replace(hour=7)
        async with talking_at(tmp_path, DAY_OF_NEWS, morning) as talk:
            answer = await talk.ask("/today")

        assert "Từ 23 bài đăng trong 24 giờ qua. Xếp theo số nguồn đưa tin." in answer["text"]

    async def test_are_of_the_newest_day_where_these_have_none(self, tmp_path: Path) -> None:
        async with talking_at(tmp_path, HARVEST, NOW + 3 * DAY) as talk:
            answer = await talk.ask("/today")

        assert (
            "24 giờ qua không có bài nào. Đây là tin ngày 29/11/2026, từ 2 bài." in answer["text"]
        )
        assert "2 nguồn: Báo A, Báo B" in answer["text"]

    async def test_count_the_names_that_are_suddenly_frequent(self, tmp_path: Path) -> None:
        usual = [other_news(200 + n, NOW - (1 + n % 6) * DAY) for n in range(60)]
        today = [
            replace(other, text=f"Tin thứ{n} đến từ Hòn Mây. {other.text}")
            for n, other in enumerate(other_news(300 + n, NOW - HOUR) for n in range(6))
        ]
        async with talking_at(tmp_path, (*usual, *today, *OTHERS)) as talk:
            answer = await talk.ask("/today")
            await talk.press(answer, "Tiếp ›")
            second = await talk.message(answer["message_id"])

        assert answer["text"].endswith(
            "Tên được nhắc nhiều hơn hẳn\n• Hòn Mây: 6 bài (7 ngày trước đó: 0)"
        )
        assert "Hòn Mây:" not in second["text"]

    async def test_need_dates_and_articles(self, tmp_path: Path) -> None:
        async with talking_at(tmp_path / "undated", [replace(OTHERS[0], published=None)]) as talk:
            assert "ngày đăng" in (await talk.ask("/today"))["text"]
        async with talking_at(tmp_path / "empty", []) as talk:
            assert (await talk.ask("/today"))["text"].startswith("Chưa có bài báo nào")

    async def test_are_shown_to_everybody_in_a_group(self, talk: Talk) -> None:
        answer = await talk.ask("/today@hoibao_bot", user=MINH, chat=GROUP)

        assert answer["text"].startswith("Tin nổi bật")
