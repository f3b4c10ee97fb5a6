"""Timelines: find the events on the subject of a message, and render them with buttons.

`find_timeline` calls `Library.timeline`, whose rules stand in `index.search.overviews.timeline`. A
page shows the days in bold, and below each the sentences on it as quotes, with their linked
source and its date of publication: the bot adds no word on the news. Days that no sentence names
are marked as those of publication.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from telegram import InlineKeyboardMarkup

from bot.conversation.callback_data import Action, button
from bot.messages.captions import clip, links_to_repeats, source_line
from bot.messages.html import Piece, join
from bot.messages.quotes import Space, render_sentence
from bot.messages.rendered import MESSAGE_LIMIT, Rendered
from bot.messages.voice import Translator
from bot.questions.words import period_words
from index import Library
from index.language.dates import format_day, format_month
from index.models.period import Period
from index.models.timeline import Timeline, TimelineEvent

EVENTS = 5  # per page: as many articles as a reply asks first, see `bot.questions.reply_scope`
PAGES_LIMIT = 36
EVENT_QUOTE = Space(length=400, spans=6)  # UTF-16 units, and bold spans
SUBJECT_LIMIT = 60  # UTF-16 units, in the heading


class TimelineAction(Action):
    """Actions of the buttons that lead to a timeline."""

    PAGE = "m{page:36}"  # show another page
    OPEN = "M"  # show the timeline of the subject above, in a message of its own


@dataclass(frozen=True, slots=True)
class FoundTimeline:
    """A page of a timeline, and its number from 0."""

    timeline: Timeline
    number: int = 0


def find_timeline(
    library: Library, question: str, number: int, today: date
) -> FoundTimeline | None:
    """Find a page of the timeline of a subject; None if the question names no subject.

    Args:
        library: The library to ask.
        question: A subject, or a question that asks for articles on it or for its timeline.
        number: The number of the page, from 0.
        today: The date of the question.

    Raises:
        QuestionError: If the question cannot be understood.
    """
    found = library.timeline(question, limit=EVENTS, offset=number * EVENTS, today=today)
    if found is None:
        return None
    last = number + 1 >= PAGES_LIMIT
    return FoundTimeline(replace(found, more=found.more and not last), number)


def render_timeline(voice: Translator, found: FoundTimeline) -> Rendered:
    """Render a page of a timeline: a heading, and for each day its events."""
    heading, hint = _heading(voice, found), voice.piece("latest_hint")
    events = found.timeline.events
    for shown in range(len(events), 0, -1):
        message = join("\n\n", [heading, *_days(voice, events[:shown]), hint])
        if message.length <= MESSAGE_LIMIT:
            break
    return Rendered(message.html, _keyboard(voice, found))


def _heading(voice: Translator, found: FoundTimeline) -> Piece:
    timeline = found.timeline
    lines = [voice.piece("timeline", subject=clip(timeline.subject, SUBJECT_LIMIT))]
    if timeline.period:
        days = period_words(voice, timeline.period)
        lines.append(voice.piece("timeline_days", days=days))
    elif timeline.missed:
        days = period_words(voice, timeline.missed)
        lines.append(voice.piece("timeline_days_missed", days=days))
    if found.number:
        lines.append(voice.piece("page", page=found.number + 1))
    return join("\n", lines)


def _days(voice: Translator, events: Sequence[TimelineEvent]) -> list[Piece]:
    """Render the days in order, each above its events."""
    return [
        join("\n", [_day(voice, days, is_named=is_named), *(_event(voice, one) for one in of_days)])
        for (days, is_named), of_days in groupby(events, lambda one: (one.days, one.is_named))
    ]


def _day(voice: Translator, days: Period, *, is_named: bool) -> Piece:
    """Render the days of events in bold, as short as they can be told apart."""
    shown = Piece.plain(_days_in_figures(voice, days)).within("b")
    return shown if is_named else shown + Piece.plain(" ") + voice.piece("timeline_by_publication")


def _days_in_figures(voice: Translator, days: Period) -> str:
    first, last = days.first, days.last
    assert first is not None
    assert last is not None
    if first == last:
        return format_day(first, voice.language)
    if days == Period.of_months(first.year, first.month, first.month):
        return format_month(first, voice.language)
    return f"{format_day(first, voice.language)} – {format_day(last, voice.language)}"


def _event(voice: Translator, event: TimelineEvent) -> Piece:
    """Render the quote of an event, its source and date, and links to those that say the same."""
    quote = event.quote
    lines = [
        render_sentence(quote, EVENT_QUOTE),
        source_line(voice, quote),
        links_to_repeats(voice, quote.article, [quote]),
    ]
    return join("\n", [line for line in lines if line.length])


def _keyboard(voice: Translator, found: FoundTimeline) -> InlineKeyboardMarkup | None:
    turning = []
    if found.number:
        turning.append(button(voice.plain("button_back"), TimelineAction.PAGE, found.number - 1))
    if found.timeline.more:
        turning.append(button(voice.plain("button_more"), TimelineAction.PAGE, found.number + 1))
    return InlineKeyboardMarkup([turning]) if turning else None
