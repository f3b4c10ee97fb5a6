"""A cluster of three nodes, one of which is killed: no answer is partial, none needs that node."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Library
from index.engine.opensearch import ClusterAddress
from index.errors import UnavailableError
from tests.support.articles import ARTICLES
from tests.support.opensearch_cluster import Nodes, opensearch_cluster
from tests.support.opensearch_server import opensearch_folder
from tests.support.waiting import START_SECONDS, wait_until

SHARDS = 3
QUESTIONS = ("ai dự hội nghị?", "lũ quét làm sập mấy cây cầu?", "mưa ở đâu?")


@pytest.fixture
def nodes() -> Iterator[Nodes]:
    """Nodes that may each be killed."""
    with opensearch_folder() as folder, opensearch_cluster(folder) as running:
        yield running


def _open(folder: Path, nodes: Nodes, replicas: int) -> Library:
    prefix = f"copies-{replicas}"
    address = ClusterAddress(nodes.urls, prefix=prefix, shards=SHARDS, replicas=replicas)
    return Library.open(folder / prefix, cluster=address)


def _ask(library: Library) -> list[list[str]] | None:
    """Return the quotes of each question; None if the cluster does not answer."""
    try:
        return [[quote.text for quote in library.ask(question).quotes] for question in QUESTIONS]
    except UnavailableError:
        return None


def _ask_until_answered(library: Library) -> list[list[str]] | None:
    wait_until(lambda: _ask(library) is not None, START_SECONDS)
    return _ask(library)


@pytest.mark.slow
@pytest.mark.opensearch
def test_a_node_that_is_killed_takes_no_part_of_an_answer_with_it(
    nodes: Nodes, tmp_path: Path
) -> None:
    with _open(tmp_path, nodes, 0) as bare, _open(tmp_path, nodes, 1) as copied:
        for library in (bare, copied):
            library.ingest(ARTICLES)
            wait_until(library.index_sync.sync_if_available, START_SECONDS)
        nodes.wait_until_green()
        whole = _ask_until_answered(bare)
        assert whole is not None
        assert all(whole)
        assert _ask_until_answered(copied) == whole
        victim = next(node for node in nodes.nodes if node is not nodes.manager())
        victim.kill()
        assert _ask(bare) is None
        assert _ask_until_answered(copied) == whole
        nodes.restart(victim)
        nodes.wait_until_green()
        assert _ask_until_answered(bare) == _ask_until_answered(copied) == whole
