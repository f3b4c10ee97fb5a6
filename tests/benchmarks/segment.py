"""Word segmentation speed, beside pyvi as published and underthesea.

`python -m tests.benchmarks.segment [--articles 350]`; underthesea comes with the extra `benchmark`.
"""

import gc
import statistics
import time
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from itertools import islice

import click
from rich.console import Console
from rich.table import Table

from index.language.analyser import Analyser
from index.language.sentences import split_sentences
from tests.benchmarks._machine import machine
from tests.benchmarks._news import news_records, require_news
from tests.benchmarks._pyvi import load_pyvi
from tests.support.segmenting import segment

ROUNDS = 7

Tokenize = Callable[[str], str]


@click.command()
@click.option("--articles", default=350, help="Of the shared news.")
def main(articles: int) -> None:
    """Print the table."""
    require_news()
    sentences = _sentences(articles)
    loaders: dict[str, Callable[[], Tokenize]] = {
        "ours: tokens": _load_ours,
        "pyvi as published": load_pyvi,
        "ours: terms": _load_analyser,
    }
    if find_spec("underthesea"):
        loaders["underthesea"] = _load_underthesea
    tokenizers: dict[str, Tokenize] = {}
    loading: dict[str, float] = {}
    for name, load in loaders.items():
        started = time.perf_counter()
        tokenizers[name] = load()
        tokenizers[name]("Hội nghị hôm nay")
        loading[name] = time.perf_counter() - started
    speeds = _speeds(tokenizers, sentences)
    pace = {name: statistics.median(rounds) for name, rounds in speeds.items()}
    truth = [tokenizers["pyvi as published"](each) for each in sentences]
    table = Table(
        title=f"{len(sentences):,} sentences, median (least–most) of {ROUNDS} rounds in turn"
    )
    for column in ("", "characters a CPU-second", "times pyvi", "load, s", "as pyvi has it"):
        table.add_column(column, justify="right")
    for name, tokenize in tokenizers.items():
        same = sum(tokenize(each) == true for each, true in zip(sentences, truth, strict=True))
        table.add_row(
            name,
            f"{pace[name]:,.0f} ({min(speeds[name]):,.0f}–{max(speeds[name]):,.0f})",
            f"{pace[name] / pace['pyvi as published']:.2f}",
            f"{loading[name]:.3f}",
            "–" if name == "ours: terms" else f"{same:,} of {len(sentences):,}",
        )
    Console(width=120).print(table)
    click.echo(machine())


def _speeds(tokenizers: dict[str, Tokenize], sentences: list[str]) -> dict[str, list[float]]:
    """Measure in rounds that alternate between the tokenizers, for a fair share of load."""
    length = sum(map(len, sentences))
    speeds: dict[str, list[float]] = {name: [] for name in tokenizers}
    for _ in range(ROUNDS):
        for name, tokenize in tokenizers.items():
            gc.collect()
            started = time.process_time()
            for sentence in sentences:
                tokenize(sentence)
            speeds[name].append(length / (time.process_time() - started))
    return speeds


def _load_ours() -> Tokenize:
    return segment


def _load_analyser() -> Tokenize:
    analyser = Analyser()
    return lambda text: analyser.analyse(text).text


def _load_underthesea() -> Tokenize:
    from underthesea import word_tokenize

    return partial(word_tokenize, format="text")


def _sentences(articles: int) -> list[str]:
    texts = [record["text"] for record in islice(news_records(), articles)]
    return [text[start:end] for text in texts for start, end in split_sentences(text)]


if __name__ == "__main__":
    main()
