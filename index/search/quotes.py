"""Make quotes: exact sentences, with the words highlighted that match or answer a question.

The rules, in order:

1. What a question says is looked for in the sentence, by syllables. Common ones count only beside
   telling ones.
2. A syllable within a longer word is none: `nghị` in `đề nghị` is not that of `hội nghị`.
3. A name or a date is highlighted as a whole or not at all.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence, Set
from functools import partial
from itertools import pairwise

from index.engine.protocol import Field
from index.language.analyser import syllable_spans
from index.language.spelling import fold, may_be_syllable
from index.language.word_frequency import word_frequency
from index.models.answer import Quote
from index.models.article import Spans, StoredArticle, sentence_at
from index.search.answer_spans import Span, answer_spans, date_spans, name_spans
from index.search.query.model import Query

COMMON_FROM = 0.06
"""A syllable in this share of news sentences or more is not worth a reader's eye alone."""

LEAST_OF_PERSON = 3
"""The syllables of a name of which the last one alone may be meant; places mostly have two."""


def make_quote(
    query: Query,
    position: int,
    article: StoredArticle,
    spans: Spans,
    score: float = 0.0,
    also_in: tuple[StoredArticle, ...] = (),
    words: Sequence[int] | None = None,
) -> Quote:
    """Quote a sentence, with the words highlighted that match the question or answer it.

    Args:
        query: The analysed question.
        position: The sentence, 1 for the first one; 0 is the title.
        article: The article.
        spans: The spans of its sentences.
        score: That of the sentence.
        also_in: Other articles that say the same.
        words: The lengths of its words in syllables; without them each syllable counts as one.
    """
    text, start, end = sentence_at(position, article, spans)
    matches = highlights(query, text, words)
    answering = answer_spans(query.kind, text, query.said)
    return Quote(
        text=text,
        start=start,
        end=end,
        score=score,
        article=article,
        position=position,
        highlights=tuple(join_highlights(text, sorted((*matches, *answering)))),
        matches=matches,
        also_in=also_in,
    )


def highlights(query: Query, text: str, words: Sequence[int] | None = None) -> tuple[Span, ...]:
    """Find the `[start, end)` spans of matching words in a text, in order, neighbours joined.

    Args:
        query: The analysed question.
        text: A sentence or a title.
        words: The lengths of its words in syllables; without them each syllable is one.
    """
    spans = syllable_spans(text)
    syllables = [syllable for syllable, _, _ in spans]
    rows = dict.fromkeys((Field.SYLLABLES, Field.WORDS), syllables)
    rows[Field.FOLDED] = fold(" ".join(syllables)).split(" ")
    held = {field: frozenset(row) for field, row in rows.items()}
    matched: set[int] = set()
    telling: set[int] = set()
    for concept in query.concepts:
        for way in concept.alternatives:
            if way.terms[0] not in held[way.field]:
                continue
            places = list(occurrences(way.terms, rows[way.field]))
            matched.update(places)
            if len(way.terms) > 1:
                telling.update(places)
    names = _places(spans, name_spans(text))
    matched = _whole(matched, names, partial(_is_called, query, syllables))
    if words:
        together = telling | _neighbours(query, syllables) | {at for name in names for at in name}
        matched -= set(_within_others(words, matched, together))
    telling.update(at for at in matched if word_frequency(syllables[at]) < COMMON_FROM)
    runs = [run for run in _runs(sorted(matched)) if telling.intersection(run)]
    dates = date_spans(text)
    bold = _whole(
        {at for run in runs for at in run},
        _places(spans, dates),
        lambda date, held: any(syllables[at][0].isdecimal() for at in held),
    )
    found = [spans[at][1:] for at in bold]
    found += [
        date
        for date, part in zip(dates, _places(spans, dates), strict=True)
        if bold.issuperset(part)
    ]
    return tuple(join_highlights(text, sorted(found)))


def _is_called(query: Query, syllables: Sequence[str], name: Sequence[int], held: Set[int]) -> bool:
    """Whether a question calls somebody by the last word of a name: `Trump`, `ông Phúc`."""
    last = syllables[name[-1]]
    if name[-1] not in held:
        return False
    if not may_be_syllable(fold(last)):
        return True
    alone = {word.alternatives[0].terms[0] for word in query.words}
    return last in alone and len(name) >= LEAST_OF_PERSON


def _within_others(words: Sequence[int], matched: set[int], together: Set[int]) -> Iterator[int]:
    """Yield the places within words that match in part: a part of one means another thing.

    Args:
        words: The lengths of the words in syllables.
        matched: The places that match.
        together: Those of them that stand beside each other in the question too.
    """
    start = 0
    for length in words:
        places = range(start, start + length)
        if length > 1 and not matched.issuperset(places):
            yield from (at for at in places if at not in together)
        start += length


def _neighbours(query: Query, syllables: Sequence[str]) -> set[int]:
    """Return the places of pairs of syllables that are neighbours in a Vietnamese question too."""
    pairs = {pair.alternatives[0].terms for pair in query.bigrams}
    at_pairs = (at for at, pair in enumerate(pairwise(syllables)) if pair in pairs)
    return {place for at in at_pairs for place in (at, at + 1)}


def _places(spans: Sequence[tuple[str, int, int]], parts: Sequence[Span]) -> list[Sequence[int]]:
    """Return the places of the syllables of each of some parts of a text."""
    starts, ends = [start for _, start, _ in spans], [end for _, _, end in spans]
    return [range(bisect_left(starts, first), bisect_right(ends, last)) for first, last in parts]


def _whole(
    matched: Set[int],
    parts: Sequence[Sequence[int]],
    is_meant: Callable[[Sequence[int], Set[int]], bool],
) -> set[int]:
    """Return places of which those in each part are all or none.

    Args:
        matched: The places.
        parts: The places of each name or date.
        is_meant: Whether some places of a part mean all of it.
    """
    whole = set(matched)
    for part in parts:
        held = whole.intersection(part)
        if 0 < len(held) < len(part):
            (whole.update if is_meant(part, held) else whole.difference_update)(part)
    return whole


def occurrences(terms: tuple[str, ...], row: Sequence[str]) -> Iterator[int]:
    """Return the places in a row of syllables that a phrase takes up."""
    start = -1
    for _ in range(row.count(terms[0])):
        start = row.index(terms[0], start + 1)
        if tuple(row[start : start + len(terms)]) == terms:
            yield from range(start, start + len(terms))


def _runs(places: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield the places in runs without a gap."""
    start = 0
    for at in range(1, len(places) + 1):
        if at == len(places) or places[at] != places[at - 1] + 1:
            yield places[start:at]
            start = at


def join_highlights(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join those of some ordered spans of a text that overlap or that only a space separates."""
    current: tuple[int, int] | None = None
    for start, end in spans:
        if current and (start < current[1] or text[current[1] : start] == " "):
            current = (current[0], max(current[1], end))
            continue
        if current:
            yield current
        current = (start, end)
    if current:
        yield current
