"""Bot API methods that send, edit and delete messages, with Telegram's checks, and getFile."""

from dataclasses import replace
from functools import partial

from pydantic import TypeAdapter, ValidationError

from bot.playground.bot_api.chats import chat_of, check_is_in, check_may_write, topic_of
from bot.playground.bot_api.html_parser import TYPES, parse_html
from bot.playground.bot_api.keyboards import check_inline, read_force_reply, read_keyboard
from bot.playground.bot_api.parameters import Handler, Parameters
from bot.playground.errors import Json, bad_request
from bot.playground.world.entities import (
    Entity,
    add_detected,
    clean,
    normalize_url,
    trim,
    utf16_length,
)
from bot.playground.world.limits import Throttle
from bot.playground.world.shapes import document_json, message_json
from bot.playground.world.state import BOT, DOCUMENT, INLINE, Chat, Message, Thread, World

LONGEST_TEXT = 4096  # Telegram: UTF-16 units of a message, after its entities are parsed
LONGEST_CAPTION = 1024  # Telegram: UTF-16 units of a caption
FOLDER = "documents"  # of the paths of files
STYLES = frozenset({*TYPES.values(), "expandable_blockquote"})
ENTITIES: TypeAdapter[tuple[Entity, ...]] = TypeAdapter(tuple[Entity, ...])


def read_draft(
    parameters: Parameters, *, text_name: str = "text", only_inline: bool = False
) -> Message:
    """Read a message from a call: parsed, trimmed and checked, but in no chat yet.

    Args:
        parameters: The parameters of the call.
        text_name: The name of the text; a "caption" is shorter and may be empty.
        only_inline: Refuse other reply markup than an inline keyboard.

    Raises:
        ApiError: Telegram would refuse the message.
    """
    is_caption = text_name == "caption"
    text, entities = _parse_text(parameters, clean(parameters.text(text_name)))
    text, entities = trim(text, entities)
    if not text and not is_caption:
        raise bad_request("message text is empty")
    if utf16_length(text) > (LONGEST_CAPTION if is_caption else LONGEST_TEXT):
        raise bad_request(f"message{' caption' if is_caption else ''} is too long")
    markup = _markup(parameters)
    return Message(
        sender=BOT,
        text=text,
        entities=add_detected(text, entities),
        preview=_preview(parameters),
        keyboard=read_keyboard(markup, only_inline=only_inline),
        force_reply=read_force_reply(markup),
    )


def _parse_text(parameters: Parameters, text: str) -> tuple[str, tuple[Entity, ...]]:
    mode = parameters.text("parse_mode").lower()
    if mode == "html":
        return parse_html(text)
    if mode:
        raise bad_request("unsupported parse_mode")
    return text, _given_entities(parameters.json("entities", what="message entities"))


def _given_entities(given: object) -> tuple[Entity, ...]:
    try:
        entities = ENTITIES.validate_python(given or ())
    except ValidationError:
        raise bad_request("can't parse entities: expected an Array of MessageEntity") from None
    return tuple(
        replace(entity, url=normalize_url(entity.url or ""))
        for entity in entities
        if entity.type in STYLES and entity.offset >= 0
    )


def _preview(parameters: Parameters) -> Json | None:
    options = parameters.json("link_preview_options", what="link preview options")
    if options is None and parameters.flag("disable_web_page_preview"):
        return {"is_disabled": True}
    return options if isinstance(options, dict) else None


def _markup(parameters: Parameters) -> object:
    return parameters.json("reply_markup", what="reply keyboard markup")


class MessageMethods:
    """Methods that send, edit and delete messages and files, and getFile.

    Args:
        world: The state with the messages.
        throttle: The rate limiter.
    """

    def __init__(self, world: World, throttle: Throttle) -> None:
        self._world = world
        self._throttle = throttle

    def handlers(self) -> dict[str, Handler]:
        """Return the methods by name."""
        return {
            "sendMessage": self._send,
            "sendDocument": partial(self._send_file, "document"),
            "sendPhoto": partial(self._send_file, "photo"),
            "editMessageText": self._edit_text,
            "editMessageReplyMarkup": self._edit_markup,
            "deleteMessage": self._delete,
            "getFile": self._get_file,
        }

    def _send(self, parameters: Parameters) -> object:
        return self._put_new(parameters, read_draft(parameters))

    def _send_file(self, kind: str, parameters: Parameters) -> object:
        file = parameters.file(kind)
        if file is None:
            raise bad_request(f"there is no {kind} in the request")
        draft = read_draft(parameters, text_name="caption")
        return self._put_new(parameters, replace(draft, kind=kind, file=file))

    def _put_new(self, parameters: Parameters, draft: Message) -> object:
        chat = chat_of(self._world, parameters)
        check_may_write(chat)
        if chat.type == "channel":
            check_inline(_markup(parameters))
        reply_to, thread = self._place(parameters, chat)
        self._throttle.admit(chat.id, is_paid=parameters.flag("allow_paid_broadcast"))
        message = replace(
            draft,
            chat=chat.id,
            id=self._world.next_message_id(),
            date=self._world.now(),
            reply_to=reply_to,
            thread=thread,
            silent=parameters.flag("disable_notification"),
        )
        return message_json(self._world, self._world.put_message(message))

    def _place(self, parameters: Parameters, chat: Chat) -> tuple[int | None, Thread]:
        """Find the replied-to message and the thread of a new message."""
        reply_to = self._reply_to(parameters, chat)
        topic = topic_of(self._world, chat, parameters)
        if chat.topic(reply_to) is not None:  # the beginning of a topic is no message to quote
            return None, Thread(topic or reply_to, is_topic=True)
        return reply_to, self._world.thread_of(chat, topic, reply_to)

    def _reply_to(self, parameters: Parameters, chat: Chat) -> int | None:
        reply = parameters.json("reply_parameters", what="reply parameters")
        if not isinstance(reply, dict):
            reply = {
                "message_id": parameters.integer("reply_to_message_id"),
                "allow_sending_without_reply": parameters.flag("allow_sending_without_reply"),
            }
        message_id = Parameters(reply).integer("message_id")
        if not message_id:
            return None
        if self._world.message(chat.id, message_id) or chat.topic(message_id):
            return message_id
        if reply.get("allow_sending_without_reply"):
            return None
        raise bad_request("message to be replied not found")

    def _edit_text(self, parameters: Parameters) -> object:
        draft = read_draft(parameters, only_inline=True)
        message = self._own(parameters)
        changed = replace(
            message,
            text=draft.text,
            entities=draft.entities,
            keyboard=draft.keyboard,
            preview=draft.preview,
        )
        return self._put_changed(message, changed, edited=self._world.now())

    def _edit_markup(self, parameters: Parameters) -> object:
        keyboard = read_keyboard(_markup(parameters), only_inline=True)
        message = self._own(parameters)
        return self._put_changed(
            message, replace(message, keyboard=keyboard), edited=message.edited
        )

    def _own(self, parameters: Parameters) -> Message:
        """Return the bot's own message that a call edits."""
        inline_id = parameters.text("inline_message_id")
        if inline_id:
            message = self._world.find_message(INLINE, inline_id)
            if message is None or message.inline_id is None:
                raise bad_request("MESSAGE_ID_INVALID")
            return message
        chat, message = self._find(parameters)
        check_may_write(chat)
        if message is None:
            raise bad_request("message to edit not found")
        if message.sender.id != self._world.bot.id or message.force_reply is not None:
            raise bad_request("message can't be edited")
        return message

    def _find(self, parameters: Parameters) -> tuple[Chat, Message | None]:
        """Find the chat and the message of a call."""
        chat = chat_of(self._world, parameters)
        message_id = parameters.integer("message_id")
        if not message_id:
            raise bad_request("message identifier is not specified")
        return chat, self._world.message(chat.id, message_id)

    def _put_changed(self, before: Message, after: Message, *, edited: int | None) -> object:
        if after == before:
            raise bad_request(
                "message is not modified: specified new message content and reply markup "
                "are exactly the same as a current content and reply markup of the message"
            )
        self._throttle.admit(before.chat)
        message = self._world.put_message(replace(after, edited=edited))
        return True if message.inline_id else message_json(self._world, message)

    def _delete(self, parameters: Parameters) -> object:
        chat, message = self._find(parameters)
        check_is_in(chat)
        if message is None:
            raise bad_request("message to delete not found")
        is_own = message.sender.id == self._world.bot.id
        if not is_own and chat.type != "private" and chat.bot_status != "administrator":
            raise bad_request("message can't be deleted")
        self._world.delete_message(message)
        return True

    def _get_file(self, parameters: Parameters) -> object:
        file_id = parameters.text("file_id")
        message = self._world.find_message(DOCUMENT, file_id)
        if message is None or message.file is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        shape = document_json(message, message.file)
        del shape["file_name"]
        return shape | {"file_path": f"{FOLDER}/{file_id}"}
