"""What the bot hears from the embedded Bot API, by polling and by webhook."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot
from telegram.error import Conflict

from bot.playground.server import EmbeddedServer
from tests.support.playground import GROUP, LAN, Client, polled
from tests.support.waiting import until

TERMINATED = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


async def test_an_offset_confirms_the_updates_before_it(client: Client) -> None:
    for text in ("một", "hai", "ba"):
        await client.write(text)
    first, second, third = await client.updates()
    assert [first["update_id"] + 1, first["update_id"] + 2] == [
        second["update_id"],
        third["update_id"],
    ]
    assert await client.updates(limit=1) == [first]
    assert await client.updates(offset=second["update_id"]) == [second, third]
    assert await client.updates(offset=0) == [second, third]
    assert await client.updates(offset=-1) == [third]
    assert await client.updates(offset=third["update_id"] + 1) == []


async def test_a_long_poll_ends_with_the_first_update(client: Client) -> None:
    poll = asyncio.create_task(client.updates(timeout=30))
    await client.write("chào")
    (update,) = await poll
    assert update["message"]["text"] == "chào"
    assert update["message"]["from"] == {
        "id": 1001,
        "is_bot": False,
        "first_name": "Lan",
        "username": "lan_playground",
        "language_code": "vi",
    }


async def test_a_poll_without_updates_ends_empty(client: Client) -> None:
    assert await client.updates(timeout=0) == []


async def test_only_one_poll_waits_at_a_time(client: Client) -> None:
    first = asyncio.create_task(client.refused("getUpdates", timeout=30))
    await until(lambda: polled(client, 1))
    second = asyncio.create_task(client.updates(timeout=30))
    assert await first == TERMINATED
    await client.write("x")
    assert len(await second) == 1


async def test_only_the_updates_that_are_asked_for_are_kept(client: Client) -> None:
    await client.updates(allowed_updates=["callback_query"])
    await client.write("không nghe")
    await client.post("/buttons", user=LAN, message_id=5, data="x", wait=0)
    (update,) = await client.updates()
    assert "callback_query" in update


async def test_entities_of_a_persons_message_are_marked(client: Client, bot: Bot) -> None:
    await client.write("/ask@hoibao_bot ai? https://a.vn #tin @hoibao_bot")
    (update,) = await bot.get_updates()
    assert update.message is not None
    kinds = [entity.type for entity in update.message.entities]
    assert kinds == ["bot_command", "url", "hashtag", "mention"]


async def test_in_groups_the_bot_hears_only_what_is_meant_for_it(client: Client) -> None:
    group = {"chat": GROUP}
    await client.write("chuyện riêng", **group)
    await client.write("/ask@other_bot ai?", **group)
    await client.write("/ask ai?", **group)
    await client.write("@hoibao_bot ai?", **group)
    sent = await client.result("sendMessage", chat_id=GROUP, text="đây")
    await client.write("còn gì nữa?", reply_to=sent["message_id"], **group)
    heard = [update["message"]["text"] for update in await client.updates()]
    assert heard == ["/ask ai?", "@hoibao_bot ai?", "còn gì nữa?"]
    assert sent["chat"] == {"id": GROUP, "title": "Phòng Tin tức", "type": "supergroup"}


async def test_an_administrator_hears_everything(client: Client) -> None:
    await client.post("/membership", user=1001, chat=GROUP, status="administrator")
    await client.write("chuyện riêng", chat=GROUP)
    change, message = await client.updates()
    assert change["my_chat_member"]["new_chat_member"]["status"] == "administrator"
    assert message["message"]["text"] == "chuyện riêng"


@asynccontextmanager
async def receiver(answer: Callable[[], int]) -> AsyncIterator[tuple[str, list[Request]]]:
    """A server that takes webhook posts and answers with the given statuses."""
    taken: list[Request] = []

    async def take(request: Request) -> Response:
        await request.body()
        taken.append(request)
        return Response(status_code=answer())

    app = Starlette(routes=[Route("/hook", take, methods=["POST"])])
    server = EmbeddedServer(uvicorn.Config(app, port=0, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    await until(lambda: is_started(server))
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/hook", taken
    finally:
        server.stop()
        await serving


async def is_started(server: uvicorn.Server) -> bool:
    return server.started


async def test_a_webhook_gets_each_update_until_it_takes_it(client: Client, bot: Bot) -> None:
    statuses = iter([500, 200])
    async with receiver(lambda: next(statuses)) as (url, taken):
        await bot.set_webhook(url, secret_token="bí-mật".encode().hex())
        with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
            await bot.get_updates()
        await client.write("chào")

        async def delivered() -> bool:
            return (await bot.get_webhook_info()).pending_update_count == 0

        await until(delivered)
        assert len(taken) == 2
        last = taken[-1]
        assert (await last.json())["message"]["text"] == "chào"
        secret = last.headers["X-Telegram-Bot-Api-Secret-Token"]
        assert secret == "bí-mật".encode().hex()
        info = await bot.get_webhook_info()
        assert info.last_error_message is not None
        assert "500" in info.last_error_message
        assert (await client.call("deleteWebhook"))["description"] == "Webhook was deleted"
    assert await bot.get_updates() == ()


async def test_a_webhook_ends_a_poll_and_must_be_https_or_local(client: Client) -> None:
    poll = asyncio.create_task(client.refused("getUpdates", timeout=30))
    await until(lambda: polled(client, 1))
    answer = await client.call("setWebhook", url="http://127.0.0.1:9/hook")
    assert answer["description"] == "Webhook was set"
    assert (await poll).startswith("Conflict: terminated by")
    for url in (
        "http://news.vn/hook",
        "http://[",
        "https://[",
        "https://a:99999/",
        "https://xn--/",
    ):
        refusal = await client.refused("setWebhook", url=url)
        assert refusal == "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
