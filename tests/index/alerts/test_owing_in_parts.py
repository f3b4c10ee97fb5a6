"""Articles that many people want are stored in parts, so that others may write in between."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from index import Article, Library
from index.alerts.announcer import Alert, AlertAnnouncer
from index.articles.analysis import Analysis, analyse
from index.articles.identity import digest
from index.language.analyser import Analyser
from index.store import Articles, UpsertResult
from tests.support.alerts import BOT, FLOODS, LAN, MINH, subscribe
from tests.support.articles import CONFERENCE, FLOOD, FOOTBALL

READERS = range(1, 5)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    opened = Library.open(tmp_path / "data")
    for chat in READERS:
        subscribe(opened, "*", chat)
    return opened


def parts(library: Library, articles: Sequence[Article], most: int) -> list[tuple[int, int]]:
    """The parts in which articles are stored: how many each, and what is owed after it."""
    found: list[tuple[int, int]] = []
    upsert = Articles.upsert

    def watched(self: Articles, batch: Sequence[Article], *others: Any) -> UpsertResult:
        stored = upsert(self, batch, *others)
        found.append((len(batch), library.outbox.counts().get("owed", 0)))
        return stored

    with (
        patch.object(Articles, "upsert", watched),
        patch("index.alerts.announcer.ALERTS_A_TRANSACTION", most),
    ):
        library.ingest(articles, alert=Alert.ALL)
    return found


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (12, [(3, 12)]),
        (11, [(2, 8), (1, 12)]),
        (4, [(1, 4), (1, 8), (1, 12)]),
        (1, [(1, 4), (1, 8), (1, 12)]),
    ],
)
def test_no_part_owes_more_than_it_may_unless_one_article_does(
    library: Library, most: int, expected: list[tuple[int, int]]
) -> None:
    with library:
        assert parts(library, [FLOOD, CONFERENCE, FOOTBALL], most) == expected


def test_what_is_no_news_is_in_one_part(library: Library) -> None:
    with library:
        parts(library, [FLOOD, CONFERENCE, FOOTBALL], 1)
        assert parts(library, [FLOOD, CONFERENCE, FOOTBALL], 1) == [(3, 12)]


def test_who_subscribes_while_articles_are_matched_is_owed_them_too(library: Library) -> None:
    analyser, articles = Analyser(), [replace(FLOOD, source="Báo Thử")]
    analysed: Mapping[bytes, Analysis] = {
        digest(each): analyse(each, analyser) for each in articles
    }
    with library:
        announcer = AlertAnnouncer(library._matcher, Alert.ALL)
        (part,) = announcer.split(articles, analysed)

        ended = library.subscriptions.of_chat(BOT, READERS[0])[0]
        library.subscriptions.remove(ended.id, 0)
        subscribe(library, FLOODS, LAN)
        subscribe(library, '"bóng đá"', MINH)
        library._articles.upsert(part, analysed, announcer)

        told = {row["chat"] for chat in (*READERS, LAN, MINH) for row in stored(library, chat)}
        assert told == {*READERS[1:], LAN}


def stored(library: Library, chat: int) -> list[dict[str, Any]]:
    return library.chats.export(chat)["deliveries"]
