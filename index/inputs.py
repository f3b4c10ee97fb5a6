"""What comes in, article by article: records, paths and articles, checked and in batches."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from index.article import Article, Input, Rejection
from index.errors import InputError
from index.gate import checked
from index.problems import reason
from index.records import parse_record
from index.sources.inputs import read_inputs

ARTICLES_A_BATCH = 200
CHARACTERS_A_BATCH = 2_000_000

_ONE = (Article, Rejection, Mapping, str, Path)


def batches(inputs: Input | Iterable[Input], rejected: list[Rejection]) -> Iterator[list[Article]]:
    """The articles of one or several inputs, so many together as are stored at one go.

    Args:
        inputs: What they come as.
        rejected: Takes up what is no article, and why.
    """
    several = [inputs] if isinstance(inputs, _ONE) else inputs
    batch: list[Article] = []
    characters = 0
    for article in _accepted(several, rejected):
        batch.append(article)
        characters += len(article.text)
        if len(batch) == ARTICLES_A_BATCH or characters > CHARACTERS_A_BATCH:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _accepted(inputs: Iterable[Input], rejected: list[Rejection]) -> Iterator[Article]:
    for number, given in enumerate(inputs, start=1):
        if isinstance(given, Rejection):
            rejected.append(given)
        elif isinstance(given, Article | Mapping):
            try:
                yield checked(given if isinstance(given, Article) else parse_record(given))
            except InputError as error:
                rejected.append(Rejection(_name(given, number), reason(error)))
        else:
            yield from _accepted(read_inputs([given]), rejected)


def _name(given: Article | Mapping[str, object], number: int) -> str:
    named = isinstance(given, Article) and (given.origin or given.url or given.id or given.title)
    return named or f"record {number}"
