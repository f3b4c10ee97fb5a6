import json
from typing import Any

import pytest

from tests.support.playground import ANNA, CHANNEL, GROUP, LAN, Client

FORCED = {"force_reply": True, "input_field_placeholder": "Từ khóa"}


async def test_a_forced_reply_is_kept_for_people_and_not_given_back(client: Client) -> None:
    sent = await client.result("sendMessage", chat_id=1001, text="?", reply_markup=FORCED)
    assert "reply_markup" not in sent
    (seen,) = await client.messages()
    assert seen["force_reply"] == {"placeholder": "Từ khóa", "from": None}
    await client.result(
        "sendMessage", chat_id=1001, text="?", reply_markup=json.dumps({"force_reply": True})
    )
    assert (await client.messages())[1]["force_reply"] == {"placeholder": "", "from": None}


async def test_a_selective_reply_is_for_who_is_mentioned_or_answered(client: Client) -> None:
    question = await client.write("/ask x", user=ANNA, chat=GROUP)
    await client.result(
        "sendMessage",
        chat_id=GROUP,
        text="@minh_playground và @ai_do?",
        reply_to_message_id=question,
        reply_markup=FORCED | {"selective": True},
    )
    assert (await client.messages(GROUP))[-1]["force_reply"]["from"] == [1002, 1003]


async def test_a_message_that_forces_a_reply_cannot_be_edited(client: Client) -> None:
    sent = await client.result("sendMessage", chat_id=1001, text="?", reply_markup=FORCED)
    place = {"chat_id": 1001, "message_id": sent["message_id"]}
    refusal = await client.refused("editMessageText", **place, text="!")
    assert refusal == "Bad Request: message can't be edited"


@pytest.mark.parametrize("markup", [FORCED, {"keyboard": [["a"]]}, {"remove_keyboard": True}])
async def test_an_edit_and_a_channel_take_inline_keyboards_only(
    client: Client, markup: dict[str, Any]
) -> None:
    sent = await client.result("sendMessage", chat_id=1001, text="x")
    place = {"chat_id": 1001, "message_id": sent["message_id"], "text": "y"}
    await client.post("/membership", user=LAN, chat=CHANNEL, status="administrator")
    for method, call in (
        ("editMessageText", place),
        ("editMessageReplyMarkup", place),
        ("sendMessage", {"chat_id": CHANNEL, "text": "x"}),
    ):
        refusal = await client.refused(method, **call, reply_markup=markup)
        assert refusal == "Bad Request: inline keyboard expected"


async def test_a_message_without_sound_is_known(client: Client) -> None:
    for quiet in (True, False):
        await client.result("sendMessage", chat_id=1001, text="x", disable_notification=quiet)
    assert [message["silent"] for message in await client.messages()] == [True, False]
