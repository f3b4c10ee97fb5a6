"""Turns to send: held against the playground's own reading of Telegram's limits."""

import asyncio
import random

import pytest

from bot.playground import ApiError, Limits
from bot.playground.world.limits import Throttle
from bot.transport.rate_limiter import RateLimiter
from bot.transport.send_queue import SendQueue
from tests.support.virtual_time import in_virtual_time, now

GROUP = -1_000_000_000_001


class Telegram:
    """Takes messages after a while, as long as its limits allow."""

    def __init__(self, limits: Limits | None = None, seconds: float = 0.02) -> None:
        self.throttle = Throttle(limits or Limits(), now)
        self.arrived: list[tuple[int, float]] = []
        self._seconds = seconds

    async def take(self, chat: int) -> None:
        await asyncio.sleep(random.uniform(0, self._seconds))
        self.throttle.admit(chat)
        self.arrived.append((chat, now()))
        await asyncio.sleep(random.uniform(0, self._seconds))


async def send(pace: SendQueue, telegram: Telegram, chat: int, *, alert: bool = True) -> float:
    async with pace.turn(chat, alert=alert):
        await telegram.take(chat)
    return now()


@in_virtual_time
async def test_a_broadcast_is_never_refused_and_uses_what_is_allowed() -> None:
    pace, telegram = SendQueue(clock=now), Telegram(seconds=0.01)
    started = now()

    await asyncio.gather(*(send(pace, telegram, chat) for chat in range(1, 91)))

    assert telegram.throttle.refused == 0
    assert len(telegram.arrived) / (now() - started) > 28


@in_virtual_time
async def test_the_embedded_telegram_refuses_what_is_not_paced() -> None:
    telegram = Telegram()

    with pytest.raises(ApiError):
        await asyncio.gather(*(telegram.take(chat) for chat in range(1, 91)))


@in_virtual_time
async def test_answers_overtake_alerts_that_wait() -> None:
    pace, telegram = SendQueue(clock=now), Telegram(seconds=0.001)
    alerts = [asyncio.create_task(send(pace, telegram, chat)) for chat in range(1, 61)]
    await asyncio.sleep(0.5)
    started = now()

    answered = await asyncio.gather(
        *(send(pace, telegram, chat, alert=False) for chat in range(101, 106))
    )

    assert max(answered) - started < 0.8
    assert not all(task.done() for task in alerts)
    await asyncio.gather(*alerts)
    assert telegram.throttle.refused == 0


@in_virtual_time
async def test_a_chat_gets_one_alert_a_second_and_answers_in_between() -> None:
    pace, telegram = SendQueue(clock=now), Telegram(seconds=0.001)

    async def alerts() -> None:
        await asyncio.gather(*(send(pace, telegram, 5) for _ in range(3)))

    started = now()
    sending = asyncio.create_task(alerts())
    await asyncio.sleep(0.1)
    answered = await send(pace, telegram, 5, alert=False)
    await sending

    assert answered - started < 0.5
    assert telegram.throttle.refused == 0
    assert now() - started > 2


@in_virtual_time
async def test_a_group_gets_fifteen_alerts_in_a_minute_and_answers_beyond() -> None:
    pace = SendQueue(clock=now)
    for _ in range(15):
        async with asyncio.timeout(1), pace.turn(GROUP, alert=True):
            pass
        await asyncio.sleep(1.5)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05), pace.turn(GROUP, alert=True):
            pass
    for _ in range(5):
        async with asyncio.timeout(1), pace.turn(GROUP):
            pass
    await asyncio.sleep(60)
    async with asyncio.timeout(1), pace.turn(GROUP, alert=True):
        pass


@in_virtual_time
async def test_chats_and_all_alerts_can_be_held() -> None:
    pace = SendQueue(clock=now)
    pace.hold(7, 30)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05), pace.turn(7, alert=True):
            pass
    async with asyncio.timeout(1), pace.turn(8, alert=True):
        pass
    async with asyncio.timeout(1), pace.turn(7):
        pass
    pace.hold(None, 60)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05), pace.turn(9, alert=True):
            pass
    await asyncio.sleep(61)
    for chat in (7, 9):
        async with asyncio.timeout(1), pace.turn(chat, alert=True):
            pass
        await asyncio.sleep(1)


@in_virtual_time
async def test_who_gives_up_waiting_leaves_the_turn_to_others() -> None:
    pace = SendQueue(per_second=1, clock=now)
    async with pace.turn(1):
        waiting = asyncio.create_task(asyncio.wait_for(_turn(pace, 2), 0.05))
        with pytest.raises(TimeoutError):
            await waiting
        third = asyncio.create_task(_turn(pace, 3))
        await asyncio.sleep(0.01)
        assert not third.done()
    async with asyncio.timeout(1.5):
        await third


async def _turn(pace: SendQueue, chat: int) -> None:
    async with pace.turn(chat):
        pass


@in_virtual_time
async def test_chats_at_rest_are_forgotten() -> None:
    pace = SendQueue(per_second=10**9, clock=now)
    for chat in range(1, 12_001):
        async with pace.turn(chat):
            pass
        await asyncio.sleep(0.1)
    assert len(pace._chats) <= 5_600


@in_virtual_time
@pytest.mark.parametrize("method", ["sendMessage", "sendPhoto", "sendDocument", "editMessageText"])
async def test_all_that_a_chat_sees_takes_a_turn(method: str) -> None:
    limiter, telegram = RateLimiter(SendQueue(clock=now)), Telegram()

    async def take(chat: int) -> bool:
        await telegram.take(chat)
        return True

    await asyncio.gather(
        *(
            limiter.process_request(take, (chat,), {}, method, {"chat_id": chat}, None)
            for chat in range(1, 91)
        )
    )

    assert telegram.throttle.refused == 0
