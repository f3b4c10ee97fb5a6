"""The OpenSearch engine over real articles: answers, writers that are late, replaced indexes."""

import sys
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index import Library
from index.engine.consistency import ConsistencyReport
from index.engine.opensearch import ClusterAddress, OpenSearchEngine
from index.engine.opensearch.cluster import Cluster, Json
from index.engine.opensearch.documents import index_body, writer_alias, writing_actions
from index.engine.opensearch.snapshot import OpenSearchSnapshot
from index.engine.protocol import Field, Origin
from index.errors import SnapshotLostError, StorageError, UnavailableError
from index.models.article import IndexableArticle
from tests.support.articles import ARTICLES
from tests.support.engines import ONE, ORIGIN, TWO, after, find
from tests.support.libraries import open_library
from tests.support.opensearch_engine import fresh_address, fresh_engine

MOST_ROUND_TRIPS = 5
SHARDS = 3
QUESTIONS = ("ai dự hội nghị?", "lu quet lam sap may cay cau?", "who won the match?", "mưa ở đâu?")


@pytest.fixture
def address(opensearch_url: str) -> ClusterAddress:
    """The address of an index that does not exist yet."""
    return fresh_address(opensearch_url, SHARDS)


@pytest.fixture
def opened(address: ClusterAddress, tmp_path: Path) -> Callable[[], OpenSearchEngine]:
    """Open an engine on that index, as another process would."""
    return fresh_engine(address, tmp_path)


@pytest.fixture
def on_cluster(address: ClusterAddress, tmp_path: Path) -> Iterator[Library]:
    """A library of three articles, indexed by the cluster."""
    with Library.open(tmp_path / "data", cluster=address) as opened:
        opened.ingest(ARTICLES)
        yield opened


@pytest.mark.opensearch
def test_answers_are_those_of_the_embedded_engine(on_cluster: Library, tmp_path: Path) -> None:
    with open_library(tmp_path / "embedded", ARTICLES) as library:
        for question in QUESTIONS:
            expected, answer = library.ask(question), on_cluster.ask(question)
            assert [quote.text for quote in answer.quotes] == [
                quote.text for quote in expected.quotes
            ]
            assert answer.confidence == pytest.approx(expected.confidence)


@pytest.mark.opensearch
def test_nothing_is_wrong_with_what_was_indexed(on_cluster: Library) -> None:
    report = ConsistencyReport()
    assert list(on_cluster.index_sync.check(report, sentences=True)) == []
    assert report.articles == 3
    assert on_cluster.status().sentences == 12


@pytest.mark.opensearch
def test_what_a_newer_writer_wrote_stays(opened: Callable[[], OpenSearchEngine]) -> None:
    late, engine = opened(), opened()
    engine.rebuild(after(ONE, TWO), ORIGIN)
    newer = replace(ONE, revision=4, terms=("hạn_hán",))
    late.update(after(replace(TWO, revision=3), newer))
    engine.update(after(replace(ONE, revision=3, terms=("lũ quét", "cầu sập"))))
    assert find(opened(), "hạn") == [(1, 0)]
    assert find(opened(), "lũ") == []
    assert opened().revision() == 4


@pytest.mark.opensearch
def test_a_shorter_article_leaves_no_sentence_behind(
    opened: Callable[[], OpenSearchEngine],
) -> None:
    engine = opened()
    engine.rebuild(after(ONE, TWO), ORIGIN)
    engine.update(after(replace(ONE, revision=3, terms=("lũ quét",))))
    assert engine.snapshot().indexed(1, None) == [(1, 0), (2, 0), (2, 1)]
    assert engine.snapshot().indexed_articles(1, None) == [1, 2]
    assert engine.snapshot().mismatched_sentences(ONE) == [1, 2]


@pytest.mark.opensearch
def test_a_replaced_index_is_deleted(
    address: ClusterAddress, opened: Callable[[], OpenSearchEngine]
) -> None:
    engine = opened()
    for _ in range(2):
        engine.rebuild(after(ONE, TWO), ORIGIN)
    found = Cluster(address).read("GET", f"/{address.prefix}-*/_alias")
    assert len(found) == 1


@pytest.mark.opensearch
def test_an_interrupted_build_leaves_no_index(
    address: ClusterAddress, opened: Callable[[], OpenSearchEngine]
) -> None:
    def broken(_: int) -> Iterator[list[IndexableArticle]]:
        yield [ONE]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        opened().rebuild(broken, ORIGIN)
    assert Cluster(address).read("GET", f"/{address.prefix}-*/_alias") == {}


@pytest.mark.opensearch
def test_an_update_goes_on_in_an_index_that_was_switched_to_meanwhile(
    opened: Callable[[], OpenSearchEngine], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, builder = opened(), opened()
    monkeypatch.setattr(builder, "_delete", lambda _: None)  # as within its grace
    engine.rebuild(after(ONE, TWO), ORIGIN)

    def changed(revision: int) -> Iterator[list[IndexableArticle]]:
        if engine.origin() == ORIGIN:
            builder.rebuild(after(ONE, TWO), replace(ORIGIN, analyser=2))
        if revision < 3:
            yield [replace(ONE, revision=3, terms=("hạn_hán",))]

    engine.update(changed)
    assert (engine.origin(), engine.revision()) == (Origin("test", 2), 3)
    assert find(engine, "hạn") == [(1, 0)]


@pytest.mark.opensearch
def test_what_others_index_before_the_alias_is_switched_is_not_lost(
    opened: Callable[[], OpenSearchEngine], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, other = opened(), opened()
    engine.rebuild(after(ONE, TWO), ORIGIN)
    stored, switch = [ONE, TWO], OpenSearchEngine._switch

    def late(self: OpenSearchEngine, name: str) -> list[str]:
        stored.append(replace(TWO, number=3, revision=3, terms=("mưa lớn",)))
        other.update(after(*stored))
        return switch(self, name)

    monkeypatch.setattr(OpenSearchEngine, "_switch", late)
    engine.rebuild(lambda revision: after(*stored)(revision), ORIGIN)
    assert engine.revision() == 3
    assert find(opened(), "mưa") == [(3, 0)]


@pytest.mark.opensearch
def test_an_index_that_may_be_in_use_is_not_deleted(
    opened: Callable[[], OpenSearchEngine], monkeypatch: pytest.MonkeyPatch
) -> None:
    switch = OpenSearchEngine._switch

    def unknown(self: OpenSearchEngine, name: str) -> list[str]:
        switch(self, name)
        raise UnavailableError("it does not answer now")

    engine = opened()
    monkeypatch.setattr(OpenSearchEngine, "_switch", unknown)
    with pytest.raises(UnavailableError):
        engine.rebuild(after(ONE), ORIGIN)
    assert find(engine, "lũ") == [(1, 0)]


@pytest.mark.opensearch
def test_an_index_of_a_killed_builder_is_deleted_and_no_other(
    address: ClusterAddress, opened: Callable[[], OpenSearchEngine]
) -> None:
    engine, cluster = opened(), Cluster(address)
    abandoned, others = f"{address.prefix}-1-0123abcd", f"{address.prefix}-b-1-0123abcd"
    for name in (abandoned, others):
        cluster.write("PUT", f"/{name}", index_body(address, name, ORIGIN.collection))
    engine.rebuild(after(ONE), ORIGIN)
    assert cluster.find(f"/{abandoned}") is None
    assert cluster.find(f"/{others}") is not None
    assert find(engine, "lũ") == [(1, 0)]


@pytest.mark.opensearch
def test_what_is_written_again_does_not_count_twice(
    opened: Callable[[], OpenSearchEngine],
) -> None:
    engine = opened()
    engine.rebuild(after(ONE, TWO), ORIGIN)
    state = engine._look()
    assert state is not None
    engine._index_changed(state.index, after(ONE, TWO), 0)
    engine._commit(state)
    counts = engine.snapshot().document_frequencies(
        {Field.SYLLABLES: ["bóng"], Field.ARTICLE: ["bóng"]}
    )
    assert counts[Field.SYLLABLES]["bóng"] == 2
    assert counts[Field.ARTICLE]["bóng"] == 1


@pytest.mark.opensearch
def test_sentences_of_an_interrupted_write_do_not_stay(
    opened: Callable[[], OpenSearchEngine], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(self: Cluster, actions: Iterable[Json]) -> None:
        written = list(actions)
        bulk(self, written[:-1])
        raise UnavailableError("it does not answer now")

    engine, bulk = opened(), Cluster.bulk
    engine.rebuild(after(ONE, TWO), ORIGIN)
    longer = replace(ONE, revision=3, terms=("lũ quét", "cầu bị cuốn_trôi", "mưa lớn", "hạn_hán"))
    monkeypatch.setattr(Cluster, "bulk", interrupted)
    with pytest.raises(UnavailableError):
        engine.update(after(longer))
    monkeypatch.undo()
    engine.update(after(replace(ONE, revision=4, terms=("lũ quét", "cầu sập"))))
    assert engine.snapshot().indexed(1, 1) == [(1, 0), (1, 1)]


@pytest.mark.opensearch
def test_a_deleted_index_is_not_written_to(address: ClusterAddress) -> None:
    cluster, gone = Cluster(address), f"gone-{ONE.number}-0123abcd"
    with pytest.raises(UnavailableError):
        cluster.bulk(writing_actions(gone, [ONE], {}))
    assert cluster.find(f"/{gone}") is None
    assert cluster.find(f"/{writer_alias(gone)}") is None


@pytest.mark.opensearch
def test_a_snapshot_that_the_cluster_lost_is_taken_again(
    opened: Callable[[], OpenSearchEngine],
) -> None:
    engine = opened()
    engine.rebuild(after(ONE, TWO), ORIGIN)
    engine._looked_again = 60
    snapshot = engine.snapshot()
    assert engine.snapshot() is snapshot
    assert isinstance(snapshot, OpenSearchSnapshot)
    snapshot.close()
    with pytest.raises(SnapshotLostError):
        snapshot.indexed_articles(1, None)
    assert engine.snapshot().indexed_articles(1, None) == [1, 2]


@pytest.mark.opensearch
def test_a_question_whose_snapshot_is_lost_is_asked_again(on_cluster: Library) -> None:
    engine = on_cluster.search_context.engine
    assert isinstance(engine, OpenSearchEngine)
    engine._looked_again = 60
    expected = [quote.text for quote in on_cluster.ask("ai dự hội nghị?").quotes]
    snapshot = engine.snapshot()
    assert isinstance(snapshot, OpenSearchSnapshot)
    snapshot.close()
    assert [quote.text for quote in on_cluster.ask("ai dự hội nghị?").quotes] == expected != []


@pytest.mark.opensearch
def test_replaced_points_in_time_are_closed(opened: Callable[[], OpenSearchEngine]) -> None:
    engine = opened()
    cluster = engine._cluster
    engine.rebuild(after(ONE), ORIGIN)
    for revision in range(2, 6):
        engine.update(after(replace(ONE, revision=revision)))
        engine.snapshot()
    assert 1 <= len(_open_points(cluster)) <= 2
    engine.close()
    assert not _open_points(opened()._cluster)


def _open_points(cluster: Cluster) -> Sequence[Json]:
    """Return the points in time of the indexes of a cluster's prefix, which their names tell."""
    found: Sequence[Json] = (cluster.find("/_search/point_in_time/_all") or {}).get("pits", ())
    prefix = cluster.address.prefix.encode()
    return [point for point in found if prefix in urlsafe_b64decode(point["pit_id"])]


@pytest.mark.opensearch
def test_a_missing_index_is_no_empty_collection(address: ClusterAddress, tmp_path: Path) -> None:
    with Library.open(tmp_path, cluster=address) as empty:
        assert empty.ask("lũ").quotes == ()
    with open_library(tmp_path / "filled", ARTICLES):
        pass
    with (
        Library.open(tmp_path / "filled", cluster=address, indexing=False) as library,
        pytest.raises(UnavailableError, match="it has no index of these articles yet"),
    ):
        library.ask("lũ")


@pytest.mark.opensearch
def test_the_statistics_of_shards_are_summed(opened: Callable[[], OpenSearchEngine]) -> None:
    many = [replace(TWO, number=number, revision=number) for number in range(1, 41)]
    engine = opened()
    engine.rebuild(after(*many), ORIGIN)
    snapshot = engine.snapshot()
    found = snapshot.document_frequencies({Field.SYLLABLES: ["đội"], Field.ARTICLE: ["bóng"]})
    assert found[Field.SYLLABLES]["đội"] == found[Field.ARTICLE]["bóng"] == 40
    assert snapshot.totals(Field.SYLLABLES).documents == 80


@pytest.mark.opensearch
def test_a_question_makes_few_round_trips_to_the_server(
    on_cluster: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    request = Cluster._request

    def noted(self: Cluster, method: str, path: str, *rest: Any) -> Json:
        made.append(path)
        return request(self, method, path, *rest)

    on_cluster.ask("mưa")
    monkeypatch.setattr(Cluster, "_request", noted)
    on_cluster.ask("lu quet lam sap may cay cau o muong long?")
    statistics = [path for path in made if path.endswith("/_termvectors")]  # at once of each shard
    round_trips = len(made) - len(statistics) + len(statistics) // SHARDS
    assert round_trips <= MOST_ROUND_TRIPS, made


def test_without_its_client_the_engine_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "opensearchpy", None)
    with pytest.raises(StorageError, match=r"pip install 'hoibao\[opensearch\]'"):
        Cluster(ClusterAddress(("http://127.0.0.1:9",)))
