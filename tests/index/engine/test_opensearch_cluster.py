"""Requests to a cluster: certificates, passwords, partial answers, and one that is busy."""

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from index.engine.opensearch import ClusterAddress
from index.engine.opensearch.cluster import (
    READING,
    WRITING,
    Cluster,
    Json,
)
from index.engine.opensearch.documents import writing_actions
from index.errors import UnavailableError
from tests.support.busy_cluster import busy_cluster
from tests.support.engines import ONE
from tests.support.opensearch_engine import fresh_engine
from tests.support.opensearch_server import free_port
from tests.support.tls_site import tls_site


def test_tls_certificates_are_verified(tmp_path: Path) -> None:
    with tls_site(tmp_path) as (url, certificate):
        with pytest.raises(UnavailableError, match="its certificate is not trusted"):
            fresh_engine(ClusterAddress((url,)), tmp_path)().snapshot()
        assert fresh_engine(ClusterAddress((url,), ca=certificate), tmp_path)().origin() is None


def test_a_cluster_that_is_not_there_is_named_without_its_password(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    address = ClusterAddress((url,), user="hoibao", password="bí-mật")
    engine = fresh_engine(address, tmp_path)()
    with pytest.raises(UnavailableError, match=f"{url}: it does not answer now") as raised:
        engine.snapshot()
    assert "bí-mật" not in f"{raised.value} {address!r}"
    assert "\n" not in str(raised.value)


def test_questions_that_wait_together_are_refused_together(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[float] = []
    monkeypatch.setattr("time.sleep", asked.append)
    address = ClusterAddress((f"http://127.0.0.1:{free_port()}",))
    engine = fresh_engine(address, tmp_path, looked_again=60)()
    for _ in range(3):
        with pytest.raises(UnavailableError, match="it does not answer now"):
            engine.snapshot()
    assert asked == list(READING.waits)


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
        ({"docs": [{"found": False}, {"error": {"type": "x", "reason": "no shard"}}]}, True),
    ],
)
def test_a_partial_answer_is_none(
    found: Json, is_retried: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = Cluster(ClusterAddress(("http://127.0.0.1:9",)))
    waited: list[float] = []
    monkeypatch.setattr("time.sleep", waited.append)
    monkeypatch.setattr(Cluster, "_request", lambda *_: found)
    with pytest.raises(UnavailableError):
        cluster.read("POST", "/_msearch")
    assert bool(waited) == is_retried


def test_a_write_that_some_shards_refused_is_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = Cluster(ClusterAddress(("http://127.0.0.1:9",)))
    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setattr(Cluster, "_request", lambda *_: {"_shards": {"total": 2, "failed": 1}})
    with pytest.raises(UnavailableError):
        cluster.write("POST", "/test/_refresh")


def test_a_cluster_that_hangs_is_not_asked_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    cluster, asked = Cluster(ClusterAddress(("http://127.0.0.1:9",))), []
    now = iter(range(0, 1000, int(READING.longest)))

    def hanging(*_: object) -> Json:
        asked.append(1)
        return {"timed_out": True}

    monkeypatch.setattr("time.monotonic", lambda: next(now))
    monkeypatch.setattr(Cluster, "_request", hanging)
    with pytest.raises(UnavailableError):
        cluster.read("GET", "/")
    assert len(asked) == 1


def test_a_node_that_hangs_keeps_no_question_from_the_others() -> None:
    with socket.create_server(("127.0.0.1", 0)) as hanging, busy_cluster(refusals=0) as site:
        url = f"http://127.0.0.1:{hanging.getsockname()[1]}"
        cluster = Cluster(ClusterAddress((url, site.url)))
        impatient = replace(READING, each=0.2)
        assert [cluster.read("GET", "/", patience=impatient) for _ in range(6)] == [{}] * 6


def test_a_busy_cluster_is_asked_and_written_to_again(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("time.sleep", waited.append)
    with busy_cluster(refusals=2) as site:
        cluster = Cluster(ClusterAddress((site.url,)))
        assert cluster.read("GET", "/") == {}
        assert waited == [0.1, 0.4]
        site.refusals, waited[:] = 2, []
        cluster.bulk(writing_actions("test-1-0123abcd", [ONE], {}))
    assert site.written == {"1-0", "1-1", "1-2", "1"}
    assert waited == [1, 2, 4]  # twice for the request, once for what it refused of it
    assert set(site.statuses) == {429, 200}


def test_documents_that_a_lost_node_did_not_confirm_are_written_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited: list[float] = []
    monkeypatch.setattr("time.sleep", waited.append)
    with busy_cluster(refusals=0, status=503) as site:
        Cluster(ClusterAddress((site.url,))).bulk(writing_actions("test-1-0123abcd", [ONE], {}))
    assert site.written == {"1-0", "1-1", "1-2", "1"}
    assert waited == [WRITING.waits[0]]


def test_a_cluster_that_stays_busy_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    with busy_cluster(refusals=100) as site:
        cluster = Cluster(ClusterAddress((site.url,)))
        with pytest.raises(UnavailableError, match="it is too busy"):
            cluster.read("GET", "/")
        with pytest.raises(UnavailableError, match="it is too busy"):
            cluster.bulk(writing_actions("test-1-0123abcd", [ONE], {}))
    assert site.written == set()
