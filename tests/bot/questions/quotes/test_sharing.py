"""Quotes are copied with their origin, and shared by an inline query that names them."""

from dataclasses import replace
from typing import Any

from bot.messages.html import ELLIPSIS
from bot.questions.quotes.sharing import COPY_LIMIT, read_shared_quote, share_button, text_to_copy
from tests.support.bot import WHO, Talk
from tests.support.playground import GROUP, LAN
from tests.support.rendering import VOICE, one_quote
from tests.support.waiting import PATIENCE_SECONDS


def test_a_quote_is_copied_above_its_source_and_date() -> None:
    quote = one_quote("Ông Cầu dự\nhội nghị.", (0, 7))

    copied = text_to_copy(VOICE, quote)

    assert copied == "Ông Cầu dự hội nghị.\nBáo Thử · Thứ Ba, 05/01/2021 14:23"


def test_a_long_quote_is_cut_and_keeps_its_origin() -> None:
    quote = one_quote("Ông Cầu dự hội nghị. " * 50)
    long_name = replace(quote, article=replace(quote.article, source="Báo " * 50))

    for each in (quote, long_name):
        text, origin = text_to_copy(VOICE, each).split("\n")
        assert text.endswith(ELLIPSIS)
        assert len(text) + 1 + len(origin) <= COPY_LIMIT
        assert origin.startswith("Báo")


def test_a_quote_of_white_space_has_a_text_to_copy() -> None:
    quote = one_quote("\x85")
    article = replace(quote.article, source=None, published=None, url=None)
    nowhere = replace(quote, article=article)

    assert text_to_copy(VOICE, nowhere) == ELLIPSIS


def test_a_shared_quote_is_named_by_the_query_of_its_button() -> None:
    quote = replace(one_quote("Câu."), position=46)

    chosen = share_button("📤", quote).switch_inline_query_chosen_chat

    assert chosen is not None
    assert read_shared_quote(f" {chosen.query} ") == (1, 46)
    for typed in ("", "ai dự?", "1q1", "1q1.2.3", "1Q1.2", "1q１.2"):
        assert read_shared_quote(typed) is None


async def offered(talk: Talk, query: str) -> list[dict[str, Any]]:
    asked = await talk.client.post(
        "/inline", user=LAN, chat=GROUP, query=query, wait=PATIENCE_SECONDS
    )
    results: list[dict[str, Any]] = asked["results"]
    return results


async def test_the_button_of_an_answer_offers_its_quote_alone(talk: Talk) -> None:
    answer = await talk.ask(WHO)
    (query,) = [
        button["switch_inline_query_chosen_chat"]["query"]
        for row in answer["buttons"]
        for button in row
        if "switch_inline_query_chosen_chat" in button
    ]

    (result,) = await offered(talk, query)

    assert result["title"].startswith("Tham dự hội nghị tại điểm cầu Hải Dương")
    assert result["description"].startswith("Báo Thử · Thứ Ba, 05/01/2021 14:23")


async def test_a_quote_that_is_gone_is_not_offered(talk: Talk) -> None:
    assert await offered(talk, "1q99.1") == []
    assert await offered(talk, "1q8rc4kbdvss1s.8rc4kbdvss1s") == []
