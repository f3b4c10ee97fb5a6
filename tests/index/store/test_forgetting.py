"""All that is stored on a chat is given out and deleted, also what workers share of it."""

import json
from datetime import date

import pytest

from index.store import Chats, Database, Inbox, Usage
from index.store.sharing import Bucket, FloodBuckets, Received
from index.store.sharing.workers import Worker

BOT, LAN, MINH, GROUP = 1, 1001, 1002, -5
STATE = {"shown": [[LAN, "Ai là thủ thư?", 60.0]]}


@pytest.fixture
def inbox(database: Database) -> Inbox:
    return Inbox(database)


def talk(database: Database, inbox: Inbox, chat: int, number: int) -> None:
    """Have an update of a chat processed, with something to be remembered."""
    worker = Worker(database, "here", ["answer"], 60)
    worker.renew()
    inbox.put(BOT, [Received(number, str(chat), "{}")])
    (turn,) = inbox.claim(BOT, worker.id, 9)
    inbox.finish(BOT, worker.id, turn, STATE)


def count_request(database: Database, person: int) -> None:
    FloodBuckets(database).change(
        BOT, "message", person, lambda bucket, now: (Bucket(1.0, now), None)
    )


def test_what_workers_share_of_a_chat_is_given_out_and_deleted(
    database: Database, inbox: Inbox
) -> None:
    chats = Chats(database)
    for number, chat in enumerate((LAN, MINH)):
        talk(database, inbox, chat, number)
        count_request(database, chat)
        Usage(database).add_person(BOT, chat, date(2026, 3, 9))
    inbox.put(BOT, [Received(7, f"user {LAN}", "an inline query")])

    exported = chats.export(LAN)
    assert json.loads(exported["conversations"][0]["state"]) == STATE
    assert [len(exported[name]) for name in ("asked", "received", "flood_control")] == [1, 1, 1]
    chats.forget(LAN)

    left = {name: rows for name, rows in chats.export(LAN).items() if rows}
    assert {row["state"] for row in left.pop("conversations")} == {None}
    assert [row["done_at"] for row in left.pop("received")] == [None]
    assert left == {}
    theirs = chats.export(MINH)
    assert json.loads(theirs["conversations"][0]["state"]) == STATE
    assert [len(theirs[name]) for name in ("asked", "received", "flood_control")] == [1, 0, 1]


def test_what_members_of_a_group_asked_is_not_given_out_there(
    database: Database, inbox: Inbox
) -> None:
    talk(database, inbox, GROUP, 1)
    exported = Chats(database).export(GROUP)
    assert "thủ thư" not in str(exported)
    assert exported["conversations"][0]["saved_at"] > 0


def test_the_next_update_of_a_forgotten_chat_begins_with_nothing(
    database: Database, inbox: Inbox
) -> None:
    talk(database, inbox, LAN, 1)
    Chats(database).forget(LAN)
    worker = Worker(database, "there", ["answer"], 60)
    worker.renew()
    inbox.put(BOT, [Received(2, str(LAN), "{}")])
    (turn,) = inbox.claim(BOT, worker.id, 9)
    assert turn.state == {}
