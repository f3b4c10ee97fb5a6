"""Ask a rerank server for the scores of texts, within a time and a size that are limited.

Redirects are not followed, proxies of the environment are not used, and the body is read as it
comes: one that is compressed is no JSON.
"""

import time
from collections.abc import Sequence
from concurrent.futures import Future
from http import HTTPStatus
from threading import Thread

import httpx

from index.errors import PROGRAM_ERRORS
from index.search.reranker.answer_forms import parse_scores
from index.search.reranker.server import RerankError, RerankServer

MOST_BYTES = 2 * 2**20
"""Of an answer: some servers return the texts, too, each sign of them in up to six bytes."""


class RerankClient:
    """Connection to a rerank server. May be used from any thread.

    Args:
        server: The server.
    """

    def __init__(self, server: RerankServer) -> None:
        self._server = server
        headers = {"Accept-Encoding": "identity", "User-Agent": "HoiBao"}
        if server.token:
            headers["Authorization"] = f"Bearer {server.token}"
        self._http = httpx.Client(headers=headers, trust_env=False)

    def scores(self, question: str, texts: Sequence[str], seconds: float) -> list[float]:
        """Return how well each of some texts answers a question, on the server's own scale.

        Args:
            question: The question.
            texts: The texts.
            seconds: After which the answer is given up.

        Raises:
            RerankError: There are none, or not in time.
        """
        outcome: Future[list[float]] = Future()
        # A thread of its own: resolving a name has no time-out, and nobody is to wait for it.
        Thread(target=self._settle, args=(outcome, question, texts, seconds), daemon=True).start()
        try:
            return outcome.result(seconds)
        except TimeoutError:
            raise _too_late(seconds) from None

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _settle(
        self, outcome: Future[list[float]], question: str, texts: Sequence[str], seconds: float
    ) -> None:
        try:
            outcome.set_result(parse_scores(self._post(question, texts, seconds), len(texts)))
        except RerankError as error:
            outcome.set_exception(error)
        except httpx.TimeoutException:
            outcome.set_exception(_too_late(seconds))
        except httpx.ConnectError:
            outcome.set_exception(RerankError("cannot be reached"))
        except ValueError:
            outcome.set_exception(RerankError("answers with something else than scores"))
        except (httpx.HTTPError, *PROGRAM_ERRORS) as error:
            outcome.set_exception(RerankError(f"fails ({type(error).__name__})"))

    def _post(self, question: str, texts: Sequence[str], seconds: float) -> bytes:
        """Post a request and return the body of its answer; ends soon after the time given."""
        deadline = time.monotonic() + seconds
        body = bytearray()
        request = self._request(question, texts)
        url = self._server.url
        with self._http.stream("POST", url, json=request, timeout=seconds) as response:
            if response.status_code != HTTPStatus.OK:
                raise RerankError(f"answers {response.status_code}")
            for part in response.iter_raw():
                body += part
                if len(body) > MOST_BYTES:
                    raise RerankError(f"answers with more than {MOST_BYTES >> 20} MB")
                if time.monotonic() > deadline:
                    raise _too_late(seconds)
        return bytes(body)

    def _request(self, question: str, texts: Sequence[str]) -> dict[str, object]:
        if self._server.model:
            return {"model": self._server.model, "query": question, "documents": list(texts)}
        return {"query": question, "texts": list(texts), "truncate": True}


def _too_late(seconds: float) -> RerankError:
    return RerankError(f"does not answer within {seconds:.3g} s")
