"""What is given to be taken in, made articles: in batches, each checked at the gate."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from index.article import Article, Rejection
from index.errors import InputError
from index.gate import checked
from index.reading import read
from index.records import parse_record

ARTICLES_A_BATCH = 200
CHARACTERS_A_BATCH = 2_000_000

Input = Article | Rejection | Mapping[str, object] | str | Path
"""What articles come as: see `Library.ingest`."""

_ONE = (Article, Rejection, Mapping, str, Path)


def accept(inputs: Input | Iterable[Input], rejected: list[Rejection]) -> Iterator[Article]:
    """The articles among inputs, or in one, as they can be stored.

    Args:
        inputs: Articles, records as in JSON Lines, or paths to read them from.
        rejected: What cannot be taken in is added here.
    """
    several = [inputs] if isinstance(inputs, _ONE) else inputs
    for number, given in enumerate(several, start=1):
        if isinstance(given, Rejection):
            rejected.append(given)
        elif isinstance(given, Article | Mapping):
            try:
                yield checked(given if isinstance(given, Article) else parse_record(given))
            except InputError as error:
                rejected.append(Rejection(_name(given, number), str(error)))
        else:
            yield from accept(read([given]), rejected)


def batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """Articles in batches that are stored at a time."""
    batch: list[Article] = []
    characters = 0
    for article in articles:
        batch.append(article)
        characters += len(article.text)
        if len(batch) == ARTICLES_A_BATCH or characters > CHARACTERS_A_BATCH:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _name(given: Article | Mapping[str, object], number: int) -> str:
    named = isinstance(given, Article) and (given.origin or given.url or given.id or given.title)
    return named or f"record {number}"
