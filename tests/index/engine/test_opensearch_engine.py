"""The OpenSearch engine over real articles: answers, writers that are late, replaced indexes."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index import Library
from index.engine.consistency import ConsistencyReport
from index.engine.opensearch import ClusterAddress, OpenSearchEngine
from index.engine.opensearch.cluster import Cluster, Json
from index.engine.protocol import Field
from index.errors import StorageError, UnavailableError
from index.models.article import IndexableArticle
from tests.support.articles import ARTICLES
from tests.support.engines import ONE, ORIGIN, TWO, after, find
from tests.support.libraries import open_library
from tests.support.opensearch_engine import fresh_address, fresh_engine
from tests.support.opensearch_server import free_port
from tests.support.tls_site import tls_site

MOST_REQUESTS = 5
QUESTIONS = ("ai dự hội nghị?", "lu quet lam sap may cay cau?", "who won the match?", "mưa ở đâu?")


@pytest.fixture
def on_cluster(opensearch_url: str, tmp_path: Path) -> Iterator[Library]:
    """A library of three articles, indexed by the cluster."""
    with Library.open(tmp_path / "data", cluster=fresh_address(opensearch_url)) as opened:
        opened.ingest(ARTICLES)
        yield opened


def test_answers_are_those_of_the_embedded_engine(on_cluster: Library, tmp_path: Path) -> None:
    with open_library(tmp_path / "embedded", ARTICLES) as library:
        for question in QUESTIONS:
            expected, answer = library.ask(question), on_cluster.ask(question)
            assert [quote.text for quote in answer.quotes] == [
                quote.text for quote in expected.quotes
            ]
            assert answer.confidence == pytest.approx(expected.confidence)


def test_nothing_is_wrong_with_what_was_indexed(on_cluster: Library) -> None:
    report = ConsistencyReport()
    assert list(on_cluster.index_sync.check(report, sentences=True)) == []
    assert report.articles == 3
    assert on_cluster.status().sentences == 12


def test_what_a_newer_writer_wrote_stays(opensearch_url: str) -> None:
    opened = fresh_engine(opensearch_url)
    late, engine = opened(), opened()
    engine.rebuild(after(ONE, TWO), ORIGIN)
    newer = replace(ONE, revision=4, terms=("hạn_hán",))
    late.update(after(replace(TWO, revision=3), newer))
    engine.update(after(replace(ONE, revision=3, terms=("lũ quét", "cầu sập"))))
    assert find(opened(), "hạn") == [(1, 0)]
    assert find(opened(), "lũ") == []
    assert opened().revision() == 4


def test_a_shorter_article_leaves_no_sentence_behind(opensearch_url: str) -> None:
    engine = fresh_engine(opensearch_url)()
    engine.rebuild(after(ONE, TWO), ORIGIN)
    engine.update(after(replace(ONE, revision=3, terms=("lũ quét",))))
    assert engine.snapshot().indexed(1, None) == [(1, 0), (2, 0), (2, 1)]
    assert engine.snapshot().indexed_articles(1, None) == [1, 2]
    assert engine.snapshot().mismatched_sentences(ONE) == [1, 2]


def test_a_replaced_index_is_deleted(opensearch_url: str) -> None:
    address = fresh_address(opensearch_url)
    engine = OpenSearchEngine(address, looked_again=0, grace=0)
    for _ in range(2):
        engine.rebuild(after(ONE, TWO), ORIGIN)
    found = Cluster(address).read("GET", f"/{address.prefix}-*/_alias")
    assert len(found) == 1


def test_an_interrupted_build_leaves_no_index(opensearch_url: str) -> None:
    def broken(_: int) -> Iterator[list[IndexableArticle]]:
        yield [ONE]
        raise KeyboardInterrupt

    address = fresh_address(opensearch_url)
    with pytest.raises(KeyboardInterrupt):
        OpenSearchEngine(address).rebuild(broken, ORIGIN)
    assert Cluster(address).read("GET", f"/{address.prefix}-*/_alias") == {}


def test_the_statistics_of_shards_are_summed(opensearch_url: str) -> None:
    many = [replace(TWO, number=number, revision=number) for number in range(1, 41)]
    engine = fresh_engine(opensearch_url)()
    engine.rebuild(after(*many), ORIGIN)
    snapshot = engine.snapshot()
    found = snapshot.document_frequencies({Field.SYLLABLES: ["đội"], Field.ARTICLE: ["bóng"]})
    assert found[Field.SYLLABLES]["đội"] == found[Field.ARTICLE]["bóng"] == 40
    assert snapshot.totals(Field.SYLLABLES).documents == 80


def test_a_question_makes_few_requests_of_the_server(
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
    assert len(made) <= MOST_REQUESTS, made


def test_tls_certificates_are_verified(tmp_path: Path) -> None:
    pytest.importorskip("opensearchpy")
    with tls_site(tmp_path) as (url, certificate):
        with pytest.raises(UnavailableError, match="its certificate is not trusted"):
            OpenSearchEngine(ClusterAddress((url,))).snapshot()
        assert OpenSearchEngine(ClusterAddress((url,), ca=certificate)).origin() is None


def test_a_cluster_that_is_not_there_is_named_without_its_password() -> None:
    pytest.importorskip("opensearchpy")
    url = f"http://127.0.0.1:{free_port()}"
    address = ClusterAddress((url,), user="hoibao", password="bí-mật")
    engine = OpenSearchEngine(address)
    with pytest.raises(UnavailableError, match=f"{url}: it does not answer now") as raised:
        engine.snapshot()
    assert "bí-mật" not in f"{raised.value} {address!r}"
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("found", "is_retried"),
    [
        ({"_shards": {"total": 3, "failed": 1}}, True),
        ({"timed_out": True}, True),
        (
            {"responses": [{"_shards": {"failed": 0}}, {"error": {"reason": "x"}, "status": 503}]},
            True,
        ),
        ({"responses": [{"error": {"reason": "bad query"}, "status": 400}]}, False),
    ],
)
def test_a_partial_answer_is_none(
    found: Json, is_retried: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("opensearchpy")
    cluster = Cluster(ClusterAddress(("http://127.0.0.1:9",)))
    waited: list[float] = []
    monkeypatch.setattr("time.sleep", waited.append)
    monkeypatch.setattr(Cluster, "_request", lambda *_: found)
    with pytest.raises(UnavailableError):
        cluster.read("POST", "/_msearch")
    assert bool(waited) == is_retried


def test_without_its_client_the_engine_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "opensearchpy", None)
    with pytest.raises(StorageError, match=r"pip install 'hoibao\[opensearch\]'"):
        OpenSearchEngine(ClusterAddress(("http://127.0.0.1:9",)))
