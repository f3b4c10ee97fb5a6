"""Checks that are asked for are waited for, and tasks are broken off at the end."""

import asyncio
import logging
import time
from pathlib import Path

import pytest
from telegram.error import Forbidden

from bot.conversation.background_tasks import BackgroundTasks
from bot.messages import Messages
from bot.messages.voice import Translator
from bot.sources.checks import Checks
from bot.sources.words import render_outcome
from index import Library
from index.sources.report import CheckReport
from tests.support.admin import NOW, follow
from tests.support.waiting import PATIENCE_SECONDS


async def test_sources_become_due_and_each_report_is_given_in_its_place(tmp_path: Path) -> None:
    with Library.open(tmp_path) as library:
        one, two = (follow(library, f"http://{name}/", name) for name in ("a", "b"))
        library.followed.record_failure(
            one.id, "x", now=NOW, next_check_at=NOW, failures=10, paused="it failed"
        )
        hurried: list[list[int]] = []

        def hurry() -> None:
            hurried.append([source.id for source in library.followed.due(int(time.time()))])
            checks.note(two, CheckReport(new=2))
            checks.note(one, CheckReport(new=1))

        checks = Checks(library.followed, hurry)
        assert await checks.now(one, two) == [CheckReport(new=1), CheckReport(new=2)]
        assert hurried == [[one.id, two.id]]
        assert library.followed.by_id(one.id).failures == 0
        assert await checks.now() == []


async def test_a_check_that_takes_too_long_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sources.checks.PATIENCE_SECONDS", 0.01)
    with Library.open(tmp_path) as library:
        source = follow(library, "http://a/", "a")
        checks = Checks(library.followed, lambda: None)
        assert await checks.now(source) == [None]
    voice = Translator(Messages.load(), "vi", "hoibao_bot")
    assert (
        render_outcome(voice, None).html == "Việc kiểm tra còn kéo dài. Bạn xem lại sau: /sources"
    )


async def test_failures_in_a_row_go_on_counting_though_a_source_is_checked_by_hand(
    tmp_path: Path,
) -> None:
    with Library.open(tmp_path) as library:
        source = follow(library, "http://a/", "a")
        library.followed.record_failure(source.id, "x", now=NOW, next_check_at=2 * NOW, failures=4)
        library.followed.check_soon([source.id], NOW)
        assert library.followed.by_id(source.id).failures == 4


async def test_chores_are_broken_off_at_the_end_also_before_they_begin() -> None:
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


async def test_a_chore_that_fails_is_logged_and_said(caplog: pytest.LogCaptureFixture) -> None:
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
