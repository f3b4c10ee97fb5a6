"""`hoibao run` in a process of its own, under an embedded Telegram."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.playground import Playground
from tests.support.bot import BOT_NAME, WHO
from tests.support.playground import Client, serve_playground
from tests.support.waiting import START_SECONDS, until


@asynccontextmanager
async def started(
    folder: Path, token: str, address: str, **variables: str
) -> AsyncIterator[Process]:
    """Start the bot as `hoibao run` does, in a process of its own."""
    program = "from bot.cli import main; main()"
    arguments = ("--data", str(folder), "run")
    environment = os.environ | {"HOIBAO_TOKEN": token, "HOIBAO_API_URL": address} | variables
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, *arguments, env=environment, stderr=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


@asynccontextmanager
async def answering_once(
    folder: Path, **variables: str
) -> AsyncIterator[tuple[Process, Client, str]]:
    """The bot after its first answer, with whom it talks to, and its token."""
    playground = Playground()
    async with (
        serve_playground(playground) as client,
        started(folder, playground.token, client.address, **variables) as process,
    ):
        question = await client.write(WHO)
        await until(lambda: answered(client, question), START_SECONDS)
        yield process, client, playground.token


async def answered(client: Client, question: int) -> bool:
    return any(message["from"] == BOT_NAME for message in await client.messages(after=question))
