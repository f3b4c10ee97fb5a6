"""Updates are processed once and in order by whichever worker, and survive the death of one."""

import json
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.engine import URL

from index.store import Database, Inbox
from index.store.database import upsert
from index.store.sharing import MOST_ATTEMPTS, Received, Turn
from index.store.sharing.inbox import KNOWN_SECONDS, REMEMBERED_SECONDS, WORDS_SECONDS
from index.store.sharing.workers import Worker
from index.store.tables import conversations, updates

BOT, LAN, ANNA = 7, "1001", "1003"
CONVERSATIONS, EACH, WORKERS = 12, 5, 3


@pytest.fixture
def inbox(database: Database) -> Inbox:
    return Inbox(database)


@pytest.fixture
def mine(database: Database) -> Iterator[Worker]:
    yield from joined(database)


@pytest.fixture
def other(database: Database) -> Iterator[Worker]:
    yield from joined(database)


def joined(database: Database) -> Iterator[Worker]:
    worker = Worker(database, "here", ["answer"])
    worker.renew()
    yield worker


def received(*numbers: int, conversation: str = LAN) -> list[Received]:
    return [Received(number, conversation, f'"{number}"') for number in numbers]


def test_the_updates_of_a_conversation_come_in_order(inbox: Inbox, mine: Worker) -> None:
    inbox.put(BOT, received(3, 1, 2))
    (first,) = inbox.claim(BOT, mine.id, 10)
    assert (first.id, first.body, first.later) == (1, '"1"', ('"2"', '"3"'))
    second = inbox.finish(BOT, mine.id, first, {})
    assert second is not None
    third = inbox.finish(BOT, mine.id, second, {})
    assert third is not None
    assert (second.id, third.id) == (2, 3)
    assert inbox.waiting(BOT) == 1
    assert inbox.finish(BOT, mine.id, third, {}) is None
    assert inbox.waiting(BOT) == 0


def test_one_worker_at_a_time_has_a_conversation(inbox: Inbox, mine: Worker, other: Worker) -> None:
    inbox.put(BOT, received(1, 2))
    inbox.put(BOT, received(3, conversation=ANNA))
    (turn,) = inbox.claim(BOT, mine.id, 1)
    (theirs,) = inbox.claim(BOT, other.id, 10)
    assert (turn.conversation, theirs.conversation) == (LAN, ANNA)
    assert inbox.claim(BOT, other.id, 10, [ANNA]) == []
    assert inbox.claim(BOT + 1, other.id, 10) == []


def test_an_update_that_is_delivered_again_is_known(inbox: Inbox, mine: Worker) -> None:
    inbox.put(BOT, received(1))
    inbox.put(BOT, received(1))
    (turn,) = inbox.claim(BOT, mine.id, 10)
    assert inbox.finish(BOT, mine.id, turn, {}) is None
    inbox.put(BOT, received(1))
    assert inbox.claim(BOT, mine.id, 10) == []


def test_what_is_remembered_of_a_conversation_goes_from_worker_to_worker(
    inbox: Inbox, mine: Worker, other: Worker
) -> None:
    inbox.put(BOT, received(1))
    (turn,) = inbox.claim(BOT, mine.id, 10)
    assert turn.state == {}
    inbox.finish(BOT, mine.id, turn, {"focus": [[1001, 5, 60.0]]})
    inbox.put(BOT, received(2))
    (following,) = inbox.claim(BOT, other.id, 10)
    assert following.state == {"focus": [[1001, 5, 60.0]]}
    assert 0 <= following.elapsed < 300


def test_a_dead_workers_updates_are_processed_by_another_one(
    inbox: Inbox, mine: Worker, other: Worker
) -> None:
    inbox.put(BOT, received(1, 2))
    (turn,) = inbox.claim(BOT, mine.id, 10)
    mine.leave()
    (again,) = inbox.claim(BOT, other.id, 10)
    assert (again.id, again.attempts) == (1, 2)
    assert inbox.finish(BOT, mine.id, turn, {}) is None  # it comes to life again
    following = inbox.finish(BOT, other.id, again, {})
    assert following is not None
    assert following.id == 2


def test_what_a_stopping_worker_releases_counts_no_attempt(
    inbox: Inbox, mine: Worker, other: Worker
) -> None:
    inbox.put(BOT, received(1, 2))
    inbox.put(BOT, received(3, conversation=ANNA))
    (theirs,) = inbox.claim(BOT, other.id, 10, [LAN])
    for _ in range(MOST_ATTEMPTS + 1):
        (turn,) = inbox.claim(BOT, mine.id, 10)
        assert turn.attempts == 1
        following = inbox.finish(BOT, mine.id, turn, {}) if turn.id == 1 else None
        assert following is None or following.attempts == 1
        inbox.release(BOT, mine.id)
    inbox.release(BOT, mine.id)
    inbox.hand_back(BOT, other.id, theirs)
    turns = inbox.claim(BOT, mine.id, 10)
    assert [(turn.id, turn.attempts) for turn in turns] == [(2, 1), (3, 1)]


def test_a_worker_claims_again_what_it_has_claimed_and_not_in_hand(
    inbox: Inbox, mine: Worker
) -> None:
    inbox.put(BOT, received(1))
    (turn,) = inbox.claim(BOT, mine.id, 10)
    assert inbox.claim(BOT, mine.id, 10, [turn.conversation]) == []
    (again,) = inbox.claim(BOT, mine.id, 10)
    assert (again.id, again.attempts) == (1, 2)


def test_who_waits_longest_is_claimed_first(inbox: Inbox, mine: Worker) -> None:
    for number in range(300):
        name = str(1_000 + number * 7919 % 300)
        inbox.put(BOT, received(number, conversation=name))
    for first in (0, 8, 16):
        turns = inbox.claim(BOT, mine.id, 8, [str(1_000 + n * 7919 % 300) for n in range(first)])
        assert [turn.id for turn in turns] == list(range(first, first + 8))


def test_half_a_character_is_remembered(inbox: Inbox, mine: Worker) -> None:
    inbox.put(BOT, received(1, 2))
    (turn,) = inbox.claim(BOT, mine.id, 10)
    following = inbox.finish(BOT, mine.id, turn, {"shown": "\ud83d"})
    assert following is not None
    assert following.state == {"shown": "\ud83d"}


def test_an_update_that_is_handed_back_is_claimed_by_another_one(
    inbox: Inbox, mine: Worker, other: Worker
) -> None:
    inbox.put(BOT, received(1))
    (turn,) = inbox.claim(BOT, mine.id, 10)
    inbox.hand_back(BOT, mine.id, turn)
    for _ in range(MOST_ATTEMPTS):  # while none of them reaches Telegram
        (turn,) = inbox.claim(BOT, other.id, 10)
        inbox.hand_back(BOT, other.id, turn)
    (again,) = inbox.claim(BOT, other.id, 10)
    assert again.attempts == 1
    inbox.hand_back(BOT, mine.id, turn)  # it is no longer its own
    assert inbox.claim(BOT, mine.id, 10) == []
    inbox.finish(BOT, other.id, again, {})
    assert inbox.waiting(BOT) == 0


def test_content_is_deleted_at_once_and_the_rest_after_a_while(
    database: Database, inbox: Inbox, mine: Worker
) -> None:
    inbox.put(BOT, received(1))
    (turn,) = inbox.claim(BOT, mine.id, 10)
    inbox.finish(BOT, mine.id, turn, {"focus": [[1, 2, 3.0]]})
    inbox.put(BOT, received(2, conversation=ANNA))
    with database.coordinating() as connection:
        kept = select(updates.c.conversation, updates.c.body).order_by(updates.c.id)
        assert list(connection.execute(kept)) == [("", ""), (ANNA, '"2"')]
        connection.execute(update(updates).values(done_at=updates.c.done_at - KNOWN_SECONDS - 1))
        earlier = conversations.c.saved_at - REMEMBERED_SECONDS - 1
        connection.execute(update(conversations).values(saved_at=earlier))
    inbox.purge(BOT)
    with database.reading() as connection:
        assert list(connection.scalars(select(updates.c.id))) == [2]
        assert list(connection.scalars(select(conversations.c.id))) == [ANNA]


def test_words_of_people_are_forgotten_sooner(
    database: Database, inbox: Inbox, mine: Worker
) -> None:
    inbox.put(BOT, received(1))
    (turn,) = inbox.claim(BOT, mine.id, 10)
    inbox.finish(BOT, mine.id, turn, {"answered": [[1, 2, 9.0]], "shown": [[1, "ai?", 3.0]]})
    inbox.purge(BOT, ["shown"])

    def stored() -> set[str]:
        with database.reading() as connection:
            return set(json.loads(connection.scalar(select(conversations.c.state)) or "{}"))

    assert stored() == {"answered", "shown"}
    with database.coordinating() as connection:
        earlier = conversations.c.saved_at - WORDS_SECONDS - 1
        connection.execute(update(conversations).values(saved_at=earlier))
    inbox.purge(BOT, ["shown"])
    assert stored() == {"answered"}


def test_no_conversation_is_forgotten_under_an_update_that_is_just_stored(
    database: Database, inbox: Inbox, mine: Worker
) -> None:
    inbox.put(BOT, received(1))
    (turn,) = inbox.claim(BOT, mine.id, 10)
    inbox.finish(BOT, mine.id, turn, {})
    purging = threading.Thread(target=inbox.purge, args=(BOT,))
    with database.coordinating() as connection:
        row = {"bot": BOT, "id": LAN}
        upsert(connection, conversations, row)
        purging.start()
        purging.join(1.0)  # it looks meanwhile, or waits
        new = {"id": 2, "conversation": LAN, "body": "", "received_at": 0, "attempts": 0}
        connection.execute(insert(updates).values(bot=BOT, **new))
    purging.join()
    assert [turn.id for turn in inbox.claim(BOT, mine.id, 10)] == [2]


def test_workers_in_parallel_process_each_update_once_and_in_order(address: URL) -> None:
    numbers = range(CONVERSATIONS * EACH)
    processed: list[tuple[str, int]] = []

    def work() -> None:
        database = Database(address)
        inbox, worker = Inbox(database), Worker(database, "here", ["answer"])
        worker.renew()
        while inbox.waiting(BOT):
            for first in inbox.claim(BOT, worker.id, 2):
                turn: Turn | None = first
                while turn:
                    processed.append((turn.conversation, turn.id))
                    turn = inbox.finish(BOT, worker.id, turn, {})
        database.close()

    database = Database(address)
    inbox = Inbox(database)
    inbox.put(BOT, received(0, conversation="0"))
    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for number in numbers[1:]:
        inbox.put(BOT, received(number, conversation=str(number % CONVERSATIONS)))
    for thread in threads:
        thread.join()
    work()
    database.close()
    assert sorted(number for _, number in processed) == list(numbers)
    for conversation in range(CONVERSATIONS):
        order = [number for key, number in processed if key == str(conversation)]
        assert order == sorted(order)


def test_the_longest_wait_is_that_of_the_first_update_that_nobody_processed(
    database: Database, inbox: Inbox, mine: Worker
) -> None:
    assert inbox.lateness(BOT) == 0.0
    inbox.put(BOT, received(1, 2))
    with database.coordinating() as connection:
        earlier = updates.c.received_at - 300.0 + 100.0 * updates.c.id
        connection.execute(update(updates).values(received_at=earlier))
    assert 200 <= inbox.lateness(BOT) < 300
    assert inbox.lateness(BOT + 1) == 0.0
    (turn,) = inbox.claim(BOT, mine.id, 1)
    inbox.finish(BOT, mine.id, turn, {})
    assert 100 <= inbox.lateness(BOT) < 200
