"""A server of PostgreSQL may stop and start under a library: one line in the log, all is kept."""

import logging
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL

from index import Library
from index.errors import DatabaseLostError, StorageError
from index.store import Database, Leases
from index.store.connections import LOCK_SECONDS
from tests.support.articles import ARTICLES, FLOOD, FOOTBALL
from tests.support.postgresql_server import Server, execute, fresh_database, postgresql_server
from tests.support.waiting import wait_until

QUESTION = "cầu thủ nào ghi hai bàn?"


@pytest.fixture
def server() -> Iterator[Server]:
    with postgresql_server() as started:
        yield started


@pytest.mark.slow
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


def test_a_host_that_is_not_there_is_named_without_a_number() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(StorageError) as caught:
        Database("postgresql+psycopg://hoibao@nowhere.invalid/hoibao")
    assert "nowhere.invalid" in str(caught.value)
    assert "Errno" not in str(caught.value)
    assert str(caught.value).endswith("check the name of the host in database")


@pytest.mark.postgresql
def test_what_an_address_says_is_kept(postgresql_address: URL) -> None:
    address = postgresql_address.update_query_dict({"application_name": "other"})
    database = Database(address)
    with database.reading() as connection:
        assert connection.scalar(text("SHOW application_name")) == "other"
        assert connection.scalar(text("SHOW lock_timeout")) == f"{LOCK_SECONDS // 60}min"
    database.close()


@pytest.mark.postgresql
def test_a_server_that_may_only_be_read_is_left(postgresql_address: URL) -> None:
    name, elsewhere = postgresql_address.database, postgresql_address.set(database="postgres")
    setting = f'ALTER DATABASE "{name}" SET default_transaction_read_only'
    execute(elsewhere, f"{setting} = on")
    with closing(Database(postgresql_address)) as database:
        for _ in range(2):
            with pytest.raises(DatabaseLostError, match="read-only"):
                Leases(database).held("work").__enter__()
        execute(elsewhere, f"{setting} = off")  # of new connections, as if to another server
        with Leases(database).held("work") as lease:
            assert lease.is_mine


@pytest.mark.postgresql
def test_both_sides_give_up_what_is_not_acknowledged(postgresql_address: URL) -> None:
    with closing(Database(postgresql_address)) as database, database.reading() as connection:
        assert connection.scalar(text("SHOW tcp_user_timeout")) == "60000"
        driver: Any = connection.connection.driver_connection
        assert driver.info.get_parameters()["tcp_user_timeout"] == "60000"
