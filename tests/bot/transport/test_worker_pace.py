"""Several workers send with one token, at the pace that they share, as long as they can."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from bot.transport.send_queue import PER_SECOND, SendQueue
from bot.transport.worker_pace import TRIES, WorkerPace
from index.store import Database, SharedPace
from index.store.database import now_in
from index.store.sharing.pace import LATENESS_SECONDS, spacing
from index.store.tables import send_pace
from tests.support.libraries import empty_database
from tests.support.waiting import until

BOT = 7
AHEAD_SECONDS = 50


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(empty_database(tmp_path))) as opened:
        yield opened


@pytest.fixture
def pace(database: Database) -> Iterator[WorkerPace]:
    punctual = WorkerPace(SharedPace(database), BOT, PER_SECOND, clock=lambda: 0.0)
    with closing(punctual) as opened:
        yield opened


def next_at(database: Database) -> float:
    with database.reading() as connection:
        return connection.scalar(select(send_pace.c.next_at)) or 0.0


async def _turn(queue: SendQueue, chat: int, *, alert: bool = False) -> None:
    async with queue.turn(chat, alert=alert) as keep_pace:
        if alert:
            await keep_pace()


async def test_a_message_takes_a_slot_of_all_workers(database: Database, pace: WorkerPace) -> None:
    queues = [SendQueue(pace=pace) for _ in range(2)]
    await _turn(queues[0], 1)
    with database.coordinating() as connection:
        ahead = now_in(connection) + 0.3
        connection.execute(update(send_pace).values(next_at=ahead))
    await asyncio.gather(*(_turn(queue, chat) for queue in queues for chat in (1, 2)))
    taken = next_at(database)
    # On a busy machine the slots may be later ones.
    assert taken >= ahead + 4 * spacing(PER_SECOND) - 1e-3
    await asyncio.gather(*(_turn(queues[0], chat, alert=True) for chat in (3, 4, 5)))
    assert next_at(database) >= taken + 3 * spacing(PER_SECOND) - 1e-3


@pytest.mark.parametrize(("late", "slots"), [(0, 1), (1, 2), (2, 3), (9, TRIES)])
async def test_a_slot_that_is_missed_is_given_up_for_another(
    database: Database, late: int, slots: int
) -> None:
    lateness = [LATENESS_SECONDS + AHEAD_SECONDS] * late + [0.0] * TRIES
    moments = (moment for each in lateness for moment in (0.0, 0.0, each))
    with closing(WorkerPace(SharedPace(database), BOT, PER_SECOND, moments.__next__)) as pace:
        with database.coordinating() as connection:
            ahead = now_in(connection) + 0.3
            connection.execute(insert(send_pace).values(bot=BOT, next_at=ahead))
        await pace.wait(alert=False)
    # On a busy machine the slots may be later ones.
    assert next_at(database) >= ahead + slots * spacing(PER_SECOND) - 1e-3


@pytest.mark.parametrize("turns", range(5))
async def test_who_gives_up_as_a_slot_is_given_does_not_wait_for_it(
    database: Database, turns: int
) -> None:
    is_reserved = threading.Event()

    class FarAhead(SharedPace):
        def reserve_answer(self, bot: int, per_second: int) -> float:
            is_reserved.set()
            return AHEAD_SECONDS

    with closing(WorkerPace(FarAhead(database), BOT, PER_SECOND)) as pace:
        waiting = asyncio.create_task(pace.wait(alert=False))
        await asyncio.sleep(0)
        is_reserved.wait()
        for _ in range(turns):
            await asyncio.sleep(0)
        waiting.cancel()
        done, _ = await asyncio.wait({waiting}, timeout=AHEAD_SECONDS / 10)
    assert done == {waiting}
    assert waiting.cancelled()


async def test_alerts_that_wait_for_a_slot_keep_no_answer_from_its_turn(
    database: Database, pace: WorkerPace
) -> None:
    queue = SendQueue(pace=pace)
    await _turn(queue, 1)
    with database.coordinating() as connection:
        ahead = now_in(connection) + AHEAD_SECONDS
        connection.execute(update(send_pace).values(next_at=ahead))
    waiting = [
        asyncio.create_task(_turn(queue, chat, alert=True)) for chat in range(2, 2 * PER_SECOND)
    ]
    waiting.append(asyncio.create_task(_turn(queue, 1)))

    async def is_reserved() -> bool:
        return next_at(database) > ahead

    await until(is_reserved)
    assert next_at(database) == pytest.approx(ahead + spacing(PER_SECOND), abs=1e-3)
    assert not any(task.done() for task in waiting)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    with database.coordinating() as connection:
        connection.execute(update(send_pace).values(next_at=0.0))
    await _turn(queue, 3, alert=True)


async def test_an_alert_that_is_not_sent_takes_no_slot_and_frees_its_turn(
    database: Database, pace: WorkerPace
) -> None:
    queue = SendQueue(pace=pace)
    for chat in (1, 2):
        async with queue.turn(chat, alert=True):
            pass
    assert next_at(database) == 0.0
    await _turn(queue, 3, alert=True)
    assert next_at(database) > 0.0


async def test_without_its_database_each_worker_keeps_the_limit_alone(
    database: Database, pace: WorkerPace, caplog: pytest.LogCaptureFixture
) -> None:
    with database.writing() as connection:
        send_pace.drop(connection)
    queue = SendQueue(pace=pace)
    for _ in range(2):
        await _turn(queue, 1)
        await _turn(queue, 2, alert=True)
    pace._alone_until = 0.0
    await _turn(queue, 3)
    assert caplog.text.count("is not shared") == 1
    with database.writing() as connection:
        send_pace.create(connection)
    pace._alone_until = 0.0
    await _turn(queue, 4)
    assert next_at(database) > 0
