"""Ask both engines the same questions: quotes, CPU, requests, and the search by itself."""

import statistics
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from unittest.mock import patch

from index import Answer, Library
from index.engine.opensearch.cluster import Cluster, Json
from tests.benchmarks._both_engines import SHARDS, Collection
from tests.benchmarks._questions import FORMS, news_questions, xquad_questions

BEST = 10
WARM_UP = 120
SEARCH, STATISTICS = "/_msearch", "/_termvectors"


@dataclass(frozen=True, slots=True)
class Request:
    """Request to the cluster."""

    path: str
    body: object


@dataclass(slots=True)
class Engine:
    """Seconds of each question of an engine: CPU of our process, and by the clock."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Comparison:
    """Comparison of both engines.

    `same_first`, `same_confidence` and `overlaps` have a figure a question. `round_trips` counts
    requests that are made at once, of each shard, as one. `searches` are the
    seconds of the cluster's own search of each, asked again by itself; `nodes_cpu` is the CPU
    seconds of the nodes for all questions, `database_cpu` those of PostgreSQL for those of both.
    """

    embedded: Engine = field(default_factory=Engine)
    cluster: Engine = field(default_factory=Engine)
    same_first: list[bool] = field(default_factory=list)
    same_confidence: list[bool] = field(default_factory=list)
    overlaps: list[float] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)
    round_trips: list[int] = field(default_factory=list)
    searches: list[float] = field(default_factory=list)
    nodes_cpu: float = 0.0
    database_cpu: float = 0.0

    @property
    def asked(self) -> int:
        """The number of questions."""
        return len(self.overlaps)


def questions(number: int) -> list[str]:
    """Return shared questions: of the news and of XQuAD, equally many in each of three forms."""
    each = max(1, number // (2 * len(FORMS)))
    of_news, of_xquad = news_questions().forms, xquad_questions()
    return [
        question.text
        for position in range(each)
        for form in FORMS
        for question in (of_news[form][position], of_xquad[form][position])
    ]


def quoted(answer: Answer) -> list[tuple[int, int]]:
    """Return what identifies the quotes of an answer: the article's number and the position."""
    return [(quote.article.number, quote.position) for quote in answer.quotes]


def compare(collection: Collection, asked: Sequence[str]) -> Comparison:
    """Ask both engines, by turns which is first; what is measured is warm."""
    found = Comparison()
    servers = collection.servers
    with (
        collection.embedded() as embedded,
        collection.cluster() as cluster,
        _requests() as requests,
    ):
        for question in asked[:WARM_UP]:
            _ask(embedded, question), _ask(cluster, question)
        database = servers.database_cpu()
        for number, question in enumerate(asked):

            def ask_cluster(question: str = question) -> Answer:
                requests.clear()
                before = servers.nodes.cpu()
                answer = _timed(found.cluster, cluster, question)
                found.nodes_cpu += servers.nodes.cpu() - before
                return answer

            if number % 2:
                theirs, ours = ask_cluster(), _timed(found.embedded, embedded, question)
            else:
                ours, theirs = _timed(found.embedded, embedded, question), ask_cluster()
            _note(found, ours, theirs)
            searches = sum(each.path == SEARCH for each in requests)
            counts = sum(each.path.endswith(STATISTICS) for each in requests)
            found.requests.append(searches + counts)
            found.round_trips.append(searches + counts // SHARDS)
            found.searches += _search_again(cluster, requests)
        found.database_cpu = servers.database_cpu() - database
    return found


def _note(found: Comparison, ours: Answer, theirs: Answer) -> None:
    first, second = quoted(ours), quoted(theirs)
    shared = (Counter(first) & Counter(second)).total()
    found.same_first.append(first[:1] == second[:1])
    found.same_confidence.append(round(ours.confidence, 3) == round(theirs.confidence, 3))
    found.overlaps.append(shared / max(len(first), len(second)) if first or second else 1.0)


def _ask(library: Library, question: str) -> Answer:
    return library.ask(question, limit=BEST)


def _timed(engine: Engine, library: Library, question: str) -> Answer:
    started, used = time.perf_counter(), time.process_time()
    answer = _ask(library, question)
    engine.cpu.append(time.process_time() - used)
    engine.wall.append(time.perf_counter() - started)
    return answer


def _search_again(library: Library, requests: Sequence[Request]) -> Iterator[float]:
    """Yield the seconds of the search for candidates of a question, asked again by itself."""
    search = next((each for each in requests if each.path == SEARCH), None)
    if search:
        started = time.perf_counter()
        _cluster_of(library).read("POST", SEARCH, search.body)
        yield time.perf_counter() - started


def _cluster_of(library: Library) -> Cluster:
    engine = library.search_context.engine
    found: Cluster = vars(engine)["_cluster"]
    return found


@contextmanager
def _requests() -> Iterator[list[Request]]:
    """Note the requests of this process to clusters."""
    found: list[Request] = []
    perform = Cluster._request

    def noting(
        self: Cluster,
        method: str,
        path: str,
        body: object,
        parameters: Mapping[str, object],
        seconds: float,
    ) -> Json:
        found.append(Request(path, body))
        return perform(self, method, path, body, parameters, seconds)

    with patch.object(Cluster, "_request", noting):
        yield found


def percentile(values: Sequence[float], share: float = 0.95) -> float:
    """Return the value that so many of some values do not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def median_ratio(values: Sequence[float], others: Sequence[float]) -> float:
    """Return the median of the ratios of pairs."""
    return statistics.median(a / b for a, b in zip(values, others, strict=True) if b)
