"""An HTTP server on loopback that refuses requests as a busy OpenSearch cluster does: with 429."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class BusyCluster(ThreadingHTTPServer):
    """Refuses some requests, then a document of the next bulk request, then nothing.

    Args:
        refusals: How many requests are refused.
        status: That of the document; 503 as where a node was lost.
    """

    def __init__(self, refusals: int, status: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.refusals = refusals
        self.status = status
        self.is_full = True
        self.written: set[str] = set()
        self.statuses: list[int] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, body: bytes) -> tuple[int, dict[str, Any]]:
        """Return the status and the body of the answer to a request."""
        if self.refusals:
            self.refusals -= 1
            return 429, {"error": {"type": "circuit_breaking_exception", "reason": "too large"}}
        items = [self._item(each) for each in map(json.loads, body.splitlines()) if "index" in each]
        return 200, {"items": items} if items else {}

    def _item(self, action: dict[str, Any]) -> dict[str, Any]:
        name = action["index"]["_id"]
        if self.is_full:
            self.is_full = False
            refused = {"type": "rejected_execution_exception", "reason": "queue is full"}
            return {"index": {"_id": name, "status": self.status, "error": refused}}
        self.written.add(name)
        return {"index": {"_id": name, "status": 201}}


class _Handler(BaseHTTPRequestHandler):
    server: BusyCluster

    def do_GET(self) -> None:
        length = int(self.headers.get("content-length", 0))
        status, answer = self.server.answer(self.rfile.read(length))
        self.server.statuses.append(status)
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def busy_cluster(refusals: int, status: int = 429) -> Iterator[BusyCluster]:
    with BusyCluster(refusals, status) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield server
        finally:
            server.shutdown()
            serving.join()
