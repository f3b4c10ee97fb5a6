from typing import Any

import pytest
from telegram import Bot
from telegram.error import BadRequest, Forbidden

from tests.support.playground import ANNA, CHANNEL, GROUP, LAN, Client

NAME = "@bantin_songthuong"
FRESH = -1_000_000_000_060
NOT_A_MEMBER = "Forbidden: bot is not a member of the channel chat"
MEMBER_LIST = "Bad Request: member list is inaccessible"


async def admit(client: Client, status: str = "administrator", chat: int = CHANNEL) -> None:
    await client.post("/membership", user=LAN, chat=chat, status=status)


async def test_the_bot_posts_once_it_is_an_administrator(client: Client) -> None:
    post = {"chat_id": CHANNEL, "text": "tin"}
    assert await client.refused("sendMessage", **post) == NOT_A_MEMBER
    await admit(client, "member")
    refusal = await client.refused("sendMessage", **post)
    assert refusal == "Bad Request: need administrator rights in the channel chat"
    await admit(client)
    sent = await client.result("sendMessage", **post)
    channel = {
        "id": CHANNEL,
        "title": "Bản tin Sông Thương",
        "type": "channel",
        "username": "bantin_songthuong",
    }
    assert (sent["chat"], sent["sender_chat"]) == (channel, channel)
    assert "from" not in sent
    await admit(client, "kicked")
    refusal = await client.refused("sendMessage", **post)
    assert refusal == "Forbidden: bot was kicked from the channel chat"


async def test_the_bot_is_told_of_its_place_in_a_channel(client: Client) -> None:
    await admit(client)
    await admit(client, "left")
    first, second = (update["my_chat_member"] for update in await client.updates())
    assert first["chat"]["type"] == "channel"
    assert first["from"]["first_name"] == "Lan"
    assert first["old_chat_member"]["status"] == "left"
    rights = first["new_chat_member"]
    assert rights["status"] == "administrator"
    assert rights["can_post_messages"] is True
    assert "can_manage_topics" not in rights
    assert second["new_chat_member"]["status"] == "left"


async def test_a_channel_is_called_by_its_name(client: Client, bot: Bot) -> None:
    await admit(client)
    for name in (NAME, NAME.upper()):
        assert (await bot.send_message(name, "tin")).chat.id == CHANNEL
    assert (await bot.get_chat(NAME)).title == "Bản tin Sông Thương"
    await client.post("/faults", method="sendMessage", chat=CHANNEL, error=500)
    assert await client.refused("sendMessage", chat_id=NAME, text="x") == "Internal Server Error"
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message("@lan_playground", "a person is not called so")


async def test_posts_of_people_are_the_channels_own(client: Client, bot: Bot) -> None:
    await client.write("trước", chat=CHANNEL)
    assert await client.updates() == []
    await admit(client, "member")
    await client.write("/ask người thường", chat=CHANNEL)
    await admit(client)
    post = await client.write("tin mới", chat=CHANNEL)
    await client.write("tin mới hơn", chat=CHANNEL, edit=post)
    _, _, posted, edited = await bot.get_updates()
    assert posted.channel_post is not None
    assert (posted.effective_user, posted.channel_post.text) == (None, "tin mới")
    assert posted.channel_post.sender_chat is not None
    assert posted.channel_post.sender_chat.id == CHANNEL
    assert edited.edited_channel_post is not None
    seen = [(each["from"], each["text"]) for each in await client.messages(CHANNEL)]
    name = "Bản tin Sông Thương"
    assert seen == [(name, "trước"), (name, "/ask người thường"), (name, "tin mới hơn")]


async def test_subscribers_read_press_and_do_not_post(client: Client) -> None:
    body = {"user": ANNA, "chat": CHANNEL, "text": "tôi cũng đăng"}
    response = await client.http.post("/playground/messages", json=body)
    assert response.json() == {"error": f"Anna is no administrator of channel {CHANNEL}"}
    await admit(client)
    buttons = {"inline_keyboard": [[{"text": "nút", "callback_data": "a"}]]}
    sent = await client.result("sendMessage", chat_id=CHANNEL, text="x", reply_markup=buttons)
    press = {"chat": CHANNEL, "message_id": sent["message_id"], "data": "a", "wait": 0}
    await client.post("/buttons", user=ANNA, **press)
    (update,) = await client.updates(allowed_updates=["callback_query"], offset=-1)
    query = update["callback_query"]
    assert query["from"]["first_name"] == "Anna"
    assert query["message"]["sender_chat"]["id"] == CHANNEL
    await client.post("/membership", user=LAN, chat=CHANNEL, member=1003, status="administrator")
    await client.post("/messages", **body)


async def test_members_of_a_channel_are_known_to_its_administrators(
    client: Client, bot: Bot
) -> None:
    assert (await bot.get_chat_member(NAME, bot.id)).status == "left"
    assert await bot.get_chat_member_count(NAME) == 3
    assert await client.refused("getChatMember", chat_id=NAME, user_id=1001) == MEMBER_LIST
    assert await client.refused("getChatAdministrators", chat_id=NAME) == MEMBER_LIST
    await admit(client)
    assert (await bot.get_chat_member(NAME, 1001)).status == "creator"
    assert (await bot.get_chat_member(NAME, 1003)).status == "member"
    names = [member.user.first_name for member in await bot.get_chat_administrators(NAME)]
    assert names == ["Lan", "Hỏi Báo"]


async def test_a_channel_without_a_name_is_closed_to_who_is_not_in_it(
    client: Client, bot: Bot
) -> None:
    await client.post("/chats", id=FRESH, title="Kín", type="channel")
    for method in ("getChat", "getChatMemberCount", "getChatAdministrators"):
        assert await client.refused(method, chat_id=FRESH) == NOT_A_MEMBER
    await admit(client, chat=FRESH)
    assert (await bot.get_chat(FRESH)).title == "Kín"


async def test_who_comes_first_to_a_channel_owns_it(client: Client, bot: Bot) -> None:
    await client.post("/chats", id=FRESH, title="Mới", type="channel", username="kenh_moi")
    await client.write("tin đầu", user=ANNA, chat=FRESH)
    await client.post("/membership", user=ANNA, chat=FRESH, status="administrator")
    assert (await bot.get_chat_member("@kenh_moi", 1003)).status == "creator"
    response = await client.http.post(
        "/playground/messages", json={"user": LAN, "chat": FRESH, "text": "x"}
    )
    assert response.status_code == 400


async def test_who_admits_the_bot_to_an_empty_channel_owns_it(client: Client, bot: Bot) -> None:
    await client.post("/chats", id=FRESH, title="Mới", type="channel")
    await admit(client, chat=FRESH)
    assert (await bot.get_chat_member(FRESH, 1001)).status == "creator"


async def test_a_bot_leaves_a_channel_and_may_delete_nothing_there(
    client: Client, bot: Bot
) -> None:
    await admit(client)
    sent = await bot.send_message(CHANNEL, "x")
    await bot.leave_chat(CHANNEL)
    with pytest.raises(Forbidden, match="bot is not a member of the channel chat"):
        await sent.delete()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"username": "bantin_songthuong"}, f"username: {NAME} is that of chat {CHANNEL}"),
        ({"username": "tên"}, "username: "),
        ({"type": "group", "username": "nhom_nho"}, "only a supergroup or channel has a username"),
    ],
)
async def test_a_name_that_cannot_be_is_explained(
    client: Client, body: dict[str, Any], message: str
) -> None:
    chat = {"id": FRESH, "title": "x", "type": "channel"} | body
    response = await client.http.post("/playground/chats", json=chat)
    assert response.status_code == 400
    assert message in response.json()["error"]


async def test_a_name_that_is_given_up_is_free(client: Client) -> None:
    for name in ("ten_cu", "ten_moi"):
        await client.post("/chats", id=FRESH, title="x", username=name)
    await client.result("sendMessage", chat_id="@ten_moi", text="x")
    assert await client.refused("getChat", chat_id="@ten_cu") == "Bad Request: chat not found"
    await client.post("/chats", id=GROUP, title="x", username="ten_cu")
