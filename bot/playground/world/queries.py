"""Callback queries and inline queries that wait for the bot's answer, with their expiry."""

import asyncio
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

from cachetools import TTLCache

from bot.playground.errors import Json, bad_request
from bot.playground.world.state import Message, User

LIFETIME_SECONDS = 30.0  # Telegram: "too old" somewhere between 10 and 60 s
CHOICE_SECONDS = 600.0  # the results of an inline query stay selectable
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"

Query = TypeVar("Query")
InlineAnswer = asyncio.Future[Sequence[Json]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackQuery:
    """A pressed button; `answer` is the future of the bot's answer."""

    id: str
    user: User
    chat: int
    message_id: int
    answer: asyncio.Future[Json]


class Queries:
    """Open queries by id, and the messages that the results of inline queries stand for.

    Args:
        clock: The time in seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._ids = count(int(clock() * 1000))
        self._pressed: TTLCache[str, CallbackQuery] = TTLCache(math.inf, LIFETIME_SECONDS, clock)
        self._typed: TTLCache[str, InlineAnswer] = TTLCache(math.inf, LIFETIME_SECONDS, clock)
        self._offered: TTLCache[tuple[str, str], Message] = TTLCache(
            math.inf, CHOICE_SECONDS, clock
        )

    def open_callback_query(self, user: User, chat: int, message_id: int) -> CallbackQuery:
        """Open a callback query."""
        query = CallbackQuery(
            id=str(next(self._ids)),
            user=user,
            chat=chat,
            message_id=message_id,
            answer=asyncio.get_running_loop().create_future(),
        )
        self._pressed[query.id] = query
        return query

    def answer_callback_query(self, query_id: str, answer: Json) -> CallbackQuery:
        """Answer a callback query, once.

        Raises:
            ApiError: The id is unknown or expired.
        """
        query = _take(self._pressed, query_id)
        query.answer.set_result(answer)
        return query

    def open_inline_query(self) -> tuple[str, InlineAnswer]:
        """Open an inline query; return its id and the future of the results that are offered."""
        query_id = str(next(self._ids))
        self._typed[query_id] = asyncio.get_running_loop().create_future()
        return query_id, self._typed[query_id]

    def answer_inline_query(
        self, query_id: str, results: Mapping[str, tuple[Json, Message]]
    ) -> None:
        """Answer an inline query, once.

        Raises:
            ApiError: The id is unknown or expired.
        """
        answer = _take(self._typed, query_id)
        for result_id, (_, message) in results.items():
            self._offered[query_id, result_id] = message
        answer.set_result([shown for shown, _ in results.values()])

    def result(self, query_id: str, result_id: str) -> Message | None:
        """Return the message that a result of an inline query stands for, or None."""
        return self._offered.get((query_id, result_id))


def _take(queries: TTLCache[str, Query], query_id: str) -> Query:
    query = queries.pop(query_id, None)
    if query is None:
        raise bad_request(TOO_OLD)
    return query
