import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter

from bot.playground import Limits, Playground
from bot.playground.server import EmbeddedServer
from tests.playground_support import ANNA, GROUP, LAN, Client, echo_bot, served, until

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)
BROKEN_BUTTON = {"inline_keyboard": [[{"text": "a", "callback_data": "\ud800"}]]}
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
TERMINATED = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with served(Playground()) as client:
        yield client


@pytest.fixture
async def bot(client: Client) -> AsyncIterator[Bot]:
    async with Bot(client.playground.token, base_url=f"{address(client)}/bot") as bot:
        yield bot


def address(client: Client) -> str:
    return str(client.http.base_url).rstrip("/")


def keyboard(*data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("nút", callback_data=d) for d in data]])


async def test_the_bot_knows_who_it_is(bot: Bot) -> None:
    assert bot.username == "hoibao_bot"
    assert bot.bot.supports_inline_queries
    assert not bot.can_read_all_group_messages


async def test_a_wrong_token_is_unauthorized(client: Client) -> None:
    response = await client.http.post("/bot1:wrong/getMe")
    assert response.status_code == 401
    assert response.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    with pytest.raises(InvalidToken):
        async with Bot("1:wrong", base_url=f"{address(client)}/bot"):
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


async def test_a_sent_message_comes_back_as_telegram_shapes_it(bot: Bot) -> None:
    message = await bot.send_message(
        1001,
        '<blockquote>Ông <b>Cầu</b> dự.</blockquote>\n<a href="https://a.vn/x">Báo</a>',
        parse_mode=ParseMode.HTML,
        reply_markup=keyboard("a"),
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    assert message.text == "Ông Cầu dự.\nBáo"
    assert [(e.type, e.offset, e.length) for e in message.entities] == [
        ("blockquote", 0, 11),
        ("bold", 4, 3),
        ("text_link", 12, 3),
    ]
    assert message.from_user is not None
    assert message.from_user.is_bot
    assert message.chat.first_name == "Lan"
    assert message.link_preview_options is not None
    assert message.link_preview_options.is_disabled
    assert message.reply_markup == keyboard("a")


LONG = "ă" * 4097
SEND_REFUSALS: list[tuple[dict[str, Any], str]] = [
    ({"chat_id": 404}, "Bad Request: chat not found"),
    ({"chat_id": "@nobody"}, "Bad Request: chat not found"),
    ({"chat_id": ""}, "Bad Request: chat_id is empty"),
    ({"text": ""}, "Bad Request: message text is empty"),
    ({"text": " \n "}, "Bad Request: message text is empty"),
    ({"text": LONG}, "Bad Request: message is too long"),
    ({"text": "😀" * 2049}, "Bad Request: message is too long"),
    ({"text": "x", "parse_mode": "Wiki"}, "Bad Request: unsupported parse_mode"),
    (
        {"text": "<foo>", "parse_mode": "HTML"},
        'Bad Request: can\'t parse entities: Unsupported start tag "foo" at byte offset 0',
    ),
    (
        {"text": "<b>a", "parse_mode": "HTML"},
        "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    (
        {"reply_parameters": {"message_id": 5}},
        "Bad Request: message to be replied not found",
    ),
    (
        {"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "x" * 65}]]}},
        "Bad Request: BUTTON_DATA_INVALID",
    ),
    (
        {"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": ""}]]}},
        "Bad Request: BUTTON_DATA_INVALID",
    ),
    (
        {"reply_markup": {"inline_keyboard": [[{"text": "a"}]]}},
        "Bad Request: can't parse inline keyboard button: "
        "Text buttons are unallowed in the inline keyboard",
    ),
    (
        {"reply_markup": {"inline_keyboard": [[{"text": "a", "url": "http://localhost/"}]]}},
        "Bad Request: inline keyboard button URL 'http://localhost/' is invalid: Wrong HTTP URL",
    ),
    ({"reply_markup": "{"}, "Bad Request: can't parse reply keyboard markup JSON object"),
    (
        {"reply_markup": {"force_reply": True, "input_field_placeholder": "x" * 65}},
        "Bad Request: REPLY_MARKUP_INVALID",
    ),
]


@pytest.mark.parametrize(("parameters", "description"), SEND_REFUSALS)
async def test_send_message_refuses_in_telegrams_words(
    client: Client, parameters: dict[str, Any], description: str
) -> None:
    body = {"chat_id": 1001, "text": "x"} | parameters
    assert await client.refused("sendMessage", **body) == description


async def test_half_a_character_is_refused(client: Client) -> None:
    response = await client.http.post(
        f"/bot{client.playground.token}/sendMessage",
        content=b'{"chat_id": 1001, "text": "a\\ud800"}',
        headers={"Content-Type": "application/json"},
    )
    assert response.json()["description"] == "Bad Request: strings must be encoded in UTF-8"


async def test_the_length_of_a_message_is_counted_after_its_entities_are_parsed(bot: Bot) -> None:
    text = "<b>" + "ă" * 4096 + "</b>"
    message = await bot.send_message(1001, text, parse_mode=ParseMode.HTML)
    assert message.text == "ă" * 4096


async def test_a_reply_carries_the_message_that_it_answers_one_level_deep(
    client: Client, bot: Bot
) -> None:
    first = await bot.send_message(
        1001, "<b>một</b>", parse_mode=ParseMode.HTML, reply_markup=keyboard("x")
    )
    second = await client.write("hai", reply_to=first.message_id)
    third = await bot.send_message(1001, "ba", reply_parameters=ReplyParameters(second))
    assert third.reply_to_message is not None
    assert third.reply_to_message.text == "hai"
    assert third.reply_to_message.reply_to_message is None
    (update,) = await bot.get_updates()
    assert update.message is not None
    original = update.message.reply_to_message
    assert original is not None
    assert original.reply_markup == keyboard("x")
    assert [e.type for e in original.entities] == ["bold"]


async def test_a_reply_to_nothing_may_be_allowed(bot: Bot) -> None:
    reply = ReplyParameters(99, allow_sending_without_reply=True)
    message = await bot.send_message(1001, "x", reply_parameters=reply)
    assert message.reply_to_message is None


async def test_a_message_is_edited_with_its_keyboard(bot: Bot) -> None:
    sent = await bot.send_message(1001, "một", reply_markup=keyboard("x"))
    edited = await sent.edit_text("hai")
    assert isinstance(edited, Message)
    assert (edited.text, edited.reply_markup) == ("hai", None)
    assert edited.edit_date is not None
    marked = await sent.edit_reply_markup(keyboard("y"))
    assert isinstance(marked, Message)
    assert marked.reply_markup == keyboard("y")


async def test_edits_are_refused_in_telegrams_words(client: Client, bot: Bot) -> None:
    sent = await bot.send_message(1001, "<b>một</b>", parse_mode=ParseMode.HTML)
    theirs = await client.write("của tôi")
    place = {"chat_id": 1001, "message_id": sent.message_id}
    same = await client.refused("editMessageText", **place, text="<b>một</b>", parse_mode="HTML")
    assert same == NOT_MODIFIED
    assert await client.refused("editMessageReplyMarkup", **place) == NOT_MODIFIED
    place["message_id"] = 404
    missing = await client.refused("editMessageText", **place, text="x")
    assert missing == "Bad Request: message to edit not found"
    place["message_id"] = theirs
    foreign = await client.refused("editMessageText", **place, text="x")
    assert foreign == "Bad Request: message can't be edited"
    unnamed = await client.refused("editMessageText", chat_id=1001, text="x")
    assert unnamed == "Bad Request: message identifier is not specified"


async def test_a_message_is_deleted_once(client: Client, bot: Bot) -> None:
    sent = await bot.send_message(1001, "x")
    assert await sent.delete()
    assert await client.messages() == []
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await sent.delete()


async def test_an_offset_confirms_the_updates_before_it(client: Client) -> None:
    for text in ("một", "hai", "ba"):
        await client.write(text)
    first, second, third = await client.updates()
    assert [first["update_id"] + 1, first["update_id"] + 2] == [
        second["update_id"],
        third["update_id"],
    ]
    assert await client.updates(limit=1) == [first]
    assert await client.updates(offset=second["update_id"]) == [second, third]
    assert await client.updates(offset=0) == [second, third]
    assert await client.updates(offset=-1) == [third]
    assert await client.updates(offset=third["update_id"] + 1) == []


async def test_a_long_poll_ends_with_the_first_update(client: Client) -> None:
    poll = asyncio.create_task(client.updates(timeout=30))
    await client.write("chào")
    (update,) = await poll
    assert update["message"]["text"] == "chào"
    assert update["message"]["from"] == {
        "id": 1001,
        "is_bot": False,
        "first_name": "Lan",
        "username": "lan_playground",
        "language_code": "vi",
    }


async def test_a_poll_without_updates_ends_empty(client: Client) -> None:
    assert await client.updates(timeout=0) == []


async def test_only_one_poll_waits_at_a_time(client: Client) -> None:
    first = asyncio.create_task(client.refused("getUpdates", timeout=30))
    await until(lambda: polled(client, 1))
    second = asyncio.create_task(client.updates(timeout=30))
    assert await first == TERMINATED
    await client.write("x")
    assert len(await second) == 1


async def polled(client: Client, times: int) -> bool:
    return client.playground.updates.polls >= times


async def test_only_the_updates_that_are_asked_for_are_kept(client: Client) -> None:
    await client.updates(allowed_updates=["callback_query"])
    await client.write("không nghe")
    await client.post("/buttons", user=LAN, message_id=5, data="x", wait=0)
    (update,) = await client.updates()
    assert "callback_query" in update


async def test_entities_of_a_persons_message_are_marked(client: Client, bot: Bot) -> None:
    await client.write("/ask@hoibao_bot ai? https://a.vn #tin @hoibao_bot")
    (update,) = await bot.get_updates()
    assert update.message is not None
    kinds = [entity.type for entity in update.message.entities]
    assert kinds == ["bot_command", "url", "hashtag", "mention"]


async def test_in_groups_the_bot_hears_only_what_is_meant_for_it(client: Client) -> None:
    group = {"chat": GROUP}
    await client.write("chuyện riêng", **group)
    await client.write("/ask@other_bot ai?", **group)
    await client.write("/ask ai?", **group)
    await client.write("@hoibao_bot ai?", **group)
    sent = await client.result("sendMessage", chat_id=GROUP, text="đây")
    await client.write("còn gì nữa?", reply_to=sent["message_id"], **group)
    heard = [update["message"]["text"] for update in await client.updates()]
    assert heard == ["/ask ai?", "@hoibao_bot ai?", "còn gì nữa?"]
    assert sent["chat"] == {"id": GROUP, "title": "Phòng Tin tức", "type": "supergroup"}


async def test_an_administrator_hears_everything(client: Client) -> None:
    await client.post("/membership", user=1001, chat=GROUP, status="administrator")
    await client.write("chuyện riêng", chat=GROUP)
    change, message = await client.updates()
    assert change["my_chat_member"]["new_chat_member"]["status"] == "administrator"
    assert message["message"]["text"] == "chuyện riêng"


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


async def test_inline_results_are_offered_and_sent(client: Client) -> None:
    async with echo_bot(client.playground, address(client)):
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
    with pytest.raises(httpx.ReadTimeout):
        await client.http.post(path, json={"chat_id": 1001, "text": "x"}, timeout=0.05)
    assert await client.messages() == []


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


async def test_limits_are_enforced_per_chat_per_group_and_over_all() -> None:
    clock = Clock()
    limits = Limits(per_second=30, per_chat_second=1, chat_burst=3, per_group_minute=20)
    async with served(Playground(limits=limits, clock=clock)) as client:

        async def send(chat: int) -> str:
            answer = await client.call("sendMessage", chat_id=chat, text="x")
            return str(answer.get("description", "sent"))

        assert [await send(1001) for _ in range(4)] == [
            *["sent"] * 3,
            "Too Many Requests: retry after 1",
        ]
        clock.now += 1
        assert await send(1001) == "sent"
        sent = []
        for _ in range(21):
            clock.now += 1
            sent.append(await send(GROUP))
        assert sent == [*["sent"] * 20, "Too Many Requests: retry after 40"]
        for number in range(31):
            await client.post("/messages", user={"id": 2000 + number, "name": "N"}, text="x")
        clock.now += 5
        overall = [await send(2000 + number) for number in range(31)]
        assert overall == [*["sent"] * 30, "Too Many Requests: retry after 1"]
        assert client.playground.throttle.refused == 3


async def test_a_query_gets_too_old() -> None:
    clock = Clock()
    async with served(Playground(clock=clock)) as client:
        await client.post("/buttons", user=LAN, message_id=7, data="x", wait=0)
        (update,) = await client.updates()
        clock.now += 120
        query = update["callback_query"]["id"]
        assert await client.refused("answerCallbackQuery", callback_query_id=query) == TOO_OLD


@asynccontextmanager
async def receiver(answer: Callable[[], int]) -> AsyncIterator[tuple[str, list[Request]]]:
    """A server that takes webhook posts and answers with the given statuses."""
    taken: list[Request] = []

    async def take(request: Request) -> Response:
        await request.body()
        taken.append(request)
        return Response(status_code=answer())

    app = Starlette(routes=[Route("/hook", take, methods=["POST"])])
    server = EmbeddedServer(uvicorn.Config(app, port=0, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    await until(lambda: is_started(server))
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/hook", taken
    finally:
        server.should_exit = True
        await serving


async def is_started(server: uvicorn.Server) -> bool:
    return server.started


async def test_a_webhook_gets_each_update_until_it_takes_it(client: Client, bot: Bot) -> None:
    statuses = iter([500, 200])
    async with receiver(lambda: next(statuses)) as (url, taken):
        await bot.set_webhook(url, secret_token="bí-mật".encode().hex())
        with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
            await bot.get_updates()
        await client.write("chào")

        async def delivered() -> bool:
            return (await bot.get_webhook_info()).pending_update_count == 0

        await until(delivered)
        assert len(taken) == 2
        last = taken[-1]
        assert (await last.json())["message"]["text"] == "chào"
        secret = last.headers["X-Telegram-Bot-Api-Secret-Token"]
        assert secret == "bí-mật".encode().hex()
        info = await bot.get_webhook_info()
        assert info.last_error_message is not None
        assert "500" in info.last_error_message
        assert (await client.call("deleteWebhook"))["description"] == "Webhook was deleted"
    assert await bot.get_updates() == ()


async def test_a_webhook_ends_a_poll_and_must_be_https_or_local(client: Client) -> None:
    poll = asyncio.create_task(client.refused("getUpdates", timeout=30))
    await until(lambda: polled(client, 1))
    answer = await client.call("setWebhook", url="http://127.0.0.1:9/hook")
    assert answer["description"] == "Webhook was set"
    assert (await poll).startswith("Conflict: terminated by")
    refusal = await client.refused("setWebhook", url="http://news.vn/hook")
    assert refusal == "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"


async def test_a_whole_application_runs_on_it_and_stops_at_once() -> None:
    playground = Playground()
    async with served(playground) as client:
        async with echo_bot(playground, address(client)):
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
        stopping = time.monotonic()
    assert time.monotonic() - stopping < 3
    await asyncio.gather(poll, events, return_exceptions=True)


async def answered(client: Client, text: str = "") -> list[dict[str, Any]]:
    messages = await client.messages()
    return [m for m in messages if m["from"] == "Hỏi Báo" and text in m["text"]]


@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        '{"chat_id": 1001, "text": "x", "reply_markup": ' + "[" * 100_000,
        json.dumps({"chat_id": 1001, "text": "x", "reply_markup": "[" * 100_000}),
        json.dumps({"chat_id": 1001, "text": "x", "reply_markup": BROKEN_BUTTON}),
        json.dumps({"chat_id": 1001, "text": "x", "reply_markup": json.dumps(BROKEN_BUTTON)}),
    ],
)
async def test_json_that_no_one_can_read_is_refused(client: Client, body: str) -> None:
    path = f"/bot{client.playground.token}/sendMessage"
    headers = {"Content-Type": "application/json"}
    response = await client.http.post(path, content=body, headers=headers)
    assert response.status_code == 400
    assert response.json()["description"].startswith("Bad Request: ")


async def test_documents_are_sent_with_a_caption_and_can_be_downloaded(client: Client) -> None:
    path = f"/bot{client.playground.token}/sendDocument"
    sent = await client.http.post(
        path,
        data={"chat_id": "1001", "caption": "Đây là <b>tệp</b>.", "parse_mode": "HTML"},
        files={"document": ("số liệu.json", b'{"a": 1}')},
    )

    document = sent.json()["result"]["document"]
    assert (document["file_name"], document["file_size"]) == ("số liệu.json", 8)
    (message,) = await client.messages()
    assert (message["document"], message["text"]) == ("số liệu.json", "Đây là tệp.")
    number = message["message_id"]
    file = await client.http.get(f"/playground/chats/1001/messages/{number}/document")
    assert file.content == b'{"a": 1}'
    assert "attachment" in file.headers["content-disposition"]
    assert (await client.refused("sendDocument", chat_id=1001, document="x")).endswith("request")
    missing = await client.http.get("/playground/chats/1001/messages/1/document")
    assert missing.status_code == 400
