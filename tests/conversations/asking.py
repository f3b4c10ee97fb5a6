"""Ask each message as the first of another person, and read what the bot replies."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from index import Article
from tests.conversations.expectations import Message
from tests.conversations.replies import Reply, read_reply
from tests.support.bot import BOT_NAME, Talk, talking

FIRST_PERSON = 5_000


async def first_replies(
    folder: Path, articles: tuple[Article, ...], messages: Sequence[Message]
) -> list[Reply]:
    """Return the reply to each message; several messages are one, none an empty one.

    Replies are read after the last message was answered, with all that was added or edited.
    """
    people = [_person(number, message) for number, message in enumerate(messages, FIRST_PERSON)]
    async with talking(folder, articles) as talk:
        for person, message in zip(people, messages, strict=True):
            await talk.client.write(message.text, user=person, chat=person["id"])
            with suppress(TimeoutError):
                await _wait_for_reply(talk, person["id"])
        return [read_reply("\n".join(await _shown(talk, person["id"]))) for person in people]


def _person(number: int, message: Message) -> dict[str, Any]:
    language = "en" if message.kind == "English" else "vi"
    return {"id": number, "name": f"Người thứ {number}", "language": language}


async def _shown(talk: Talk, chat: int) -> list[str]:
    """Return the HTML of the bot's messages in a chat."""
    messages = await talk.client.messages(chat)
    return [message["html"] for message in messages if message["from"] == BOT_NAME]


async def _wait_for_reply(talk: Talk, chat: int) -> None:
    async def reply() -> list[str]:
        return await _shown(talk, chat)

    await talk.client.until(reply)
