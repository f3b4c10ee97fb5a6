"""In-memory state of the embedded Telegram: users, chats, members, topics, messages."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count, product
from typing import Annotated

from pydantic import Field

from bot.playground.errors import Json
from bot.playground.world.entities import Entity

EPOCH = 1_735_689_600  # 2025-01-01: message ids count seconds from here, see World
SUPERGROUP_BASE = -1_000_000_000_000  # Telegram: ids of supergroups and channels lie below
GREATEST_ID = 2**52 - 1  # Telegram: ids of users and chats have at most 52 significant bits
BOT_ID = 7_000_000_001
DOCUMENT, INLINE = "document", "inline"  # kinds of references to messages
ADMINISTRATOR_STATUSES = frozenset({"creator", "administrator"})

ChatId = Annotated[int, Field(ge=-GREATEST_ID, le=GREATEST_ID)]


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person, or the bot."""

    id: int
    name: str
    language: str | None = None
    username: str | None = None
    is_bot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic of a forum, with the id of the message that created it."""

    id: int
    name: str
    date: int = EPOCH


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A conversation; a private one has the id of its person.

    `bot_status` is the bot's status: "member", "administrator", "left" or
    "kicked" (in a private chat: blocked). `migrated_to` is the supergroup that
    a group has become. A forum is a supergroup with topics; messages outside of
    them are in the one that Telegram calls General. Supergroups and channels with
    a `username` are public.
    """

    id: int
    type: str
    title: str | None = None
    username: str | None = None
    bot_status: str = "member"
    migrated_to: int | None = None
    is_forum: bool = False
    topics: tuple[Topic, ...] = ()

    def topic(self, number: int | None) -> Topic | None:
        """Return the topic with an id, or None."""
        return next((topic for topic in self.topics if topic.id == number), None)


@dataclass(frozen=True, slots=True)
class Thread:
    """Thread of a message: a topic, or in other supergroups the replies to one message."""

    id: int | None = None
    is_topic: bool = False

    @property
    def topic(self) -> int | None:
        """Id of the topic, or None outside of topics."""
        return self.id if self.is_topic else None


NO_THREAD = Thread()


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A document that a person or the bot sent, or a photo that the bot sent."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ForceReply:
    """Forced reply; a selective one is for the mentioned users and the replied-to author."""

    placeholder: str = ""
    selective: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as it stands now; `kind` is "text", "sticker", "photo" or "document".

    The chat, id and date of a draft, which is not sent yet, are 0.

    The sender of a channel's post is its author, though readers see the channel.
    """

    chat: int = 0
    id: int = 0
    sender: User
    date: int = 0
    text: str
    entities: tuple[Entity, ...] = ()
    kind: str = "text"
    reply_to: int | None = None
    thread: Thread = NO_THREAD
    keyboard: Json | None = None
    force_reply: ForceReply | None = None
    silent: bool = False
    preview: Json | None = None
    edited: int | None = None
    inline_id: str | None = None
    file: File | None = None


BOT = User(id=BOT_ID, name="Hỏi Báo", username="hoibao_bot", is_bot=True)
PEOPLE = (
    User(id=1001, name="Lan", language="vi", username="lan_playground"),
    User(id=1002, name="Minh", language="vi", username="minh_playground"),
    User(id=1003, name="Anna", language="en", username="anna_playground"),
)
GROUP = Chat(id=SUPERGROUP_BASE - 1, type="supergroup", title="Phòng Tin tức")
FORUM = Chat(
    id=SUPERGROUP_BASE - 2,
    type="supergroup",
    title="Tòa soạn",
    is_forum=True,
    # Far below the ids of messages, and the same after a restart: subscriptions of topics stay.
    topics=(Topic(id=2, name="Thời tiết"), Topic(id=3, name="Kinh tế")),
)
CHANNEL = Chat(
    id=SUPERGROUP_BASE - 3,
    type="channel",
    title="Bản tin Sông Thương",
    username="bantin_songthuong",
    bot_status="left",
)
CHATS = (GROUP, FORUM, CHANNEL)


def reference_to(kind: str, chat: int, message_id: int) -> str:
    """Name a message in one text, as the ids of files and of inline messages do."""
    return f"{kind}{chat}_{message_id}"


class World:
    """Users, chats, members, messages and commands; each change is reported to a callback.

    Message ids start from the clock rather than from 1, so that a bot that
    remembers messages does not take a new one for an old one after a restart.

    Args:
        clock: The time in seconds since 1970.
        report: Called with the kind and the value of each event, as the pages hear of it.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        report: Callable[[str, User | Chat | Message | Json], None],
    ) -> None:
        self.bot = BOT
        self.users: dict[int, User] = {BOT.id: BOT}
        self.chats: dict[int, Chat] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}  # by scope and language
        self.descriptions: dict[str, str] = {}  # by language
        self._members: dict[int, dict[int, str]] = {}
        self.messages: dict[int, dict[int, Message]] = {}
        self._clock = clock
        self.report = report
        self._message_ids = count(max(1, int(clock()) - EPOCH))

    def populate(self) -> None:
        """Add the first people, each with a private chat, and chats with all of them in."""
        for chat in CHATS:
            self.put_chat(chat)
        for person in PEOPLE:
            self.put_user(person)
            for chat in CHATS:
                self.join(chat.id, person.id)

    def now(self) -> int:
        """Return the time in whole seconds since 1970, the unit of message dates."""
        return int(self._clock())

    def put_user(self, user: User) -> User:
        """Add a person with a private chat, or change one."""
        if self.users.get(user.id) == user:
            return user
        self.users[user.id] = user
        if user.id not in self.chats:
            self.put_chat(Chat(id=user.id, type="private"))
            self.join(user.id, user.id)
        self.report("user", user)
        return user

    def put_chat(self, chat: Chat) -> Chat:
        """Add a chat, or change one."""
        self.chats[chat.id] = chat
        self._members.setdefault(chat.id, {})
        self.messages.setdefault(chat.id, {})
        self.report("chat", chat)
        return chat

    def find_chat(self, name: str) -> Chat | None:
        """Find a chat by id, or by username after "@"."""
        name = name.lower()
        if name.startswith("@"):
            public = [chat for chat in self.chats.values() if chat.username]
            return next((chat for chat in public if f"@{chat.username}".lower() == name), None)
        try:
            return self.chats.get(int(name))
        except ValueError:
            return None

    def join(self, chat: int, user: int) -> None:
        """Make a person a member of a chat; the first member of a group is its creator."""
        members = self._members[chat]
        if user not in members:
            is_first = not members and self.chats[chat].type != "private"
            self.set_status(chat, user, "creator" if is_first else "member")

    def members(self, chat: int) -> list[int]:
        """Return the user ids of the members of a chat, sorted."""
        present = self._members[chat].items()
        return sorted(user for user, status in present if status != "kicked")

    def administrators(self, chat: int) -> list[int]:
        """Return the user ids of the creator and the administrators of a chat, sorted."""
        present = self._members[chat].items()
        return sorted(user for user, status in present if status in ADMINISTRATOR_STATUSES)

    def creator(self, chat: int) -> User | None:
        """Return the creator of a chat, or None."""
        present = self._members[chat].items()
        return next((self.users[user] for user, status in present if status == "creator"), None)

    def status(self, chat: Chat, user: int) -> str:
        """Return the status of a person or the bot in a chat ("creator", "member", "left"…)."""
        if user == self.bot.id:
            return chat.bot_status
        return self._members[chat.id].get(user, "left")

    def set_status(self, chat: int, user: int, status: str) -> None:
        """Set the status of a person in a chat; a former creator stays as an administrator."""
        members = self._members[chat]
        owner = self.creator(chat) if status == "creator" else None
        if owner is not None:
            members[owner.id] = "administrator"
        if status == "left":
            members.pop(user, None)
        else:
            members[user] = status
        self.report("chat", self.chats[chat])

    def add_topics(self, chat: Chat, names: Iterable[str]) -> Chat:
        """Add topics to a forum, except for names that it has already."""
        known = {topic.name for topic in chat.topics}
        added = (
            Topic(id=self.next_message_id(), name=name, date=self.now())
            for name in dict.fromkeys(names)
            if name not in known
        )
        return self.put_chat(replace(chat, topics=(*chat.topics, *added)))

    def thread_of(self, chat: Chat, topic: int | None, reply_to: int | None) -> Thread:
        """Return the thread that a new message belongs to.

        A reply without a topic joins the topic of the message that it answers. In
        supergroups Telegram also counts replies outside of topics as a thread,
        named by the first message that was answered.

        Args:
            chat: The chat of the message.
            topic: The topic that it is sent to, if any.
            reply_to: The message that it answers, if any.
        """
        if topic is not None:
            return Thread(topic, is_topic=True)
        original = self.message(chat.id, reply_to)
        if original is None or chat.type != "supergroup":
            return NO_THREAD
        return original.thread if original.thread.id else Thread(original.id)

    def migrate(self, group: Chat) -> Chat:
        """Upgrade a group to a supergroup with a new id, and return the new chat."""
        if group.migrated_to is not None:
            return self.chats[group.migrated_to]
        new_id = SUPERGROUP_BASE - abs(group.id)
        new = self.put_chat(replace(group, id=new_id, type="supergroup"))
        self._members[new.id] |= self._members[group.id]
        self.put_chat(replace(group, migrated_to=new.id))
        return new

    def commands_for(self, chat: Chat, language: str) -> list[Json]:
        """Return the commands shown in a chat: narrowest scope first, then the language."""
        group = "all_private_chats" if chat.type == "private" else "all_group_chats"
        wanted = product((f"chat:{chat.id}", group, "default"), (language, ""))
        return next((self.commands[key] for key in wanted if key in self.commands), [])

    def next_message_id(self) -> int:
        """Return an unused message id."""
        return next(self._message_ids)

    def message(self, chat: int, message_id: int | None) -> Message | None:
        """Return a message by its id, or None."""
        if message_id is None:
            return None
        return self.messages.get(chat, {}).get(message_id)

    def find_message(self, kind: str, reference: str) -> Message | None:
        """Find a message by the text of `reference_to`."""
        match = re.fullmatch(kind + r"(-?\d{1,18})_(\d{1,18})", reference)
        return self.message(int(match[1]), int(match[2])) if match else None

    def put_message(self, message: Message) -> Message:
        """Add a message, or change one."""
        self.messages[message.chat][message.id] = message
        self.report("message", message)
        return message

    def delete_message(self, message: Message) -> None:
        """Delete a message."""
        del self.messages[message.chat][message.id]
        self.report("deleted", message)

    def messages_after(self, chat: int, message_id: int) -> Sequence[Message]:
        """Return the messages of a chat with a higher id, in order."""
        messages = self.messages.get(chat, {})
        return [messages[key] for key in sorted(messages) if key > message_id]
