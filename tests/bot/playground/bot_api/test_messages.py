"""Messages of the embedded Bot API: sent, edited, deleted, replied to, refused."""

import json
from typing import Any

import pytest
from telegram import Bot, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest

from tests.support.playground import Client, keyboard

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)
LONG = "ă" * 4097
BROKEN_BUTTON = {"inline_keyboard": [[{"text": "a", "callback_data": "\ud800"}]]}


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
        {"reply_markup": {"inline_keyboard": [[{"text": "a", "copy_text": {"text": "x" * 257}}]]}},
        "Bad Request: BUTTON_COPY_TEXT_INVALID",
    ),
    (
        {
            "reply_markup": {
                "inline_keyboard": [[{"text": "a", "switch_inline_query_chosen_chat": {}}]]
            }
        },
        "Bad Request: at least one chat type must be allowed",
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
