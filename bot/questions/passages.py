"""Passages of an article around its quotes, shown when the context is opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.models.answer import Quote

SENTENCES_BEFORE = 1
SENTENCES_AFTER = 2

Contexts = Mapping[tuple[int, int], Sequence[Quote]]


@dataclass(frozen=True, slots=True)
class Passage:
    """A verbatim passage of one article, with the offsets of its quotes in `spans`."""

    text: str
    spans: tuple[tuple[int, int], ...]


def merge_passages(quotes: Sequence[Quote], contexts: Contexts) -> list[Passage]:
    """Merge the contexts of quotes into passages; overlapping and adjoining ones become one.

    Args:
        quotes: Quotes of one article.
        contexts: The sentences around each quote, including the quote, by article number and
            position.
    """
    titles = [_titled(quote, contexts) for quote in quotes if quote.start is None]
    merged: list[tuple[list[Quote], list[Quote]]] = []
    for quote in sorted((q for q in quotes if q.start is not None), key=lambda q: q.position):
        around = _around(quote, contexts)
        if merged and around[0].position <= merged[-1][1][-1].position + 1:
            merged[-1][0].append(quote)
            merged[-1][1].extend(around)
        else:
            merged.append(([quote], around))
    return titles + [_cut(together, around) for together, around in merged]


def _around(quote: Quote, contexts: Contexts) -> list[Quote]:
    """Return the body sentences around a quote, including the quote, in order."""
    neighbours = contexts.get((quote.article.number, quote.position), ())
    body = [neighbour for neighbour in neighbours if neighbour.start is not None]
    return sorted(body, key=lambda neighbour: neighbour.position) or [quote]


def _cut(quotes: Sequence[Quote], around: Sequence[Quote]) -> Passage:
    """Cut one passage out of an article's body."""
    start = min(sentence.start or 0 for sentence in (*around, *quotes))
    end = max(sentence.end or 0 for sentence in (*around, *quotes))
    spans = tuple(((quote.start or 0) - start, (quote.end or 0) - start) for quote in quotes)
    return Passage(quotes[0].article.text[start:end], spans)


def _titled(quote: Quote, contexts: Contexts) -> Passage:
    """Return a quoted title with the sentences that follow it."""
    following = contexts.get((quote.article.number, quote.position), ())
    body = [sentence for sentence in following if sentence.start is not None]
    text = quote.text
    if body:
        text += "\n" + quote.article.text[body[0].start : body[-1].end]
    return Passage(text, ((0, len(quote.text)),))
