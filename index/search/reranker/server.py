"""Where a reranking model is served, and how much it may take of a question's time."""

from dataclasses import dataclass, field

TIMEOUT_SECONDS = 2

CANDIDATES = 32
"""Sentences of one question: the most that text-embeddings-inference takes at once by default
(`--max-client-batch-size`)."""


class RerankError(Exception):
    """A rerank server gives no scores; the message is why, in a few words."""


@dataclass(frozen=True, slots=True)
class RerankServer:
    """A server with a reranking model.

    Args:
        url: The address that requests are posted to, path included.
        token: Sent as a bearer token.
        model: The name of the model. With it requests are of the form of Cohere, Jina, vLLM and
            Infinity, without it of that of text-embeddings-inference.
        timeout: Seconds that all requests of one question may take together.
        candidates: How many candidates of one question are sent at most.
    """

    url: str
    token: str | None = field(default=None, repr=False)
    model: str | None = None
    timeout: float = TIMEOUT_SECONDS
    candidates: int = CANDIDATES
