from typing import Any

import pytest
from telegram import Bot, ChatMemberAdministrator

from tests.support.playground import ANNA, GROUP, LAN, Client

MINH = 1002
NEWCOMER = {"id": 7, "name": "Hoa", "language": "vi"}


async def statuses(bot: Bot, chat: int = GROUP) -> dict[str, str]:
    found = await bot.get_chat_administrators(chat)
    return {member.user.first_name: str(member.status) for member in found}


async def change(client: Client, member: int, status: str, chat: int = GROUP) -> None:
    await client.post("/membership", user=LAN, chat=chat, member=member, status=status)


async def test_who_comes_first_to_a_group_is_its_creator(client: Client, bot: Bot) -> None:
    await client.post("/chats", id=-70, title="Mới", type="group")
    await client.write("/ask x", user=ANNA, chat=-70)
    await client.write("/ask x", user=LAN, chat=-70)
    assert await statuses(bot, -70) == {"Anna": "creator"}
    await client.write("/ask x", user=NEWCOMER, chat=GROUP)
    assert await statuses(bot) == {"Lan": "creator"}


async def test_a_person_is_promoted_and_demoted(client: Client, bot: Bot) -> None:
    await change(client, MINH, "administrator")
    assert await statuses(bot) == {"Lan": "creator", "Minh": "administrator"}
    member = await bot.get_chat_member(GROUP, MINH)
    assert isinstance(member, ChatMemberAdministrator)
    assert (member.can_pin_messages, member.can_post_messages) == (True, None)
    await change(client, MINH, "member")
    assert await statuses(bot) == {"Lan": "creator"}
    await client.post("/membership", user=LAN, chat=GROUP, status="administrator")
    assert await statuses(bot) == {"Lan": "creator", "Hỏi Báo": "administrator"}


async def test_a_group_that_changes_hands_has_one_creator(client: Client, bot: Bot) -> None:
    await change(client, MINH, "creator")
    assert await statuses(bot) == {"Lan": "administrator", "Minh": "creator"}


async def test_who_left_may_come_back_and_who_was_removed_may_not(client: Client, bot: Bot) -> None:
    await change(client, 1003, "left")
    assert (await bot.get_chat_member(GROUP, 1003)).status == "left"
    assert await bot.get_chat_member_count(GROUP) == 3
    await client.write("/ask x", user=ANNA, chat=GROUP)
    assert (await bot.get_chat_member(GROUP, 1003)).status == "member"
    await change(client, 1003, "kicked")
    assert (await bot.get_chat_member(GROUP, 1003)).status == "kicked"
    assert await bot.get_chat_member_count(GROUP) == 3
    body = {"user": ANNA, "chat": GROUP, "text": "/ask x"}
    response = await client.http.post("/playground/messages", json=body)
    assert response.json() == {"error": f"Anna was removed from chat {GROUP}"}


async def test_statuses_move_with_a_group_that_becomes_a_supergroup(
    client: Client, bot: Bot
) -> None:
    await client.post("/chats", id=-70, title="Mới", type="group")
    await client.write("/ask x", user=ANNA, chat=-70)
    await client.write("/ask x", user=LAN, chat=-70)
    await change(client, 1001, "administrator", chat=-70)
    await client.post("/faults", method="getChat", error="migrate_to_chat_id")
    answer = await client.call("getChat", chat_id=-70)
    new = answer["parameters"]["migrate_to_chat_id"]
    assert await statuses(bot, new) == {"Lan": "administrator", "Anna": "creator"}


async def test_an_administrator_bot_is_told_of_others_if_it_asks(client: Client) -> None:
    wanted = ["chat_member", "my_chat_member"]
    await client.updates(allowed_updates=wanted)
    await change(client, MINH, "administrator")
    await client.post("/membership", user=LAN, chat=GROUP, status="administrator")
    await change(client, MINH, "member")
    mine, theirs = await client.updates()
    assert changed(mine["my_chat_member"]) == (7_000_000_001, "member", "administrator")
    assert changed(theirs["chat_member"]) == (MINH, "administrator", "member")
    assert theirs["chat_member"]["from"]["first_name"] == "Lan"


def changed(update: dict[str, Any]) -> tuple[int, str, str]:
    old, new = update["old_chat_member"], update["new_chat_member"]
    return new["user"]["id"], old["status"], new["status"]


async def test_what_changes_nothing_is_no_update(client: Client) -> None:
    await client.updates(allowed_updates=["chat_member", "my_chat_member"])
    await client.post("/membership", user=LAN, chat=GROUP, status="member")
    await client.post("/membership", user=LAN, chat=GROUP, status="administrator")
    await change(client, MINH, "member")
    await change(client, 7_000_000_001, "left")
    first, second = (update["my_chat_member"] for update in await client.updates())
    assert changed(first)[1:] == ("member", "administrator")
    assert changed(second)[1:] == ("administrator", "left")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"chat": GROUP, "member": 5, "status": "member"}, "member: user 5 is unknown"),
        ({"chat": GROUP, "member": 1003, "status": "king"}, "status must be one of creator, "),
        ({"chat": GROUP, "status": "creator"}, "status must be one of member, "),
        ({"member": 1003, "status": "member"}, "member: a private chat has no members to set"),
    ],
)
async def test_a_change_that_cannot_be_is_explained(
    client: Client, body: dict[str, Any], message: str
) -> None:
    response = await client.http.post("/playground/membership", json={"user": LAN} | body)
    assert response.status_code == 400
    assert message in response.json()["error"]
