"""One builder at a time writes an OpenSearch index, and only of the collection that it is of."""

import signal
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
from sqlalchemy import update

from index import Library
from index.engine.opensearch import ClusterAddress, OpenSearchEngine
from index.engine.opensearch.cluster import Cluster
from index.errors import StorageError, UnavailableError
from index.language.analyser import VERSION
from index.models.article import IndexableArticle
from index.store import Articles, Database, Leases
from index.store.database import sqlite_address
from index.store.tables import leases
from index.workers.fork_server import FORKING, serving
from tests.support.articles import ARTICLES, FOOTBALL
from tests.support.engines import ONE, ORIGIN, TWO, after, find
from tests.support.opensearch_engine import fresh_address, fresh_engine
from tests.support.waiting import wait_until

LEASE_SECONDS = 2.0


@pytest.fixture
def address(opensearch_url: str) -> ClusterAddress:
    """The address of an index that does not exist yet."""
    return fresh_address(opensearch_url)


@pytest.fixture
def opened(address: ClusterAddress, tmp_path: Path) -> Callable[[], OpenSearchEngine]:
    """Open an engine on that index, as another process would."""
    return fresh_engine(address, tmp_path)


def indexes(address: ClusterAddress) -> list[str]:
    """The names of the indexes of an address."""
    return sorted(Cluster(address).read("GET", f"/{address.prefix}-*/_alias"))


def _open(address: ClusterAddress, folder: Path) -> OpenSearchEngine:
    database = Database(sqlite_address(folder / "hoibao.db"))
    articles, held = Articles(database, VERSION), Leases(database, LEASE_SECONDS)
    return OpenSearchEngine(address, articles, held, looked_again=0, grace=0)


def _build(address: ClusterAddress, folder: Path) -> None:
    def changed(revision: int) -> Iterator[Sequence[IndexableArticle]]:
        if revision == 0:
            with (folder / "builds").open("a") as file:
                file.write("started\n")
        yield from after(ONE, TWO)(revision)

    _open(address, folder).rebuild(changed, ORIGIN)


def _hang(address: ClusterAddress, folder: Path) -> None:
    def changed(_: int) -> Iterator[Sequence[IndexableArticle]]:
        yield [ONE]
        (folder / "hanging").touch()
        signal.pause()

    _open(address, folder).rebuild(changed, ORIGIN)


def _started(
    work: Callable[[ClusterAddress, Path], None], address: ClusterAddress, folder: Path
) -> ForkServerProcess:
    process = FORKING.Process(target=work, args=(address, folder))
    with serving():
        process.start()
    return process


@pytest.mark.opensearch
def test_two_processes_build_one_index_after_the_builder_was_killed(
    address: ClusterAddress, opened: Callable[[], OpenSearchEngine], tmp_path: Path
) -> None:
    killed = _started(_hang, address, tmp_path)
    wait_until((tmp_path / "hanging").exists)
    builders = [_started(_build, address, tmp_path) for _ in range(2)]
    assert opened().origin() is None
    killed.kill()
    for process in (killed, *builders):
        process.join()
    assert [process.exitcode for process in builders] == [0, 0]
    assert (tmp_path / "builds").read_text().splitlines() == ["started"]
    assert find(opened(), "bóng") == [(2, 0), (2, 1)]
    assert len(indexes(address)) == 1  # not the one that the killed builder left


@pytest.mark.opensearch
def test_a_builder_that_lost_its_lease_leaves_the_index_of_the_other(
    address: ClusterAddress, opened: Callable[[], OpenSearchEngine], tmp_path: Path
) -> None:
    late, other = opened(), opened()

    def changed(revision: int) -> Iterator[Sequence[IndexableArticle]]:
        if revision == 0:
            with Database(sqlite_address(tmp_path / "hoibao.db")).writing() as connection:
                connection.execute(update(leases).values(until=0.0))  # as if it had hung
            other.rebuild(after(TWO), ORIGIN)
        yield from after(ONE)(revision)

    with pytest.raises(UnavailableError, match="another process builds one instead"):
        late.rebuild(changed, ORIGIN)
    assert find(opened(), "bóng") == [(2, 0), (2, 1)]
    assert len(indexes(address)) == 1


@pytest.mark.opensearch
def test_an_update_is_left_to_the_process_that_is_updating(
    opened: Callable[[], OpenSearchEngine],
) -> None:
    engine, other = opened(), opened()
    engine.rebuild(after(ONE), ORIGIN)

    def changed(revision: int) -> Iterator[Sequence[IndexableArticle]]:
        other.update(after(TWO), wait=False)
        assert other.revision() == 1
        yield from after(TWO)(revision)

    engine.update(changed)
    assert other.revision() == 2


@pytest.mark.opensearch
def test_an_index_is_not_taken_over_by_another_collection(
    address: ClusterAddress, tmp_path: Path
) -> None:
    with Library.open(tmp_path / "one", cluster=address) as library:
        library.ingest(ARTICLES)
        for articles in ((), ARTICLES):
            with Library.open(tmp_path / "two") as other:
                other.ingest(articles)
            with pytest.raises(StorageError, match=f"{address.prefix} holds the articles of ano"):
                Library.open(tmp_path / "two", cluster=address)
        with (
            Library.open(tmp_path / "two", cluster=address, indexing=False) as other,
            pytest.raises(StorageError, match=r"another prefix under \[opensearch\]"),
        ):
            other.ask("mưa ở đâu?")
        assert library.ask("cầu thủ nào ghi hai bàn?").quotes
    assert len(indexes(address)) == 1


@pytest.mark.opensearch
def test_collections_that_build_at_once_do_not_take_the_index_of_each_other(
    address: ClusterAddress, opened: Callable[[], OpenSearchEngine], tmp_path: Path
) -> None:
    def changed(revision: int) -> Iterator[Sequence[IndexableArticle]]:
        if revision == 0:
            with Library.open(tmp_path / "other", cluster=address) as other:
                other.ingest(FOOTBALL)
        yield from after(ONE)(revision)

    with pytest.raises(StorageError, match="another prefix"):
        opened().rebuild(changed, ORIGIN)
    assert len(indexes(address)) == 1
    with Library.open(tmp_path / "other", cluster=address) as other:
        assert other.ask("cầu thủ nào ghi hai bàn?").quotes


@pytest.mark.opensearch
def test_a_restored_backup_keeps_the_index_of_its_collection(
    address: ClusterAddress, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.gz"
    with Library.open(tmp_path / "data", cluster=address) as library:
        library.ingest(ARTICLES)
        library.index_sync.back_up(backup)
        for _ in range(2):
            assert library.index_sync.restore(backup) == len(ARTICLES)
            assert library.ask("cầu thủ nào ghi hai bàn?").quotes
    assert len(indexes(address)) == 1
