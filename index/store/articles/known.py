"""Match an incoming article to the stored article that it is a new version of.

The URL is compared first, then the id; for an article that has neither, the content, then the file
that it was read from.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import Column, Connection, select

from index.articles.identity import digest, public_id, url_key
from index.models.article import Article
from index.store.database import columns_of, rows_in
from index.store.tables import articles

_MADE_ID = re.compile(r"[a-z2-7]{16}")


class Change(StrEnum):
    """Effect of storing an article."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class ArticleState:
    """Identity of a stored article, and the digest of its content."""

    number: int
    id: str
    url: str | None
    url_key: str | None
    digest: bytes
    source: str | None
    origin: str | None

    def lookup_keys(self) -> Iterator[tuple[str, Any]]:
        """Return the pairs of column and value that this article is matched by."""
        yield "id", self.id
        if self.url_key:
            yield "url_key", self.url_key
        elif _MADE_ID.fullmatch(self.id):
            # Only articles without URL and given id are matched by content.
            yield "digest", self.digest
            if self.origin:
                yield "origin", self.origin


class KnownArticles:
    """Stored articles that a batch may match, kept current while the batch is added.

    Args:
        connection: Reads the stored articles.
        batch: The articles to come.
    """

    def __init__(self, connection: Connection, batch: Sequence[Article]) -> None:
        self._states: dict[tuple[str, Any], ArticleState] = {}
        bare = [article for article in batch if _is_bare(article)]
        self._load(connection, articles.c.url_key, (url_key(a.url) for a in batch if a.url))
        self._load(connection, articles.c.id, (public_id(article) for article in batch))
        self._load(connection, articles.c.digest, (digest(article) for article in bare))
        self._load(connection, articles.c.origin, (a.origin for a in bare if a.origin))

    def match_or_add(self, article: Article, number: int) -> tuple[Change, ArticleState]:
        """Match an article to a known one, which takes its state, or add it as a new one.

        Args:
            article: As it was read.
            number: Its number, if it is new.
        """
        state = self.match(article)
        if state is None:
            return Change.ADDED, self._put(self._new(article, number))
        changed = self._changed(state, article)
        if changed == state:
            return Change.UNCHANGED, state
        for key in state.lookup_keys():
            if self._states.get(key) is state:
                del self._states[key]
        return Change.UPDATED, self._put(changed)

    def match(self, article: Article) -> ArticleState | None:
        """Return the known article that an article is a version of, or None."""
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

    def _new(self, article: Article, number: int) -> ArticleState:
        name = public_id(article)
        if ("id", name) in self._states:
            name = f"{name}~{uuid4().hex[:8]}"
        return ArticleState(
            number,
            name,
            article.url,
            url_key(article.url),
            digest(article),
            article.source,
            article.origin,
        )

    def _changed(self, state: ArticleState, article: Article) -> ArticleState:
        adopts_id = (
            article.id and _MADE_ID.fullmatch(state.id) and ("id", article.id) not in self._states
        )
        is_bare = _is_bare(article)
        return ArticleState(
            state.number,
            article.id if article.id and adopts_id else state.id,
            article.url or state.url,
            url_key(article.url) or state.url_key,
            digest(article),
            # The same text read from two files keeps the source of the first.
            state.source if is_bare else article.source or state.source,
            state.origin if is_bare else article.origin,
        )

    def _load(self, connection: Connection, column: Column[Any], values: Iterable[Any]) -> None:
        query = select(*columns_of(ArticleState, articles))
        for row in rows_in(connection, query, column, dict.fromkeys(values)):
            self._put(ArticleState(*row))

    def _put(self, state: ArticleState) -> ArticleState:
        self._states.update(dict.fromkeys(state.lookup_keys(), state))
        return state


def _is_bare(article: Article) -> bool:
    return not article.id and not url_key(article.url)
