"""All workers of a bot share its pace of sending: together they keep the limit, answers first."""

import random
from pathlib import Path

import pytest
from sqlalchemy import literal, select, update
from sqlalchemy.engine import URL

from index.store import Database, SharedPace
from index.store.database import now_in
from index.store.sharing import pace as module
from index.store.sharing.pace import (
    CAUGHT_UP_SECONDS,
    LATENESS_SECONDS,
    LONGEST_WAIT_SECONDS,
    spacing,
)
from index.store.tables import send_pace
from index.workers.fork_server import FORKING, serving

BOT, OTHER_BOT = 7_000_000_000, 8
PER_SECOND = 30
EACH = 60
SENDERS = 2


class Clock:
    """Clock of the database that is set by hand."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(module, "clock_of", lambda _: literal(found.now))
    return found


@pytest.fixture
def shared(database: Database) -> SharedPace:
    return SharedPace(database)


def next_at(database: Database) -> float:
    with database.reading() as connection:
        found = connection.scalar(select(send_pace.c.next_at).where(send_pace.c.bot == BOT))
    return found or 0.0


def test_no_second_holds_more_messages_than_are_allowed(shared: SharedPace, clock: Clock) -> None:
    chance, left = random.Random(5), []
    began = clock.now
    while clock.now < began + 5:
        clock.now += chance.choice((*[0.0] * 18, 0.01, 0.05, 0.4))
        late = chance.choice((0.0, LATENESS_SECONDS))
        if chance.random() < 0.5:
            left.append(clock.now + shared.reserve_answer(BOT, PER_SECOND) + late)
        elif not shared.reserve_alert(BOT, PER_SECOND):
            left.append(clock.now + late)
    left.sort()
    busiest = max(sum(1 for time in left if start <= time < start + 1) for start in left)
    assert 25 <= busiest <= PER_SECOND


def test_a_broadcast_uses_nine_tenths_of_what_is_allowed(shared: SharedPace, clock: Clock) -> None:
    began, sent = clock.now, 0
    while clock.now < began + 3:
        wait = shared.reserve_alert(BOT, PER_SECOND)
        sent += not wait
        clock.now += wait or 0.004
    assert sent >= 3 * 0.9 * PER_SECOND


def test_answers_wait_for_their_slots_and_alerts_for_answers(
    shared: SharedPace, clock: Clock
) -> None:
    waits = [shared.reserve_answer(BOT, PER_SECOND) for _ in range(10)]
    assert waits[:2] == [0.0] * 2
    assert waits[4:] == pytest.approx(
        [number * spacing(PER_SECOND) - CAUGHT_UP_SECONDS for number in range(4, 10)], abs=1e-3
    )
    before = waits[-1] + spacing(PER_SECOND)
    assert shared.reserve_alert(BOT, PER_SECOND) == pytest.approx(before, abs=1e-3)
    assert shared.reserve_answer(BOT, PER_SECOND) == pytest.approx(before, abs=1e-3)
    assert shared.reserve_alert(OTHER_BOT, PER_SECOND) == 0.0
    clock.now += before + spacing(PER_SECOND)
    assert shared.reserve_alert(BOT, PER_SECOND) == 0.0


def test_a_clock_that_was_set_back_stops_nobody(shared: SharedPace, clock: Clock) -> None:
    shared.reserve_answer(BOT, PER_SECOND)
    clock.now -= 3600
    assert shared.reserve_alert(BOT, PER_SECOND) <= LONGEST_WAIT_SECONDS
    assert shared.reserve_answer(BOT, PER_SECOND) <= LONGEST_WAIT_SECONDS
    clock.now += LONGEST_WAIT_SECONDS + 1
    assert shared.reserve_alert(BOT, PER_SECOND) == 0.0


def _reserve(address: URL, folder: Path, number: int) -> None:
    database = Database(address)
    waits = [SharedPace(database).reserve_answer(BOT, PER_SECOND) for _ in range(EACH)]
    (folder / f"waits-{number}").write_text("\n".join(map(str, waits)))
    database.close()


def test_processes_that_reserve_at_once_get_a_slot_each(
    address: URL, database: Database, shared: SharedPace, tmp_path: Path
) -> None:
    shared.reserve_answer(BOT, PER_SECOND)
    with database.coordinating() as connection:
        began = now_in(connection) + 30
        connection.execute(update(send_pace).values(next_at=began))
    processes = [
        FORKING.Process(target=_reserve, args=(address, tmp_path, number))
        for number in range(SENDERS)
    ]
    with serving():
        for process in processes:
            process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * SENDERS
    slots = SENDERS * EACH
    assert next_at(database) == pytest.approx(began + slots * spacing(PER_SECOND), abs=1e-3)
    waits = [
        float(wait) for file in tmp_path.glob("waits-*") for wait in file.read_text().splitlines()
    ]
    assert len(waits) == slots
    assert 0 < min(waits) <= max(waits) <= 30 + slots * spacing(PER_SECOND)
