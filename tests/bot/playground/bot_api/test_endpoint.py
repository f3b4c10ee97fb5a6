"""What the embedded Bot API takes for a call, and what it tells of bots, chats and members."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest
from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken

from bot.playground import Playground
from tests.support.playground import GROUP, LAN, Client, echo_bot, polled, serve_playground
from tests.support.waiting import PATIENCE_SECONDS, until


async def test_the_bot_knows_who_it_is(bot: Bot) -> None:
    assert bot.username == "hoibao_bot"
    assert bot.bot.supports_inline_queries
    assert not bot.can_read_all_group_messages


async def test_a_wrong_token_is_unauthorized(client: Client) -> None:
    response = await client.http.post("/bot1:wrong/getMe")
    assert response.status_code == 401
    assert response.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    with pytest.raises(InvalidToken):
        async with Bot("1:wrong", base_url=f"{client.address}/bot"):
            pass


async def test_an_unknown_method_is_not_found(client: Client) -> None:
    answer = await client.call("sendTelepathy")
    assert answer == {"ok": False, "error_code": 404, "description": "Not Found"}


async def test_json_forms_multipart_and_query_strings_are_read_alike(client: Client) -> None:
    path = f"/bot{client.playground.token}/sendMessage"
    values = {"chat_id": "1001", "text": "chào"}
    parts = [(name, (None, value)) for name, value in values.items()]
    answers = [
        await client.http.get(path, params=values),
        await client.http.post(path, data=values),
        await client.http.post(path, json=values),
        await client.http.post(path, files=parts),
    ]
    assert [answer.json()["result"]["text"] for answer in answers] == ["chào"] * 4


async def test_commands_are_kept_by_scope_and_language(client: Client, bot: Bot) -> None:
    await bot.set_my_commands([("help", "Trợ giúp")])
    await bot.set_my_commands([("help", "Help")], language_code="en")
    assert (await bot.get_my_commands(language_code="en"))[0].description == "Help"
    english = await client.http.get("/playground/commands", params={"user": 1003})
    vietnamese = await client.http.get("/playground/commands", params={"user": 1001})
    assert english.json() == [{"command": "help", "description": "Help"}]
    assert vietnamese.json() == [{"command": "help", "description": "Trợ giúp"}]
    await bot.delete_my_commands(language_code="en")
    assert await bot.get_my_commands(language_code="en") == ()
    with pytest.raises(BadRequest, match="Bot_command_invalid"):
        await bot.set_my_commands([("Trợ", "x")])


async def test_descriptions_are_kept_by_language(bot: Bot) -> None:
    await bot.set_my_description("Hỏi tin")
    await bot.set_my_short_description("Ask", language_code="en")
    assert (await bot.get_my_description(language_code="en")).description == "Hỏi tin"
    assert (await bot.get_my_short_description("en")).short_description == "Ask"
    assert (await bot.get_my_name()).name == "Hỏi Báo"


async def test_chats_and_members_are_described(bot: Bot) -> None:
    chat = await bot.get_chat(GROUP)
    assert chat.title == "Phòng Tin tức"
    assert (await bot.get_chat(1001)).first_name == "Lan"
    assert await bot.get_chat_member_count(GROUP) == 4
    assert (await bot.get_chat_member(GROUP, 1001)).status == "creator"
    assert (await bot.get_chat_member(GROUP, bot.id)).status == "member"
    assert [m.user.first_name for m in await bot.get_chat_administrators(GROUP)] == ["Lan"]
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.get_chat(404)


async def test_chat_actions_are_checked(client: Client, bot: Bot) -> None:
    assert await bot.send_chat_action(1001, "typing")
    refusal = await client.refused("sendChatAction", chat_id=1001, action="dancing")
    assert refusal == "Bad Request: wrong parameter action in request"


async def test_a_blocked_bot_is_forbidden_until_the_person_writes_again(
    client: Client, bot: Bot
) -> None:
    await client.post("/membership", user=LAN, status="kicked")
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(1001, "x")
    await client.write("/start")
    assert await bot.send_message(1001, "x")
    kinds = [next(k for k in update if k != "update_id") for update in await client.updates()]
    assert kinds == ["my_chat_member", "my_chat_member", "message"]


async def test_a_bot_that_left_a_group_is_no_member(client: Client, bot: Bot) -> None:
    assert await bot.leave_chat(GROUP)
    refusal = await client.refused("sendMessage", chat_id=GROUP, text="x")
    assert refusal == "Forbidden: bot is not a member of the supergroup chat"


async def test_a_whole_application_runs_on_it_and_stops_at_once() -> None:
    playground = Playground()
    async with AsyncExitStack() as serving:
        client = await serving.enter_async_context(serve_playground(playground))
        async with echo_bot(playground, client.address):
            await client.write("ai dự hội nghị?")
            answers = await until(lambda: answered(client))
            assert "<blockquote>" in answers[0]["html"]
            assert [b["data"] for row in answers[0]["buttons"] for b in row] == [
                "context",
                "more",
                "only",
            ]
            await client.write("", sticker=True)
            await until(lambda: answered(client, "Tôi chỉ đọc được chữ."))
        poll = asyncio.create_task(client.call("getUpdates", timeout=50, offset=-1))
        events = asyncio.create_task(client.http.get("/playground/events"))
        before = client.playground.updates.polls
        await until(lambda: polled(client, before))
        async with asyncio.timeout(PATIENCE_SECONDS):
            await serving.aclose()
    await asyncio.gather(poll, events, return_exceptions=True)


async def answered(client: Client, text: str = "") -> list[dict[str, Any]]:
    messages = await client.messages()
    return [m for m in messages if m["from"] == "Hỏi Báo" and text in m["text"]]
