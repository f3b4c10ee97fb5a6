"""Background tasks of handlers."""

import asyncio
import logging

import pytest
from telegram.error import Forbidden

from bot.conversation.background_tasks import BackgroundTasks
from tests.support.waiting import PATIENCE_SECONDS


async def test_they_are_cancelled_at_the_end_also_before_they_begin() -> None:
    tasks = BackgroundTasks()
    begun, broken = asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            broken.set()

    async with tasks.cancelled_at_exit():
        tasks.start(wait())
        await begun.wait()
        tasks.start(wait())
    assert broken.is_set()


async def test_one_that_fails_is_logged_and_said(caplog: pytest.LogCaptureFixture) -> None:
    tasks = BackgroundTasks()
    said = asyncio.Event()

    async def stumble(error: Exception) -> None:
        raise error

    async def say() -> None:
        said.set()

    async with tasks.cancelled_at_exit():
        tasks.start(stumble(ValueError("a bug")), say)
        await asyncio.wait_for(said.wait(), PATIENCE_SECONDS)
        said.clear()
        with caplog.at_level(logging.WARNING):
            tasks.start(stumble(Forbidden("bot was blocked by the user")), say)
            await asyncio.sleep(0)
    assert "A background task failed: a bug" in caplog.text
    assert "Telegram refused a message of a background task" in caplog.text
    assert not said.is_set()
