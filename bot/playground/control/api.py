"""HTTP endpoints of the control API (`/playground/…`), for the chat page, tests and tools."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.playground.control.bodies import (
    AnyBody,
    ButtonBody,
    ChatBody,
    ChoiceBody,
    ControlAction,
    CrowdBody,
    InlineBody,
    MembershipBody,
    MessageBody,
    UserBody,
    read_body,
)
from bot.playground.control.people import People
from bot.playground.control.views import message_view, world_view
from bot.playground.errors import ActionError, Json
from bot.playground.world.events import Event, Events
from bot.playground.world.faults import Fault, Faults
from bot.playground.world.limits import Throttle
from bot.playground.world.state import Chat, File, Message, User, World

MOST_MESSAGES_AT_ONCE = 300  # per chat, when a page opens
LONGEST_SHOWN = 30  # characters of a given value in an error
HEARTBEAT_SECONDS = 20.0

Endpoint = Callable[[Request], Awaitable[Response]]


class Control:
    """Endpoints of the control API.

    Args:
        world: The state with the messages.
        people: The actions of people.
        faults: The injected failures.
        throttle: The counts of sent and refused messages.
        events: The events of state changes.
    """

    def __init__(
        self,
        *,
        world: World,
        people: People,
        faults: Faults,
        throttle: Throttle,
        events: Events,
    ) -> None:
        self._world = world
        self._people = people
        self._faults = faults
        self._throttle = throttle
        self._events = events

    def routes(self) -> list[Route]:
        """Return the routes of the endpoints."""
        return [
            _post("/messages", MessageBody, self._write),
            _post("/buttons", ButtonBody, self._press),
            _post("/inline", InlineBody, self._ask_inline),
            _post("/inline/choices", ChoiceBody, self._choose),
            _post("/people", CrowdBody, self._create_crowd),
            _post("/chats", ChatBody, self._create_chat),
            _route("GET", "/chats/{chat}/messages", self._read),
            _route("DELETE", "/chats/{chat}/messages/{message_id}", self._delete),
            _route("GET", "/chats/{chat}/messages/{message_id}/document", self._download),
            _post("/membership", MembershipBody, self._set_status),
            _post("/faults", Fault, self._order_fault),
            _route("DELETE", "/faults", self._clear_faults),
            _route("GET", "/throttle", self._counts),
            _route("GET", "/commands", self._commands),
            _route("GET", "/events", self._listen),
        ]

    async def _write(self, body: MessageBody) -> Json:
        user, chat = self._actor(body)
        if body.edit is not None:
            message = self._people.edit(user, chat, body.edit, body.text)
        else:
            message = self._people.write(
                user,
                chat,
                body.text,
                topic=body.topic,
                reply_to=body.reply_to,
                kind=body.kind,
                file=File(**dict(body.document)) if body.document else None,
            )
        return _reference(message)

    async def _press(self, body: ButtonBody) -> Json:
        user, chat = self._actor(body)
        answer = await self._people.press(user, chat, body.message_id, body.data, body.wait)
        return {"answer": answer}

    async def _ask_inline(self, body: InlineBody) -> Json:
        user, chat = self._actor(body)
        query_id, results = await self._people.ask_inline(user, chat, body.query, body.wait)
        return {"query_id": query_id, "results": results}

    async def _choose(self, body: ChoiceBody) -> Json:
        user, chat = self._actor(body)
        return _reference(
            self._people.choose(user, chat, body.query_id, body.result_id, body.topic)
        )

    async def _create_crowd(self, body: CrowdBody) -> Json:
        ids = range(body.first, body.first + body.count)
        for number, user_id in enumerate(ids, start=1):
            if user_id not in self._world.users:
                name = f"{body.name} {number}"
                self._world.put_user(User(id=user_id, name=name, language=body.language))
        return {"people": body.count}

    async def _create_chat(self, body: ChatBody) -> Json:
        self._check_username(body)
        known = self._world.chats.get(body.id)
        chat = self._world.put_chat(
            Chat(
                **body.model_dump(exclude={"topics"}),
                bot_status="left" if body.type == "channel" else "member",
                topics=known.topics if known and body.is_forum else (),
            )
        )
        if not body.is_forum:
            return {"chat": chat.id}
        chat = self._world.add_topics(chat, body.topics)
        topics = {topic.name: topic.id for topic in chat.topics}
        return {"chat": chat.id, "topics": topics}

    def _check_username(self, body: ChatBody) -> None:
        owner = self._world.find_chat(f"@{body.username}") if body.username else None
        if owner is not None and owner.id != body.id:
            raise ActionError(f"username: @{body.username} is that of chat {owner.id}")

    async def _read(self, request: Request) -> Response:
        chat = _number(request, "chat")
        try:
            after = int(request.query_params.get("after", "0"))
        except ValueError:
            raise ActionError("after must be a message_id") from None
        messages = self._world.messages_after(chat, after)
        return JSONResponse([message_view(self._world, message) for message in messages])

    async def _delete(self, request: Request) -> Response:
        self._people.delete(_number(request, "chat"), _number(request, "message_id"))
        return JSONResponse({})

    async def _download(self, request: Request) -> Response:
        chat, number = _number(request, "chat"), _number(request, "message_id")
        message = self._world.message(chat, number)
        file = message.file if message else None
        if file is None:
            raise ActionError(f"chat {chat} has no document {number}")
        if message and message.kind == "photo":
            return Response(file.content, media_type="image/png")
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}"}
        return Response(file.content, media_type="application/octet-stream", headers=headers)

    async def _set_status(self, body: MembershipBody) -> Json:
        user, chat = self._actor(body)
        if body.member is None or body.member == self._world.bot.id:
            self._people.set_bot_status(user, chat, body.status)
        else:
            self._people.set_status(user, chat, body.member, body.status)
        return {}

    async def _order_fault(self, body: Fault) -> Json:
        self._faults.add(body)
        return {}

    async def _clear_faults(self, _: Request) -> Response:
        self._faults.clear()
        return JSONResponse({})

    async def _counts(self, _: Request) -> Response:
        return JSONResponse({"refused": self._throttle.refused, "sent": self._throttle.sent})

    async def _commands(self, request: Request) -> Response:
        try:
            user = self._world.users[int(request.query_params["user"])]
            chat = self._world.chats[int(request.query_params.get("chat", user.id))]
        except (KeyError, ValueError):
            raise ActionError("commands need a known user, and a known chat if any") from None
        return JSONResponse(self._world.commands_for(chat, user.language or ""))

    async def _listen(self, _: Request) -> Response:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._stream(), media_type="text/event-stream", headers=headers)

    async def _stream(self) -> AsyncIterator[str]:
        with self._events.subscribed() as queue:
            yield _format_event(Event("world", world_view(self._world, MOST_MESSAGES_AT_ONCE)))
            while True:
                try:
                    async with asyncio.timeout(HEARTBEAT_SECONDS):
                        event = await queue.get()
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if event is None:
                    return
                yield _format_event(event)

    def _actor(self, action: ControlAction) -> tuple[User, Chat]:
        given = action.user
        user = self._user(given if isinstance(given, UserBody) else UserBody(id=given))
        return user, self._people.chat_for(user, action.chat)

    def _user(self, given: UserBody) -> User:
        known = self._world.users.get(given.id)
        if known is not None and known.is_bot:
            raise ActionError(f"user {given.id} is the bot itself")
        if known is None and given.name is None:
            raise ActionError(f"user {given.id} is new: give a name")
        old = known or User(id=given.id, name=given.name or "")
        name, language = given.name or old.name, given.language or old.language
        return self._world.put_user(replace(old, name=name, language=language))


def _post(path: str, kind: type[AnyBody], act: Callable[[AnyBody], Awaitable[Json]]) -> Route:
    async def endpoint(request: Request) -> Response:
        return JSONResponse(await act(read_body(kind, await request.body())))

    return _route("POST", path, endpoint)


def _route(method: str, path: str, endpoint: Endpoint) -> Route:
    return Route(f"/playground{path}", endpoint, methods=[method])


async def explain_error(_: Request, error: Exception) -> Response:
    """Answer an action that is not possible."""
    return JSONResponse({"error": str(error)}, status_code=400)


def _number(request: Request, name: str) -> int:
    given = str(request.path_params[name])
    try:
        return int(given)
    except ValueError:
        raise ActionError(f"{name}: {given[:LONGEST_SHOWN]} is not a number") from None


def _reference(message: Message) -> Json:
    return {"chat": message.chat, "message_id": message.id}


def _format_event(event: Event) -> str:
    data = json.dumps(event.data, ensure_ascii=False, separators=(",", ":"))
    return f"event: {event.kind}\ndata: {data}\n\n"
