"""What an older version analysed or indexed answers until it is renewed, also under the bot."""

import asyncio
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from bot.app.reindexing import reindexing_in_background
from index import Library
from index.articles.analysis import Analysis, analyse
from index.engine import sync
from index.engine import tantivy_engine as embedded
from index.engine.tantivy_index import VERSION
from index.language.analyser import Analyser
from index.models.article import Article, StoredArticle
from index.store.sharing.leases import Lease
from tests.support.commands import Commands
from tests.support.old_versions import age_analyses
from tests.support.waiting import START_SECONDS, until, wait_until


@pytest.fixture
def aged(library: Library) -> Library:
    """A library that an older analyser analysed, opened again."""
    library.close()
    age_analyses(library.folder)
    return Library.open(library.folder)


def quoted(library: Library) -> str:
    return library.ask("cầu nào bị cuốn trôi?").quotes[0].text


def unmarked_terms(library: Library) -> int:
    """How many articles still have the terms of the older version."""
    with closing(sqlite3.connect(library.folder / "hoibao.db")) as connection:
        query = "SELECT count(*) FROM analyses WHERE version = 0 OR terms LIKE '%lu quét%'"
        return int(connection.execute(query).fetchone()[0])


def test_an_outdated_library_answers_at_once(aged: Library) -> None:
    with aged:
        assert aged.index_sync.is_outdated()
        assert unmarked_terms(aged) == 3
        assert "cuốn trôi" in quoted(aged)


def test_renewing_analyses_and_indexes_anew(aged: Library) -> None:
    with aged, Library.open(aged.folder) as reader:
        aged.index_sync.upgrade()
        for library in (aged, reader):
            assert not library.index_sync.is_outdated()
            assert library.status().behind == 0
            assert "cuốn trôi" in quoted(library)
        assert unmarked_terms(aged) == 0


def test_one_process_at_a_time_analyses_again(
    aged: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    analysed: list[int] = []
    waits = 0

    def count(article: StoredArticle, analyser: Analyser) -> Analysis:
        analysed.append(article.number)
        return analyse(article, analyser)

    def acquire(lease: Lease) -> bool:
        nonlocal waits
        waits += 1
        return acquire_lease(lease)

    acquire_lease = Lease.acquire
    other = Library.open(tmp_path / "other", database=aged.address)
    with aged, other:
        with aged.leases.held(sync.LEASE):
            monkeypatch.setattr(sync, "analyse", count)
            monkeypatch.setattr(Lease, "acquire", acquire)
            threads = [
                threading.Thread(target=library.index_sync.upgrade) for library in (aged, other)
            ]
            for thread in threads:
                thread.start()
            wait_until(lambda: waits >= 2 or analysed)
            assert not analysed
        for thread in threads:
            thread.join()
        assert sorted(analysed) == sorted(set(analysed)) != []
        assert not aged.index_sync.is_outdated()
        assert not other.index_sync.is_outdated()


def test_an_index_of_an_older_engine_is_renewed(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "VERSION", VERSION + 1)
    assert library.index_sync.is_outdated()
    assert "cuốn trôi" in quoted(library)
    library.index_sync.upgrade()
    monkeypatch.setattr(embedded, "READABLE", {VERSION + 1})
    assert not library.index_sync.is_outdated()
    assert "cuốn trôi" in quoted(library)


async def test_the_bot_renews_in_another_process(aged: Library) -> None:
    async def is_renewed() -> bool:
        return not await asyncio.to_thread(aged.index_sync.is_outdated)

    with aged:
        async with reindexing_in_background(aged):
            assert "cuốn trôi" in await asyncio.to_thread(quoted, aged)
            await until(is_renewed, START_SECONDS)
            assert "cuốn trôi" in await asyncio.to_thread(quoted, aged)
        assert unmarked_terms(aged) == 0


def test_a_library_without_articles_is_of_this_version(tmp_path: Path) -> None:
    with Library.open(tmp_path) as library:
        library.ingest([Article(title="Lũ quét", text="Lũ quét ở Mường Lống.")])
        assert not library.index_sync.is_outdated()


def test_a_command_says_that_the_index_is_of_an_older_version(
    filled: Commands, tmp_path: Path
) -> None:
    age_analyses(tmp_path / "data")
    result = filled("ask", "bao nhiêu hộ dân bị cô lập?")
    assert "120 hộ dân" in result.stdout
    assert result.stderr.count("\n") == 1
    assert "hoibao reindex" in result.stderr
    taken_in = filled("ingest", "-", text="")
    assert (taken_in.returncode, taken_in.stderr) == (0, result.stderr)
    assert filled("reindex").returncode == 0
    assert filled("ask", "bao nhiêu hộ dân bị cô lập?").stderr == ""
