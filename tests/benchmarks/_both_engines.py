"""One collection on PostgreSQL, indexed by the embedded engine and by a cluster of three nodes."""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import chain, islice
from pathlib import Path

from sqlalchemy.engine import URL

from index import Article, Library
from index.alerts.announcer import Alert
from index.articles.readers.json_lines import parse_record
from index.engine.opensearch import ClusterAddress
from index.workers import cores
from tests.benchmarks._news import news_records
from tests.benchmarks._questions import xquad_contexts
from tests.support.opensearch_cluster import Nodes, opensearch_cluster
from tests.support.postgresql_server import execute, main_process, postgresql_server
from tests.support.processes import family_cpu_seconds

SHARDS, REPLICAS = 3, 1


@dataclass(frozen=True, slots=True)
class Work:
    """CPU seconds of our own processes, of PostgreSQL and of the nodes; seconds by the clock."""

    own: float
    database: float
    nodes: float
    seconds: float

    @property
    def cpu(self) -> float:
        """All CPU seconds."""
        return self.own + self.database + self.nodes


@dataclass(frozen=True, slots=True)
class Building:
    """What it cost to build a collection: to take it in, then to index it in the cluster.

    Taking in is to analyse, to store and to index in the embedded engine.
    """

    articles: int
    taking_in: Work
    indexing: Work


@dataclass(frozen=True, slots=True)
class Servers:
    """A PostgreSQL server and the nodes of a cluster, with the folder of their data."""

    folder: Path
    postgresql: URL
    nodes: Nodes

    def database_cpu(self) -> float:
        """Return the CPU seconds of PostgreSQL so far."""
        return family_cpu_seconds(main_process(self.folder / "postgresql"))


@contextmanager
def running_servers(folder: Path, heap: str) -> Iterator[Servers]:
    """Run both servers over a folder, with the data that is there; stop them at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    with (
        postgresql_server(folder / "postgresql") as postgresql,
        opensearch_cluster(folder / "nodes", heap=heap) as nodes,
    ):
        yield Servers(folder, postgresql.address, nodes)


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection of so many articles of the shared news, and of the paragraphs of XQuAD."""

    servers: Servers
    articles: int

    @property
    def prefix(self) -> str:
        """The name of its database and of its index."""
        return f"news{self.articles}"

    @property
    def database(self) -> URL:
        """Its database."""
        return self.servers.postgresql.set(database=self.prefix)

    def embedded(self) -> Library:
        """Open it with the embedded engine."""
        return Library.open(self._folder / "embedded", database=self.database)

    def cluster(self, urls: tuple[str, ...] | None = None) -> Library:
        """Open it with the cluster, by some of its nodes or all of them."""
        address = ClusterAddress(
            urls or self.servers.nodes.urls, prefix=self.prefix, shards=SHARDS, replicas=REPLICAS
        )
        return Library.open(self._folder / "cluster", database=self.database, cluster=address)

    def build(self, report: Callable[[str], object]) -> Building:
        """Build it, unless it is there; return what that cost."""
        figures = self._folder / "building.json"
        if figures.exists():
            found = json.loads(figures.read_text(encoding="utf-8"))
            works = {name: Work(**found[name]) for name in ("taking_in", "indexing")}
            return Building(found["articles"], **works)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._make_database()
        report(f"taking in {self.articles:,} articles of news")
        taking_in = self._cost_of(self._take_in)
        report("indexing them in the cluster")
        indexing = self._cost_of(self._index)
        building = Building(self.articles, taking_in, indexing)
        figures.write_text(json.dumps(asdict(building)), encoding="utf-8")
        return building

    def database_bytes(self) -> int:
        """Return the size of its database on disk, with its indexes."""
        return int(execute(self.servers.postgresql, f"SELECT pg_database_size('{self.prefix}')"))

    def index_bytes(self) -> int:
        """Return the size of its index in the cluster, without the copies."""
        found = self.servers.nodes.get(f"/{self.prefix}/_stats/store")
        size: int = found["_all"]["primaries"]["store"]["size_in_bytes"]
        return size

    @property
    def _folder(self) -> Path:
        return self.servers.folder / self.prefix

    def _make_database(self) -> None:
        server, name = self.servers.postgresql, self.prefix
        if execute(server, f"SELECT count(*) FROM pg_database WHERE datname = '{name}'") == "0":
            execute(server, f"CREATE DATABASE {name}")

    def _take_in(self) -> None:
        with self.embedded() as library:
            articles = chain(xquad_contexts(), first_news(self.articles))
            library.ingest(articles, alert=Alert.NONE, workers=cores())

    def _index(self) -> None:
        with self.cluster() as library:
            library.index_sync.sync()

    def _cost_of(self, work: Callable[[], object]) -> Work:
        servers, started = self.servers, time.monotonic()
        before = (_own_cpu(), servers.database_cpu(), servers.nodes.cpu())
        work()
        after = (_own_cpu(), servers.database_cpu(), servers.nodes.cpu())
        own, database, nodes = (end - start for start, end in zip(before, after, strict=True))
        return Work(own, database, nodes, time.monotonic() - started)


def first_news(number: int) -> Iterator[Article]:
    """Yield so many articles of the shared news."""
    return map(parse_record, islice(news_records(), number))


def _own_cpu() -> float:
    return sum(os.times()[:4])
