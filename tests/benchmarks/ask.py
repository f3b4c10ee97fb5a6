"""CPU time and memory of a question: `python -m tests.benchmarks.ask [FILE] [--data FOLDER]`.

CPU time of `Library.ask`, in a process that does nothing else, for the shared questions:
Vietnamese, without marks, English, and all of them among the articles of a month, of a source
and of one article; that of pages of headlines: on subjects, the news of these, who some names are,
and the newest of all; that of timelines and counts of subjects; and that of the top stories of
single days, none kept from the time before. Then the most memory that this process took, and the
time of `hoibao ask` from the shell. Asked are the first 100,000 sentences of FILE (JSON Lines; the
shared news by default; `--sentences` for others), which are taken in first, with days and sources
if they have none, or what is in FOLDER.
"""

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import chain, count, islice, zip_longest
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.table import Table

from index import Library
from index.alerts.announcer import Alert
from index.workers import cores
from tests.benchmarks._machine import machine
from tests.benchmarks._news import NEWS, first_articles
from tests.benchmarks._questions import FORMS, news_questions, require_data, xquad_questions
from tests.support.processes import peak_megabytes

SENTENCES = 100_000
FIRST_DAY, DAYS = date(2019, 1, 1), 1_000
SOURCES = 40
"""Days of publication and sources of articles that have none."""

QUESTIONS = 1_000
WARM_UP = 30
STARTS = 5
MONTH = timedelta(days=30)
SUBJECTS = (
    *("Trump", "Hà Nội", "bóng đá", "giá vàng", "Quảng Bình", "tai nạn giao thông", "ma túy"),
    *("Việt Nam", "chứng khoán", "thủ tướng", "quang binh", "gian lận thi cử Sơn La", "gold price"),
)
NAMES = ("Trump", "Putin", "Đoàn Thị Hương", "NATO", "THAAD", "Facebook")
HEADLINES = {
    "headlines on subjects": SUBJECTS,
    "newest on subjects": [f"tin mới về {subject}" for subject in SUBJECTS],
    "who names are": [f"{name} là ai" for name in NAMES],
    "newest of all": ["tin mới nhất"],
}
TIMELINES, COUNTS = "timelines of subjects", "counts of subjects"
ROUNDS = 5
STORY_DAYS = 30
HOIBAO = Path(sys.executable).with_name("hoibao")


@dataclass(frozen=True, slots=True)
class Costs:
    """Cost of asking.

    Args:
        milliseconds: CPU time of each question, by what was asked, in order.
        megabytes: The most memory that the process took.
        sentences: In the library.
    """

    milliseconds: dict[str, list[float]]
    megabytes: float
    sentences: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, nargs="?", default=NEWS)
    parser.add_argument("--data", type=Path, help="a data folder to ask instead")
    parser.add_argument("--sentences", type=int, default=SENTENCES, help="that are taken in")
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    arguments = parser.parse_args()
    require_data()
    if not (arguments.data or arguments.file).exists():
        raise SystemExit(f"{arguments.data or arguments.file} is absent: there is nothing to ask")
    with tempfile.TemporaryDirectory() as folder:
        data = arguments.data or Path(folder)
        if not arguments.data:
            _ingest(data, arguments.file, arguments.sentences)
        questions = list(islice(_questions(), arguments.questions))
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as one:
            costs = one.submit(ask, data, questions).result()
        starts = [_start(data, question) for _, question in questions[:STARTS]]
    table = Table(title=f"CPU time of a question over {costs.sentences:,} sentences")
    for column in ("questions", "number", "median, ms", "95th percentile, ms"):
        table.add_column(column, justify="right")
    for name, times in costs.milliseconds.items():
        if times:  # articles without dates have no top stories
            table.add_row(name, *_figures(times))
    Console(width=100).print(table)
    print(
        f"most memory {costs.megabytes:.0f} MB; `hoibao ask` from the shell, median of {STARTS}: "
        f"{statistics.median(starts):.2f} s; {machine()}"
    )


def ask(folder: Path, questions: Sequence[tuple[str, str]]) -> Costs:
    """Ask all questions, each given with its form, in all ways that the library has."""
    found: dict[str, list[float]] = {}
    with Library.open(folder) as library:
        for _, question in questions[:WARM_UP]:
            library.ask(question)
        for form in FORMS:
            asked = [question for of, question in questions if of == form]
            found[form] = [_cost(partial(library.ask, question)) for question in asked]
        every = [question for _, question in questions]
        newest, sources = library.latest(1), library.sources()
        if newest and (published := newest[0].published):
            since, until = (published - MONTH).date(), published.date()
            of_days = partial(library.ask, since=since, until=until)
            found["of a month"] = [_cost(partial(of_days, question)) for question in every]
        if sources:
            of_source = partial(library.ask, source=sources[0].name)
            found["of a source"] = [_cost(partial(of_source, question)) for question in every]
        found["of an article"] = list(_costs_within_articles(library, every))
        overviews: dict[str, list[Callable[[], object]]] = {
            name: [partial(library.headlines, request) for request in requests]
            for name, requests in HEADLINES.items()
        }
        overviews[TIMELINES] = [partial(library.timeline, subject) for subject in SUBJECTS]
        day = newest[0].published.date() if newest and newest[0].published else None
        overviews[COUNTS] = [partial(library.count, subject, today=day) for subject in SUBJECTS]
        for name, pages in overviews.items():
            found[name] = [_cost(page) for _ in range(ROUNDS) for page in pages][len(pages) :]
        found["top stories of days"] = list(_costs_of_stories(library))
        sentences = library.status().sentences
    # Not `ru_maxrss`: that counts what the process was forked from.
    return Costs(found, peak_megabytes(os.getpid()), sentences)


def _costs_within_articles(library: Library, questions: Sequence[str]) -> Iterator[float]:
    """The cost of questions within the articles that answer them best."""
    for question in questions:
        if quotes := library.ask(question).quotes:
            scope = [quotes[0].article.number]
            yield _cost(partial(library.ask, question, scope=scope))


def _costs_of_stories(library: Library) -> Iterator[float]:
    """The cost of the top stories of the newest days with articles, each of its own evening."""
    newest = library.latest(1)
    evening = newest[0].published if newest else None
    if evening is not None:
        last = evening.replace(hour=20, minute=0)
        moments = [last - timedelta(days=days) for days in range(STORY_DAYS + 1)]
        yield from [_cost(partial(library.stories, moment)) for moment in moments][1:]


def _cost(ask: Callable[[], object]) -> float:
    started = time.process_time()
    ask()
    return 1000 * (time.process_time() - started)


def _start(folder: Path, question: str) -> float:
    """The seconds from the command to its answer."""
    started = time.perf_counter()
    subprocess.run(
        [HOIBAO, "--data", folder, "ask", question], stdout=subprocess.DEVNULL, check=True
    )
    return time.perf_counter() - started


def _ingest(folder: Path, file: Path, sentences: int) -> None:
    reader = gzip.open if file.suffix == ".gz" else open
    with reader(file, "rb") as lines, Library.open(folder) as library:
        records = map(_add_date, count(), map(json.loads, lines))
        articles = first_articles(sentences, records)
        library.ingest(articles, alert=Alert.NONE, workers=cores())


def _add_date(number: int, record: dict[str, str]) -> dict[str, str]:
    """A record with a day of publication and a source, where it has none."""
    published = FIRST_DAY + timedelta(days=number % DAYS)
    return {"published": published.isoformat(), "source": f"Báo {number % SOURCES}"} | record


def _questions() -> Iterator[tuple[str, str]]:
    """Each with its form, the forms in turn."""
    news, xquad = news_questions().forms, xquad_questions()
    forms = ([(form, each.text) for each in news[form] + xquad[form]] for form in FORMS)
    return filter(None, chain.from_iterable(zip_longest(*forms)))


def _figures(times: Sequence[float]) -> list[str]:
    ordered = sorted(times)
    return [
        f"{len(ordered):,}",
        f"{statistics.median(ordered):.2f}",
        f"{ordered[int(0.95 * len(ordered))]:.2f}",
    ]


if __name__ == "__main__":
    main()
