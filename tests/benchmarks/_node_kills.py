"""Kill nodes of a cluster with -9 while it is asked and written to; compare with the other engine.

Each step takes in some articles, one of which repeats a question, so that the answers differ from
one revision to the next. The embedded engine follows each step and is asked the same questions; an
answer of the cluster must be one of those that it gave at some revision of the round.

Articles are new, each of the sentences of two others, or known ones with one more sentence
(`revised`). Engines count replaced sentences in the frequencies of their terms until these are
merged away, each at times of its own. So the embedded engine itself may give other quotes after it
was built anew, which is counted as well where known articles come.
"""

import logging
import random
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, cycle, islice, pairwise
from operator import ne
from threading import Event

from index import Article, Library
from index.alerts.announcer import Alert
from index.engine.consistency import ConsistencyReport
from index.errors import UnavailableError
from tests.benchmarks._both_engines import Collection, first_news
from tests.benchmarks._engine_comparison import BEST, quoted
from tests.support.opensearch_cluster import Node, Nodes
from tests.support.waiting import wait_until

PROBES = 12
ARTICLES_A_STEP = 10
REVISED = 1_000
"""Of the articles, which are taken in again with one more sentence or in new ones."""

STEPS_BEFORE, STEPS_AFTER, ANSWERS_AFTER = 2, 4, 40
"""What is done before the kill, and after it until the node is started again."""

ROUND_SECONDS = 600.0
"""The longest that a part of a round may take."""

SETTLED_SECONDS = 60.0
"""In which the cluster answers as the other engine does once all its nodes are there."""

Quoted = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question by its position, when it was asked, and its quotes; None if it was refused."""

    probe: int
    started: float
    ended: float
    quotes: Quoted | None


@dataclass(slots=True)
class Round:
    """A kill: what was asked and taken in around it; times are of the monotonic clock."""

    name: str
    killed: float = 0.0
    restarted: float = 0.0
    green: float = 0.0
    asked: list[Asked] = field(default_factory=list)
    steps: list[tuple[float, float]] = field(default_factory=list)
    acknowledged: dict[str, str] = field(default_factory=dict)
    expected: list[list[Quoted]] = field(default_factory=list)
    refusals: set[str] = field(default_factory=set)
    lost: int = 0
    wrong_after: int = 0

    @property
    def after(self) -> list[Asked]:
        """What was asked from the kill on, or was under way then."""
        return [each for each in self.asked if each.ended >= self.killed]

    @property
    def refused(self) -> int:
        """How many questions were refused."""
        return sum(each.quotes is None for each in self.asked)

    @property
    def differing(self) -> list[Asked]:
        """Answers whose ten quotes the embedded engine gave at no revision of the round."""
        return [
            each
            for each in self.asked
            if each.quotes is not None and each.quotes not in self._known(each)
        ]

    @property
    def wrong_first(self) -> int:
        """How many of these begin with a quote that it gave first at no revision."""
        return sum(
            each.quotes[:1] not in [known[:1] for known in self._known(each)]
            for each in self.differing
            if each.quotes is not None
        )

    @property
    def least_overlap(self) -> float:
        """The least overlap of these with the nearest of its answers; 1 without any."""
        return min(
            (
                max(_overlap(each.quotes, known) for known in self._known(each))
                for each in self.differing
                if each.quotes is not None
            ),
            default=1.0,
        )

    def _known(self, asked: Asked) -> list[Quoted]:
        """Return the answers of the embedded engine to a question, at all revisions."""
        return [expected[asked.probe] for expected in self.expected]

    @property
    def again(self) -> float:
        """Seconds from the kill until answers came and were not refused any more."""
        refusals = [each.ended for each in self.after if each.quotes is None]
        last = max(refusals, default=self.killed)
        answered = (each.ended for each in self.after if each.quotes and each.started >= last)
        return next(answered, float("inf")) - self.killed

    @property
    def slowest(self) -> float:
        """Seconds of the slowest question from the kill on."""
        return max(each.ended - each.started for each in self.after)


@dataclass(frozen=True, slots=True)
class Kills:
    """Rounds of kills, and what store and index disagree on in the end.

    `rebuilt` counts the questions, of so many, to which the embedded engine gives other quotes
    after it was built anew; None where all articles were new.
    """

    rounds: Sequence[Round]
    faults: Sequence[str]
    rebuilt: int | None


def _overlap(quotes: Quoted, others: Quoted) -> float:
    return len(set(quotes) & set(others)) / max(len(quotes), len(others), 1)


def kill_nodes(
    collection: Collection,
    asked: Sequence[str],
    seed: int,
    report: Callable[[str], object],
    *,
    revised: bool,
) -> Kills:
    """Kill a node that is not asked, the one that manages the cluster, and any.

    Args:
        collection: The collection.
        asked: Questions, of which some are asked.
        seed: Of which nodes are killed.
        report: Told what is done.
        revised: Take in known articles with one more sentence; else new ones.

    Raises:
        TimeoutError: The cluster did not come back.
    """
    nodes, chance = collection.servers.nodes, random.Random(seed)
    rounds = []
    for name, pick in _victims(nodes, chance).items():
        report(f"kill -9 of {name}")
        urls = (nodes.nodes[0].url,) if name == NOT_ASKED else nodes.urls
        nodes.wait_until_green()
        with collection.embedded() as embedded, collection.cluster(urls) as cluster:
            news = _revised(collection) if revised else _new(collection)
            rounds.append(_round(Round(name), collection, embedded, cluster, asked, pick, news))
    report("comparing the store with the index")
    with collection.cluster() as cluster:
        found = list(islice(cluster.index_sync.check(ConsistencyReport()), 20))
    faults = [each.what for each in found]
    return Kills(rounds, faults, _rebuilt(collection, asked) if revised else None)


def _rebuilt(collection: Collection, asked: Sequence[str]) -> int:
    """Count the questions to which the embedded engine gives other quotes once built anew."""
    with collection.embedded() as library:
        library.index_sync.sync()
        before = _ask_all(library, asked)
        library.index_sync.rebuild()
        return sum(map(ne, before, _ask_all(library, asked)))


NOT_ASKED = "a node that is not asked"


def _victims(nodes: Nodes, chance: random.Random) -> dict[str, Callable[[], Node]]:
    def not_asked() -> Node:
        others = [node for node in nodes.nodes[1:] if node is not nodes.manager()]
        return chance.choice(others)

    return {
        NOT_ASKED: not_asked,
        "the cluster manager": nodes.manager,
        "any node": lambda: chance.choice(nodes.nodes),
    }


def _round(
    found: Round,
    collection: Collection,
    embedded: Library,
    cluster: Library,
    asked: Sequence[str],
    pick: Callable[[], Node],
    news: Iterator[Article],
) -> Round:
    nodes = collection.servers.nodes
    embedded.index_sync.sync()
    probes = _agreed(asked, embedded, cluster)
    found.expected.append(_ask_all(embedded, probes))
    stopped = Event()
    with ThreadPoolExecutor(2) as threads, _quiet():
        running = (
            threads.submit(_keep_asking, found, cluster, probes, stopped),
            threads.submit(_keep_taking_in, found, news, embedded, cluster, probes, stopped),
        )

        def until(condition: Callable[[], bool]) -> None:
            wait_until(lambda: condition() or any(map(_failed, running)), ROUND_SECONDS)

        try:
            until(lambda: len(found.steps) >= STEPS_BEFORE)
            victim = pick()
            victim.kill()
            found.killed = time.monotonic()
            steps, answers = len(found.steps) + STEPS_AFTER, len(found.asked) + ANSWERS_AFTER
            until(lambda: len(found.steps) >= steps and len(found.asked) >= answers)
            nodes.restart(victim)
            found.restarted = time.monotonic()
            nodes.wait_until_green()
            found.green = time.monotonic()
            steps = len(found.steps) + 1
            until(lambda: len(found.steps) >= steps)
        finally:
            stopped.set()
        for each in running:
            each.result(ROUND_SECONDS)
    wait_until(cluster.index_sync.sync_if_available, ROUND_SECONDS)
    last = found.expected[-1]
    wait_until(lambda: _ask_all(cluster, probes) == last or _is_late(found), ROUND_SECONDS)
    pairs = zip(_ask_all(cluster, probes), last, strict=True)
    found.wrong_after = sum(mine != theirs for mine, theirs in pairs)
    found.lost = sum(not _is_kept(cluster, *each) for each in found.acknowledged.items())
    return found


def _failed(running: Future[None]) -> bool:
    return running.done() and running.exception() is not None


def _agreed(asked: Sequence[str], embedded: Library, cluster: Library) -> list[str]:
    """Return questions to which both engines give the same quotes in the same order."""
    same = (each for each in asked if _ask(embedded, each) == _ask(cluster, each) != [])
    return list(islice(same, PROBES))


def _ask(library: Library, question: str) -> Quoted:
    return quoted(library.ask(question, limit=BEST))


def _ask_all(library: Library, probes: Sequence[str]) -> list[Quoted]:
    return [_ask(library, probe) for probe in probes]


def _keep_asking(found: Round, cluster: Library, probes: Sequence[str], stopped: Event) -> None:
    while not stopped.is_set():
        probe = len(found.asked) % len(probes)
        started, quotes = time.monotonic(), None
        try:
            quotes = _ask(cluster, probes[probe])
        except UnavailableError as error:
            found.refusals.add(str(error))
        found.asked.append(Asked(probe, started, time.monotonic(), quotes))


def _keep_taking_in(
    found: Round,
    news: Iterator[Article],
    embedded: Library,
    cluster: Library,
    probes: Sequence[str],
    stopped: Event,
) -> None:
    """Take in articles by the library with the cluster, and let the embedded engine follow."""
    step = 0
    while not stopped.is_set():
        telling = probes[step % len(probes)]
        batch: dict[str, Article] = {}
        for number in range(ARTICLES_A_STEP):
            sign = secrets.token_hex(8)
            words = f"{telling.rstrip('?')} {sign}." if number == 0 else f"{sign}."
            article = next(news)
            batch[sign] = replace(article, text=f"{article.text}\n\n{words}")
        started = time.monotonic()
        taken = cluster.ingest(list(batch.values()), alert=Alert.NONE)
        ended = time.monotonic()
        assert taken.added + taken.updated == len(batch), taken
        found.acknowledged.update({str(article.id): sign for sign, article in batch.items()})
        embedded.index_sync.sync()
        found.expected.append(_ask_all(embedded, probes))
        found.steps.append((started, ended))
        step += 1


def _revised(collection: Collection) -> Iterator[Article]:
    """Yield known articles, again and again."""
    return cycle(deque(first_news(collection.articles), REVISED))


def _new(collection: Collection) -> Iterator[Article]:
    """Yield new articles, each of the sentences of two known ones in turn."""
    for one, other in pairwise(_revised(collection)):
        pairs = zip(one.text.splitlines(), other.text.splitlines(), strict=False)
        sign = secrets.token_hex(8)
        text = "\n".join(chain.from_iterable(pairs))
        yield Article(id=sign, title=f"{one.title} {sign}", text=text)


def _is_kept(library: Library, identity: str, sign: str) -> bool:
    """Whether an article is stored as it was taken in, and all its sentences are indexed."""
    stored = library.find(identity)
    if stored is None or sign not in stored.text:
        return False
    number = stored.number
    indexed = library.search_context.engine.snapshot().indexed(number, number)
    positions = [quote.position for quote in library.sentences(number, 0, len(stored.text))]
    return sorted(place.position for place in indexed) == positions


def _is_late(found: Round) -> bool:
    return time.monotonic() > found.green + SETTLED_SECONDS


@contextmanager
def _quiet() -> Iterator[None]:
    """Do not print the lines that say that the cluster does not answer."""
    logger = logging.getLogger("index")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
