"""Answers in private chats carry their question in place of a reply header."""

from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Chat, Message, MessageEntity

from bot.conversation.reply_header import INVISIBLE, carried_question, carry_question
from bot.playground import Playground
from bot.playground.bot_api.html_parser import parse_html
from bot.questions.keyboards import AnswerAction
from bot.questions.overviews.finding import Overview
from bot.questions.service import AnswerPage, find_answer
from index.alerts.announcer import Alert
from tests.support.bot import (
    ARTICLES,
    LANS_CHAT,
    MESSAGES,
    WHO,
    Talk,
    answering,
    talking,
    waiting_is_over_when_set,
)
from tests.support.libraries import open_library
from tests.support.playground import GROUP, serve_playground
from tests.support.subscriptions import numbered_article, subscriptions_of
from tests.support.waiting import PATIENCE_SECONDS

BOT = "hoibao_bot"
LONG = WHO + " và đại biểu" * 200


def message_of(html: str) -> Message:
    text, entities = parse_html(html)
    parsed = [MessageEntity(each.type, each.offset, each.length, each.url) for each in entities]
    return Message(1, datetime.now(UTC), Chat(1, "private"), text=text, entities=parsed)


@given(st.text(min_size=1, max_size=200).filter(str.strip))
def test_a_question_is_carried_word_for_word(question: str) -> None:
    html = carry_question("<b>Câu</b>", question, BOT)

    assert html is not None
    assert carried_question(message_of(html), BOT) == question


@pytest.mark.parametrize(
    "html",
    [
        "Câu",
        f'Câu <a href="https://t.me/{BOT}?text=ai">trích</a>',
        f'Câu <a href="https://t.me/other_bot?text=ai">{INVISIBLE}</a>',
        f'Câu <a href="https://t.me/{BOT}">{INVISIBLE}</a>',
        f'<a href="https://t.me/{BOT}?text=ai">{INVISIBLE}</a> <b>Câu</b>',
    ],
)
def test_no_other_link_is_taken_for_a_question(html: str) -> None:
    assert carried_question(message_of(html), BOT) == ""


async def test_an_answer_right_below_its_question_has_no_reply_header(talk: Talk) -> None:
    for text in (WHO, "/help", "Quảng Ngãi", "giá vàng thế giới?"):
        assert not (await talk.ask(text))["has_header"]


async def test_answers_have_reply_headers_where_several_questions_wait(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = waiting_is_over_when_set(monkeypatch)
    await talk.client.post("/faults", method="sendMessage", error=429, retry_after=2, times=1)
    first, *others = [await talk.client.write(f"{WHO} {number}") for number in range(3)]
    over.set()

    for question in others:
        assert (await talk.answer(LANS_CHAT, question))["has_header"]
    assert await talk.answer(LANS_CHAT, first)


async def test_an_answer_below_an_alert_has_a_reply_header(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await talk.ask("/subscribe bão")
    found = Event()

    def find_late(*given: Any) -> AnswerPage | Overview:
        assert found.wait(PATIENCE_SECONDS)
        return find_answer(*given)

    monkeypatch.setattr("bot.questions.handlers.find_answer", find_late)
    question = await talk.client.write(WHO)
    talk.library.ingest([numbered_article(7)], alert=Alert.ALL)
    await talk.alert(numbered_article(7).title)
    found.set()

    assert (await talk.answer(LANS_CHAT, question, number=2))["has_header"]


async def test_answers_in_groups_and_to_long_questions_have_reply_headers(talk: Talk) -> None:
    for chat, text in ((GROUP, f"/ask {WHO}"), (LANS_CHAT, LONG)):
        answer = await talk.ask(text, chat=chat)
        assert answer["has_header"]


async def test_buttons_know_the_question_after_a_restart(tmp_path: Path) -> None:
    with open_library(tmp_path, ARTICLES) as library:
        async with serve_playground(Playground()) as client:
            async with answering(client, library, quotes=1) as talk:
                answer = await talk.ask(WHO)
            async with answering(client, library, quotes=1) as talk:
                await talk.press(answer, MESSAGES["button_further"])
                second = await talk.message(answer["message_id"])
                assert second["text"].startswith("Các câu khác (2)")
                await talk.press(second, MESSAGES["button_earlier"])
                assert (await talk.message(answer["message_id"]))["html"] == answer["html"]

                await talk.press(answer, MESSAGES["button_only"])
                scoped = await talk.answer(LANS_CHAT, answer["message_id"])
                assert scoped["text"].startswith("Đang hỏi riêng bài")
                await talk.press(scoped, MESSAGES["button_further"])
                assert "Các câu khác (2)" in (await talk.message(scoped["message_id"]))["text"]


async def test_an_edited_question_is_the_one_carried(tmp_path: Path) -> None:
    async with talking(tmp_path, quotes=1) as talk:
        question = await talk.client.write("Thư viện xã Tân Lập có bao nhiêu đầu sách?")
        answer = await talk.answer(LANS_CHAT, question)
        await talk.client.write(WHO, edit=question)
        await talk.ask("/help")  # after it, since it is in the same chat

        await talk.press_data(answer["message_id"], "1px00::")

        assert "Lương Văn Cầu" in (await talk.message(answer["message_id"]))["text"]


async def test_what_is_carried_leads_to_no_article(talk: Talk) -> None:
    answer = await talk.ask("Quảng Ngãi")

    follow_up = await talk.ask("bao nhiêu ngôi nhà?", reply_to=answer["message_id"])

    assert follow_up["text"].startswith("Trong bài này:")
    assert shown_links(await raw(talk, answer)) == 1


async def raw(talk: Talk, message: dict[str, Any]) -> dict[str, Any]:
    found = await talk.client.messages(LANS_CHAT)
    return next(each for each in found if each["message_id"] == message["message_id"])


def shown_links(message: dict[str, Any]) -> int:
    return str(message["html"]).count("<a ")


async def test_nothing_found_knows_its_question(talk: Talk) -> None:
    answer = await talk.ask("giá vàng thế giới?")

    await talk.press_data(answer["message_id"], f"1{AnswerAction.FOLLOW_QUESTION.value}")

    assert len(subscriptions_of(talk)) == 1
