"""CPU time of a question by collection size: `python -m tests.benchmarks.search`.

One table from one run, over the same sentences of the shared news at each size: the CPU time of
a question for us, whole and by stages, and for what others would build. Every peer computes the
same BM25, so its first ten should be those of rank_bm25, which it is held against. `--picture`
draws the curves, `--cache` keeps our libraries for the next run. A million sentences take
20 minutes, most of them to take in the news.
"""

import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from itertools import chain, zip_longest
from multiprocessing.connection import Connection
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from typing import TypeVar

import click
from rich.console import Console
from rich.table import Table

from index import Article, Library
from index.alerts.announcer import Alert
from index.language.sentences import split_sentences
from index.models.article import ArticleFilter
from index.search.pipeline import CANDIDATES_READ
from index.search.ranking.bm25 import rank
from index.search.ranking.candidates import Candidates, Ranked, propose
from index.search.ranking.reranking import rerank
from index.search.ranking.term_counts import CollectionCounts
from index.workers import cores
from tests.benchmarks import _bm25
from tests.benchmarks._machine import machine
from tests.benchmarks._news import first_articles
from tests.benchmarks._peers import syllables
from tests.benchmarks._questions import news_questions, require_data, xquad_questions

BEST = 10
QUESTIONS = 200
LEAST_QUESTIONS = 12
SECONDS = 30.0
"""Time limit of one system, after at least `LEAST_QUESTIONS` questions."""

REFERENCE = "rank_bm25, get_scores"
OURS = "Hỏi Báo, whole question"


@dataclass(frozen=True, slots=True)
class Measurement:
    """Measurement of a system at one size.

    `cpu` is the seconds of each question, `megabytes` what it needs beside the texts, `best`
    the positions of the best sentences of each question.
    """

    building: float
    megabytes: float
    cpu: list[float]
    best: list[Sequence[int]]

    @property
    def median(self) -> float:
        """Milliseconds a question."""
        return 1000 * statistics.median(self.cpu)

    @property
    def high(self) -> float:
        """Milliseconds that one question in twenty exceeds."""
        return 1000 * sorted(self.cpu)[int(0.95 * len(self.cpu))]


Result = TypeVar("Result")

Found = dict[str, dict[int, Measurement]]
"""By system and size."""


@click.command()
@click.option("--sizes", default="10000,100000,1000000", help="In sentences.")
@click.option("--cache", type=click.Path(path_type=Path), help="Keep our libraries here.")
@click.option("--peers/--no-peers", default=True, help="Measure other libraries too.")
@click.option("--picture", type=click.Path(path_type=Path), help="Draw the curves into this file.")
def main(sizes: str, cache: Path | None, *, peers: bool, picture: Path | None) -> None:
    """Print the table."""
    require_data()
    found: Found = {}
    with TemporaryDirectory(prefix="hoibao-") as folder:
        for size in map(int, sizes.split(",")):
            articles = list(first_articles(size))
            for name, measured in _measure(articles, cache or Path(folder), size, peers=peers):
                click.echo(f"{size:,}: {name}, {measured.median:.2f} ms", err=True)
                found.setdefault(name, {})[size] = measured
    Console(width=190).print(_table(found))
    click.echo(f"Questions: {QUESTIONS} at most, Vietnamese. {machine()}")
    if picture:
        from tests.benchmarks._curves import draw

        curves = {name: {at: each.median for at, each in of.items()} for name, of in found.items()}
        draw(curves, picture)


def _questions() -> list[str]:
    news, xquad = news_questions().forms["vi"], xquad_questions()["vi"]
    both = filter(None, chain.from_iterable(zip_longest(news, xquad)))
    return [question.text for question in both][:QUESTIONS]


def _measure(
    articles: Sequence[Article], cache: Path, size: int, *, peers: bool
) -> Iterator[tuple[str, Measurement]]:
    folder = cache / f"search-{size}"
    _ingest(articles, folder)
    for name, stage in _STAGES.items():
        yield name, _in_process(partial(_ours, folder, stage))
    if not peers:
        return
    texts = [
        syllables(article.text[start:end])
        for article in articles
        for start, end in split_sentences(article.text)
    ]
    for name, build in _peers().items():
        yield name, _in_process(partial(_peer, texts, build))


def _ingest(articles: Sequence[Article], folder: Path) -> None:
    complete = folder.with_suffix(".complete")
    if not complete.exists():
        click.echo(f"taking in {len(articles):,} articles", err=True)
        with Library.open(folder) as library:
            library.ingest(articles, alert=Alert.NONE, workers=cores())
        complete.touch()


def _whole(library: Library, question: str) -> Callable[[], object]:
    return partial(library.ask, question, limit=3)


def _first_stage(library: Library, question: str) -> Callable[[], object]:
    snapshot = library.search_context.engine.snapshot()
    query = library.search_context.analyser.analyse(question, snapshot)

    def proposing() -> list[Candidates]:
        return propose(query, CollectionCounts(query, snapshot), snapshot, [ArticleFilter()])

    return proposing


def _ranking(library: Library, question: str) -> Callable[[], object]:
    """Both steps of the second stage: all candidates by their codes, the best by their texts."""
    snapshot = library.search_context.engine.snapshot()
    query = library.search_context.analyser.analyse(question, snapshot)
    (found,) = propose(query, CollectionCounts(query, snapshot), snapshot, [ArticleFilter()])
    with library._articles.view() as view:
        codes = view.codes(found.numbers)
    articles = library._articles.get(found.numbers)

    def ranking() -> list[Ranked]:
        ranked = rank(query, found, codes, CollectionCounts(query, snapshot))
        return rerank(query, ranked[:CANDIDATES_READ], articles)

    return ranking


_STAGES = {
    OURS: _whole,
    "Hỏi Báo, first stage": _first_stage,
    "Hỏi Báo, ranking": _ranking,
}


def _peers() -> dict[str, Callable[[_bm25.Texts], _bm25.Search]]:
    found: dict[str, Callable[[_bm25.Texts], _bm25.Search]] = {
        REFERENCE: _bm25.rank_bm25,
        "SQLite FTS5": _bm25.sqlite_fts5,
        "tantivy": _bm25.tantivy_alone,
        "tantivy's 100, rank_bm25": _bm25.tantivy_and_rank_bm25,
    }
    if find_spec("bm25s"):
        found["bm25s, numpy"] = _bm25.bm25s_numpy
        if find_spec("numba"):
            found["bm25s, numba"] = _bm25.bm25s_numba
    return found


def _in_process(measure: Callable[[], Measurement]) -> Measurement:
    """Measure in a forked process, which shares the data that this one has read."""
    receiving, sending = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=_send, args=(measure, sending))
    process.start()
    sending.close()
    measured: Measurement = receiving.recv()
    process.join()
    return measured


def _send(measure: Callable[[], Measurement], to: Connection) -> None:
    to.send(measure())


def _ours(folder: Path, stage: Callable[[Library, str], Callable[[], object]]) -> Measurement:
    before, started = _megabytes(), time.process_time()
    with Library.open(folder) as library:
        opening = time.process_time() - started
        asked = [stage(library, question) for question in _questions()]
        cpu, _ = _time(asked)
        return Measurement(opening, _megabytes() - before, cpu, [])


def _peer(texts: _bm25.Texts, build: Callable[[_bm25.Texts], _bm25.Search]) -> Measurement:
    before, started = _megabytes(), time.process_time()
    search = build(texts)
    building = time.process_time() - started
    asked = [
        partial(search, list(dict.fromkeys(syllables(question))), BEST) for question in _questions()
    ]
    cpu, best = _time(asked)
    return Measurement(building, _megabytes() - before, cpu, best)


def _time(asked: Sequence[Callable[[], Result]]) -> tuple[list[float], list[Result]]:
    """Measure the CPU seconds and the result of each call, after a warm-up call."""
    asked[0]()
    until = time.monotonic() + SECONDS
    cpu, results = [], []
    for number, ask in enumerate(asked):
        if number >= LEAST_QUESTIONS and time.monotonic() > until:
            break
        started = time.process_time()
        results.append(ask())
        cpu.append(time.process_time() - started)
    return cpu, results


def _megabytes() -> float:
    """Return the peak memory of this process in MB."""
    return getrusage(RUSAGE_SELF).ru_maxrss / 1024


def _table(found: Found) -> Table:
    sizes = list(found[OURS])
    table = Table(title="CPU ms a question: median (95th percentile)")
    table.add_column("", no_wrap=True)
    for size in sizes:
        for column in ("question, ms", "×", "best\nten", "build\nor open, s", "MB"):
            table.add_column(f"{size:,}\n{column}" if column[0] == "q" else column, justify="right")
    for name, measured in found.items():
        cells = chain.from_iterable(
            _cells(each, found.get(REFERENCE, found[OURS])[size]) for size, each in measured.items()
        )
        table.add_row(name, *cells)
    return table


def _cells(measured: Measurement, reference: Measurement) -> Iterator[str]:
    yield f"{measured.median:.2f} ({measured.high:.2f})"
    yield f"{reference.median / measured.median:,.0f}"
    pairs = list(zip(measured.best, reference.best, strict=False))
    shared = [len(set(mine) & set(theirs)) / len(theirs) for mine, theirs in pairs if theirs]
    yield f"{statistics.mean(shared):.2f}" if shared else "–"
    yield f"{measured.building:.1f}"
    yield f"{measured.megabytes:,.0f}"


if __name__ == "__main__":
    main()
