"""Which words of a text match a question or a wish."""

from collections.abc import Iterator, Sequence

from index.analyser import syllable_spans
from index.background import share
from index.engines import Field
from index.query import Query
from index.spelling import fold

COMMON_FROM = 0.06
"""A syllable in this share of news sentences or more is not worth a reader's eye alone."""


def highlights(query: Query, text: str) -> tuple[tuple[int, int], ...]:
    """The `[start, end)` spans of matching words in a text, in order, neighbours joined."""
    spans = syllable_spans(text)
    syllables = [syllable for syllable, _, _ in spans]
    rows = dict.fromkeys(Field, syllables)
    rows[Field.FOLDED] = [fold(syllable) for syllable in syllables]
    matched: set[int] = set()
    for concept in query.concepts:
        for way in concept.alternatives:
            matched.update(occurrences(way.terms, rows[way.field]))
    telling = {at for at in matched if share(syllables[at]) < COMMON_FROM}
    runs = [run for run in _runs(sorted(matched)) if telling.intersection(run)]
    return tuple(joined(text, [spans[at][1:] for run in runs for at in run]))


def occurrences(terms: tuple[str, ...], row: Sequence[str]) -> Iterator[int]:
    """The places in a row of syllables that a phrase takes up."""
    for start, term in enumerate(row):
        if term == terms[0] and tuple(row[start : start + len(terms)]) == terms:
            yield from range(start, start + len(terms))


def _runs(places: Sequence[int]) -> Iterator[Sequence[int]]:
    """Places in stretches without a gap."""
    start = 0
    for at in range(1, len(places) + 1):
        if at == len(places) or places[at] != places[at - 1] + 1:
            yield places[start:at]
            start = at


def joined(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans of a text in order, those that only a space parts made one."""
    current: tuple[int, int] | None = None
    for start, end in spans:
        if current and text[current[1] : start] == " ":
            current = (current[0], end)
            continue
        if current:
            yield current
        current = (start, end)
    if current:
        yield current
