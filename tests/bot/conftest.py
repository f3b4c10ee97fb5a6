"""Fixtures of the bot: an embedded Telegram, conversations with the bot, a browser."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ViewportSize
from sqlalchemy.engine import URL
from telegram import Bot

from bot.playground import Playground
from tests.support.admin import AdminTalk, admin_talk
from tests.support.bot import Talk, talking
from tests.support.browser import DESK, PHONE, chromium
from tests.support.playground import Client, serve_playground


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    """A client of an embedded Telegram of its own."""
    async with serve_playground(Playground()) as opened:
        yield opened


@pytest.fixture
async def bot(client: Client) -> AsyncIterator[Bot]:
    """A python-telegram-bot `Bot` of that Telegram, without an application."""
    async with Bot(client.playground.token, base_url=f"{client.address}/bot") as opened:
        yield opened


@pytest.fixture
async def talk(tmp_path: Path, server: URL | None) -> AsyncIterator[Talk]:
    """Lan talking with the bot about a few articles, in an embedded Telegram of its own."""
    async with talking(tmp_path, server=server) as started:
        yield started


@pytest.fixture
async def admin(tmp_path: Path) -> AsyncIterator[AdminTalk]:
    """Lan, an admin, talking with a bot that follows sources."""
    async with admin_talk(tmp_path) as started:
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """A Chromium for all tests of a module."""
    async with chromium() as opened:
        yield opened


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def viewport(request: pytest.FixtureRequest) -> ViewportSize:
    """The window's size: a phone's, then a desk's."""
    size: ViewportSize = request.param
    return size
