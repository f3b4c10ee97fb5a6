import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator
from itertools import repeat
from typing import Any

import httpx
import pytest

from bot.playground import Playground
from bot.playground.control.views import page_view
from bot.playground.world.queries import Queries
from bot.playground.world.state import BOT, Message, World
from tests.support.playground import ANNA, GROUP, LAN, Client, serve_playground
from tests.support.waiting import PATIENCE_SECONDS, until

MESSAGE = Message(chat=1001, id=1, sender=BOT, date=0, text="x")
NEWCOMER = {"id": 4242, "name": "Hoa", "language": "vi"}


async def error(client: Client, path: str, body: object) -> str:
    response = await client.http.post(f"/playground{path}", json=body)
    assert response.status_code == 400, response.text
    (message,) = response.json().values()
    assert "\n" not in message
    return str(message)


async def test_a_message_goes_to_the_private_chat_of_its_writer(client: Client) -> None:
    placed = await client.post("/messages", user=NEWCOMER, text="chào")
    assert placed["chat"] == 4242
    assert isinstance(placed["message_id"], int)
    (update,) = await client.updates()
    assert update["message"]["chat"] == {"id": 4242, "first_name": "Hoa", "type": "private"}


async def test_messages_are_read_in_the_agreed_form(client: Client) -> None:
    question = await client.write("ai dự?")
    sent = await client.result(
        "sendMessage",
        chat_id=1001,
        text="<b>Ông Cầu</b>",
        parse_mode="HTML",
        reply_parameters={"message_id": question},
        reply_markup={
            "inline_keyboard": [
                [{"text": "thêm", "callback_data": "m"}, {"text": "bài", "url": "https://a.vn/x"}]
            ]
        },
    )
    asked, answered = await client.messages()
    assert list(answered) == [
        "message_id",
        "from",
        "text",
        "html",
        "reply_to",
        "buttons",
        "date",
        "edited",
        "topic",
        "silent",
        "force_reply",
        "document",
    ]
    assert (asked["from"], asked["text"], asked["reply_to"]) == ("Lan", "ai dự?", None)
    assert answered["message_id"] == sent["message_id"]
    assert answered["from"] == "Hỏi Báo"
    assert answered["html"] == "<b>Ông Cầu</b>"
    assert answered["reply_to"] == question
    assert answered["buttons"] == [
        [{"text": "thêm", "data": "m"}, {"text": "bài", "url": "https://a.vn/x"}]
    ]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00", answered["date"])
    assert answered["edited"] is False
    assert await client.messages(after=question) == [answered]
    assert await client.messages(chat=99) == []


async def test_a_person_edits_and_deletes_a_message(client: Client) -> None:
    number = await client.write("ai du?")
    await client.write("ai dự?", edit=number)
    (message,) = await client.messages()
    assert (message["text"], message["edited"]) == ("ai dự?", True)
    _, update = await client.updates()
    assert update["edited_message"]["text"] == "ai dự?"
    assert update["edited_message"]["edit_date"] >= update["edited_message"]["date"]
    response = await client.http.delete(f"/playground/chats/1001/messages/{number}")
    assert response.status_code == 200
    assert await client.messages() == []


async def test_stickers_and_photos_reach_the_bot(client: Client) -> None:
    await client.write("", sticker=True)
    await client.write("ảnh đây", photo=True)
    sticker, photo = await client.updates()
    assert sticker["message"]["sticker"]["emoji"] == "🙂"
    assert photo["message"]["caption"] == "ảnh đây"
    assert photo["message"]["photo"][0]["width"] > 0


async def test_a_group_is_shared_and_a_newcomer_joins_by_writing(client: Client) -> None:
    await client.write("/ask x", user=NEWCOMER, chat=GROUP)
    assert (await client.call("getChatMemberCount", chat_id=GROUP))["result"] == 5


async def test_a_crowd_comes_at_once_and_can_be_written_to(client: Client) -> None:
    assert await client.post("/people", first=1002, count=10_000) == {"people": 10_000}
    assert (await client.result("getChat", chat_id=1002))["first_name"] == "Minh"
    assert (await client.result("getChat", chat_id=1004))["first_name"] == "Bạn đọc 3"
    await client.result("sendMessage", chat_id=11_001, text="tin")
    assert await client.refused("sendMessage", chat_id=11_002, text="tin") == (
        "Bad Request: chat not found"
    )
    assert await client.updates() == []


async def test_views_are_made_only_for_pages_that_are_open(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def counted(world: World, message: Message) -> dict[str, Any]:
        made.append(message.text)
        return page_view(world, message)

    monkeypatch.setattr("bot.playground.server.page_view", counted)
    await client.write("không ai xem")
    with client.playground.events.subscribed() as events:
        await client.write("có người xem")
        event = await asyncio.wait_for(events.get(), PATIENCE_SECONDS)
    assert made == ["có người xem"]
    assert event is not None
    assert event.data["text"] == "có người xem"


@pytest.mark.parametrize("text", ["", "   ", "\n", "\u202e", "\ud800", "a" * 4097])
async def test_a_text_that_nobody_can_send_is_refused(client: Client, text: str) -> None:
    body = json.dumps({"user": LAN, "text": text}).encode()
    response = await client.http.post("/playground/messages", content=body)
    assert response.status_code == 400
    assert "error" in response.json()


@pytest.mark.parametrize("text", ["\u200b", "😀😀", "<b>&amp;</b>", "שלום", "a" * 4096])
async def test_odd_texts_arrive_as_they_are(client: Client, text: str) -> None:
    await client.write(text)
    (update,) = await client.updates()
    assert update["message"]["text"] == text


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("/messages", {}, "user: Field required"),
        ("/messages", [], "body: Input should be an object"),
        ("/messages", {"user": {"id": "x", "name": "A"}, "text": "a"}, "user."),
        ("/messages", {"user": {"id": 5}, "text": "a"}, "user 5 is new: give a name"),
        ("/messages", {"user": LAN, "text": "a", "colour": 1}, "colour: "),
        ("/messages", {"user": LAN, "text": "a", "reply_to": 9}, "reply_to: chat 1001 has no"),
        ("/messages", {"user": LAN, "text": "a", "edit": 9}, "edit: Lan has no message 9"),
        ("/messages", {"user": LAN, "text": "a", "chat": -9}, "chat -9 is unknown"),
        ("/messages", {"user": LAN, "text": "a", "chat": 1003}, "chat 1003 is the private chat"),
        ("/messages", {"user": 7_000_000_001, "text": "a"}, "user 7000000001 is the bot itself"),
        ("/buttons", {"user": LAN, "message_id": 1, "data": ""}, "data must have 1 to 64 bytes"),
        ("/buttons", {"user": LAN, "data": "x"}, "message_id: Field required"),
        ("/people", {"first": 1, "count": 0}, "count: "),
        ("/people", {"first": 2**52 - 1, "count": 2}, "the last id would be above"),
        ("/faults", {"method": "x", "error": 418}, "error 418 is not one of"),
        ("/faults", {"method": "x", "error": 403, "times": 0}, "times: "),
        ("/membership", {"user": LAN, "status": "king"}, "status must be one of"),
        ("/inline/choices", {"user": LAN, "query_id": "1", "result_id": "1"}, "inline query 1"),
        ("/messages", {"user": LAN, "text": "a", "topic": 2}, "topic: chat 1001 has no topic 2"),
        ("/chats", {"id": -9, "title": "a", "topics": ["b"]}, "only a forum has topics"),
        (
            "/chats",
            {"id": -9, "title": "a", "type": "group", "is_forum": True},
            "only a supergroup can be a forum",
        ),
    ],
)
async def test_a_bad_body_gets_one_line_that_says_why(
    client: Client, path: str, body: object, message: str
) -> None:
    assert message in await error(client, path, body)


async def test_broken_json_gets_one_line(client: Client) -> None:
    response = await client.http.post("/playground/messages", content=b'{"user":')
    assert response.status_code == 400
    assert response.json()["error"].startswith("body: Invalid JSON")


async def test_the_page_is_told_what_happens(client: Client) -> None:
    async with client.http.stream("GET", "/playground/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        events = follow(stream)
        kind, world = await anext(events)
        assert kind == "world"
        assert [person["name"] for person in world["people"]] == ["Lan", "Minh", "Anna"]
        number = await client.write("chào")
        assert (await next_of("message", events))["text"] == "chào"
        await client.call("sendChatAction", chat_id=1001, action="typing")
        assert await next_of("action", events) == {"chat": 1001, "action": "typing"}
        await client.http.delete(f"/playground/chats/1001/messages/{number}")
        assert (await next_of("deleted", events))["message_id"] == number
        await client.post("/buttons", user=ANNA, message_id=5, data="x", wait=0)
        query = (await client.updates(offset=-1))[0]["callback_query"]["id"]
        await client.call("answerCallbackQuery", callback_query_id=query, text="Rồi")
        answer = await next_of("answer", events)
        assert (answer["user"], answer["text"]) == (1003, "Rồi")


async def follow(stream: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    kind = ""
    async for line in stream.aiter_lines():
        if line.startswith("event: "):
            kind = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield kind, json.loads(line.removeprefix("data: "))


async def next_of(kind: str, events: AsyncIterator[tuple[str, Any]]) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for found, data in events:
            if found == kind:
                return dict(data)
    raise AssertionError(f"no {kind} came")


async def test_the_page_is_served_with_strict_headers(client: Client) -> None:
    page = await client.http.get("/")
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", page.text)
    assert not re.search(r"<script(?![^>]*src=)|\son\w+=|style=", page.text)
    for name in re.findall(r'"(/static/[\w./]+)', page.text):
        assert (await client.http.get(name)).status_code == 200, name


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", ""]
)
async def test_a_rebound_name_is_refused(client: Client, host: str) -> None:
    response = await client.http.get("/", headers={"Host": host})
    assert response.status_code in {400, 421}


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("192.168.1.5", 200),
        ("[fe80::1]:8080", 200),
        ("localhost:8080", 200),
        ("127.0.0.1", 200),
        ("evil.example", 421),
        ("192.168.1.5.evil.example", 421),
    ],
)
async def test_a_playground_open_to_the_network_is_called_by_number(host: str, status: int) -> None:
    playground = Playground()
    async with playground.serve("0.0.0.0", port=0) as address, httpx.AsyncClient() as http:
        response = await http.get(address + playground.query, headers={"Host": host})
    assert response.status_code == status


async def test_a_playground_open_to_the_network_wants_the_key_in_its_address() -> None:
    playground = Playground()
    body = {"user": LAN, "text": "x"}
    paths = ("/", "/?key=", "/?key=guess", "/static/chat.js", "/playground/events")
    async with (
        playground.serve("0.0.0.0", port=0) as address,
        httpx.AsyncClient(base_url=address) as stranger,
        httpx.AsyncClient(base_url=address) as owner,
    ):
        refused = [await stranger.get(path) for path in paths]
        refused.append(await stranger.post("/playground/messages", json=body))
        refused.append(
            await stranger.get("/static/chat.js", headers={b"Cookie": "key=\u00e9".encode()})
        )
        posing = {"Host": f"{address.partition('://')[2]}/bot"}
        refused.append(await stranger.get("/playground/throttle", headers=posing))
        page = await owner.get(playground.query)
        script = await owner.get("/static/chat.js")
        written = await owner.post("/playground/messages", json=body)
        bot = await stranger.get(f"/bot{playground.token}/getMe")

    assert {response.status_code for response in refused} == {403}
    assert len(playground.key) > 20
    assert [page.status_code, script.status_code, written.status_code] == [200, 200, 200]
    assert "HttpOnly" in page.headers["set-cookie"]
    assert bot.json()["ok"]


async def test_a_playground_on_this_machine_only_wants_no_key(client: Client) -> None:
    assert client.playground.query == client.playground.key == ""
    assert "set-cookie" not in (await client.http.get("/")).headers


async def test_a_playground_on_a_named_host_is_called_by_that_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    playground = Playground()
    async with serve_playground(playground) as client:
        monkeypatch.setattr(playground, "_host", "Desk.example")
        response = await client.http.get("/", headers={"Host": "desk.example:8080"})
    assert response.status_code == 200


async def test_an_address_or_a_number_that_is_none_is_explained(client: Client) -> None:
    body = {"user": LAN, "text": "x"}
    headers = {"Origin": "http://["}
    response = await client.http.post("/playground/messages", json=body, headers=headers)
    assert response.status_code == 403
    for path in (f"1001/messages/{'1' * 5000}", f"{'1' * 5000}/messages/1"):
        response = await client.http.delete(f"/playground/chats/{path}")
        assert response.status_code == 400
        assert len(response.text) < 100


async def test_results_of_old_inline_queries_are_forgotten() -> None:
    now = 1000.0
    queries = Queries(lambda: now)
    for _ in range(3):
        query_id, _ = queries.open_inline_query()
        queries.answer_inline_query(query_id, {"1": ({}, MESSAGE)})
        assert queries.result(query_id, "1") is MESSAGE
        now += 601
        assert queries.result(query_id, "1") is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_pages_of_other_sites_may_do_nothing(client: Client, headers: dict[str, str]) -> None:
    body = {"user": LAN, "text": "x"}
    response = await client.http.post("/playground/messages", json=body, headers=headers)
    assert response.status_code == 403
    assert await client.messages() == []


async def test_the_own_page_may_write(client: Client) -> None:
    origin = str(client.http.base_url).rstrip("/")
    body = {"user": LAN, "text": "x"}
    response = await client.http.post("/playground/messages", json=body, headers={"Origin": origin})
    assert response.status_code == 200


async def test_an_over_long_body_is_refused_with_and_without_a_length(client: Client) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 100_000

    for content in (b" " * 2_000_000, endless()):
        response = await client.http.post("/playground/messages", content=content)
        assert response.status_code == 413


async def test_a_busy_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=rf"port {port} on 127\.0\.0\.1 is in use"):
            async with Playground().serve(port=port):
                pass


async def test_a_host_of_another_machine_is_named() -> None:
    with pytest.raises(OSError, match=r"cannot listen on 192\.0\.2\.1 port 8080"):
        async with Playground().serve("192.0.2.1", 8080):
            pass


async def test_a_playground_makes_up_a_token_of_its_own() -> None:
    tokens = {Playground().token, Playground().token}
    assert len(tokens) == 2
    assert all(re.fullmatch(r"7000000001:[\w-]{30,}", token) for token in tokens)


async def test_ids_keep_rising_over_a_restart() -> None:
    ids = []
    for now in (1_800_000_000.0, 1_800_000_060.0):
        async with serve_playground(Playground(clock=repeat(now).__next__)) as client:
            await client.write("x")
            (update,) = await client.updates()
            ids.append((update["update_id"], update["message"]["message_id"]))
    assert ids[0] < ids[1]
    assert ids[0][1] < ids[1][1]


async def test_a_closed_page_is_forgotten(client: Client) -> None:
    async with client.http.stream("GET", "/playground/events") as stream:
        await anext(follow(stream))
    await client.write("x")

    async def forgotten() -> bool:
        await client.write("x")
        return not client.playground.events.listeners

    await until(forgotten)
