"""Pressed buttons and inline queries, from the person to the bot and back."""

import asyncio

from telegram import Bot, Message, ReplyParameters, Update

from bot.playground import Playground
from tests.support.playground import (
    ANNA,
    GROUP,
    LAN,
    Client,
    Clock,
    echo_bot,
    keyboard,
    serve_playground,
)
from tests.support.waiting import until

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def test_a_pressed_button_is_answered_once(client: Client, bot: Bot) -> None:
    question = await client.write("ai?")
    sent = await bot.send_message(
        1001,
        "x",
        reply_markup=keyboard("more:1"),
        reply_parameters=ReplyParameters(question),
    )
    press = asyncio.create_task(
        client.post("/buttons", user=LAN, chat=1001, message_id=sent.message_id, data="more:1")
    )
    update = (await until(lambda: bot.get_updates(offset=-1, allowed_updates=Update.ALL_TYPES)))[0]
    while update.callback_query is None:
        update = (await bot.get_updates(offset=-1))[0]
    query = update.callback_query
    assert isinstance(query.message, Message)
    assert query.data == "more:1"
    assert query.message.reply_to_message is not None
    assert query.message.reply_to_message.message_id == question
    await query.answer("Hết rồi", show_alert=True)
    assert (await press)["answer"] == {"text": "Hết rồi", "show_alert": True}
    refusal = await client.refused("answerCallbackQuery", callback_query_id=query.id)
    assert refusal == TOO_OLD


async def test_a_button_of_a_message_that_is_gone_still_reaches_the_bot(
    client: Client, bot: Bot
) -> None:
    answer = await client.post("/buttons", user=LAN, message_id=7, data="old", wait=0)
    assert answer == {"answer": None}
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    message = update.callback_query.message
    assert message is not None
    assert not message.is_accessible
    assert message.message_id == 7


async def test_a_callback_answer_may_not_be_too_long(client: Client) -> None:
    await client.post("/buttons", user=LAN, message_id=7, data="x", wait=0)
    (update,) = await client.updates()
    query = update["callback_query"]["id"]
    refusal = await client.refused("answerCallbackQuery", callback_query_id=query, text="a" * 201)
    assert refusal == "Bad Request: MESSAGE_TOO_LONG"


async def test_inline_results_are_offered_and_sent(client: Client) -> None:
    async with echo_bot(client.playground, client.address):
        found = await client.post("/inline", user=ANNA, query="who?")
        (result,) = found["results"]
        assert result["description"] == "Hỏi: who?"
        choice = {"query_id": found["query_id"], "result_id": result["id"]}
        sent = await client.post("/inline/choices", user=ANNA, chat=GROUP, **choice)
    message = (await client.messages(GROUP))[0]
    assert message["message_id"] == sent["message_id"]
    assert message["from"] == "Anna"
    assert "<blockquote>" in message["html"]


async def test_a_message_sent_by_way_of_the_bot_can_be_edited(client: Client) -> None:
    asked = asyncio.create_task(client.post("/inline", user=ANNA, query="x"))
    update = (await until(lambda: client.updates()))[0]
    article = {
        "type": "article",
        "id": "1",
        "title": "t",
        "input_message_content": {"message_text": "một"},
        "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "a"}]]},
    }
    query = update["inline_query"]["id"]
    await client.call("answerInlineQuery", inline_query_id=query, results=[article])
    choice = {"query_id": (await asked)["query_id"], "result_id": "1"}
    sent = await client.post("/inline/choices", user=ANNA, chat=GROUP, **choice)
    await client.post(
        "/buttons", user=ANNA, chat=GROUP, message_id=sent["message_id"], data="a", wait=0
    )
    press = (await client.updates(offset=-1))[0]["callback_query"]
    assert "message" not in press
    edit = {"inline_message_id": press["inline_message_id"], "text": "hai"}
    assert (await client.call("editMessageText", **edit))["result"] is True
    assert (await client.messages(GROUP))[0]["text"] == "hai"
    again = await client.refused("answerInlineQuery", inline_query_id=query, results=[])
    assert again == TOO_OLD


async def test_a_query_gets_too_old() -> None:
    clock = Clock()
    async with serve_playground(Playground(clock=clock)) as client:
        await client.post("/buttons", user=LAN, message_id=7, data="x", wait=0)
        (update,) = await client.updates()
        clock.now += 120
        query = update["callback_query"]["id"]
        assert await client.refused("answerCallbackQuery", callback_query_id=query) == TOO_OLD
