"""Rerank server on loopback, in threads, that answers in any form and can misbehave."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

Score = Callable[[str], float]


@dataclass(frozen=True)
class Posted:
    """A request: its path, its headers with names in lower case, its JSON."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def texts(self) -> list[str]:
        """The texts to score, in either form."""
        texts: list[str] = self.body.get("texts") or self.body["documents"]
        return texts


class Reply(Protocol):
    """Writes the answer to a request."""

    def __call__(self, posted: Posted, handler: BaseHTTPRequestHandler) -> None:
        """Write it."""


@dataclass
class RerankSite:
    """A server with its reply to each request, and the requests that it got."""

    url: str
    reply: Reply
    posted: list[Posted] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    """Set at the end: until then replies may hang."""

    @property
    def host(self) -> str:
        """Host and port."""
        return self.url.split("/")[2]

    def hang(self, posted: Posted, handler: BaseHTTPRequestHandler) -> None:
        """Answer nothing until the end of the test."""
        self.released.wait()

    def drip(self, posted: Posted, handler: BaseHTTPRequestHandler) -> None:
        """Answer a byte at a time, each soon after the last, and never all."""
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        while not self.released.wait(0.01):
            handler.wfile.write(b" ")


@contextmanager
def rerank_site(reply: Reply) -> Iterator[RerankSite]:
    """Serve `POST /rerank` on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            headers = {name.lower(): value for name, value in self.headers.items()}
            posted = Posted(self.path, headers, json.loads(self.rfile.read(length)))
            site.posted.append(posted)
            with suppress(OSError):  # the client has gone
                site.reply(posted, self)

        def log_message(self, *_arguments: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = RerankSite(f"http://127.0.0.1:{server.server_port}/rerank", reply)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield site
    finally:
        site.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def scoring(score: Score) -> Reply:
    """Score each text, in the form of text-embeddings-inference, the best first."""
    return replying(lambda texts: _best_first(texts, score, "score"))


def scoring_as_results(score: Score) -> Reply:
    """Score each text, in the form of Cohere."""
    return replying(lambda texts: {"results": _best_first(texts, score, "relevance_score")})


def scoring_as_list(score: Score) -> Reply:
    """Score each text, in their order."""
    return replying(lambda texts: {"scores": [score(text) for text in texts]})


def replying(
    answer: Callable[[list[str]], object],
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """Answer what a function of the texts returns: bytes, or a value for JSON."""

    def reply(posted: Posted, handler: BaseHTTPRequestHandler) -> None:
        value = answer(posted.texts)
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        handler.send_response(status)
        for name, text in {"Content-Length": str(len(body)), **(headers or {})}.items():
            handler.send_header(name, text)
        handler.end_headers()
        handler.wfile.write(body)

    return reply


def _best_first(texts: list[str], score: Score, key: str) -> list[dict[str, object]]:
    scores = enumerate(map(score, texts))
    best_first = sorted(scores, key=lambda scored: -scored[1])
    return [{"index": place, key: value} for place, value in best_first]
