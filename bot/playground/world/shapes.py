"""JSON objects of the Bot API: `User`, `Chat`, `ChatMember`, `Message`, `Document`."""

from bot.playground.errors import Json
from bot.playground.world.state import (
    DOCUMENT,
    Chat,
    Message,
    Topic,
    User,
    World,
    reference_to,
)

STICKER_PIXELS = 512
PHOTO_PIXELS = 1280
TOPIC_COLOUR = 0x6FB9F0  # Telegram: the first of the colours that a topic's icon may have
# Telegram: the sender of messages by anonymous administrators.
ANONYMOUS = User(id=1087968824, name="Group", username="GroupAnonymousBot", is_bot=True)


def user_json(user: User) -> Json:
    """Make a `User`."""
    shape: Json = {"id": user.id, "is_bot": user.is_bot, "first_name": user.name}
    if user.username:
        shape["username"] = user.username
    if user.language:
        shape["language_code"] = user.language
    return shape


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
    if chat.type != "private":
        group: Json = {"id": chat.id, "title": chat.title, "type": chat.type}
        if chat.username:
            group["username"] = chat.username
        if chat.is_forum:
            group["is_forum"] = True
        return group
    person = world.users[chat.id]
    shape: Json = {"id": chat.id, "first_name": person.name}
    if person.username:
        shape["username"] = person.username
    return shape | {"type": "private"}


def full_chat_json(world: World, chat: Chat) -> Json:
    """Make a `ChatFullInfo`."""
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription"), False
    )
    gifts["gifts_from_channels"] = False
    return chat_json(world, chat) | {
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": gifts,
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
    shape: Json = {"message_id": message.id, "chat": chat_shape, "date": message.date}
    if chat.type == "channel":
        shape["sender_chat"] = chat_shape
    else:
        shape["from"] = user_json(message.sender)
    if message.edited is not None:
        shape["edit_date"] = message.edited
    if message.thread.id is not None:
        shape["message_thread_id"] = message.thread.id
    if message.thread.is_topic:
        shape["is_topic_message"] = True
    original = _original(world, message) if with_reply else None
    if original is not None:
        shape["reply_to_message"] = original
    if message.inline_id is not None:
        shape["via_bot"] = user_json(world.bot)
    shape |= _content(message)
    if message.preview is not None:
        shape["link_preview_options"] = message.preview
    if message.keyboard is not None:
        shape["reply_markup"] = message.keyboard
    return shape


def _original(world: World, message: Message) -> Json | None:
    """Return the replied-to message; in a topic, by default, the message that created it."""
    original = world.message(message.chat, message.reply_to)
    if original is not None:
        return message_json(world, original, with_reply=False)
    chat = world.chats[message.chat]
    topic = chat.topic(message.thread.topic)
    if topic is None or message.reply_to is not None:
        return None
    return _topic_created_json(world, chat, topic)


def _topic_created_json(world: World, chat: Chat, topic: Topic) -> Json:
    chat_shape = chat_json(world, chat)
    creator = world.creator(chat.id)
    sender: Json = {"from": user_json(creator or ANONYMOUS)}
    if creator is None:
        sender["sender_chat"] = chat_shape
    return sender | {
        "message_id": topic.id,
        "chat": chat_shape,
        "date": topic.date,
        "message_thread_id": topic.id,
        "is_topic_message": True,
        "forum_topic_created": {"name": topic.name, "icon_color": TOPIC_COLOUR},
    }


def _content(message: Message) -> Json:
    entities = [entity.json() for entity in message.entities]
    if message.kind == "sticker":
        return {"sticker": _sticker(message.id)}
    names = ("text", "entities")
    shape: Json = {}
    if message.kind == "photo":
        shape["photo"] = [_photo(message.id)]
    if message.file is not None:
        shape["document"] = document_json(message, *message.file)
    if shape:
        names = ("caption", "caption_entities")
    if message.text:
        shape[names[0]] = message.text
    if entities:
        shape[names[1]] = entities
    return shape


def _sticker(number: int) -> Json:
    return {
        "file_id": f"sticker-{number}",
        "file_unique_id": f"s{number}",
        "type": "regular",
        "width": STICKER_PIXELS,
        "height": STICKER_PIXELS,
        "is_animated": False,
        "is_video": False,
        "emoji": "🙂",
    }


def document_json(message: Message, name: str, content: bytes) -> Json:
    """Make a `Document`; its `file_id` is that of `getFile`."""
    return {
        "file_id": reference_to(DOCUMENT, message.chat, message.id),
        "file_unique_id": f"d{message.id}",
        "file_name": name,
        "file_size": len(content),
    }


def _photo(number: int) -> Json:
    return {
        "file_id": f"photo-{number}",
        "file_unique_id": f"p{number}",
        "width": PHOTO_PIXELS,
        "height": PHOTO_PIXELS,
    }


def inaccessible_json(world: World, chat: Chat, message_id: int) -> Json:
    """Make an `InaccessibleMessage`: deleted, or older than the last restart."""
    return {"chat": chat_json(world, chat), "message_id": message_id, "date": 0}
