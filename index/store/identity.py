"""Which stored article a newly read one is a state of.

An article is known by its URL, else by its id; one that has neither by its
content, else by the page file that it was read from.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import Column, Connection, select

from index.article import Article
from index.identity import digest, public_id, url_key
from index.store.database import batched_values
from index.store.tables import articles

_MADE_ID = re.compile(r"[a-z2-7]{16}")


class Change(StrEnum):
    """What storing an article comes to."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class State:
    """What an article is known by, as stored."""

    number: int
    id: str
    url: str | None
    url_key: str | None
    digest: bytes
    source: str | None
    origin: str | None

    def ways_to_it(self) -> Iterator[tuple[str, Any]]:
        """The columns and values that lead to this article."""
        yield "id", self.id
        if self.url_key:
            yield "url_key", self.url_key
        elif _MADE_ID.fullmatch(self.id):
            # Only what has no name of its own is known by its content, so that one is meant.
            yield "digest", self.digest
            if self.origin:
                yield "origin", self.origin


class Known:
    """The stored states that a batch may meet, and what they become as it is taken in.

    Args:
        connection: Where to look them up.
        batch: The articles to come.
    """

    def __init__(self, connection: Connection, batch: Sequence[Article]) -> None:
        self._states: dict[tuple[str, Any], State] = {}
        bare = [article for article in batch if _is_bare(article)]
        self._load(connection, articles.c.url_key, (url_key(a.url) for a in batch if a.url))
        self._load(connection, articles.c.id, (public_id(article) for article in batch))
        self._load(connection, articles.c.digest, (digest(article) for article in bare))
        self._load(connection, articles.c.origin, (a.origin for a in bare if a.origin))

    def has(self, article: Article) -> bool:
        """Whether it is a state of an article that is stored, or was taken in."""
        return self._match(article) is not None

    def take(self, article: Article, number: int) -> tuple[Change, State]:
        """Take an article in: what that changes, and its state from now on.

        Args:
            article: As it was read.
            number: Its number, if it is new.
        """
        state = self._match(article)
        if state is None:
            return Change.ADDED, self._put(self._new(article, number))
        changed = self._changed(state, article)
        if changed == state:
            return Change.UNCHANGED, state
        for key in state.ways_to_it():
            if self._states.get(key) is state:
                del self._states[key]
        return Change.UPDATED, self._put(changed)

    def _match(self, article: Article) -> State | None:
        key = url_key(article.url)
        if key and (state := self._states.get(("url_key", key))):
            return state
        if article.id:
            state = self._states.get(("id", article.id))
            is_another = state and key and state.url_key and state.source != article.source
            return None if is_another else state
        if key:
            return None
        if state := self._states.get(("digest", digest(article))):
            return state
        return self._states.get(("origin", article.origin)) if article.origin else None

    def _new(self, article: Article, number: int) -> State:
        name = public_id(article)
        if ("id", name) in self._states:
            name = f"{name}~{uuid4().hex[:8]}"
        return State(
            number,
            name,
            article.url,
            url_key(article.url),
            digest(article),
            article.source,
            article.origin,
        )

    def _changed(self, state: State, article: Article) -> State:
        adopts_id = (
            article.id and _MADE_ID.fullmatch(state.id) and ("id", article.id) not in self._states
        )
        is_bare = _is_bare(article)
        return State(
            state.number,
            article.id if article.id and adopts_id else state.id,
            article.url or state.url,
            url_key(article.url) or state.url_key,
            digest(article),
            # The same text read from two files keeps the name of the first.
            state.source if is_bare else article.source or state.source,
            state.origin if is_bare else article.origin,
        )

    def _load(self, connection: Connection, column: Column[Any], values: Iterable[Any]) -> None:
        columns = [getattr(articles.c, name) for name in State.__dataclass_fields__]
        for part in batched_values(list(dict.fromkeys(values))):
            for row in connection.execute(select(*columns).where(column.in_(part))):
                self._put(State(*row))

    def _put(self, state: State) -> State:
        self._states.update(dict.fromkeys(state.ways_to_it(), state))
        return state


def _is_bare(article: Article) -> bool:
    return not article.id and not url_key(article.url)
