"""JSON objects of the Bot API: `User`, `Chat`, `ChatMember`, `Message`, `Document`."""

from bot.playground.errors import Json
from bot.playground.world.state import DOCUMENT, Chat, File, Message, User, World, reference_to

STICKER_PIXELS = 512
PHOTO_PIXELS = 1280
TOPIC_COLOUR = 0x6FB9F0  # Telegram: the first of the colours that a topic's icon may have
GIFTS = (
    "unlimited_gifts limited_gifts unique_gifts premium_subscription gifts_from_channels".split()
)
# Telegram: the sender of messages by anonymous administrators.
ANONYMOUS = User(id=1087968824, name="Group", username="GroupAnonymousBot", is_bot=True)


def user_json(user: User) -> Json:
    """Make a `User`."""
    return _without_none(
        {
            "id": user.id,
            "is_bot": user.is_bot,
            "first_name": user.name,
            "username": user.username,
            "language_code": user.language,
        }
    )


def _without_none(shape: Json) -> Json:
    return {name: value for name, value in shape.items() if value is not None}


def bot_json(bot: User) -> Json:
    """Make the `User` that getMe returns."""
    return user_json(bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def chat_json(world: World, chat: Chat) -> Json:
    """Make a `Chat`."""
    person = world.users[chat.id] if chat.type == "private" else None
    return _without_none(
        {
            "id": chat.id,
            "first_name": person.name if person else None,
            "title": chat.title,
            "username": person.username if person else chat.username,
            "type": chat.type,
            "is_forum": chat.is_forum or None,
        }
    )


def full_chat_json(world: World, chat: Chat) -> Json:
    """Make a `ChatFullInfo`."""
    return chat_json(world, chat) | {
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(GIFTS, False),
    }


def member_json(chat: Chat, user: User, status: str) -> Json:
    """Make a `ChatMember` of a status; administrators have all rights of the chat type."""
    shape: Json = {"user": user_json(user), "status": status}
    if status == "creator":
        shape["is_anonymous"] = False
    elif status == "kicked":
        shape["until_date"] = 0
    elif status == "administrator":
        shape |= {"can_be_edited": False, "is_anonymous": False}
        shape |= dict.fromkeys([*ADMINISTRATOR_RIGHTS, *FURTHER_RIGHTS[chat.type]], True)
    return shape


ADMINISTRATOR_RIGHTS = (
    "can_manage_chat",
    "can_change_info",
    "can_delete_messages",
    "can_invite_users",
    "can_restrict_members",
    "can_promote_members",
    "can_manage_video_chats",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
FURTHER_RIGHTS = {
    "private": (),
    "group": ("can_pin_messages",),
    "supergroup": ("can_pin_messages", "can_manage_topics"),
    "channel": ("can_post_messages", "can_edit_messages"),
}


def message_json(world: World, message: Message, *, with_reply: bool = True) -> Json:
    """Make a `Message`, with the message that it replies to, one level deep."""
    chat = world.chats[message.chat]
    chat_shape = chat_json(world, chat)
    is_post = chat.type == "channel"
    return _without_none(
        {
            "message_id": message.id,
            "chat": chat_shape,
            "date": message.date,
            "sender_chat": chat_shape if is_post else None,
            "from": None if is_post else user_json(message.sender),
            "edit_date": message.edited,
            "message_thread_id": message.thread.id,
            "is_topic_message": message.thread.is_topic or None,
            "reply_to_message": _original(world, message) if with_reply else None,
            "via_bot": user_json(world.bot) if message.inline_id else None,
            **_content(message),
            "link_preview_options": message.preview,
            "reply_markup": message.keyboard,
        }
    )


def _original(world: World, message: Message) -> Json | None:
    """Return the replied-to message; in a topic, by default, the message that created it."""
    original = world.message(message.chat, message.reply_to)
    if original is not None:
        return message_json(world, original, with_reply=False)
    chat = world.chats[message.chat]
    topic = chat.topic(message.thread.topic)
    if topic is None or message.reply_to is not None:
        return None
    chat_shape = chat_json(world, chat)
    creator = world.creator(chat.id)
    return _without_none(
        {
            "message_id": topic.id,
            "chat": chat_shape,
            "date": topic.date,
            "sender_chat": None if creator else chat_shape,
            "from": user_json(creator or ANONYMOUS),
            "message_thread_id": topic.id,
            "is_topic_message": True,
            "forum_topic_created": {"name": topic.name, "icon_color": TOPIC_COLOUR},
        }
    )


def _content(message: Message) -> Json:
    if message.kind == "sticker":
        sticker = {"type": "regular", "is_animated": False, "is_video": False, "emoji": "🙂"}
        return {"sticker": _picture("sticker", message.id, STICKER_PIXELS) | sticker}
    text = message.text or None
    entities = [entity.json() for entity in message.entities] or None
    if message.kind == "text":
        return {"text": text, "entities": entities}
    is_photo = message.kind == "photo"
    return {
        "photo": [_picture("photo", message.id, PHOTO_PIXELS)] if is_photo else None,
        "document": None if is_photo or not message.file else document_json(message, message.file),
        "caption": text,
        "caption_entities": entities,
    }


def _picture(kind: str, number: int, pixels: int) -> Json:
    return {
        "file_id": f"{kind}-{number}",
        "file_unique_id": f"{kind[0]}{number}",
        "width": pixels,
        "height": pixels,
    }


def document_json(message: Message, file: File) -> Json:
    """Make a `Document`; its `file_id` is that of `getFile`."""
    return {
        "file_id": reference_to(DOCUMENT, message.chat, message.id),
        "file_unique_id": f"d{message.id}",
        "file_name": file.name,
        "file_size": len(file.content),
    }


def inaccessible_json(world: World, chat: Chat, message_id: int) -> Json:
    """Make an `InaccessibleMessage`: deleted, or older than the last restart."""
    return {"chat": chat_json(world, chat), "message_id": message_id, "date": 0}
