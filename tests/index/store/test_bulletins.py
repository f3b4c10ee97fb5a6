"""Bulletins in the store: due once a day in the zone of the chat, moved, migrated, restored."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy.engine import URL

from index import Library
from index.language.analyser import VERSION
from index.store.chats import Bulletin, DropReason, bulletins
from index.store.transfer import backup
from tests.support.alerts import BOT, GROUP, LAN, MINH, OTHER_BOT, OWNER
from tests.support.articles import VIETNAM
from tests.support.libraries import open_library
from tests.support.postgresql_server import execute
from tests.support.waiting import PATIENCE_SECONDS, wait_until

DAY = 86_400
HOUR = 3_600
EVENING = int(datetime(2026, 11, 29, 20, 0, tzinfo=VIETNAM).timestamp())
MORNING = EVENING + 11 * HOUR
SEVEN = 7 * 60


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path / "data") as opened:
        yield opened


def choose(library: Library, chat: int = LAN, minute: int = SEVEN, now: int = EVENING) -> Bulletin:
    return library.bulletins.set(bot=BOT, chat=chat, thread=None, minute=minute, now=now)


def claimed(library: Library, now: int) -> list[int]:
    """Claim and send what is due; return the chats."""
    library.bulletins.queue_due(BOT, now)
    batches = library.outbox.claim(BOT, OWNER, now, seconds=60, most=100, at_once=10)
    library.outbox.mark_sent([each.id for batch in batches for each in batch.deliveries], now)
    return [batch.chat for batch in batches]


class TestABulletin:
    def test_is_due_at_its_next_time(self, library: Library) -> None:
        assert choose(library).next_at == MORNING
        assert choose(library, minute=21 * 60).next_at == EVENING + HOUR
        assert library.bulletins.get(BOT, LAN) == choose(library, minute=21 * 60)
        assert library.bulletins.get(OTHER_BOT, LAN) is None

    def test_is_queued_once_a_day_however_often_it_is_looked_for(self, library: Library) -> None:
        choose(library)

        days = [
            [claimed(library, MORNING + day * DAY + second) for second in (-1, 0, 1, HOUR)]
            for day in range(3)
        ]

        assert days == [[[], [LAN], [], []]] * 3

    def test_is_one_a_day_also_if_another_time_is_chosen(self, library: Library) -> None:
        choose(library)
        assert claimed(library, MORNING) == [LAN]

        later = choose(library, minute=20 * 60, now=MORNING + HOUR)

        assert later.next_at == MORNING + DAY + 13 * HOUR

    def test_is_not_queued_beside_one_that_is_pending(self, library: Library) -> None:
        choose(library)
        assert library.bulletins.queue_due(BOT, MORNING) == 1

        assert library.bulletins.queue_due(BOT, MORNING + DAY) == 0

        assert library.outbox.counts() == {"owed": 1}

    def test_is_late_by_some_hours_or_left_out(self, library: Library) -> None:
        choose(library)
        choose(library, MINH, minute=2 * 60)

        assert claimed(library, MORNING + 2 * HOUR) == [LAN]
        assert claimed(library, MORNING + 20 * HOUR) == [MINH]

    def test_that_is_late_after_midnight_is_still_that_of_its_day(self, library: Library) -> None:
        choose(library, minute=22 * 60)

        assert claimed(library, EVENING + 5 * HOUR) == [LAN]
        assert claimed(library, EVENING + 2 * HOUR + DAY) == [LAN]

    def test_follows_the_time_zone_of_its_chat(self, library: Library) -> None:
        choose(library)
        library.chats.set_time_zone(LAN, "Europe/Berlin")

        library.subscriptions.reschedule(LAN, EVENING)

        known = library.bulletins.get(BOT, LAN)
        assert known is not None
        assert known.next_at == MORNING + 6 * HOUR

    def test_of_a_chat_that_was_given_up_waits_for_its_return(self, library: Library) -> None:
        choose(library)
        library.chats.deactivate(LAN)
        assert claimed(library, MORNING) == []

        library.chats.activate(LAN)

        assert claimed(library, MORNING + HOUR) == []
        assert claimed(library, MORNING + DAY) == [LAN]

    def test_that_ends_takes_back_what_is_pending(self, library: Library) -> None:
        choose(library)
        library.bulletins.queue_due(BOT, MORNING)

        assert library.bulletins.end(BOT, LAN, MORNING)

        assert library.outbox.counts() == {f"dropped: {DropReason.UNSUBSCRIBED}": 1}
        assert not library.bulletins.end(BOT, LAN, MORNING)

    def test_moves_with_a_group_to_its_supergroup(self, library: Library) -> None:
        choose(library, GROUP)
        library.bulletins.queue_due(BOT, MORNING)
        library.chats.migrate(GROUP, -2000)

        assert claimed(library, MORNING) == [-2000]
        choose(library, GROUP)
        library.chats.migrate(GROUP, -2000)
        assert claimed(library, MORNING + DAY) == [-2000]

    def test_is_exported_and_forgotten_with_its_deliveries(self, library: Library) -> None:
        choose(library)
        claimed(library, MORNING)

        exported = library.chats.export(LAN)

        assert (len(exported["bulletins"]), len(exported["deliveries"])) == (1, 1)
        assert library.chats.forget(LAN) == 3
        assert claimed(library, MORNING + DAY) == []

    def test_of_a_backup_is_not_sent_again(self, library: Library, tmp_path: Path) -> None:
        choose(library)
        copy = tmp_path / "copy.gz"
        backup.back_up(library._database, copy)
        assert claimed(library, MORNING) == [LAN]

        with patch("time.time", return_value=MORNING + 60.0):
            backup.restore(library._database, copy, VERSION)

        assert claimed(library, MORNING + HOUR) == []
        assert claimed(library, MORNING + DAY) == [LAN]


def test_bulletins_are_queued_in_parts(library: Library) -> None:
    for chat in range(1, 6):
        choose(library, chat)
    with patch("index.store.chats.bulletins._QUEUED_AT_ONCE", 2):
        parts = [library.bulletins.queue_due(BOT, MORNING) for _ in range(4)]

    assert parts == [2, 2, 1, 0]


def choose_later(library: Library) -> None:
    choose(library, minute=20 * 60, now=MORNING)


def move_west(library: Library) -> None:
    library.chats.set_time_zone(LAN, "Europe/Berlin")
    library.subscriptions.reschedule(LAN, MORNING)


def forget(library: Library) -> None:
    library.chats.forget(LAN)


@pytest.mark.postgresql
@pytest.mark.parametrize("change", [choose_later, move_west, forget])
def test_a_bulletin_that_is_being_queued_comes_once_whatever_is_changed(
    postgresql: URL, tmp_path: Path, change: Callable[[Library], None]
) -> None:
    moving, release = threading.Event(), threading.Event()

    def slowly(*given: Any) -> None:
        moving.set()
        release.wait(PATIENCE_SECONDS)
        move(*given)

    with open_library(tmp_path, server=postgresql) as library, ThreadPoolExecutor() as threads:
        address = library.address
        choose(library)
        move = bulletins._move
        with patch.object(bulletins, "_move", slowly):
            queueing = threads.submit(library.bulletins.queue_due, BOT, MORNING)
            assert moving.wait(PATIENCE_SECONDS)
        changing = threads.submit(change, library)
        here = "datname = current_database()"
        waiting = f"SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND {here}"
        wait_until(lambda: execute(address, waiting) == "1", PATIENCE_SECONDS)
        release.set()
        changing.result()
        assert queueing.result() == 1
        known = library.bulletins.get(BOT, LAN)
        if change is forget:
            assert (known, library.outbox.counts()) == (None, {})
        else:
            assert known is not None
            assert known.next_at > MORNING + 14 * HOUR
