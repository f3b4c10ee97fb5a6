"""Checks that are asked for are waited for."""

import time
from pathlib import Path

import pytest

from bot.messages import Messages
from bot.messages.voice import Translator
from bot.sources.checks import Checks
from bot.sources.words import render_outcome
from index import Library
from index.sources.report import CheckReport
from index.store.sources.items import ItemState
from tests.support.admin import NOW, follow
from tests.support.articles import ARTICLES
from tests.support.bot import MESSAGES


async def test_sources_become_due_and_each_report_is_given_in_its_place(tmp_path: Path) -> None:
    with Library.open(tmp_path) as library:
        one, two = (follow(library, f"http://{name}/", name) for name in ("a", "b"))
        library.followed.record_failure(
            one, "x", now=NOW, next_check_at=NOW, failures=10, paused="it failed"
        )
        hurried: list[list[int]] = []

        def hurry() -> None:
            hurried.append(
                [source.id for source in library.followed.claim(None, int(time.time()), 9)]
            )
            checks.note(two, CheckReport(new=2))
            checks.note(one, CheckReport(new=1))

        checks = Checks(library.followed, hurry)
        assert await checks.now(one, two) == [CheckReport(new=1), CheckReport(new=2)]
        assert hurried == [[one.id, two.id]]
        assert library.followed.by_id(one.id).failures == 0
        assert await checks.now() == []


@pytest.mark.parametrize("error", [None, "the server cannot be reached"])
@pytest.mark.parametrize("late", [-3600, 1, 3600])
async def test_the_result_of_another_worker_is_reported_whatever_its_clock_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: str | None, late: int
) -> None:
    monkeypatch.setattr("bot.sources.checks.LOOK_SECONDS", 0.01)
    with Library.open(tmp_path) as library:
        source = follow(library, "http://a/", "a")

        def check_elsewhere() -> None:
            now = int(time.time()) + late
            if error:
                record = library.followed.record_failure
                record(source, error, now=now, next_check_at=now + 900, failures=1)
                return
            library.ingest(ARTICLES[0])
            library.followed.items.record_items(source.id, {"http://a/1": None}, now)
            library.followed.items.finish_item(
                source.id,
                "http://a/1",
                state=ItemState.STORED,
                stamp=None,
                attempts=1,
                article=library.latest(1)[0].number,
            )
            library.followed.record_success(
                source,
                now=now,
                next_check_at=now + 900,
                interval=900,
                etag=None,
                last_modified=None,
            )

        checks = Checks(library.followed, check_elsewhere)
        assert await checks.now(source) == [CheckReport(new=int(error is None), error=error)]


async def test_a_check_that_takes_too_long_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sources.checks.PATIENCE_SECONDS", 0.01)
    with Library.open(tmp_path) as library:
        source = follow(library, "http://a/", "a")
        checks = Checks(library.followed, lambda: None)
        assert await checks.now(source) == [None]
    voice = Translator(Messages.load(), "vi", "hoibao_bot")
    assert render_outcome(voice, None).html == MESSAGES["check_goes_on"]


async def test_failures_in_a_row_go_on_counting_though_a_source_is_checked_by_hand(
    tmp_path: Path,
) -> None:
    with Library.open(tmp_path) as library:
        source = follow(library, "http://a/", "a")
        library.followed.record_failure(source, "x", now=NOW, next_check_at=2 * NOW, failures=4)
        library.followed.check_soon([source.id], NOW)
        assert library.followed.by_id(source.id).failures == 4
