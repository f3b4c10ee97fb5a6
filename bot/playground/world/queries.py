"""Callback queries and inline queries that wait for the bot's answer, with their expiry."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TypeVar

from bot.playground.errors import Json, bad_request
from bot.playground.world.state import Message, User

LIFETIME_SECONDS = 30.0  # Telegram: "too old" somewhere between 10 and 60 s
CHOICE_SECONDS = 600.0  # the results of an inline query stay selectable
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackQuery:
    """A pressed button; `answer` is the future of the bot's answer."""

    id: str
    user: User
    chat: int
    message_id: int
    asked: float
    answer: asyncio.Future[Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineQuery:
    """An inline query; `answer` is the future of the results that the bot offers."""

    id: str
    user: User
    asked: float
    answer: asyncio.Future[Sequence[Json]]
    results: dict[str, tuple[Json, Message]] = field(default_factory=dict)


AnyQuery = TypeVar("AnyQuery", CallbackQuery, InlineQuery)


class Queries:
    """Open queries by id.

    Args:
        clock: The time in seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._ids = count(int(clock() * 1000))
        self._callback_queries: dict[str, CallbackQuery] = {}
        self._inline_queries: dict[str, InlineQuery] = {}

    def open_callback_query(self, user: User, chat: int, message_id: int) -> CallbackQuery:
        """Open a callback query."""
        _forget_old(self._callback_queries, self._clock())
        query = CallbackQuery(
            id=str(next(self._ids)),
            user=user,
            chat=chat,
            message_id=message_id,
            asked=self._clock(),
            answer=asyncio.get_running_loop().create_future(),
        )
        self._callback_queries[query.id] = query
        return query

    def answer_callback_query(self, query_id: str, answer: Json) -> CallbackQuery:
        """Answer a callback query, once.

        Raises:
            ApiError: The id is unknown or expired.
        """
        _forget_old(self._callback_queries, self._clock())
        query = self._callback_queries.pop(query_id, None)
        if query is None:
            raise bad_request(TOO_OLD)
        if not query.answer.done():
            query.answer.set_result(answer)
        return query

    def open_inline_query(self, user: User) -> InlineQuery:
        """Open an inline query."""
        _forget_old(self._inline_queries, self._clock(), CHOICE_SECONDS)
        query = InlineQuery(
            id=str(next(self._ids)),
            user=user,
            asked=self._clock(),
            answer=asyncio.get_running_loop().create_future(),
        )
        self._inline_queries[query.id] = query
        return query

    def answer_inline_query(
        self, query_id: str, results: Mapping[str, tuple[Json, Message]]
    ) -> None:
        """Answer an inline query, once.

        Raises:
            ApiError: The id is unknown or expired.
        """
        query = self._inline_queries.get(query_id)
        if query is None or query.answer.done() or _is_old(query, self._clock()):
            raise bad_request(TOO_OLD)
        query.results.update(results)
        query.answer.set_result([shown for shown, _ in results.values()])

    def result(self, query_id: str, result_id: str) -> Message | None:
        """Return the message that a result of an inline query stands for, or None."""
        query = self._inline_queries.get(query_id)
        offered = query.results.get(result_id) if query else None
        return offered[1] if offered else None


def _is_old(
    query: CallbackQuery | InlineQuery, now: float, lifetime: float = LIFETIME_SECONDS
) -> bool:
    return now - query.asked > lifetime


def _forget_old(
    queries: dict[str, AnyQuery], now: float, lifetime: float = LIFETIME_SECONDS
) -> None:
    for query in [query for query in queries.values() if _is_old(query, now, lifetime)]:
        del queries[query.id]
