"""Questions that wait for the bot's answer: pressed buttons and inline queries."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TypeVar

from bot.playground.errors import Json, bad_request
from bot.playground.world.state import Message, User

LIFETIME_SECONDS = 30.0  # Telegram: "too old" somewhere between 10 and 60 s
CHOICE_SECONDS = 600.0  # for a person to choose among the results of an inline query
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackQuery:
    """A pressed button; `answer` is done when the bot has answered."""

    id: str
    user: User
    chat: int
    message_id: int
    asked: float
    answer: asyncio.Future[Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """An inline query; `answer` is done when the bot has answered."""

    id: str
    user: User
    asked: float
    answer: asyncio.Future[Sequence[Json]]
    results: dict[str, tuple[Json, Message]] = field(default_factory=dict)


AnyQuery = TypeVar("AnyQuery", CallbackQuery, Search)


class Queries:
    """The queries that are open, by id.

    Args:
        clock: The time in seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._ids = count(int(clock() * 1000))
        self._presses: dict[str, CallbackQuery] = {}
        self._searches: dict[str, Search] = {}

    def press(self, user: User, chat: int, message_id: int) -> CallbackQuery:
        """Opens a callback query."""
        _forget_old(self._presses, self._clock())
        press = CallbackQuery(
            id=str(next(self._ids)),
            user=user,
            chat=chat,
            message_id=message_id,
            asked=self._clock(),
            answer=asyncio.get_running_loop().create_future(),
        )
        self._presses[press.id] = press
        return press

    def answer_press(self, query_id: str, answer: Json) -> CallbackQuery:
        """Answers a callback query, once.

        Raises:
            ApiError: If there is none of this id, or no longer.
        """
        _forget_old(self._presses, self._clock())
        press = self._presses.pop(query_id, None)
        if press is None:
            raise bad_request(TOO_OLD)
        if not press.answer.done():
            press.answer.set_result(answer)
        return press

    def search(self, user: User) -> Search:
        """Opens an inline query."""
        _forget_old(self._searches, self._clock(), CHOICE_SECONDS)
        search = Search(
            id=str(next(self._ids)),
            user=user,
            asked=self._clock(),
            answer=asyncio.get_running_loop().create_future(),
        )
        self._searches[search.id] = search
        return search

    def answer_search(self, query_id: str, results: Mapping[str, tuple[Json, Message]]) -> None:
        """Answers an inline query, once.

        Raises:
            ApiError: If there is none of this id, or no longer.
        """
        search = self._searches.get(query_id)
        if search is None or search.answer.done() or _is_old(search, self._clock()):
            raise bad_request(TOO_OLD)
        search.results.update(results)
        search.answer.set_result([shown for shown, _ in results.values()])

    def result(self, query_id: str, result_id: str) -> Message | None:
        """The message that a result of an inline query stands for."""
        search = self._searches.get(query_id)
        found = search.results.get(result_id) if search else None
        return found[1] if found else None


def _is_old(query: CallbackQuery | Search, now: float, lifetime: float = LIFETIME_SECONDS) -> bool:
    return now - query.asked > lifetime


def _forget_old(
    queries: dict[str, AnyQuery], now: float, lifetime: float = LIFETIME_SECONDS
) -> None:
    for query in [query for query in queries.values() if _is_old(query, now, lifetime)]:
        del queries[query.id]
