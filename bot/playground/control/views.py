"""JSON of messages, users and chats in the control API and on the chat page."""

from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.playground.control.safe_html import SCHEMES, safe_html
from bot.playground.errors import Json
from bot.playground.world.entities import normalize_url, spans
from bot.playground.world.state import Chat, Message, User, World

TIME_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
BUTTON_NAMES = {  # of the Bot API, and here
    "text": "text",
    "callback_data": "data",
    "url": "url",
    "switch_inline_query": "switch_inline_query",
    "switch_inline_query_current_chat": "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat": "switch_inline_query_chosen_chat",
    "copy_text": "copy_text",
}


def message_view(world: World, message: Message) -> Json:
    """Make the JSON of a message in the control API; its keys are a contract."""
    chat = world.chats[message.chat]
    return {
        "message_id": message.id,
        "from": chat.title if chat.type == "channel" else message.sender.name,
        "text": message.text,
        "html": safe_html(message.text, message.entities),
        "reply_to": message.reply_to,
        "buttons": _buttons(message.keyboard),
        "date": datetime.fromtimestamp(message.date, TIME_ZONE).isoformat(),
        "edited": message.edited is not None,
        "topic": message.thread.topic,
        "silent": message.silent,
        "force_reply": _force_reply(world, message),
        "document": message.file.name if message.file and message.kind == "document" else None,
    }


def page_view(world: World, message: Message) -> Json:
    """Make the JSON of a message on the chat page: that of the control API, with its chat."""
    is_post = world.chats[message.chat].type == "channel"
    return message_view(world, message) | {
        "chat": message.chat,
        "sender": message.chat if is_post else message.sender.id,
        "kind": message.kind,
        "picture": message.kind == "photo" and message.file is not None,
        "via": message.inline_id is not None,
        "preview": _link_preview(message),
    }


def user_view(user: User) -> Json:
    """Make the JSON of a user on the chat page."""
    return {"id": user.id, "name": user.name, "language": user.language or "vi"}


def chat_view(world: World, chat: Chat) -> Json:
    """Make the JSON of a chat on the chat page."""
    return {
        "id": chat.id,
        "type": chat.type,
        "title": chat.title,
        "username": chat.username,
        "members": world.members(chat.id),
        "administrators": world.administrators(chat.id),
        "bot_status": chat.bot_status,
        "migrated_to": chat.migrated_to,
        "is_forum": chat.is_forum,
        "topics": [{"id": topic.id, "name": topic.name} for topic in chat.topics],
    }


def world_view(world: World, most_messages: int) -> Json:
    """Make the JSON that a chat page starts from."""
    return {
        "bot": user_view(world.bot) | {"username": world.bot.username},
        "descriptions": world.descriptions,
        "people": [user_view(user) for user in world.users.values() if not user.is_bot],
        "chats": [chat_view(world, chat) for chat in world.chats.values()],
        "messages": [
            page_view(world, message)
            for chat in world.chats
            for message in world.messages_after(chat, 0)[-most_messages:]
        ],
    }


def _force_reply(world: World, message: Message) -> Json | None:
    """Make the JSON of a forced reply; `from` is the addressed members, None for all."""
    wish = message.force_reply
    if wish is None:
        return None
    addressees = _addressees(world, message) if wish.selective else None
    return {"placeholder": wish.placeholder, "from": addressees}


def _addressees(world: World, message: Message) -> list[int]:
    """Find the members that a selective reply addresses: mentioned ones and the author."""
    marked = spans(message.text, message.entities)
    names = {words[1:].lower() for entity, words in marked if entity.type == "mention"}
    original = world.message(message.chat, message.reply_to)
    return [
        member
        for member in world.members(message.chat)
        if (world.users[member].username or "").lower() in names
        or (original is not None and original.sender.id == member)
    ]


def _link_preview(message: Message) -> Json | None:
    """Make the JSON of the link preview that the bot asks for; no page is fetched for it."""
    options = message.preview
    if options is None or options.get("is_disabled"):
        return None
    linked = spans(message.text, message.entities)
    titles = {entity.url.partition("#")[0]: words for entity, words in linked if entity.url}
    url = normalize_url(str(options.get("url") or next(iter(titles), "")))
    if url is None or not url.lower().startswith(SCHEMES):
        return None
    title = titles.get(url.partition("#")[0], url)
    return {"url": url, "site": urlsplit(url).hostname, "title": title}


def _buttons(keyboard: Json | None) -> list[list[Json]]:
    rows = keyboard["inline_keyboard"] if keyboard else []
    return [[_button(button) for button in row] for row in rows]


def _button(button: Json) -> Json:
    return {BUTTON_NAMES[name]: value for name, value in button.items() if name in BUTTON_NAMES}
