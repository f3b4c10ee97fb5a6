import asyncio
from typing import Any

import pytest
from telegram import Bot, ReplyParameters
from telegram.error import BadRequest

from bot.playground import Playground
from tests.support.playground import (
    ANNA,
    ECONOMY,
    FORUM,
    GROUP,
    LAN,
    WEATHER,
    Client,
    echo_bot,
    serve_playground,
)
from tests.support.waiting import PATIENCE_SECONDS, until


async def test_a_message_in_a_topic_says_so_and_replies_to_its_beginning(
    client: Client, bot: Bot
) -> None:
    await client.write("/ask mưa?", chat=FORUM, topic=WEATHER)
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert (update.message.message_thread_id, update.message.is_topic_message) == (WEATHER, True)
    assert update.message.chat.is_forum
    beginning = update.message.reply_to_message
    assert beginning is not None
    assert beginning.message_id == WEATHER
    assert beginning.forum_topic_created is not None
    assert beginning.forum_topic_created.name == "Thời tiết"
    assert beginning.from_user is not None
    assert beginning.from_user.first_name == "Lan"


async def test_general_is_the_absence_of_a_topic(client: Client) -> None:
    await client.write("/ask gì?", chat=FORUM)
    (update,) = await client.updates()
    assert update["message"]["chat"]["is_forum"] is True
    assert not {"message_thread_id", "is_topic_message", "reply_to_message"} & set(
        update["message"]
    )


async def test_the_bot_sends_to_a_topic(client: Client, bot: Bot) -> None:
    sent = await bot.send_message(FORUM, "mưa to", message_thread_id=WEATHER)
    assert (sent.message_thread_id, sent.is_topic_message) == (WEATHER, True)
    await bot.send_message(FORUM, "chung")
    seen = [(message["text"], message["topic"]) for message in await client.messages(FORUM)]
    assert seen == [("mưa to", WEATHER), ("chung", None)]


async def test_a_reply_lands_in_the_topic_of_what_it_answers(client: Client, bot: Bot) -> None:
    question = await client.write("/ask giá?", chat=FORUM, topic=ECONOMY)
    answer = await bot.send_message(FORUM, "đây", reply_parameters=ReplyParameters(question))
    assert answer.message_thread_id == ECONOMY
    assert answer.reply_to_message is not None
    assert answer.reply_to_message.text == "/ask giá?"
    await client.write("còn gì?", chat=FORUM, reply_to=answer.message_id)
    assert [message["topic"] for message in await client.messages(FORUM)] == [ECONOMY] * 3
    _, second = await bot.get_updates()
    assert second.message is not None
    assert second.message.reply_to_message is not None
    assert second.message.reply_to_message.message_id == answer.message_id


async def test_a_reply_to_the_beginning_of_a_topic_is_a_message_in_it(
    client: Client, bot: Bot
) -> None:
    await bot.send_message(FORUM, "đây", reply_parameters=ReplyParameters(WEATHER))
    (message,) = await client.messages(FORUM)
    assert (message["topic"], message["reply_to"]) == (WEATHER, None)


@pytest.mark.parametrize("chat", [FORUM, GROUP, 1001])
@pytest.mark.parametrize("method", ["sendMessage", "sendChatAction"])
async def test_an_unknown_topic_is_refused(client: Client, chat: int, method: str) -> None:
    call = {"chat_id": chat, "text": "x", "action": "typing", "message_thread_id": 77}
    assert await client.refused(method, **call) == "Bad Request: message thread not found"


async def test_general_has_a_number_for_chat_actions_only(client: Client) -> None:
    place = {"chat_id": FORUM, "message_thread_id": 1}
    assert (await client.call("sendChatAction", **place, action="typing"))["ok"]
    refusal = await client.refused("sendMessage", **place, text="x")
    assert refusal == "Bad Request: message thread not found"


async def test_the_page_learns_in_which_topic_the_bot_is_typing(client: Client) -> None:
    with client.playground.events.subscribed() as events:
        await client.call(
            "sendChatAction", chat_id=FORUM, message_thread_id=WEATHER, action="typing"
        )
        event = await asyncio.wait_for(events.get(), PATIENCE_SECONDS)
    assert event is not None
    assert event.data == {"chat": FORUM, "topic": WEATHER, "action": "typing"}


@pytest.mark.parametrize("chat", [GROUP, FORUM])
async def test_replies_outside_of_topics_are_a_thread_that_is_no_topic(
    client: Client, bot: Bot, chat: int
) -> None:
    first = await client.write("/ask một", chat=chat)
    second = await client.write("/ask hai", chat=chat, reply_to=first)
    await client.write("/ask ba", chat=chat, reply_to=second)
    threads = [update["message"].get("message_thread_id") for update in await client.updates()]
    assert threads == [None, first, first]
    answer = await client.result("sendMessage", chat_id=chat, text="x", reply_to_message_id=second)
    assert answer["message_thread_id"] == first
    assert "is_topic_message" not in answer
    with pytest.raises(BadRequest, match="Message thread is not a forum topic thread"):
        await bot.send_message(chat, "x", message_thread_id=first)


async def test_small_groups_and_private_chats_know_no_threads(client: Client) -> None:
    await client.post("/chats", id=-7, title="Nhóm nhỏ", type="group")
    for chat in (-7, 1001):
        first = await client.write("/ask một", chat=chat)
        await client.write("/ask hai", chat=chat, reply_to=first)
    assert not any("message_thread_id" in update["message"] for update in await client.updates())


async def test_a_forum_is_made_with_its_topics_and_gets_more(client: Client) -> None:
    forum: dict[str, Any] = {"id": -1_000_000_000_050, "title": "Chợ", "is_forum": True}
    made = await client.post("/chats", **forum, topics=["Rau", "Cá"])
    assert made["chat"] == forum["id"]
    assert set(made["topics"]) == {"Rau", "Cá"}
    again = await client.post("/chats", **forum, topics=["Cá", "Thịt", "Thịt"])
    assert again["topics"] | made["topics"] == again["topics"]
    assert len(set(again["topics"].values())) == 3
    place = {"chat": forum["id"], "topic": again["topics"]["Thịt"]}
    await client.write("/ask giá", user=ANNA, **place)
    (update,) = await client.updates()
    beginning = update["message"]["reply_to_message"]
    assert beginning["forum_topic_created"]["name"] == "Thịt"


async def test_a_topic_made_by_nobody_was_made_by_the_group(client: Client) -> None:
    made = await client.post("/chats", id=-150, title="Chợ", is_forum=True, topics=["Rau"])
    sent = await client.result(
        "sendMessage", chat_id=-150, message_thread_id=made["topics"]["Rau"], text="x"
    )
    beginning = sent["reply_to_message"]
    assert beginning["from"]["username"] == "GroupAnonymousBot"
    assert beginning["sender_chat"]["id"] == -150


async def test_buttons_and_inline_results_stay_in_their_topic(client: Client) -> None:
    async with echo_bot(client.playground, client.address):
        await client.write("@hoibao_bot ai dự?", chat=FORUM, topic=ECONOMY)
        answer = (await until(lambda: answered(client)))[0]
        assert answer["topic"] == ECONOMY
        await client.post(
            "/buttons", user=LAN, chat=FORUM, message_id=answer["message_id"], data="context"
        )
        assert (await answered(client))[0]["topic"] == ECONOMY
        found = await client.post("/inline", user=ANNA, chat=FORUM, query="ai?")
        choice = {"query_id": found["query_id"], "result_id": found["results"][0]["id"]}
        await client.post("/inline/choices", user=ANNA, chat=FORUM, topic=WEATHER, **choice)
    assert (await client.messages(FORUM))[-1]["topic"] == WEATHER


async def answered(client: Client) -> list[dict[str, Any]]:
    return [each for each in await client.messages(FORUM) if each["from"] == "Hỏi Báo"]


@pytest.mark.parametrize("error", ["TOPIC_CLOSED", "TOPIC_DELETED", "message thread not found"])
async def test_a_closed_or_deleted_topic_can_be_ordered(client: Client, error: str) -> None:
    await client.post("/faults", method="sendMessage", chat=FORUM, error=error)
    call = {"chat_id": FORUM, "message_thread_id": WEATHER, "text": "x"}
    assert await client.refused("sendMessage", **call) == f"Bad Request: {error}"
    await client.result("sendMessage", **call)


async def test_the_topics_of_the_start_have_the_same_ids_after_a_restart(client: Client) -> None:
    async with serve_playground(Playground()) as restarted:
        for each in (client, restarted):
            await each.result("sendMessage", chat_id=FORUM, message_thread_id=WEATHER, text="x")
