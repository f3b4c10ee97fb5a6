"""Notify admins in their private chats of sources that were paused or can be read again."""

import asyncio
import logging
from collections.abc import Sequence

from telegram import InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ExtBot

from bot.messages import Messages, interface_language
from bot.messages.html import Piece, join
from bot.messages.rendered import Rendered
from bot.messages.voice import Translator
from bot.sources.changes import (
    ReportedSources,
    SourceChange,
    assume_pauses_reported,
    compare_sources,
    source_key,
)
from bot.sources.views import check_button, check_paused_button, render_paragraphs
from bot.sources.words import localize_error, render_lines, render_name, render_state
from bot.transport.rate_limiter import Kind
from index import Library
from index.errors import HoiBaoError
from index.sources.report import CheckReport
from index.store.sources import Source
from index.workers import in_thread

GATHER_SECONDS = 10.0  # what fails together is told together
RETRY_SECONDS = 60.0  # while Telegram cannot be reached
LISTED_LIMIT = 15  # sources named in one message; more is no longer read
NOTE = "source news"
"""Name of the reported state, and of the lease of the worker that reports."""

_LOGGER = logging.getLogger(__name__)


class AdminNotifier:
    """Notifier of admins about changes of source states.

    The reported state is stored, so that failed notifications are rebuilt and retried, also after
    a restart. Of several workers over one database, one reports at a time what none has reported.

    Args:
        library: Stores the sources and the reported state.
        admins: User ids of the admins, which are also their private chats' ids.
        gather: Seconds for which changes are collected before a message.
    """

    def __init__(self, library: Library, admins: frozenset[int], *, gather: float) -> None:
        self._library = library
        self._admins = admins
        self._gather = gather
        self._messages = Messages.load()
        self._reported = ReportedSources()
        self._may_have_changed = asyncio.Event()

    def note(self, source: Source, report: CheckReport) -> None:
        """Schedule a comparison if a check may have changed a source's state."""
        is_reported = source_key(source) in self._reported.pauses
        if is_reported or report.error is not None or source.last_error is not None:
            self._may_have_changed.set()

    async def run(self, bot: ExtBot[Kind]) -> None:
        """Send notifications, until cancelled."""
        if not self._admins:
            return
        self._reported = await in_thread(self._load_reported)
        self._may_have_changed.set()  # for what could not be reported before a restart
        while True:
            await self._may_have_changed.wait()
            await asyncio.sleep(self._gather)
            self._may_have_changed.clear()
            if not await self._report_changes(bot):
                self._may_have_changed.set()
                await asyncio.sleep(RETRY_SECONDS)

    async def _report_changes(self, bot: ExtBot[Kind]) -> bool:
        """Send and store the changes; return whether that succeeded, and it was one's turn."""
        try:
            async with self._library.leases.tried(NOTE) as lease:
                return lease.is_mine and await self._compare_and_send(bot)
        except HoiBaoError as error:
            _LOGGER.warning("Changes of sources could not be reported, trying again: %s", error)
            return False

    async def _compare_and_send(self, bot: ExtBot[Kind]) -> bool:
        self._reported = await in_thread(self._load_reported)
        sources = await in_thread(self._library.followed.all)
        change, reported = compare_sources(sources, self._reported)
        if change and not await self._send(bot, change):
            return False
        if reported != self._reported:
            await in_thread(self._library.key_values.set, NOTE, reported.to_json())
        self._reported = reported
        return True

    async def _send(self, bot: ExtBot[Kind], change: SourceChange) -> bool:
        """Send changes to each admin; return whether Telegram could be reached."""
        reached = False
        for admin in sorted(self._admins):
            chosen = await in_thread(self._library.chats.language, admin)
            voice = Translator(self._messages, interface_language(chosen, None), bot.username)
            message = render_change(voice, change)
            try:
                await bot.send_message(admin, message.html, reply_markup=message.keyboard)
                reached = True
            except TelegramError as error:
                _LOGGER.warning("Admin %d could not be notified: %s", admin, error)
                # These never started the bot or blocked it; no second try would help.
                reached |= isinstance(error, Forbidden | BadRequest)
        return reached

    def _load_reported(self) -> ReportedSources:
        stored = self._library.key_values.get(NOTE)
        if stored is not None:
            return ReportedSources.from_json(stored)
        reported = assume_pauses_reported(self._library.followed.all())
        self._library.key_values.set(NOTE, reported.to_json())
        return reported


def render_change(voice: Translator, change: SourceChange) -> Rendered:
    """Render the changes of sources as one message."""
    parts: list[Piece] = []
    keyboard: InlineKeyboardMarkup | None = None
    if change.unreadable:
        latest = max(change.unreadable, key=lambda source: source.checked_at or 0)
        error = localize_error(voice, latest.last_error or "")
        count = voice.count(len(change.unreadable))
        parts.append(voice.piece("word_offline", count=count, error=error))
    if change.online:
        parts.append(voice.piece("word_online"))
    if change.paused:
        parts.append(_paused(voice, change.paused))
        is_one = len(change.paused) == 1
        button = check_button(voice, change.paused[0]) if is_one else check_paused_button(voice)
        keyboard = InlineKeyboardMarkup.from_button(button)
    if change.readable:
        parts.append(_readable(voice, change.readable))
    return render_paragraphs(parts, keyboard)


def _paused(voice: Translator, sources: Sequence[Source]) -> Piece:
    if len(sources) == 1:
        name, state = render_name(sources[0]), render_state(voice, sources[0], 0)
        return join("\n", [voice.piece("word_paused") + name, state])
    heading = voice.piece("word_paused_many", count=voice.count(len(sources)))
    lines = [
        Piece.plain("• ")
        + render_name(source)
        + Piece.plain(f": {localize_error(voice, source.last_error or '')}")
        for source in sources[:LISTED_LIMIT]
    ]
    return render_lines(voice, heading, lines, len(sources))


def _readable(voice: Translator, sources: Sequence[Source]) -> Piece:
    if len(sources) == 1:
        return voice.piece("word_readable") + render_name(sources[0])
    heading = voice.piece("word_readable_many", count=voice.count(len(sources)))
    lines = [Piece.plain("• ") + render_name(source) for source in sources[:LISTED_LIMIT]]
    return render_lines(voice, heading, lines, len(sources))
