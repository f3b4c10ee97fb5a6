"""Open prompts: the text that a private chat was asked for, and may send as its next message.

After a restart a reply to the prompt still answers it, since the message of a prompt holds its
purpose; see `bot.conversation.prompts`.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from pydantic import TypeAdapter

from bot.conversation.memory.chat_cache import ChatCache

OPEN_SECONDS = 10 * 60.0  # after the prompt was sent


class Aim(StrEnum):
    """Purpose of the answer to a prompt."""

    RENAME = "r"  # a subscription
    EDIT = "e"  # a subscription
    ADD = "n"  # a chat
    QUIET = "q"  # a chat
    DAILY = "d"  # a subscription
    WEEKLY = "w"  # a subscription, and the day of the week
    TIMELINE = "t"  # nothing: the answer names a subject
    COUNT = "c"  # nothing either
    SOURCE = "o"  # the private chat of an admin


@dataclass(frozen=True, slots=True)
class Prompt:
    """Purpose of the answer, and the subscription or chat that it is about.

    `weekday` is that of a weekly digest, 0 for Monday; `person` is the only one who may answer in
    a group, None for anybody.
    """

    aim: Aim
    number: int
    weekday: int | None = None
    person: int | None = None


class OpenPrompts:
    """Open prompt of each private chat, and the messages that answered one.

    Args:
        clock: A monotonic clock in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.open_ones = ChatCache(TypeAdapter(tuple[int, Prompt]), OPEN_SECONDS, clock=clock)
        # Remembered by message, so that an edited answer counts as one too.
        self.answers = ChatCache(TypeAdapter(Prompt))

    def open(self, chat: int, message: int, prompt: Prompt) -> None:
        """Let the next message of a chat answer the prompt in a message."""
        self.open_ones.put(chat, (message, prompt))

    def close(self, chat: int) -> None:
        """Let the next message of a chat answer nothing."""
        self.open_ones.remove(chat)

    def record_answer(self, chat: int, message: int, prompt: Prompt) -> None:
        """Close the prompt that a message answered; the message still does so when edited.

        An edit leaves a prompt open that was sent after the first answer.
        """
        if self.answers.get(chat, message) is None:
            self.close(chat)
        self.answers.put(chat, prompt, message)

    def answered_by(self, chat: int, message: int) -> Prompt | None:
        """Return the prompt that a message answers, without a reply to it; None if none."""
        if answered := self.answers.get(chat, message):
            return answered
        asked, prompt = self.open_ones.get(chat) or (message, None)
        return prompt if asked < message else None
