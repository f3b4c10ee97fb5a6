"""Requests to an OpenSearch cluster: time-outs, retries, errors in one line.

`opensearch-py` is optional, and loaded only where a cluster is used.
"""

import logging
import ssl
import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from index.engine.cluster_address import ClusterAddress
from index.errors import StorageError, UnavailableError

Json = Mapping[str, Any]
Result = TypeVar("Result")

BUSY = frozenset({429})
RETRIED = BUSY | {500, 502, 503, 504}
"""Statuses of a cluster that is busy, that starts, or that is replacing a lost node."""

CONNECT_SECONDS, RELEASING_SECONDS = 2.0, 1.0
"""The longest that it takes to connect to a node, and a request that cleans up."""

READERS = 8
"""Requests of one `read_each` that are made at once."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Time that a request gets, and after what it is made again, by another node if one failed.

    Args:
        longest: Seconds for all tries; none begins later.
        each: Seconds of a try.
        waits: Seconds before each further try.
        retried: Statuses after which it is tried again, as it is where no node answered in time.
    """

    longest: float
    each: float
    waits: tuple[float, ...]
    retried: Set[int]


READING = Patience(10.0, 5.0, (0.1, 0.4, 1.5, 3.0), RETRIED)
WRITING = Patience(180.0, 60.0, (1.0, 5.0), RETRIED)
"""Patience with a request for an answer, and with one that writes: done twice it is the same."""

BULK_BYTES, BULK_RETRIES = 2_000_000, 8
"""The size of a request that writes: a node with a small heap refuses larger ones with 429."""


def _authorization(address: ClusterAddress) -> Mapping[str, str]:
    """Return the header that names the user, in UTF-8 (RFC 7617)."""
    if not address.user:
        return {}
    named = f"{address.user}:{address.password or ''}".encode()
    return {"authorization": f"Basic {b64encode(named).decode()}"}


class Cluster:
    """Connections to a cluster. May be shared by threads.

    Args:
        address: The cluster.

    Raises:
        StorageError: `opensearch-py` is not installed, or the address makes no sense.
    """

    def __init__(self, address: ClusterAddress) -> None:
        try:
            import opensearchpy
            import urllib3
            from opensearchpy import helpers
        except ImportError:
            raise StorageError(
                "engine opensearch: its client is not installed; run: "
                "pip install 'hoibao[opensearch]'"
            ) from None
        self.address = address
        logging.getLogger("opensearch").setLevel(logging.ERROR)  # it warns of each failed request
        self._errors: type[Exception] = opensearchpy.exceptions.OpenSearchException
        self._unreached: type[Exception] = opensearchpy.exceptions.ConnectionError
        self._bulk = helpers.streaming_bulk
        self._seconds = partial(urllib3.Timeout, CONNECT_SECONDS)
        self._threads = ThreadPoolExecutor(READERS, "cluster")
        try:
            self._client = opensearchpy.OpenSearch(
                hosts=list(address.urls),
                headers=_authorization(address),
                ssl_context=ssl.create_default_context(cafile=address.ca),
                pool_maxsize=READERS,
                max_retries=0,  # see `_trying`
                retry_on_timeout=True,  # a node that did not answer is left alone for a while
                retry_on_status=(),
            )
        except (OSError, ValueError, self._errors) as error:
            raise StorageError(f"search cluster {address.name}: {error}") from error

    def read(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        patience: Patience = READING,
        **parameters: object,
    ) -> Json:
        """Make a request for an answer; a busy cluster is asked again, for ten seconds at most.

        Raises:
            UnavailableError: It cannot answer, or a part of the answer is missing.
        """
        return self._trying(partial(self._whole, method, path, body, parameters), patience)

    def read_each(
        self, method: str, path: str, body: object, each: Sequence[Mapping[str, object]]
    ) -> list[Json]:
        """Make a request for an answer with each of some parameters, many at once; see `read`."""

        def read(parameters: Mapping[str, object]) -> Json:
            return self._trying(partial(self._whole, method, path, body, parameters), READING)

        return list((self._threads.map if len(each) > 1 else map)(read, each))

    def find(self, path: str) -> Json | None:
        """Return a resource; None if it is not there."""

        def ask(seconds: float) -> Json | None:
            try:
                return self._request("GET", path, None, {}, seconds)
            except self._errors as error:
                if _status(error) == 404:
                    return None
                raise

        return self._trying(ask, READING)

    def write(self, method: str, path: str, body: object = None, **parameters: object) -> Json:
        """Make a request that changes something.

        Raises:
            UnavailableError: It was not done, only in part, or nobody knows.
        """
        return self._trying(partial(self._whole, method, path, body, parameters), WRITING)

    def release(self, method: str, path: str, body: object) -> None:
        """Try within a second to free what the cluster would free by itself later."""
        with suppress(self._errors):
            self._request(method, path, body, {}, RELEASING_SECONDS)

    def bulk(self, actions: Iterable[Json]) -> None:
        """Write documents in requests of a few megabytes; those a newer writer wrote stay.

        All are written again where a node was lost or too slow to confirm some, since a document
        that is written twice is the same.

        Raises:
            UnavailableError: Some could not be written.
        """
        listed = list(actions)

        def send(seconds: float) -> None:
            for _, answer in self._bulk(
                self._client,
                listed,
                max_chunk_bytes=BULK_BYTES,
                max_retries=BULK_RETRIES,
                initial_backoff=1,
                max_backoff=10,
                raise_on_error=False,
                require_alias="true",
                request_timeout=self._seconds(seconds),
            ):
                ((action, result),) = answer.items()
                if not _is_written(action, result):
                    raise _RefusedError(result.get("status", 0), str(result.get("error", result)))

        self._trying(send, replace(WRITING, retried=RETRIED - BUSY))  # the helper repeats those

    def close(self) -> None:
        """Close the connections."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._client.close()

    def _whole(
        self, method: str, path: str, body: object, parameters: Mapping[str, object], seconds: float
    ) -> Json:
        """Make a request; refuse its answer if a part is missing."""
        found = self._request(method, path, body, parameters, seconds)
        for each in found.get("responses") or found.get("docs") or (found,):
            _check(each)
        return found

    def _request(
        self, method: str, path: str, body: object, parameters: Mapping[str, object], seconds: float
    ) -> Json:
        found: Json = self._client.transport.perform_request(
            method,
            path,
            params={**parameters, "request_timeout": self._seconds(seconds)},
            body=body,
        )
        return found

    def _trying(self, ask: Callable[[float], Result], patience: Patience) -> Result:
        """Make a request, which gets the seconds of a try, as often as patience lasts."""
        end = time.monotonic() + patience.longest
        for wait in (*patience.waits, None):
            left = end - time.monotonic()
            try:
                return ask(min(patience.each, max(left, CONNECT_SECONDS)))
            except (_RefusedError, self._errors) as error:
                if (
                    wait is None
                    or time.monotonic() + wait >= end
                    or not self._is_retried(error, patience)
                ):
                    raise UnavailableError(
                        f"search cluster {self.address.name}: {_reason(error)}"
                    ) from error
            time.sleep(wait)
        raise AssertionError

    def _is_retried(self, error: Exception, patience: Patience) -> bool:
        return isinstance(error, self._unreached) or _status(error) in patience.retried


class _RefusedError(Exception):
    """A part of a request that failed, with its status and reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(status, reason)


def _check(found: Json) -> None:
    """Refuse an answer of which a part is missing."""
    if error := found.get("error"):
        raise _RefusedError(int(found.get("status", 503)), str(error.get("reason", error)))
    if found.get("timed_out") or found.get("_shards", {}).get("failed"):
        raise _RefusedError(503, "only a part of it answered")


def _status(error: Exception) -> int:
    """Return the status of a request that failed; 503 where no node was reached."""
    status = error.args[0] if error.args else 0
    return status if isinstance(status, int) else 503


def _reason(error: Exception) -> str:
    status, reason = _status(error), " ".join(str(error.args[1:2] and error.args[1]).split())
    if type(error).__name__ == "SSLError":
        return "its certificate is not trusted; name the file of its authority as ca"
    if status in (401, 403):
        return f"it refuses this user ({status}); check user and password"
    if status == 429:
        return "it is too busy; give its nodes more memory, or the cluster more nodes"
    if status == 503:
        return "it does not answer now; is it running?"
    return f"it answers with {status} ({reason[:200]})"


def _is_written(action: str, result: Json) -> bool:
    """Whether a document is as it is to be, or as a newer writer wrote it."""
    status = result.get("status", 0)
    return 200 <= status < 300 or status == 409 or (action == "delete" and status == 404)
