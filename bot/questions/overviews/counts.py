"""Counts of articles: find them for the subject of a message, and render them with text bars.

`find_counts` calls `Library.count`, whose rules stand in `index.search.overviews.counts`. The days
are one line of bars, in equal runs of days where they are many; the sources have a bar each. The
message says what was counted. With the extra `charts` there is a picture of the days too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.messages.captions import clip
from bot.messages.html import Piece, join
from bot.messages.rendered import Rendered
from bot.messages.voice import Translator
from bot.questions.overviews.chart import HAS_CHARTS, draw_bars
from bot.questions.words import period_words
from index import Library
from index.language.dates import format_day
from index.models.counts import ArticleCounts
from index.models.period import DAY, Period

SUBJECT_LIMIT = 60  # UTF-16 units, in the heading
MOST_BARS = 30  # in a line; more do not fit a phone
SOURCES_SHOWN = 5
SOURCE_LIMIT = 40  # UTF-16 units
SOURCE_BAR = 10  # characters of the longest bar of a source

_NOTHING, _HEIGHTS, _FULL = "·", "▁▂▃▄▅▆▇█", "█"


@dataclass(frozen=True, slots=True)
class FoundCounts:
    """The counts of a subject that a message asks for, with a picture of the days (PNG) if any."""

    counts: ArticleCounts
    picture: bytes | None = None


def find_counts(library: Library, question: str, today: date) -> FoundCounts | None:
    """Count the articles on a subject; None if the question names no subject.

    Args:
        library: The library to ask.
        question: A subject, or a question that asks for the number of articles on it.
        today: The date of the question.

    Raises:
        QuestionError: If the question cannot be understood.
    """
    counts = library.count(question, today=today)
    if counts is None:
        return None
    has_picture = HAS_CHARTS and counts.total and counts.period.days > 1
    return FoundCounts(counts, _picture(counts) if has_picture else None)


def _picture(counts: ArticleCounts) -> bytes:
    bars = bars_of(counts.period, counts.days)
    return draw_bars([(format_day(run.first), count) for run, count in bars if run.first])


def render_caption(voice: Translator, found: FoundCounts) -> str:
    """Render the caption of the picture, as Telegram HTML."""
    return _heading(voice, found.counts).html


def render_counts(voice: Translator, found: FoundCounts) -> Rendered:
    """Render counts: their sum, of several days a line of bars and the busiest, and the sources."""
    counts = found.counts
    parts = [_heading(voice, counts)]
    if counts.total and counts.period.days > 1:
        parts.append(_days(voice, counts))
    if counts.sources:
        parts.append(_sources(voice, counts.sources))
    how = [voice.piece("counts_what")]
    if not counts.total:
        how.append(voice.piece("counts_none"))
    parts.append(join("\n", how))
    return Rendered(join("\n\n", parts).html)


def _heading(voice: Translator, counts: ArticleCounts) -> Piece:
    key = "counts" if counts.is_complete else "counts_at_least"
    return voice.piece(
        key,
        subject=clip(counts.subject, SUBJECT_LIMIT),
        count=voice.count(counts.total),
        days=period_words(voice, counts.period),
    )


def _days(voice: Translator, counts: ArticleCounts) -> Piece:
    """Render the line of bars, and what its highest one stands for."""
    runs = bars_of(counts.period, counts.days)
    most = max(runs, key=lambda run: run[1])
    bars = Piece.plain("".join(_bar(count, most[1]) for _, count in runs)).within("code")
    days, count = period_words(voice, most[0]), voice.count(most[1])
    return join("\n", [bars, voice.piece("counts_most", days=days, count=count)])


def bars_of(period: Period, days: Sequence[int]) -> list[tuple[Period, int]]:
    """Sum the counts of days in few equal runs, each given with its days."""
    assert period.first is not None
    length = -(-len(days) // MOST_BARS)
    runs = []
    for place in range(0, len(days), length):
        run, first = days[place : place + length], period.first + place * DAY
        runs.append((Period(first, first + (len(run) - 1) * DAY), sum(run)))
    return runs


def _bar(count: int, most: int) -> str:
    """Return the character that is as high as a count; a count of any is seen."""
    return _HEIGHTS[(count * len(_HEIGHTS) - 1) // most] if count else _NOTHING


def _sources(voice: Translator, sources: Sequence[tuple[str, int]]) -> Piece:
    most = sources[0][1]
    lines = [voice.piece("counts_sources")]
    for name, count in sources[:SOURCES_SHOWN]:
        bar = Piece.plain(_FULL * max(1, count * SOURCE_BAR // most)).within("code")
        lines.append(bar + Piece.plain(f" {voice.count(count)} · {clip(name, SOURCE_LIMIT)}"))
    if (left := len(sources) - SOURCES_SHOWN) > 0:
        lines.append(voice.piece("sources_more", count=voice.count(left)))
    return join("\n", lines)
