"""How fast `hoibao ask` answers a program: `python -m tests.benchmarks.ask [FILE]`.

1,000 questions on standard input of one process, over the first 100,000
sentences of FILE (JSON Lines; the shared news by default), which are taken in
first. Questions come from the shared question sets, a third each Vietnamese,
Vietnamese without marks, and English.
"""

import gzip
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from index import Library
from tests.benchmarks._news import NEWS
from tests.benchmarks._questions import FORMS, news_questions, require_data, xquad_questions

SENTENCES = 100_000
QUESTIONS = 1_000
HOIBAO = Path(sys.executable).with_name("hoibao")


def main() -> None:
    require_data()
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else NEWS
    if not file.is_file():
        raise SystemExit(f"{file} is absent: there is no news to ask")
    with tempfile.TemporaryDirectory() as folder:
        sentences = _ingest(Path(folder), file)
        questions = list(islice(_questions(), QUESTIONS))
        lines = "".join(json.dumps(question, ensure_ascii=False) + "\n" for question in questions)
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        result = subprocess.run(
            [HOIBAO, "--data", folder, "ask"],
            input=lines,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            check=True,
        )
        wall = time.perf_counter() - started
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [question["id"] for question in questions]
    table = Table(title=f"{len(answers):,} questions over {sentences:,} sentences, one process")
    for column in ("questions", "number", "median, ms", "95th percentile, ms", "confident"):
        table.add_column(column, justify="right")
    for form in (*FORMS, ""):
        table.add_row(form or "all", *_figures([a for a in answers if a["id"].startswith(form)]))
    Console(width=100).print(table)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        f"whole process: {wall:.2f} s wall, {cpu:.2f} s CPU, "
        f"{1000 * wall / len(answers):.2f} ms a question"
    )


def _ingest(folder: Path, file: Path) -> int:
    reader = gzip.open if file.suffix == ".gz" else open
    with reader(file, "rb") as lines, Library.open(folder) as library:
        records = map(json.loads, lines)
        while library.status().sentences < SENTENCES and (batch := list(islice(records, 1_000))):
            library.ingest(batch)
        return library.status().sentences


def _questions() -> Iterator[dict[str, str]]:
    news, xquad = news_questions().forms, xquad_questions()
    forms = (
        [
            {"id": f"{form}-{number}", "question": each.text}
            for number, each in enumerate(news[form] + xquad[form])
        ]
        for form in FORMS
    )
    return filter(None, chain.from_iterable(zip_longest(*forms)))


def _figures(answers: list[dict[str, Any]]) -> list[str]:
    times = sorted(answer["milliseconds"] for answer in answers)
    confident = statistics.mean(answer["confident"] for answer in answers)
    return [
        f"{len(times):,}",
        f"{statistics.median(times):.2f}",
        f"{times[int(0.95 * len(times))]:.2f}",
        f"{confident:.0%}",
    ]


if __name__ == "__main__":
    main()
