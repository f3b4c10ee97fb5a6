"""Make quotes: exact sentences, with the words highlighted that match or answer a question."""

from collections.abc import Iterator, Sequence

from index.engine.protocol import Field
from index.language.analyser import syllable_spans
from index.language.spelling import fold
from index.language.word_frequency import word_frequency
from index.models.answer import Quote
from index.models.article import Spans, StoredArticle, sentence_at
from index.search.answer_spans import answer_spans
from index.search.query.model import Query

COMMON_FROM = 0.06
"""A syllable in this share of news sentences or more is not worth a reader's eye alone."""


def make_quote(
    query: Query,
    position: int,
    article: StoredArticle,
    spans: Spans,
    score: float = 0.0,
    also_in: tuple[StoredArticle, ...] = (),
) -> Quote:
    """Quote a sentence, with the words highlighted that match the question or answer it.

    Args:
        query: The analysed question.
        position: The sentence, 1 for the first one; 0 is the title.
        article: The article.
        spans: The spans of its sentences.
        score: That of the sentence.
        also_in: Other articles that say the same.
    """
    text, start, end = sentence_at(position, article, spans)
    matches = highlights(query, text)
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


def highlights(query: Query, text: str) -> tuple[tuple[int, int], ...]:
    """Find the `[start, end)` spans of matching words in a text, in order, neighbours joined."""
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
    telling.update(at for at in matched if word_frequency(syllables[at]) < COMMON_FROM)
    runs = [run for run in _runs(sorted(matched)) if telling.intersection(run)]
    return tuple(join_highlights(text, [spans[at][1:] for run in runs for at in run]))


def occurrences(terms: tuple[str, ...], row: Sequence[str]) -> Iterator[int]:
    """Return the places in a row of syllables that a phrase takes up."""
    for start, term in enumerate(row):
        if term == terms[0] and tuple(row[start : start + len(terms)]) == terms:
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
