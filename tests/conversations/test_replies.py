"""What a reply is, read off the messages of the real bot."""

from pathlib import Path

from tests.conversations.asking import first_replies
from tests.conversations.expectations import Message
from tests.conversations.replies import Reply, read_reply
from tests.support.bot import ARTICLES, BOT_NAME, CONFERENCE, LANS_CHAT, WHO, talking


async def _replies(folder: Path, *texts: str) -> list[Reply]:
    messages = [Message("any", text, ()) for text in texts]
    return await first_replies(folder, ARTICLES, messages)


async def test_each_kind_of_reply_is_told_by_what_it_shows(tmp_path: Path) -> None:
    texts = (WHO, "/latest", "ai vô địch cờ vua?", "cảm ơn bạn", "/start", "/help")
    kinds = [reply.kind for reply in await _replies(tmp_path, *texts)]
    assert kinds == ["answer", "headlines", "none", "small_talk", "self", "help"]


async def test_quotes_and_headlines_are_read_in_order(tmp_path: Path) -> None:
    answer, latest = await _replies(tmp_path, WHO, "/latest")
    assert answer.quotes[0].startswith("Tham dự hội nghị tại điểm cầu Hải Dương")
    assert [row.headline for row in latest.rows] == [article.title for article in ARTICLES]
    assert latest.rows[0].address == CONFERENCE.url
    assert latest.rows[0].below.startswith("\nBáo Thử · Thứ Ba, 05/01/2021 14:23")


async def test_nearest_quotes_are_in_doubt(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        unsure = await talk.ask("ai khánh thành cầu Tân Lập ở Quảng Ngãi hôm kia?")
        assert read_reply(unsure["html"]).kind == "none"
        await talk.press(unsure, "Xem câu gần nhất")
        shown = [m for m in await talk.client.messages(LANS_CHAT) if m["from"] == BOT_NAME]
    assert read_reply(shown[-1]["html"]).kind == "maybe"


def test_link_to_a_repeat_is_no_headline() -> None:
    repeat = '<blockquote>Câu.</blockquote><a href="https://a.example/1">Một</a>\nBáo A'
    reply = read_reply(f'{repeat}\n<i>Cũng có trong: <a href="https://a.example/2">Báo B</a></i>')
    assert [row.headline for row in reply.rows] == ["Một"]


def test_one_headline_above_its_quote_is_a_page_of_articles() -> None:
    page = '<a href="https://a.example/1">Một</a>\nBáo A · 1/2\n<blockquote>Câu.</blockquote>'
    assert read_reply(page).kind == "headlines"


def test_nothing_at_all_is_silence() -> None:
    assert read_reply("").kind == "silence"
