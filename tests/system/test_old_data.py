"""Backward compatibility: a data folder of an older version opens, migrates and answers the same.

The folder was made by the code of its commit, see `old_data/`; answers that ranking has changed
since are renewed.
"""

import asyncio
import json
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from bot.app.reindexing import reindexing_in_background
from bot.cli.ask import answer_lines
from index import Library
from tests.support.commands import Commands
from tests.support.paths import DATA

OLD_DATA = DATA / "old_data"
COMMIT = "c1b244b"

Seen = dict[str, Any]


@pytest.fixture
def seen() -> Seen:
    """The answers and listings of the old code."""
    found: Seen = json.loads((OLD_DATA / f"{COMMIT}.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the old data folder."""
    with tarfile.open(OLD_DATA / f"{COMMIT}.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / "data"


@pytest.fixture
def old(folder: Path) -> Iterator[Library]:
    with Library.open(folder) as library:
        yield library


def test_questions_are_answered_as_before(old: Library, seen: Seen) -> None:
    assert answered(old, seen) == promised(seen["answers"])


def test_questions_are_answered_as_before_once_it_is_analysed_anew(
    old: Library, seen: Seen
) -> None:
    old.index_sync.upgrade()

    assert old.status().behind == 0
    assert old.status().articles == seen["articles"]
    assert answered(old, seen) == promised(seen["answers"])


@pytest.mark.slow
async def test_a_folder_of_before_is_brought_up_to_date_while_it_answers(
    old: Library, seen: Seen
) -> None:
    assert old.index_sync.is_outdated()
    async with reindexing_in_background(old):
        while old.index_sync.is_outdated():
            await asyncio.sleep(0)
            assert answered(old, seen) == promised(seen["answers"])
    assert answered(old, seen) == promised(seen["answers"])


def test_a_search_index_that_is_lost_is_made_from_the_old_database(
    folder: Path, seen: Seen
) -> None:
    shutil.rmtree(folder / "engine")
    with Library.open(folder) as library:
        assert library.status().behind == 0
        assert answered(library, seen) == promised(seen["answers"])


def test_chats_subscriptions_and_deliveries_are_listed_as_before(old: Library, seen: Seen) -> None:
    exported = {chat: old.chats.export(int(chat)) for chat in seen["chats"]}
    assert _filled(exported) == _filled(seen["chats"])
    assert old.outbox.counts() == seen["alerts"]
    assert [asdict(vote) for vote in old.feedback.all()] == seen["votes"]


def _filled(chats: dict[str, Any]) -> dict[str, Any]:
    """Leave out empty tables and columns, as those are that came later."""
    return {
        chat: {
            table: [
                {name: value for name, value in row.items() if value is not None} for row in rows
            ]
            for table, rows in stored.items()
            if rows
        }
        for chat, stored in chats.items()
    }


def test_sources_and_their_items_are_listed_as_before(old: Library, seen: Seen) -> None:
    sources = old.followed.all()
    assert [asdict(source) for source in sources] == seen["sources"]
    assert [
        [item.key, item.state.value, item.article]
        for source in sources
        for item in old.followed.items.all(source.id)
    ] == seen["items"]


def test_what_is_pending_can_still_be_claimed_and_sent(old: Library, seen: Seen) -> None:
    pending = [
        delivery
        for stored in seen["chats"].values()
        for delivery in stored["deliveries"]
        if delivery["state"] == "owed"
    ]
    bot, now = pending[0]["bot"], max(delivery["due_at"] for delivery in pending)

    parcels = old.outbox.claim(bot, "sender", now, seconds=60, most=10, at_once=10)

    claimed = [delivery.id for parcel in parcels for delivery in parcel.deliveries]
    assert sorted(claimed) == sorted(delivery["id"] for delivery in pending)
    old.outbox.mark_sent(claimed, now)
    assert old.outbox.counts() == {"sent": sum(seen["alerts"].values())}


def test_the_check_finds_nothing_wrong(folder: Path) -> None:
    Library.open(folder).close()

    checked = Commands(folder.parent)("--data", folder, "check", "--sentences")

    assert (checked.returncode, checked.stderr) == (0, "")


def answered(library: Library, seen: Seen) -> list[dict[str, Any]]:
    """Return the guaranteed parts of the answers to the old questions."""
    questions = [line["question"] for line in seen["answers"]]
    return promised(list(answer_lines(library, questions, library.ask)))


def promised(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Reduce answers to their confidence and, of confident ones, the first quote without score."""
    return [
        {
            "question": line["question"],
            "confident": line["confident"],
            "quote": [line["quotes"][0][key] for key in ("text", "start", "end", "article")]
            if line["confident"]
            else None,
        }
        for line in lines
    ]
