"""A server of PostgreSQL may stop and start under a library: one line in the log, all is kept."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL

from index import Library
from index.errors import DatabaseLostError
from index.store import Database
from index.store.connections import LOCK_SECONDS
from tests.support.articles import ARTICLES, FLOOD, FOOTBALL
from tests.support.postgresql_server import Server, fresh_database, postgresql_server
from tests.support.waiting import wait_until

QUESTION = "cầu thủ nào ghi hai bàn?"


@pytest.fixture
def server() -> Iterator[Server]:
    with postgresql_server() as started:
        yield started


@pytest.mark.postgresql
def test_a_restart_costs_one_line(
    server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    address = fresh_database(server.address)
    with Library.open(tmp_path, database=address) as library:
        library.ingest(FOOTBALL)
        with library.workers.joined("here", ["bot"], seconds=0.6) as worker:
            for _ in range(2):
                caplog.clear()
                server.stop()
                for _ in range(3):
                    with pytest.raises(DatabaseLostError):
                        library.ask(QUESTION)
                    with pytest.raises(DatabaseLostError):
                        library.ingest(FLOOD)
                    assert library.index_sync.sync_if_available() is False
                wait_until(lambda: not worker.is_alive)
                server.start()
                assert library.ask(QUESTION).quotes
                library.ingest(ARTICLES)
                wait_until(lambda: worker.is_alive)
                assert [member.name for member in library.workers.members()] == ["here"]
                warned = [each for each in caplog.records if each.levelno >= logging.WARNING]
                assert [each.name for each in warned] == ["index.store.database"]
        assert library.status().articles == 3
        assert library.status().behind == 0


@pytest.mark.postgresql
def test_what_an_address_says_is_kept(postgresql_address: URL) -> None:
    address = postgresql_address.update_query_dict({"application_name": "other"})
    database = Database(address)
    with database.reading() as connection:
        assert connection.scalar(text("SHOW application_name")) == "other"
        assert connection.scalar(text("SHOW lock_timeout")) == f"{LOCK_SECONDS // 60}min"
    database.close()
