"""Reading of news pages, beside other extractors: `python -m tests.benchmarks.pages [DIR]`.

DIR holds pages with what a person sees in them, `NAME/page.html` and `NAME/expected.json`; those of
the tests by default. A sentence is right if it is the same from its first sign to its last, and a
page if all of its sentences are, in order. Lines that are the title do not count against anyone.
The others come with the extra `benchmark`. With `--mutations` ours also reads mutated pages.
"""

import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from index.articles.readers.encoding import decode
from tests.benchmarks._extractors import Extract, extractors
from tests.benchmarks._machine import machine
from tests.support.page_corpus import (
    CorpusPage,
    SentenceScore,
    judge,
    load_pages,
    normalise,
    read_page,
    score_sentences,
    sentences_of,
    total,
)
from tests.support.page_mutations import CHANGES, Mutant, mutants
from tests.support.paths import PAGES

ROUNDS = 3
SEED = 16

Read = Callable[[CorpusPage], Sequence[str]]
"""From a page to the sentences of its article."""


@dataclass(frozen=True, slots=True)
class Run:
    """Scores of a reader, page by page, and the CPU time that it took."""

    scores: list[SentenceScore]
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Trial:
    """Scores of ours over a mutant, and over the page before."""

    mutant: Mutant
    before: SentenceScore
    after: SentenceScore


@click.command(help=__doc__)
@click.argument("folder", metavar="DIR", default=PAGES, type=click.Path(path_type=Path))
@click.option("--mutations", default=0, help="Number of mutated pages.")
@click.option("--seed", default=SEED, show_default=True, help="Of the mutations.")
@click.option("--faults", is_flag=True, help="List those of ours.")
def main(folder: Path, mutations: int, seed: int, faults: bool) -> None:
    """Print the tables."""
    pages = load_pages(folder)
    if not pages:
        raise click.UsageError(f"no NAME/expected.json in {folder}")
    console = Console(width=100)
    others, missing = extractors()
    runs = {"ours": measure(read_by_us, pages)}
    runs |= {name: measure(read_by(extract), pages) for name, extract in others.items()}
    print(f"{len(pages)} pages")
    console.print(compare(runs))
    if missing:
        print(f"not installed: {', '.join(missing)} (pip install 'hoibao[benchmark]')")
    found = {page.name: judge(page.expected, read_page(page.data)) for page in pages}
    wrong = {name: lines for name, lines in found.items() if lines}
    print(f"ours, title, date, author and sentences right: {len(pages) - len(wrong)} pages")
    if faults:
        for name, lines in wrong.items():
            print(name, *lines, sep="\n  - ")
    if mutations:
        print(f"{mutations} mutants of them, read by ours; seed {seed}")
        trials = try_mutants(pages, mutations, seed)
        console.print(compare_mutants(trials))
        for trial in trials if faults else ():
            if new := [line for line in trial.after.faults if line not in trial.before.faults]:
                names = ", ".join(trial.mutant.changes)
                print(f"{trial.mutant.page.name} with {names}", *new, sep="\n  - ")
    print(machine())


def measure(read: Read, pages: Sequence[CorpusPage]) -> Run:
    """Judge the sentences of a reader; the time is that of its fastest round."""
    read(pages[0])  # what it loads once does not count
    rounds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        found = [read(page) for page in pages]
        rounds.append(time.process_time() - started)
    return Run(list(map(_score, pages, found)), 1000 * min(rounds) / len(pages))


def read_by_us(page: CorpusPage) -> Sequence[str]:
    """Read the sentences of a page as the product does."""
    return read_page(page.data).sentences


def read_by(extract: Extract) -> Read:
    """Make a reader of an extractor, which gets decoded pages, and whose text is split as ours."""

    def read(page: CorpusPage) -> Sequence[str]:
        text = unicodedata.normalize("NFC", extract(decode(page.data)))
        lines = [line for line in text.splitlines() if normalise(line) != page.expected.title]
        return sentences_of("\n".join(lines))

    return read


def compare(runs: dict[str, Run]) -> Table:
    """Make the table of the readers."""
    table = _table("precision", "recall", "all sentences right", "CPU ms a page")
    for name, run in runs.items():
        sums = total(run.scores)
        right = sum(not score.faults for score in run.scores)
        figures = f"{sums.precision:.1%}", f"{sums.recall:.1%}", str(right)
        table.add_row(name, *figures, f"{run.milliseconds:.1f}")
    return table


def try_mutants(pages: Sequence[CorpusPage], number: int, seed: int) -> list[Trial]:
    """Read mutants of pages, and the pages that they were made of."""
    originals = {page.name: _score(page, read_by_us(page)) for page in pages}
    return [
        Trial(mutant, originals[mutant.page.name], _score(mutant.page, read_by_us(mutant.page)))
        for mutant in mutants(pages, number, seed)
    ]


def compare_mutants(trials: Sequence[Trial]) -> Table:
    """Make the table of ours over mutants and the pages that they were made of, by change."""
    table = _table("mutants", "precision", "before", "recall", "before")
    for change in (None, *CHANGES):
        chosen = [trial for trial in trials if change is None or change in trial.mutant.changes]
        if chosen:
            before = total(trial.before for trial in chosen)
            after = total(trial.after for trial in chosen)
            shares = after.precision, before.precision, after.recall, before.recall
            row = (f"{share:.1%}" for share in shares)
            table.add_row(f"with {change}" if change else "all", str(len(chosen)), *row)
    return table


def _table(*columns: str) -> Table:
    table = Table("")
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _score(page: CorpusPage, sentences: Sequence[str]) -> SentenceScore:
    return score_sentences(page.expected, sentences)


if __name__ == "__main__":
    main()
