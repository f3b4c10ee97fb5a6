"""Ingestion speed and memory, from JSON Lines to searchable, beside pyvi and rank_bm25.

`python -m tests.benchmarks.ingest [--articles N]`: the first articles of the shared news, by one
process and with two that analyse, each from a cold start into a folder of its own. Beside them the
simplest way in common use, over fewer: pyvi as published, its words in `rank_bm25.BM25Okapi`, in
memory only.
"""

import argparse
import gzip
import tempfile
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.table import Table

from index import Library
from index.language.sentences import split_sentences
from tests.benchmarks._cost import Cost, cost_of
from tests.benchmarks._machine import machine
from tests.benchmarks._news import NEWS, news_records, require_news
from tests.benchmarks._peers import rank_bm25_over_words

ARTICLES = 10_000
PEER_ARTICLES = 1_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.benchmarks.ingest")
    parser.add_argument("--articles", type=int, default=ARTICLES, help=f"[{ARTICLES:,}]")
    articles = parser.parse_args().articles
    require_news()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "news.jsonl.gz")
        number = _copy(file, articles)
        own = {each: cost_of(_ingest, file, Path(folder, str(each)), each) for each in (1, 2)}
        with Library.open(Path(folder, "2")) as library:
            sentences = library.status().sentences
    peer_articles = min(articles, PEER_ARTICLES)
    peer = cost_of(_index_as_usual, peer_articles)
    table = Table(title="from JSON Lines to searchable", caption=machine())
    for column in ("", "articles", "sentences", "articles a second", "a CPU-second", "peak MB"):
        table.add_column(column, justify="right")
    table.add_column("times pyvi + rank_bm25, CPU", justify="right")
    rows = {
        "1 worker": (number, sentences, own[1]),
        "2 workers": (number, sentences, own[2]),
        "pyvi + rank_bm25": (peer_articles, len(_sentences(peer_articles)), peer),
    }
    for name, (taken, found, cost) in rows.items():
        ratio = taken / cost.cpu / (peer_articles / peer.cpu)
        table.add_row(name, *_figures(taken, found, cost), f"{ratio:.2f}")
    Console(width=110).print(table)
    print(
        f"two workers take in {own[1].wall / own[2].wall:.2f} times as many a second as one, "
        f"{own[1].cpu / own[2].wall:.2f} times as many as one in a CPU-second"
    )


def _copy(file: Path, articles: int) -> int:
    """Copy the first records of the news to a file, and return their number."""
    written = 0
    with gzip.open(NEWS, "rb") as lines, gzip.open(file, "wb", compresslevel=6) as copy:
        for line in islice(lines, articles):
            copy.write(line)
            written += 1
    return written


def _ingest(file: Path, folder: Path, workers: int) -> None:
    with Library.open(folder) as library:
        library.ingest(file, workers=workers)


def _index_as_usual(articles: int) -> None:
    rank_bm25_over_words(_sentences(articles))("Ai dự hội nghị?", 10)


def _sentences(articles: int) -> list[str]:
    texts = [record["text"] for record in islice(news_records(), articles)]
    return [text[start:end] for text in texts for start, end in split_sentences(text)]


def _figures(articles: int, sentences: int, cost: Cost) -> list[str]:
    return [
        f"{articles:,}",
        f"{sentences:,}",
        f"{articles / cost.wall:.0f}",
        f"{articles / cost.cpu:.0f}",
        f"{cost.megabytes:.0f}",
    ]


if __name__ == "__main__":
    main()
