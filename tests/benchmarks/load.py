"""Latency and throughput of the bot under load: `python -m tests.benchmarks.load`.

200 people each ask a question, then three at once, under an embedded Telegram; the bot runs in a
process of its own, as `hoibao run` starts it, over the paragraphs of XQuAD and 100,000 sentences
of news (`--data` takes a copy of another library). First at the pace that Telegram allows, then as
fast as it can (`paid_broadcast`), then once more while the bot takes in news and sends alerts of
them. The event loop's stalls are how much later a task wakes than it wanted to; "with a core"
leaves out how long the loop's thread waited for a core that others had. What belongs to several
processes is that of the bot, then of those that it started.
"""

import argparse
import asyncio
import statistics
import tempfile
from functools import partial
from itertools import chain, islice
from operator import attrgetter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from index import Library
from index.alerts.announcer import Alert
from index.workers import cores
from tests.benchmarks._machine import machine
from tests.benchmarks._news import first_articles, news_records
from tests.benchmarks._questions import FORMS, require_data, xquad_contexts, xquad_questions
from tests.support.load import Figures, measure

NEWS_ARTICLES = 3_000  # more than can be taken in meanwhile


def questions() -> list[str]:
    """Return the shared questions, in turn Vietnamese, without diacritics and English."""
    forms = xquad_questions()
    texts = zip(*(map(attrgetter("text"), forms[form]) for form in FORMS), strict=True)
    return list(chain.from_iterable(texts))


def library_of(folder: Path, sentences: int) -> None:
    """Ingest the paragraphs of XQuAD, and so many sentences of news."""
    with Library.open(folder) as library:
        library.ingest(
            chain(xquad_contexts(), first_articles(sentences)), alert=Alert.NONE, workers=cores()
        )


def report(rows: dict[str, Figures]) -> Table:
    """Format the results as a table."""
    table = Table(title="many people asking at once")
    for column in (
        "",
        "answers",
        "a second",
        "latency, s: median",
        "95 %",
        "slowest",
        "longest stall, ms",
        "with a core, ms",
        "chats out of order",
        "refused",
        "alerts a second",
        "cores used",
        "CPU ms an answer",
        "memory, MB",
    ):
        table.add_column(column, justify="right")
    for name, figures in rows.items():
        times = sorted(done - figures.asked[key] for key, done in figures.answered.items())
        table.add_row(
            name,
            f"{len(times)}",
            f"{len(times) / figures.seconds:.1f}",
            f"{statistics.median(times):.2f}",
            f"{times[int(0.95 * len(times))]:.2f}",
            f"{times[-1]:.2f}",
            f"{1000 * figures.stall:.0f}",
            f"{1000 * figures.own_stall:.0f}",
            f"{figures.disordered}",
            f"{figures.refused}",
            f"{figures.alerts / figures.seconds:.1f}",
            f"{sum(figures.cpu) / figures.seconds:.2f}",
            " + ".join(f"{1000 * each / len(times):.1f}" for each in figures.cpu),
            " + ".join(f"{each:.0f}" for each in figures.memory),
        )
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--sentences", type=int, default=100_000)
    parser.add_argument("--data", type=Path, help="ask a copy of this library instead")
    parser.add_argument("--processes", type=int, help="that answer, as the setting")
    arguments = parser.parse_args()
    require_data()
    with tempfile.TemporaryDirectory() as name:
        if arguments.data is None:
            library_of(Path(name), arguments.sentences)
        data = arguments.data or Path(name)
        run = partial(measure, data, arguments.people, questions(), processes=arguments.processes)
        rows = {
            "at Telegram's pace": asyncio.run(run(paced=True)),
            "as fast as it can": asyncio.run(run()),
            "and taking in news": asyncio.run(
                run(news=list(islice(news_records(), NEWS_ARTICLES)))
            ),
        }
    console = Console(width=180)
    console.print(machine())
    console.print(report(rows))


if __name__ == "__main__":
    main()
