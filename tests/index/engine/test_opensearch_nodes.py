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


def _ask(library: Library) -> list[list[str]]:
    return [[quote.text for quote in library.ask(question).quotes] for question in QUESTIONS]


def _is_refused(library: Library) -> bool:
    try:
        _ask(library)
    except UnavailableError:
        return True
    return False


@pytest.mark.opensearch
def test_a_node_that_is_killed_takes_no_part_of_an_answer_with_it(
    nodes: Nodes, tmp_path: Path
) -> None:
    with _open(tmp_path, nodes, 0) as bare, _open(tmp_path, nodes, 1) as copied:
        for library in (bare, copied):
            library.ingest(ARTICLES)
        nodes.wait_until_green()
        whole = _ask(bare)
        assert all(whole)
        assert _ask(copied) == whole
        victim = next(node for node in nodes.nodes if node is not nodes.manager())
        victim.kill()
        assert _is_refused(bare)
        assert _ask(copied) == whole
        assert copied.ingest([ARTICLES[0]]).unchanged == 1
        nodes.restart(victim)
        nodes.wait_until_green()
        wait_until(lambda: not _is_refused(bare), START_SECONDS)
        assert _ask(bare) == _ask(copied) == whole
