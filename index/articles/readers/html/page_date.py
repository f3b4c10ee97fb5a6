"""Find the publication date of a page's article.

The evidence, in order: the structured data of this headline, the meta tags, what is shown
between the headline and the text, and just above the headline or below the text. A shown date
that states the same day gives the time of day or the offset. Where the metadata have day and month
the other way round (US order), the shown date counts. Of several dates in a line the one that
is no update counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from index.articles.readers.html.body import Body
from index.articles.readers.html.marks import Mark
from index.articles.readers.html.metadata import PageMetadata
from index.articles.readers.html.page_lines import Line
from index.articles.readers.html.reasons import Reasons
from index.language.dates import (
    is_date_line,
    is_plausible_date,
    read_datetime,
    read_stamps,
    shows_today,
)
from index.models.period import has_time

_ABOVE_LINES = 4  # above the headline: section, date
_BELOW_LINES = 8  # below the headline: date, author, tools
_END_LINES = 3  # below the text
_CLOCK = re.compile(r"\d{1,2}\s?[:hg]\s?\d{2}")
_LEAD_LINES = 3  # below a lead
_HALF = 0.5
_LONGEST_LINE = 20  # words of a line beside the headline that states a date


def find_date(
    metadata: PageMetadata,
    title: str,
    lines: list[Line],
    headline: int | None,
    body: Body,
    reasons: Reasons,
    now: datetime,
) -> datetime | None:
    """Return the publication date, or None if the page states none that can be it.

    Args:
        metadata: The metadata of the page.
        title: The article's title.
        lines: The lines of the page.
        headline: Index of the headline's line, or None if it is not known.
        body: The article's lines.
        reasons: For each line why it is furniture, or None.
        now: The time of reading, with an offset.
    """
    fact = metadata.fact_of(title)
    of_title = (fact.published,) if fact and fact.published else ()
    texts = (*of_title, *metadata.published)
    stated = [moment for text in texts if (moment := read_datetime(text))]
    shown = list(_shown(lines, headline, body, reasons))
    for moment in (*stated, *shown):
        if is_plausible_date(moment, now):
            return _as_shown(moment, shown)
    return None


def _as_shown(moment: datetime, shown: list[datetime]) -> datetime:
    """Prefer a shown date of the same day or clock: it has the time, or the right offset."""
    for candidate in shown:
        same_clock = candidate.replace(tzinfo=None) == moment.replace(tzinfo=None)
        same_day = candidate.date() == moment.date() and not has_time(moment)
        if same_clock or same_day or _is_swapped(moment, candidate):
            return candidate
    return moment


def _is_swapped(moment: datetime, candidate: datetime) -> bool:
    """Tell whether two dates have day and month the other way round."""
    return (moment.year, moment.month, moment.day) == (
        candidate.year,
        candidate.day,
        candidate.month,
    )


def _shown(
    lines: list[Line], headline: int | None, body: Body, reasons: Reasons
) -> Iterator[datetime]:
    """Yield the dates shown around the headline, likeliest first."""
    start = body.first if headline is None else headline + 1
    text = next(
        (
            at
            for at in range(start, body.last)
            if lines[at].is_sentence and lines[at].linked < _HALF
        ),
        body.last,
    )
    below = range(start, min(text, start + _BELOW_LINES))
    yield from _dates(lines[at] for at in below)
    lead = range(text + 1, min(text + 1 + _LEAD_LINES, body.last))
    yield from _dates(lines[at] for at in lead if _is_stamp(lines[at]))
    above = range(max(body.first, start - 1 - _ABOVE_LINES), max(0, start - 1))
    yield from _dates(lines[at] for at in reversed(above) if not shows_today(lines[at].text))
    for at in range(max(0, start - 1), body.last):
        if reasons[at] in (None, Mark.DETAILS):
            yield from filter(None, map(read_datetime, lines[at].published))
    after = body.places[-_END_LINES:]
    yield from _dates(lines[at] for at in after if is_date_line(lines[at].text))


def _is_stamp(line: Line) -> bool:
    return not line.is_sentence and bool(is_date_line(line.text) or line.published)


def _dates(lines: Iterable[Line]) -> Iterator[datetime]:
    """Yield the dates of lines, those of updates last."""
    updates: list[datetime] = []
    clock = ""
    for line in lines:
        if line.words > _LONGEST_LINE:
            continue
        if _CLOCK.fullmatch(line.text):
            clock = line.text
            continue
        shown = read_stamps(line.text)
        if len(shown) == 1 and clock and not has_time(shown[0].moment):
            shown = read_stamps(f"{clock} {line.text}")
        stamps = (*line.published, *line.stamps)
        stated = [moment for stamp in stamps if (moment := read_datetime(stamp))]
        if stated and all(stamp.is_update for stamp in shown) and shown:
            updates += stated
        elif any(has_time(stamp.moment) for stamp in shown) and not any(map(has_time, stated)):
            stated = []
        yield from (moment for moment in stated if moment not in updates)
        yield from (stamp.moment for stamp in shown if not stamp.is_update)
        updates += [stamp.moment for stamp in shown if stamp.is_update]
    yield from updates
