"""Passages of an article around its quotes, shown when the context is opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.models.answer import Quote

SENTENCES_BEFORE = 1
SENTENCES_AFTER = 2

Contexts = Mapping[tuple[int, int], Sequence[Quote]]
"""Sentences around each quote in order, including a quoted sentence but not a quoted title, by
article number and position of the quote."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A verbatim passage of one article, with the offsets of its quotes in `spans`."""

    text: str
    spans: tuple[tuple[int, int], ...]


def merge_passages(quotes: Sequence[Quote], contexts: Contexts) -> list[Passage]:
    """Merge the contexts of quotes of one article; overlapping and adjoining ones become one."""
    titles = [_titled(quote, _around(quote, contexts)) for quote in quotes if quote.start is None]
    merged: list[tuple[list[Quote], list[Quote]]] = []
    for quote in sorted((q for q in quotes if q.start is not None), key=lambda q: q.position):
        around = [*_around(quote, contexts)] or [quote]
        if merged and around[0].position <= merged[-1][1][-1].position + 1:
            merged[-1][0].append(quote)
            merged[-1][1].extend(around)
        else:
            merged.append(([quote], around))
    return titles + [_cut(together, around) for together, around in merged]


def _around(quote: Quote, contexts: Contexts) -> Sequence[Quote]:
    return contexts[quote.article.number, quote.position]


def _titled(quote: Quote, following: Sequence[Quote]) -> Passage:
    """Return a quoted title with the sentences that follow it."""
    text = quote.text
    if following:
        text += "\n" + quote.article.text[following[0].start : following[-1].end]
    return Passage(text, ((0, len(quote.text)),))


def _cut(quotes: Sequence[Quote], around: Sequence[Quote]) -> Passage:
    """Cut one passage out of an article's body."""
    start = min(sentence.start or 0 for sentence in (*around, *quotes))
    end = max(sentence.end or 0 for sentence in (*around, *quotes))
    spans = tuple(((quote.start or 0) - start, (quote.end or 0) - start) for quote in quotes)
    return Passage(quotes[0].article.text[start:end], spans)
