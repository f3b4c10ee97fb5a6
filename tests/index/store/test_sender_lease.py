"""A bot has one sender, by the clock of the database; it waits for nobody who stores articles."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select, update
from sqlalchemy.engine import URL

from index import Library
from index.alerts.announcer import Alert
from index.store import Database, Outbox
from index.store.chats import ChatBatch
from index.store.tables import deliveries, senders
from tests.support.alerts import BOT, LAN, MINH, subscribe
from tests.support.articles import FLOOD
from tests.support.waiting import wait_until

LATER_SECONDS = 86_400


@pytest.fixture
def library(address: URL, tmp_path: Path) -> Iterator[Library]:
    """A library that owes Lan and Minh an alert."""
    with Library.open(tmp_path / "data", database=address) as opened:
        for chat in (LAN, MINH):
            subscribe(opened, "*", chat)
        opened.ingest([FLOOD], alert=Alert.ALL)
        yield opened


@pytest.fixture
def outbox(database: Database, library: Library) -> Outbox:
    return library.outbox


def claim(outbox: Outbox, owner: str) -> list[ChatBatch]:
    now = int(time.time())
    return outbox.claim(BOT, owner, now, seconds=600, most=10, at_once=10)


def expire(database: Database) -> None:
    with database.coordinating() as connection:
        connection.execute(update(senders).values(until=1.0))


def test_another_sender_replaces_one_that_is_silent(database: Database, outbox: Outbox) -> None:
    assert outbox.acquire_lease(BOT, "one", 60)
    assert outbox.acquire_lease(BOT, "one", 60)
    assert not outbox.acquire_lease(BOT, "two", 60)
    assert outbox.acquire_lease(BOT + 1, "two", 60)
    claimed = claim(outbox, "one")
    assert [batch.chat for batch in claimed] == [LAN, MINH]
    expire(database)
    assert outbox.acquire_lease(BOT, "one", 60)
    assert claim(outbox, "one") == []
    expire(database)
    assert outbox.acquire_lease(BOT, "two", 60)
    assert claim(outbox, "two") == []
    outbox.release_others(BOT, "two")
    assert claim(outbox, "two") == claimed
    assert not outbox.acquire_lease(BOT, "one", 60)
    outbox.release_lease(BOT, "one")
    assert claim(outbox, "one") == []
    outbox.release_lease(BOT, "two")
    assert outbox.acquire_lease(BOT, "one", 60)
    assert claim(outbox, "one") == claimed


@pytest.mark.parametrize("wrong", [-LATER_SECONDS, LATER_SECONDS])
def test_a_process_with_a_wrong_clock_neither_takes_a_lease_nor_keeps_it(
    outbox: Outbox, database: Database, wrong: int
) -> None:
    assert outbox.acquire_lease(BOT, "one", 60)
    with time_machine.travel(time.time() + wrong, tick=True):
        assert not outbox.acquire_lease(BOT, "two", 60)
    expire(database)
    with time_machine.travel(time.time() + wrong, tick=True):
        assert outbox.acquire_lease(BOT, "two", 60)
    assert not outbox.acquire_lease(BOT, "one", 60)
    expire(database)
    assert outbox.acquire_lease(BOT, "one", 60)


@pytest.mark.postgresql
def test_a_sender_does_not_wait_for_one_that_stores(postgresql_address: URL) -> None:
    impatient = postgresql_address.update_query_dict({"options": "-c lock_timeout=20s"})
    database, other = Database(impatient), Database(impatient)
    outbox, now = Outbox(database), int(time.time())
    with other.writing() as connection:
        for chat in (1, 2, 3, 4):
            values = {"subscription": 1, "positions": "", "state": "owed", "attempts": 0}
            row = {"bot": BOT, "chat": chat, "due_at": now - 9, "created_at": now} | values
            connection.execute(deliveries.insert().values(row))
    with other.writing() as connection:
        # It stores for a while, and has changed one of the deliveries.
        changed = update(deliveries).where(deliveries.c.chat == 2)
        connection.execute(changed.values(positions="1"))
        assert outbox.acquire_lease(BOT, "one", 60)
        claimed = claim(outbox, "one")
        assert [batch.chat for batch in claimed] == [1, 3, 4]
        first, third, fourth = (batch.deliveries[0].id for batch in claimed)
        outbox.mark_sent([first], now)
        outbox.retry([third], now, "one")
        assert outbox.counts() == {"owed": 3, "sent": 1}
        # This one waits for the delivery that is being changed, and not with locks in hand.
        dropping = threading.Thread(target=outbox.drop_old, args=(BOT, now, now))
        dropping.start()
        wait_until(lambda: outbox.counts().get("dropped: too_old") == 2)
        connection.execute(update(deliveries).where(deliveries.c.id == fourth).values(thread=5))
    dropping.join()
    assert outbox.counts() == {"sent": 1, "dropped: too_old": 3}
    with database.reading() as reading:
        assert reading.scalar(select(deliveries.c.positions).where(deliveries.c.chat == 2)) == "1"
    for opened in (database, other):
        opened.close()
