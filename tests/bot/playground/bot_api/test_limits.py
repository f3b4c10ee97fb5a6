import signal

import httpx
import pytest

from bot.playground import Limits, Playground
from tests.support.commands import IN_ONE_PROCESS, Commands, free_port
from tests.support.playground import GROUP, LAN, Clock, serve_playground
from tests.support.waiting import START_SECONDS, wait_until


async def test_limits_are_enforced_per_chat_per_group_and_over_all() -> None:
    clock = Clock()
    limits = Limits(per_second=30, per_chat_second=1, chat_burst=3, per_group_minute=20)
    async with serve_playground(Playground(limits=limits, clock=clock)) as client:

        async def send(chat: int) -> str:
            answer = await client.call("sendMessage", chat_id=chat, text="x")
            return str(answer.get("description", "sent"))

        assert [await send(1001) for _ in range(4)] == [
            *["sent"] * 3,
            "Too Many Requests: retry after 1",
        ]
        clock.now += 1
        assert await send(1001) == "sent"
        sent = []
        for _ in range(21):
            clock.now += 1
            sent.append(await send(GROUP))
        assert sent == [*["sent"] * 20, "Too Many Requests: retry after 40"]
        for number in range(31):
            await client.post("/messages", user={"id": 2000 + number, "name": "N"}, text="x")
        clock.now += 5
        overall = [await send(2000 + number) for number in range(31)]
        assert overall == [*["sent"] * 30, "Too Many Requests: retry after 1"]
        assert client.playground.throttle.refused == 3


async def test_what_is_sent_and_refused_is_counted() -> None:
    async with serve_playground(Playground(limits=Limits(chat_burst=2))) as client:
        for _ in range(3):
            await client.call("sendMessage", chat_id=1001, text="x")
        counts = await client.http.get("/playground/throttle")
    assert counts.json() == {"refused": 1, "sent": 2}


async def test_without_limits_everything_is_sent() -> None:
    async with serve_playground(Playground()) as client:
        for _ in range(40):
            await client.call("sendMessage", chat_id=1001, text="x")
        counts = await client.http.get("/playground/throttle")
    assert counts.json() == {"refused": 0, "sent": 40}


async def test_paid_messages_have_a_limit_of_their_own_over_all_chats() -> None:
    clock = Clock()
    async with serve_playground(
        Playground(limits=Limits(paid_per_second=40), clock=clock)
    ) as client:
        people = range(2000, 2042)
        for number in people:
            await client.post("/messages", user={"id": number, "name": "N"}, text="x")

        async def send(chat: int, *, paid: bool) -> str:
            answer = await client.call(
                "sendMessage", chat_id=chat, text="x", allow_paid_broadcast=paid
            )
            return str(answer.get("description", "sent"))

        sent = [await send(number, paid=True) for number in people]
        assert sent == [*["sent"] * 40, *["Too Many Requests: retry after 1"] * 2]
        assert await send(1001, paid=False) == "Too Many Requests: retry after 1"
        clock.now += 1
        assert [await send(1001, paid=True) for _ in range(4)] == [
            *["sent"] * 3,
            "Too Many Requests: retry after 1",
        ]


@pytest.mark.slow
def test_the_command_enforces_limits_on_request(hoibao: Commands) -> None:
    port = free_port()
    hoibao.environment |= IN_ONE_PROCESS
    process = hoibao.start("playground", "--port", str(port), "--limits")
    with process:
        try:
            assert process.stdout is not None
            assert any("is ready" in line for line in process.stdout)
            address = f"http://127.0.0.1:{port}/playground"
            body = {"user": LAN, "text": "/sources"}

            def counts() -> dict[str, int]:
                found: dict[str, int] = httpx.get(f"{address}/throttle", timeout=None).json()
                return found

            def is_refused_something() -> bool:
                """Let the bot send five messages, which a busy machine may send slowly enough."""
                sent = counts()["sent"]
                for _ in range(5):
                    written = httpx.post(f"{address}/messages", json=body, timeout=None)
                    assert written.status_code == 200
                wait_until(lambda: counts()["sent"] >= sent + 5, START_SECONDS)
                return counts()["refused"] > 0

            wait_until(is_refused_something, START_SECONDS)
        finally:
            process.send_signal(signal.SIGTERM)
