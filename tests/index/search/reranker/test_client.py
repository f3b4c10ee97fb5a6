"""A rerank server is asked in its own form, and no fault of it costs more than the time given."""

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from index.search.reranker.client import MOST_BYTES, RerankClient
from index.search.reranker.server import RerankError, RerankServer
from tests.support.rerank_server import (
    Reply,
    RerankSite,
    replying,
    rerank_site,
    scoring,
    scoring_as_list,
    scoring_as_results,
)

TEXTS = ["Mưa lớn.", "Trời nắng đẹp.", "Gió."]
SOON, LONG = 0.2, 30.0  # seconds; the long one only guards against hanging
NOBODY = "http://127.0.0.1:9/rerank"  # the discard port: nobody listens


@contextmanager
def client_of(
    url: str, *, token: str | None = None, model: str | None = None
) -> Iterator[RerankClient]:
    client = RerankClient(RerankServer(url, token=token, model=model))
    try:
        yield client
    finally:
        client.close()


def reason(reply: Reply, seconds: float = LONG) -> str:
    """Return why a server with this reply gives no scores."""
    with rerank_site(reply) as site, client_of(site.url) as client:
        with pytest.raises(RerankError) as caught:
            client.scores("mưa?", TEXTS, seconds)
        return str(caught.value)


@pytest.mark.parametrize("form", [scoring, scoring_as_results, scoring_as_list])
def test_scores_come_in_the_order_of_the_texts(form: Callable[..., Reply]) -> None:
    with rerank_site(form(len)) as site, client_of(site.url) as client:
        assert client.scores("mưa?", TEXTS, LONG) == list(map(len, TEXTS))


def test_without_a_model_it_asks_as_text_embeddings_inference_wants_it() -> None:
    with rerank_site(scoring(len)) as site, client_of(site.url) as client:
        client.scores("mưa?", TEXTS, LONG)
    (posted,) = site.posted
    assert posted.path == "/rerank"
    assert posted.body == {"query": "mưa?", "texts": TEXTS, "truncate": True}
    assert "authorization" not in posted.headers


def test_with_a_model_it_asks_as_cohere_and_others_want_it() -> None:
    with (
        rerank_site(scoring_as_results(len)) as site,
        client_of(site.url, token="t0ken", model="viranker") as client,
    ):
        client.scores("mưa?", TEXTS, LONG)
    (posted,) = site.posted
    assert posted.body == {"model": "viranker", "query": "mưa?", "documents": TEXTS}
    assert posted.headers["authorization"] == "Bearer t0ken"


def test_a_server_that_is_not_there_cannot_be_reached() -> None:
    with client_of(NOBODY) as client, pytest.raises(RerankError, match="cannot be reached"):
        client.scores("mưa?", TEXTS, LONG)


@pytest.mark.parametrize("status", [201, 204, 400, 401, 413, 429, 500, 503])
def test_any_other_status_is_named(status: int) -> None:
    assert reason(replying(lambda _: b"", status)) == f"answers {status}"


def test_a_redirect_is_not_followed() -> None:
    with rerank_site(scoring(len)) as other:
        assert reason(replying(lambda _: b"", 307, {"Location": other.url})) == "answers 307"
    assert other.posted == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"scores": [NaN, 1, 2]}',
        b'{"scores": [1, 2]}',
        gzip.compress(b'{"scores": [1, 2, 3]}', mtime=0),
    ],
)
def test_a_body_that_holds_no_scores_is_none(body: bytes) -> None:
    assert reason(replying(lambda _: body)) == "answers with something else than scores"


def test_a_body_that_is_too_large_is_not_read_to_its_end() -> None:
    assert reason(replying(lambda _: b" " * (MOST_BYTES + 1))) == "answers with more than 2 MB"


def test_texts_that_come_back_with_their_scores_are_not_too_large() -> None:
    texts = ["ạ" * 1_000] * 200
    rows = [{"index": n, "score": n, "text": text} for n, text in enumerate(texts)]
    with rerank_site(replying(lambda _: rows)) as site, client_of(site.url) as client:
        assert client.scores("mưa?", texts, LONG) == list(range(200))


@pytest.mark.parametrize("fault", [RerankSite.hang, RerankSite.drip])
def test_who_does_not_answer_in_time_is_given_up(fault: Callable[..., None]) -> None:
    with rerank_site(scoring(len)) as site, client_of(site.url) as client:
        site.reply = lambda posted, handler: fault(site, posted, handler)
        with pytest.raises(RerankError, match=r"does not answer within 0\.2 s"):
            client.scores("mưa?", TEXTS, SOON)
        assert not site.released.is_set()


def test_a_connection_that_breaks_off_names_the_kind_of_its_fault() -> None:
    broken = replying(lambda _: b"half", headers={"Content-Length": "1000"})
    assert reason(broken).startswith("fails (")


def test_what_a_server_says_of_itself_is_not_repeated() -> None:
    body = json.dumps({"error": "bad token t0ken"}).encode()
    assert "t0ken" not in reason(replying(lambda _: body, 401))
