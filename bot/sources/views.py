"""Render sources with their buttons: paged list, details, removal, check results."""

import time
from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.conversation.callback_data import Action, button
from bot.messages.captions import caption, clip
from bot.messages.html import Piece, join
from bot.messages.quotes import Space, render_sentence
from bot.messages.rendered import Rendered, fit_to_limit
from bot.messages.voice import Translator
from bot.sources.words import (
    fit_lines,
    render_address,
    render_counts,
    render_kind,
    render_lines,
    render_name,
    render_outcome,
    render_readings,
    render_state,
)
from index.language.dates import format_date
from index.models.answer import Quote
from index.models.article import SourceSummary
from index.sources.report import CheckReport
from index.store.sources import Source, SourceReadings

SOURCES_A_PAGE = 8
BUTTONS_A_ROW = 4
SUMMARIES_LIMIT = 8  # lines of what everybody sees, above the list
SOURCES_LIMIT = 30  # lines; more is no longer read
NAME_LIMIT = 80  # UTF-16 units
LEAD_SPACE = Space(length=400, spans=0)  # of the first sentence of an article
FAILED_LIMIT = 10  # sources that a check of all could not read


class SourceAction(Action):
    """Actions of source buttons, with their callback data.

    A source is identified by id and time of addition, since ids are reused after a removal.
    `page` is the page of the list to go back to.
    """

    LIST = "Sl:{page}"  # show a page of the list
    CHECK_PAUSED = "Sg:{page}"  # check all that are paused because they failed
    OPEN = "So{source}.{added}:{page}"  # show one source
    CHECK = "Sc{source}.{added}:{page}"  # check it now; a paused one goes on
    PAUSE = "Sp{source}.{added}:{page}"
    REMOVE = "Sr{source}.{added}:{page}"  # ask whether to follow it no more
    REMOVE_SURELY = "Sd{source}.{added}:{page}"


def identity(source: Source) -> tuple[int, int]:
    """Return the id of a source and its time of addition, unique also over removed ones."""
    return source.id, source.added_at


def render_list(
    voice: Translator,
    sources: Sequence[Source],
    page: int = 0,
    summaries: Sequence[SourceSummary] = (),
) -> Rendered:
    """Render a page of the list of followed sources.

    Args:
        voice: Who speaks.
        sources: All that are followed.
        page: The page; the last one if there are fewer.
        summaries: Where the articles come from, to stand above it.
    """
    last = max(0, (len(sources) - 1) // SOURCES_A_PAGE)
    page = min(page, last)
    first = page * SOURCES_A_PAGE
    shown = sources[first : first + SOURCES_A_PAGE]
    now = time.time()
    heading = voice.piece("followed", count=voice.count(len(sources)))
    if last:
        heading += Piece.plain(" · ") + voice.piece("page", page=f"{page + 1}/{last + 1}")
    lines = [_line(voice, number, source, now) for number, source in enumerate(shown, first + 1)]
    parts = [join("\n", [heading, *lines]), voice.piece("followed_hint")]
    if not sources:
        parts = [voice.piece("followed_none")]
    if summaries:
        lines = _summary_lines(voice, summaries, SUMMARIES_LIMIT)
        parts.insert(0, render_lines(voice, voice.piece("sources"), lines, len(summaries)))
    return render_paragraphs(parts, _list_keyboard(voice, shown, first, page, last))


def render_source(
    voice: Translator,
    source: Source,
    *,
    readings: SourceReadings | None = None,
    above: Piece | None = None,
    below: Piece | None = None,
    page: int = 0,
) -> Rendered:
    """Render the details of a source with its buttons.

    Args:
        voice: Who speaks.
        source: The source.
        readings: How its last articles read.
        above: What is said first.
        below: What is said last: what its check came to.
        page: The page of the list that leads back.
    """
    lines = [
        render_name(source),
        render_kind(voice, source) + Piece.plain(" · ") + render_address(source),
        render_state(voice, source, time.time()),
    ]
    if source.pattern:
        lines.insert(2, voice.piece("source_pattern", pattern=source.pattern))
    buttons = [check_button(voice, source, page)]
    if source.paused is None:
        buttons.append(_button(voice.plain("button_pause"), SourceAction.PAUSE, source, page))
    buttons.append(_button(voice.plain("button_remove"), SourceAction.REMOVE, source, page))
    read = render_readings(voice, readings) if readings and readings.sentences else None
    parts = [part for part in (above, join("\n", lines), read, below) if part]
    return render_paragraphs(parts, InlineKeyboardMarkup([buttons, [_back(voice, page)]]))


def render_paragraphs(parts: Sequence[Piece], keyboard: InlineKeyboardMarkup | None) -> Rendered:
    """Render as many paragraphs as fit into a message, with buttons."""
    text = fit_to_limit(Piece(), parts, lambda _: Piece(), between="\n\n")
    return Rendered(text.html, keyboard)


def render_waiting(voice: Translator, *sources: Source) -> Rendered:
    """Render the message shown while sources are checked, without buttons."""
    if len(sources) == 1:
        return Rendered(join("\n", [render_name(sources[0]), voice.piece("checking")]).html)
    return Rendered(voice.text("checking_many", count=voice.count(len(sources))))


def render_checked(
    voice: Translator, sources: Sequence[Source], reports: Sequence[CheckReport | None]
) -> Rendered:
    """Render the result of checking several sources, listing those that failed."""
    done = [report for report in reports if report is not None]
    heading = voice.piece(
        "checked_many", count=voice.count(len(done)), counts=render_counts(voice, done)
    )
    lines = [
        Piece.plain("• ") + render_name(source) + Piece.plain(": ") + render_outcome(voice, report)
        for source, report in zip(sources, reports, strict=True)
        if report is None or report.error is not None
    ]
    text = fit_lines(voice, heading, lines[:FAILED_LIMIT], len(lines))
    return Rendered(text.html, InlineKeyboardMarkup.from_button(_back(voice, 0)))


def render_newest(voice: Translator, lead: Sequence[Quote]) -> Piece:
    """Render the newest article of a source: title, source, date if known, first sentence.

    Args:
        voice: Who speaks.
        lead: The title of the article, and its first sentence if it has any.
    """
    named = join("\n", [voice.piece("latest"), caption(voice, lead[0].article)])
    sentences = [render_sentence(quote, LEAD_SPACE) for quote in lead[1:]]
    return join("\n\n", [named, *sentences])


def render_removal(
    voice: Translator, source: Source, *, is_in_settings: bool, page: int = 0
) -> Rendered:
    """Render the confirmation for removing a source.

    Args:
        voice: Who speaks.
        source: The source.
        is_in_settings: Whether the settings name it.
        page: The page of the list that leads back.
    """
    parts = [voice.piece("removal", name=source.name[:200])]
    if is_in_settings:
        parts.append(voice.piece("removal_of_settings"))
    surely = voice.plain("button_remove_surely")
    buttons = [
        _button(surely, SourceAction.REMOVE_SURELY, source, page),
        _button(voice.plain("button_keep"), SourceAction.OPEN, source, page),
    ]
    return render_paragraphs(parts, InlineKeyboardMarkup.from_row(buttons))


def render_sources(voice: Translator, summaries: Sequence[SourceSummary]) -> Rendered:
    """Render all sources with their numbers of articles, largest first."""
    lines = _summary_lines(voice, summaries, SOURCES_LIMIT)
    return fit_lines(voice, voice.piece("sources"), lines, len(summaries))


def _summary_lines(
    voice: Translator, summaries: Sequence[SourceSummary], limit: int
) -> list[Piece]:
    """Return a line for each source with its number of articles, largest first."""
    largest = sorted(summaries, key=lambda summary: (-summary.articles, summary.name))
    return [
        Piece.plain("• " + clip(summary.name, NAME_LIMIT) + ": ")
        + voice.piece(
            "source_line",
            articles=voice.count(summary.articles),
            latest=format_date(summary.latest, voice.language),
        )
        for summary in largest[:limit]
    ]


def check_button(voice: Translator, source: Source, page: int = 0) -> InlineKeyboardButton:
    """Return the button that checks a source."""
    by_hand = source.paused is not None and not source.paused_by_failures
    label = "button_go_on" if by_hand else "button_check"
    return _button(voice.plain(label), SourceAction.CHECK, source, page)


def check_paused_button(voice: Translator) -> InlineKeyboardButton:
    """Return the button that checks all sources paused by failures."""
    return button(voice.plain("button_check_paused"), SourceAction.CHECK_PAUSED, 0)


def _line(voice: Translator, number: int, source: Source, now: float) -> Piece:
    name = Piece.plain(f"{number}. ") + render_name(source) + Piece.plain(" · ")
    return join("\n", [name + render_kind(voice, source), render_state(voice, source, now)])


def _list_keyboard(
    voice: Translator, shown: Sequence[Source], first: int, page: int, last: int
) -> InlineKeyboardMarkup | None:
    numbered = [
        _button(str(number), SourceAction.OPEN, source, page)
        for number, source in enumerate(shown, first + 1)
    ]
    rows = [
        numbered[start : start + BUTTONS_A_ROW] for start in range(0, len(numbered), BUTTONS_A_ROW)
    ]
    turns = []
    if page:
        turns.append(button(voice.plain("button_back"), SourceAction.LIST, page - 1))
    if page < last:
        turns.append(button(voice.plain("button_more"), SourceAction.LIST, page + 1))
    rows = [*rows, turns] if turns else rows
    return InlineKeyboardMarkup(rows) if rows else None


def _back(voice: Translator, page: int) -> InlineKeyboardButton:
    return button(voice.plain("button_sources"), SourceAction.LIST, page)


def _button(label: str, action: SourceAction, source: Source, page: int) -> InlineKeyboardButton:
    return button(label, action, *identity(source), page)
