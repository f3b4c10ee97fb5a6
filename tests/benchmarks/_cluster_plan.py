"""Plan of a larger cluster on paper: nodes, memory, disk and requests, from measured costs."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

SENTENCES = 100_000_000
SOURCES = 1_000

ARTICLES_A_SOURCE_A_DAY = 30
CHECKS_A_SOURCE_A_DAY = 24 * 4
QUESTIONS_A_SECOND = 10
"""Assumed, at the busiest time: people who each ask one question a minute are 600."""

USED = 0.5
"""Of a core that is to be used at the busiest time; the rest is for merges and a lost node."""

CORES_A_NODE = 8
SHARD_BYTES = 30 * 1024**3
"""OpenSearch: shards of 10 to 30 GiB are for searches."""

DISK_USED = 0.5
"""Of a disk; a merge needs room for what it merges, and 85 % is the cluster's own limit."""

CACHED = 0.5
"""Of an index that the page cache of its nodes is to hold."""

HEAP_BYTES = 8 * 1024**3
GIB, DAY_SECONDS = 1024**3, 86_400


@dataclass(frozen=True, slots=True)
class Measured:
    """Measured costs of a collection: bytes a sentence, CPU seconds, requests.

    `question_nodes` is the CPU seconds of the nodes for a question, `question_own` those of our
    process and PostgreSQL; `article_own` and `article_nodes` those of an article that is taken in.
    """

    sentences: int
    articles: int
    index_bytes: float
    database_bytes: float
    question_nodes: float
    question_own: float
    article_own: float
    article_nodes: float
    requests: float


def plan(small: Measured | None, large: Measured, replicas: int) -> Iterator[tuple[str, str, str]]:
    """Yield the rows of a plan: the thing, how much, and the sum that says why.

    Args:
        small: Costs of a smaller collection, for how those of a question grow; without them they
            are taken to grow in proportion.
        large: Costs of the largest collection.
        replicas: Copies of the index beside the original.
    """
    index = SENTENCES * large.index_bytes
    copies = index * (1 + replicas)
    database = SENTENCES * large.database_bytes
    yield (
        "index, with copies",
        _gib(copies),
        f"{large.index_bytes:.0f} B a sentence × {1 + replicas}",
    )
    yield "PostgreSQL", _gib(database), f"{large.database_bytes:.0f} B a sentence"
    shards = max(1, math.ceil(index / SHARD_BYTES))
    yield "shards", f"{shards}", f"of {SHARD_BYTES / GIB:.0f} GiB at most"

    fixed, growing = _growth(small, large)
    question = fixed + growing * SENTENCES
    yield (
        "CPU of a question in the nodes",
        f"{1000 * question:.0f} ms",
        f"{1000 * fixed:.1f} ms + {1e9 * growing:.1f} ms a million sentences",
    )
    articles = SOURCES * ARTICLES_A_SOURCE_A_DAY / DAY_SECONDS
    asking, taking_in = QUESTIONS_A_SECOND * question, articles * large.article_nodes
    cores = (asking + taking_in) / USED
    yield (
        "cores of the nodes",
        f"{cores:.0f}",
        f"({QUESTIONS_A_SECOND} questions a second: {asking:.1f}; {articles:.2f} articles a "
        f"second: {taking_in:.3f}), {USED:.0%} used",
    )
    nodes = max(3, 1 + replicas, math.ceil(cores / CORES_A_NODE))
    yield "nodes", f"{nodes}", f"of {CORES_A_NODE} cores, 3 at least"
    memory = HEAP_BYTES + CACHED * copies / nodes
    yield (
        "memory a node",
        _gib(memory),
        f"heap {_gib(HEAP_BYTES)}, {CACHED:.0%} of its {_gib(copies / nodes)} in the page cache",
    )
    yield "disk a node", _gib(copies / nodes / DISK_USED), f"{DISK_USED:.0%} used"

    own = QUESTIONS_A_SECOND * large.question_own + articles * large.article_own
    yield (
        "cores of bots and PostgreSQL",
        f"{max(1, math.ceil(own / USED))}",
        f"{1000 * large.question_own:.0f} ms a question, {1000 * large.article_own:.1f} ms an "
        f"article: {own:.2f}, {USED:.0%} used",
    )
    yield (
        "requests to the cluster",
        f"{QUESTIONS_A_SECOND * large.requests:.0f} a second",
        f"{large.requests:.1f} a question",
    )
    checks = SOURCES * CHECKS_A_SOURCE_A_DAY / DAY_SECONDS
    yield (
        "requests to sources",
        f"{checks + articles:.1f} a second",
        f"{SOURCES:,} sources every {24 * 60 / CHECKS_A_SOURCE_A_DAY:.0f} minutes, and a page an "
        "article",
    )
    yearly = SOURCES * ARTICLES_A_SOURCE_A_DAY * 365 * large.sentences / large.articles
    yield (
        "filled in",
        f"{12 * SENTENCES / yearly:.0f} months",
        f"{ARTICLES_A_SOURCE_A_DAY} articles a source a day, "
        f"{large.sentences / large.articles:.0f} sentences each",
    )
    building = SENTENCES / large.sentences * large.articles * large.article_nodes
    yield (
        "building the index anew",
        f"{building / 3600 / nodes / CORES_A_NODE:.1f} hours",
        f"{1000 * large.article_nodes:.0f} ms of CPU an article, by all cores of the nodes",
    )


def _growth(small: Measured | None, large: Measured) -> tuple[float, float]:
    """Return the CPU seconds of a question that are fixed, and those that a sentence adds."""
    in_proportion = large.question_nodes / large.sentences
    if small is None or small.question_nodes >= large.question_nodes:
        return 0.0, in_proportion
    more = large.question_nodes - small.question_nodes
    growing = min(in_proportion, more / (large.sentences - small.sentences))
    return large.question_nodes - growing * large.sentences, growing


def _gib(size: float) -> str:
    return f"{size / GIB:,.0f} GiB" if size >= 10 * GIB else f"{size / GIB:.1f} GiB"
