"""Requests for news and bare subjects in a chat: pages of headlines and their buttons."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from index import Article
from index.alerts.announcer import Alert
from tests.support.articles import VIETNAM
from tests.support.bot import ARTICLES, CONFERENCE, STORM, Talk, labels, talking
from tests.support.playground import ANNA, GROUP, LAN
from tests.support.subscriptions import subscriptions_of

FOLLOW, TIMELINE = "🔔 Nhận tin “Quảng Ngãi”", "Dòng thời gian"
MANY = tuple(
    Article(
        title=f"Giải bóng đá ngày {day}",
        text=f"Trận thứ {day} của giải bóng đá diễn ra chiều {day}/3. Khán giả đến rất đông.",
        url=f"https://bao.example/giai/{day}",
        published=datetime(2021, 3, day, 18, 0, tzinfo=VIETNAM),
        source="Báo Thử",
    )
    for day in range(1, 13)
)


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    async with talking(tmp_path, (*ARTICLES, *MANY)) as talk:
        yield talk


def rows(message: dict[str, Any]) -> list[str]:
    return [block for block in message["text"].split("\n\n") if block[:1].isdigit()]


class TestHeadlines:
    @pytest.mark.parametrize("text", ["Quảng Ngãi", "quang ngai", "/ask Quảng Ngãi?"])
    async def test_of_a_subject_show_title_source_date_and_a_quote(
        self, talk: Talk, text: str
    ) -> None:
        answer = await talk.ask(text)

        (row,) = rows(answer)
        title, origin, quote = row.split("\n")
        assert answer["text"].startswith("Các bài về Quảng Ngãi\n\n")
        assert title == f"1. {STORM.title}"
        assert origin == "Báo Thử · Thứ Tư, 28/10/2020 16:00"
        assert quote in STORM.text
        assert "https://bao.example/bao-so-9.html" in answer["html"]
        assert "huyện Bình Sơn, tỉnh <b>Quảng Ngãi</b>.</blockquote>" in answer["html"]

    @pytest.mark.parametrize("text", ["tin mới nhất", "có gì mới không?", "tin moi nhat la gi"])
    async def test_of_news_begin_with_the_newest(self, talk: Talk, text: str) -> None:
        answer = await talk.ask(text)

        assert answer["text"].startswith("Tin mới nhất\n\n1. Giải bóng đá ngày 12\n")
        assert len(rows(answer)) == 5
        assert labels(answer) == ["Tiếp ›"]

    async def test_of_news_on_a_subject_say_it_in_english_too(self, talk: Talk) -> None:
        answer = await talk.ask("latest on Quảng Ngãi", user=ANNA)

        assert answer["text"].startswith("Latest on Quảng Ngãi\n\n")
        assert labels(answer) == ["🔔 Alert me: “Quảng Ngãi”", "Timeline"]

    async def test_are_paged_through_by_buttons(self, talk: Talk) -> None:
        answer = await talk.ask("bóng đá")
        first = rows(answer)
        assert labels(answer) == ["Tiếp ›", "🔔 Nhận tin “bóng đá”", TIMELINE]

        await talk.press(answer, "Tiếp ›")
        second = await talk.message(answer["message_id"])
        await talk.press(second, "Tiếp ›")
        third = await talk.message(answer["message_id"])

        assert "Trang 2" in second["text"]
        assert labels(second) == ["‹ Trước", "Tiếp ›", "🔔 Nhận tin “bóng đá”", TIMELINE]
        assert rows(third)[0].startswith("11. ")
        assert labels(third) == ["‹ Trước", "🔔 Nhận tin “bóng đá”", TIMELINE]
        together = [row.split("\n")[0].split(". ")[1] for row in first + rows(second) + rows(third)]
        assert sorted(together) == sorted(article.title for article in MANY)
        await talk.press(third, "‹ Trước")
        await talk.press(await talk.message(answer["message_id"]), "‹ Trước")
        assert rows(await talk.message(answer["message_id"])) == first

    async def test_say_which_days_had_none(self, talk: Talk) -> None:
        answer = await talk.ask("tin hôm nay")

        assert "Không có bài nào đăng ngày" in answer["text"]
        assert rows(answer)[0].startswith("1. Giải bóng đá ngày 12")

    async def test_keep_to_the_days_that_were_named(self, talk: Talk) -> None:
        answer = await talk.ask("tin ngày 5/1/2021")

        assert [row.split("\n")[0] for row in rows(answer)] == [f"1. {CONFERENCE.title}"]
        assert "Đăng ngày 5/1/2021" in answer["text"]

    async def test_count_the_sources_of_one_text(self, tmp_path: Path) -> None:
        text = "\n".join(article.text for article in ARTICLES)
        copies = tuple(
            Article(title="Tin chung", text=text, url=f"https://{name}.example/1", source=name)
            for name in ("a", "b", "c")
        )
        async with talking(tmp_path / "copies", copies) as talk:
            answer = await talk.ask("tin mới")

        (row,) = rows(answer)
        assert " · 3 nguồn\n" in row

    async def test_subscribe_to_the_words_on_their_button(self, talk: Talk) -> None:
        answer = await talk.ask("quang ngai")
        assert labels(answer) == [FOLLOW, TIMELINE]

        await talk.press(answer, FOLLOW)

        added = await talk.answer(LAN["id"], answer["message_id"])
        assert added["text"].startswith("Đã đăng ký nhận tin: Quảng Ngãi")
        (subscription,) = subscriptions_of(talk)
        assert subscription.wish == '"Quảng Ngãi"'
        fresh = Article(
            title="Nắng ở Quảng Ngãi",
            text="Quảng Ngãi nắng đẹp.",
            published=datetime.now(VIETNAM) - timedelta(minutes=1),
        )
        talk.library.ingest([fresh], alert=Alert.ALL)
        assert "Nắng ở Quảng Ngãi" in (await talk.alert("Nắng"))["text"]

    async def test_need_the_message_for_their_buttons(self, talk: Talk) -> None:
        answer = await talk.ask("/ask bóng đá", chat=GROUP)
        await talk.delete(answer["reply_to"], GROUP)

        for label in labels(answer):
            assert "câu hỏi ban đầu" in await talk.press(answer, label, chat=GROUP)

    async def test_end_where_no_article_is_left(self, talk: Talk) -> None:
        answer = await talk.ask("bóng đá")

        assert "không còn bài nào" in await talk.press_data(answer["message_id"], "1hz")

    async def test_are_shown_in_groups_by_mention(self, talk: Talk) -> None:
        answer = await talk.ask("@hoibao_bot Quảng Ngãi", chat=GROUP)

        assert answer["text"].startswith("Các bài về Quảng Ngãi")
        await talk.press(answer, FOLLOW, chat=GROUP)
        assert len(subscriptions_of(talk, GROUP)) == 1

    async def test_are_the_articles_that_a_reply_asks_first(self, talk: Talk) -> None:
        listed = await talk.ask("Quảng Ngãi")

        answer = await talk.ask("bao nhiêu ngôi nhà?", reply_to=listed["message_id"])

        assert answer["text"].startswith("Trong bài này:")
        assert "hơn 300 ngôi nhà" in answer["text"]

    async def test_introduce_whom_a_message_asks_for(self, talk: Talk) -> None:
        answer = await talk.ask("Lương Văn Cầu là ai?")

        assert answer["text"].startswith("Lương Văn Cầu trong các bài báo:")
        first, second = answer["html"].split("</blockquote>")
        assert "Lương Văn Cầu</b>, Phó Chủ tịch UBND tỉnh" in first
        assert CONFERENCE.title in second


class TestNoHeadlines:
    @pytest.mark.parametrize("text", ["Trump", "tin về Trump", "giá vàng", "tin since:1/1/2030"])
    async def test_are_said_not_to_be_found(self, talk: Talk, text: str) -> None:
        answer = await talk.ask(text)

        assert answer["text"].startswith("Tôi không tìm thấy bài nào")

    async def test_of_an_empty_library_are_said_so(self, tmp_path: Path) -> None:
        async with talking(tmp_path / "none", ()) as talk:
            answer = await talk.ask("tin mới nhất")

        assert answer["text"].startswith("Chưa có bài báo nào")

    async def test_take_the_place_of_an_answer_in_the_article_replied_to(self, talk: Talk) -> None:
        listed = await talk.ask("Quảng Ngãi")

        answer = await talk.ask("Bình Sơn", reply_to=listed["message_id"])

        assert answer["text"].startswith("Trong bài này:")
