"""Notify admins in their private chats of sources that were paused or can be read again."""

import asyncio
import logging
from collections.abc import Sequence

from telegram import InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ExtBot

from bot.messages import Messages, interface_language
from bot.messages.html import Piece, join
from bot.messages.rendered import Rendered, fit_to_limit
from bot.messages.voice import Translator
from bot.sources.changes import (
    ReportedSources,
    SourceChange,
    assume_pauses_reported,
    compare_sources,
    source_key,
)
from bot.sources.views import check_button, check_paused_button
from bot.sources.words import localize_error, render_name, render_state
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

_LOGGER = logging.getLogger(__name__)


class AdminNotifier:
    """Notifier of admins about changes of source states.

    The reported state is stored, so that failed notifications are rebuilt and retried, also after
    a restart.

    Args:
        library: Stores the sources and the reported state.
        admins: User ids of the admins, which are also their private chats' ids.
        gather: Seconds for which changes are collected before a message.
        retry: Seconds between attempts while Telegram cannot be reached.
    """

    def __init__(
        self,
        library: Library,
        admins: frozenset[int],
        *,
        gather: float = GATHER_SECONDS,
        retry: float = RETRY_SECONDS,
    ) -> None:
        self._library = library
        self._admins = admins
        self._gather = gather
        self._retry = retry
        self._told: ReportedSources | None = None
        self._stirred = asyncio.Event()

    def note(self, source: Source, report: CheckReport) -> None:
        """Schedule a comparison if a check may have changed a source's state."""
        is_told = self._told is not None and source_key(source) in self._told.pauses
        if is_told or report.error is not None or source.last_error is not None:
            self._stirred.set()

    async def tell(self, bot: ExtBot[Kind]) -> None:
        """Send notifications, until cancelled."""
        if not self._admins:
            return
        messages = Messages.load()
        self._told = await in_thread(self._remembered)
        self._stirred.set()  # for what could not be told before a restart
        while True:
            await self._stirred.wait()
            await asyncio.sleep(self._gather)
            self._stirred.clear()
            if not await self._tell_news(bot, messages, self._told):
                self._stirred.set()
                await asyncio.sleep(self._retry)

    async def _tell_news(
        self, bot: ExtBot[Kind], messages: Messages, told: ReportedSources
    ) -> bool:
        """Send and store the changes; return whether that succeeded."""
        try:
            news, known = compare_sources(await in_thread(self._library.followed.all), told)
            if news and not await self._send(bot, messages, news):
                return False
            if known != told:
                await in_thread(self._library.key_values.set, NOTE, known.written())
        except HoiBaoError as error:
            _LOGGER.warning("What becomes of the sources cannot be told: %s", error)
            return False
        self._told = known
        return True

    async def _send(self, bot: ExtBot[Kind], messages: Messages, news: SourceChange) -> bool:
        """Send changes to each admin; return whether Telegram could be reached."""
        reached = False
        for admin in sorted(self._admins):
            chosen = await in_thread(self._library.chats.language, admin)
            voice = Translator(messages, interface_language(chosen, None), bot.username)
            word = render_news(voice, news)
            try:
                await bot.send_message(admin, word.html, reply_markup=word.keyboard)
                reached = True
            except (Forbidden, BadRequest) as error:  # they never started the bot, or blocked it
                _LOGGER.warning("The admin %d gets no word: %s", admin, error)
                reached = True
            except TelegramError as error:
                _LOGGER.warning("The admin %d gets no word for now: %s", admin, error)
        return reached

    def _remembered(self) -> ReportedSources:
        noted = self._library.key_values.get(NOTE)
        if noted is not None:
            return ReportedSources.read(noted)
        known = assume_pauses_reported(self._library.followed.all())
        self._library.key_values.set(NOTE, known.written())
        return known


def render_news(voice: Translator, news: SourceChange) -> Rendered:
    """Render the changes of sources as one message."""
    parts: list[Piece] = []
    if news.unreadable:
        latest = max(news.unreadable, key=lambda source: source.checked_at or 0)
        error = localize_error(voice, latest.last_error or "")
        count = voice.count(len(news.unreadable))
        parts.append(voice.piece("word_offline", count=count, error=error))
    if news.online:
        parts.append(voice.piece("word_online"))
    if news.paused:
        parts.append(_paused(voice, news.paused))
    if news.readable:
        parts.append(_readable(voice, news.readable))
    text = fit_to_limit(Piece(), parts, lambda _: Piece(), between="\n\n")
    return Rendered(text.html, _keyboard(voice, news.paused))


def _paused(voice: Translator, sources: Sequence[Source]) -> Piece:
    if len(sources) == 1:
        name, state = render_name(sources[0]), render_state(voice, sources[0], 0)
        return join("\n", [voice.piece("word_paused") + name, state])
    lines = [
        Piece.plain("• ")
        + render_name(source)
        + Piece.plain(f": {localize_error(voice, source.last_error or '')}")
        for source in sources
    ]
    return _listed(voice, voice.piece("word_paused_many", count=voice.count(len(sources))), lines)


def _readable(voice: Translator, sources: Sequence[Source]) -> Piece:
    if len(sources) == 1:
        return voice.piece("word_readable") + render_name(sources[0])
    lines = [Piece.plain("• ") + render_name(source) for source in sources]
    return _listed(voice, voice.piece("word_readable_many", count=voice.count(len(sources))), lines)


def _listed(voice: Translator, heading: Piece, lines: Sequence[Piece]) -> Piece:
    shown = [heading, *lines[:LISTED_LIMIT]]
    if (left := len(lines) - LISTED_LIMIT) > 0:
        shown.append(voice.piece("sources_more", count=voice.count(left)))
    return join("\n", shown)


def _keyboard(voice: Translator, paused: Sequence[Source]) -> InlineKeyboardMarkup | None:
    if not paused:
        return None
    button = check_button(voice, paused[0]) if len(paused) == 1 else check_paused_button(voice)
    return InlineKeyboardMarkup([[button]])
