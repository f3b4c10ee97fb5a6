"""Failures of the Bot API that a test orders."""

import httpx
import pytest
from telegram import Bot
from telegram.error import ChatMigrated, RetryAfter

from tests.support.playground import Client
from tests.support.waiting import PATIENCE_SECONDS


@pytest.mark.parametrize(
    ("error", "status", "description"),
    [
        (403, 403, "Forbidden: bot was blocked by the user"),
        (500, 500, "Internal Server Error"),
        ("chat not found", 400, "Bad Request: chat not found"),
        ("user is deactivated", 403, "Forbidden: user is deactivated"),
    ],
)
async def test_a_fault_fails_the_calls_that_it_was_ordered_for(
    client: Client, error: int | str, status: int, description: str
) -> None:
    await client.post("/faults", method="sendMessage", chat=1001, error=error, times=2)
    await client.result("sendMessage", chat_id=1002, text="x")
    for _ in range(2):
        answer = await client.call("sendMessage", chat_id=1001, text="x")
        assert (answer["error_code"], answer["description"]) == (status, description)
    await client.result("sendMessage", chat_id=1001, text="x")


async def test_a_fault_says_when_to_retry_and_where_a_group_went(
    client: Client, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # without it RetryAfter warns of its own future
    await client.post("/faults", method="sendMessage", error=429, retry_after=7, times=1)
    with pytest.raises(RetryAfter, match="7"):
        await bot.send_message(1001, "x")
    await client.post("/chats", id=-55, title="Nhóm nhỏ", type="group")
    await client.post("/faults", method="sendMessage", error="migrate_to_chat_id", times=1)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(-55, "x")
    assert (await bot.send_message(moved.value.new_chat_id, "x")).chat.title == "Nhóm nhỏ"
    with pytest.raises(ChatMigrated):
        await bot.send_message(-55, "x")


async def test_a_call_can_break_off_before_or_after_it_is_carried_out(client: Client) -> None:
    for error in ("disconnect", "reply lost"):
        await client.post("/faults", method="sendMessage", error=error)
        with pytest.raises(httpx.RemoteProtocolError):
            await client.call("sendMessage", chat_id=1001, text=error)
    assert [message["text"] for message in await client.messages()] == ["reply lost"]


async def test_a_call_can_stay_without_an_answer(client: Client) -> None:
    await client.post("/faults", method="sendMessage", error="timeout")
    path = f"/bot{client.playground.token}/sendMessage"
    no_answer = httpx.Timeout(PATIENCE_SECONDS, read=0.05)
    with pytest.raises(httpx.ReadTimeout):
        await client.http.post(path, json={"chat_id": 1001, "text": "x"}, timeout=no_answer)
    assert await client.messages() == []
