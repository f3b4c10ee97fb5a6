"""Focus: what a person's messages are about until it expires, an article and the last answer."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from pydantic import TypeAdapter
from telegram import InlineKeyboardMarkup

from bot.conversation.memory.chat_cache import ChatCache

FOCUS_SECONDS = 30 * 60.0  # after the last question
QUESTION_LIMIT = 1_000  # characters of a question that is remembered with its answer


class Focus:
    """Focused article of each person in each chat.

    Args:
        clock: A monotonic clock in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.cache = ChatCache(TypeAdapter(int), FOCUS_SECONDS, clock=clock)

    def set(self, chat: int, person: int, article: int) -> None:
        """Limit questions to an article from now on."""
        self.cache.put(chat, article, person)

    def clear(self, chat: int, person: int) -> None:
        """Ask all articles again."""
        self.cache.remove(chat, person)

    def of(self, chat: int, person: int) -> tuple[int, ...]:
        """Return the focused article's number as a scope, and extend its time; empty if none."""
        article = self.cache.get(chat, person)
        if article is None:
            return ()
        self.set(chat, person, article)
        return (article,)


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """An answer that a person was shown.

    Args:
        message: The number of the message that shows it.
        question: The question; empty if there is none.
        buttons: The labels and callback data of its buttons, in order.
        told: The number of the article and the position of each sentence that answers before it
            have shown, which it continues.
    """

    message: int
    question: str
    buttons: tuple[tuple[str, str], ...]
    told: frozenset[tuple[int, int]] = frozenset()

    @classmethod
    def of(
        cls, message: int, question: str, keyboard: InlineKeyboardMarkup | None
    ) -> "ShownAnswer":
        """Return the answer in a message with a keyboard."""
        rows = keyboard.inline_keyboard if keyboard else ()
        buttons = [
            (each.text, each.callback_data)
            for row in rows
            for each in row
            if isinstance(each.callback_data, str)
        ]
        return cls(message, question, tuple(buttons))


class ShownAnswers:
    """The last answer with buttons that each person was shown in each chat.

    Args:
        clock: A monotonic clock in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.cache = ChatCache(TypeAdapter(ShownAnswer), FOCUS_SECONDS, clock=clock)

    def put(self, chat: int, person: int, answer: ShownAnswer) -> None:
        """Remember an answer, or that its message has other buttons now."""
        earlier = self.of(chat, person)
        if len(answer.question) > QUESTION_LIMIT:
            self.clear(chat, person)
            return
        if earlier and earlier.message == answer.message:
            answer = replace(answer, told=earlier.told | answer.told)
        self.cache.put(chat, answer, person)

    def of(self, chat: int, person: int) -> ShownAnswer | None:
        """Return the last answer; None if there is none, or it is too long ago."""
        return self.cache.get(chat, person)

    def clear(self, chat: int, person: int) -> None:
        """Forget the last answer."""
        self.cache.remove(chat, person)
