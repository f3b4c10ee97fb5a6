"""Timelines in a chat: `/timeline`, words that ask for one, the button under headlines."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from index import Article
from tests.support.articles import VIETNAM
from tests.support.bot import ARTICLES, Talk, labels, talking
from tests.support.playground import ANNA, GROUP, LAN


def article(day: int, text: str, source: str = "Báo Thử", *, month: int = 9) -> Article:
    return Article(
        title=f"Tin ngày {day}",
        text=text,
        url=f"https://{source.split()[-1].lower()}.example/tin/{month}/{day}",
        published=datetime(2024, month, day, 18, 30, tzinfo=VIETNAM),
        source=source,
    )


FORMED = "Ngày 2/9, bão số 3 hình thành trên vùng biển phía đông Philippines."
LANDED = "Chiều 7/9, bão số 3 đổ bộ vào Quảng Ninh với gió giật cấp 17."
DAMAGE = "Đến sáng 9/9, bão số 3 làm hư hại 48.000 ngôi nhà ở miền Bắc."
BLACKOUT = "Tối qua, bão số 3 làm mất điện ở 12 huyện của Hải Phòng."
PLAN = "Ngày 30/9, tỉnh sẽ họp để tổng kết công tác ứng phó bão số 3."
ADVICE = "Người dân vùng trũng cần theo dõi bản tin về bão số 3."
STORM_NEWS = (
    article(3, f"{FORMED} Tàu thuyền được gọi về bờ."),
    article(8, f"{LANDED} Nhiều cây xanh gãy đổ."),
    article(9, f"Toàn thành phố dọn dẹp. {BLACKOUT}", "Báo Cảng"),
    article(10, f"{DAMAGE} {LANDED}", "Báo Mỏ"),
    article(11, f"{PLAN} Công tác dọn dẹp còn kéo dài."),
    article(12, f"{ADVICE} Mực nước các sông còn cao."),
)


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    async with talking(tmp_path, (*ARTICLES, *STORM_NEWS)) as talk:
        yield talk


def days(message: dict[str, Any]) -> list[str]:
    """The day above each block of a timeline."""
    return [block.split("\n")[0] for block in message["text"].split("\n\n")[1:-1]]


def block_of(message: dict[str, Any], day: str) -> list[str]:
    blocks = (block.split("\n") for block in message["text"].split("\n\n"))
    return next(lines for lines in blocks if lines[0] == day)


class TestTimeline:
    @pytest.mark.parametrize(
        "text",
        [
            *("/timeline bão số 3", "dòng thời gian bão số 3", "dong thoi gian bao so 3"),
            *("diễn biến bão số 3?", "timeline of bão số 3", "@hoibao_bot diễn biến của bão số 3"),
        ],
    )
    async def test_tells_what_happened_from_the_oldest_on(self, talk: Talk, text: str) -> None:
        answer = await talk.ask(text)

        assert answer["text"].startswith("Dòng thời gian: ")
        assert days(answer)[:4] == ["2/9/2024", "7/9/2024", "8/9/2024", "9/9/2024"]
        assert block_of(answer, "2/9/2024")[1:] == [FORMED, "Báo Thử · Thứ Ba, 03/09/2024 18:30"]

    async def test_says_once_what_several_sources_say_of_a_day(self, talk: Talk) -> None:
        answer = await talk.ask("/timeline bão số 3")

        _, quote, origin, also = block_of(answer, "7/9/2024")
        assert quote == LANDED
        assert {origin.split(" · ")[0], also.removeprefix("Cũng có trong: ")} == {
            "Báo Thử",
            "Báo Mỏ",
        }

    async def test_reads_a_day_that_is_told_from_the_publication(self, talk: Talk) -> None:
        answer = await talk.ask("/timeline bão số 3")

        assert block_of(answer, "8/9/2024")[1] == BLACKOUT
        assert "<b>Tối qua</b>" in answer["html"]

    async def test_links_each_quote_to_its_article(self, talk: Talk) -> None:
        answer = await talk.ask("/timeline bão số 3")

        assert 'href="https://cảng.example/tin/9/9#:~:text=' in answer["html"]

    async def test_says_so_where_no_sentence_names_the_day(self, talk: Talk) -> None:
        answer = await talk.ask("/timeline bão số 3")
        await talk.press(answer, "Tiếp ›")
        last = await talk.message(answer["message_id"])

        together = days(answer) + days(last)
        assert together[4:] == ["11/9/2024 (theo ngày đăng)", "12/9/2024 (theo ngày đăng)"]
        assert block_of(answer, "11/9/2024 (theo ngày đăng)")[1] == PLAN

    async def test_is_turned_by_buttons(self, talk: Talk) -> None:
        answer = await talk.ask("/timeline bão số 3")
        assert labels(answer) == ["Tiếp ›"]

        await talk.press(answer, "Tiếp ›")
        second = await talk.message(answer["message_id"])
        assert "Trang 2" in second["text"]
        assert labels(second) == ["‹ Trước"]
        await talk.press(second, "‹ Trước")

        assert (await talk.message(answer["message_id"]))["text"] == answer["text"]
        assert "không còn sự việc nào" in await talk.press_data(answer["message_id"], "1mz")

    async def test_keeps_to_the_days_that_were_named(self, talk: Talk) -> None:
        answer = await talk.ask("/timeline bão số 3 ngày 7/9/2024")

        assert "Các sự việc ngày 7/9/2024" in answer["text"]
        assert days(answer) == ["7/9/2024"]

    async def test_says_which_days_had_nothing(self, talk: Talk) -> None:
        answer = await talk.ask("/timeline bão số 3 ngày 1/9/2024")

        assert "Không thấy sự việc nào ngày 1/9/2024" in answer["text"]
        assert days(answer)[0] == "2/9/2024"

    async def test_heeds_filters(self, talk: Talk) -> None:
        answer = await talk.ask('/timeline bão số 3 nguồn:"Báo Cảng"')

        assert days(answer) == ["8/9/2024"]

    async def test_is_worded_in_english_too(self, talk: Talk) -> None:
        answer = await talk.ask("/timeline bão số 3", user=ANNA)

        assert answer["text"].startswith("Timeline: bão số 3\n\n2 September 2024\n")

    async def test_opens_beside_headlines(self, talk: Talk) -> None:
        headlines = await talk.ask("tin mới về bão số 3")
        assert "Dòng thời gian" in labels(headlines)

        await talk.press(headlines, "Dòng thời gian")

        opened = await talk.answer(LAN["id"], headlines["reply_to"], 2)
        assert opened["text"].startswith("Dòng thời gian: bão số 3")
        assert (await talk.message(headlines["message_id"]))["text"] == headlines["text"]
        await talk.press(opened, "Tiếp ›")
        assert "Trang 2" in (await talk.message(opened["message_id"]))["text"]

    async def test_needs_the_message_for_its_buttons(self, talk: Talk) -> None:
        answer = await talk.ask("/timeline@hoibao_bot bão số 3", chat=GROUP)
        await talk.delete(answer["reply_to"], GROUP)

        assert "câu hỏi ban đầu" in await talk.press(answer, "Tiếp ›", chat=GROUP)

    async def test_is_what_a_reply_asks_first(self, talk: Talk) -> None:
        answer = await talk.ask("/timeline bão số 3")

        replied = await talk.ask("bao nhiêu ngôi nhà?", reply_to=answer["message_id"])

        assert replied["text"].startswith("Trong các bài này:")
        assert "48.000 ngôi nhà" in replied["text"]

    async def test_asks_for_a_subject_where_none_is_typed(self, talk: Talk) -> None:
        await talk.client.write("/timeline")
        prompt = await talk.alert("dòng thời gian của chuyện gì")

        answer = await talk.ask("bão số 3", reply_to=prompt["message_id"])

        assert days(answer)[0] == "2/9/2024"

    async def test_asks_in_a_group_too(self, talk: Talk) -> None:
        await talk.client.write("/timeline@hoibao_bot", chat=GROUP)
        prompt = await talk.alert("dòng thời gian của chuyện gì", GROUP)

        answer = await talk.ask("bão số 3", chat=GROUP, reply_to=prompt["message_id"])

        assert days(answer)[0] == "2/9/2024"


class TestNoTimeline:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("/timeline giá vàng", "không tìm thấy câu nào có ngày tháng"),
            (
                "/timeline vì sao bão số 3 lại mạnh lên nhanh như thế",
                "chưa rõ bạn hỏi về chuyện gì",
            ),
            ("/timeline bão số 3 since:abc", "phải là ngày tháng"),
            ("/timeline bão số 3 nguồn:Không-có", "không có nguồn"),
            ("/timeline " + "bão " * 900, "chưa rõ bạn hỏi về chuyện gì"),
        ],
    )
    async def test_is_said_in_a_line(self, talk: Talk, text: str, said: str) -> None:
        answer = await talk.ask(text)

        assert said in answer["text"]

    async def test_of_an_empty_library_is_said_so(self, tmp_path: Path) -> None:
        async with talking(tmp_path / "none", ()) as talk:
            answer = await talk.ask("/timeline bão số 3")

        assert answer["text"].startswith("Chưa có bài báo nào")

    async def test_is_made_of_the_latest_developments(self, talk: Talk) -> None:
        answer = await talk.ask("diễn biến mới nhất về bão số 3")

        assert answer["text"].startswith("Tin mới về bão số 3")

    async def test_is_said_by_its_button_where_no_sentence_has_a_day(self, tmp_path: Path) -> None:
        undated = Article(title="Hội sách", text="Hội sách mở cửa tự do. Vé vào hội sách rẻ.")
        async with talking(tmp_path / "undated", (undated,)) as talk:
            answer = await talk.ask("hội sách")

            assert "không tìm thấy câu nào có ngày" in await talk.press(answer, "Dòng thời gian")
