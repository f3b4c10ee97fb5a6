"""Context of the admin handlers: source store, follower, admin ids, status messages."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from telegram import Message, User
from telegram.constants import ChatType
from telegram.ext import ExtBot

from bot.conversation.background_tasks import BackgroundTasks
from bot.messages.html import Piece, join
from bot.messages.rendered import Rendered
from bot.messages.voice import Translator
from bot.settings import Settings
from bot.sources.checks import Checks
from bot.sources.following import make_follower
from bot.sources.notifier import GATHER_SECONDS, AdminNotifier
from bot.sources.views import render_checked, render_newest, render_source, render_waiting
from bot.sources.words import render_outcome
from bot.transport.rate_limiter import Kind
from index import Library, Quote
from index.sources.report import CheckReport
from index.store import Worker
from index.store.sources import Source, SourceError, SourceReadings
from index.workers import Executor


class SourceAdmin:
    """Context of the admin handlers of sources, with the follower of a library.

    Args:
        library: Stores the sources.
        settings: Admins, sources and HTTP options.
        executor: Stores fetched articles; by default in threads of this process.
        gather: Seconds for which notifications are collected.
        worker: The membership of this process, where several follow the sources.

    `changed_articles` counts the articles of sources that are new, updated and removed.
    """

    def __init__(
        self,
        library: Library,
        settings: Settings,
        *,
        executor: Executor[Library] | None = None,
        gather: float = GATHER_SECONDS,
        worker: Worker | None = None,
    ) -> None:
        self.library = library
        self.settings = settings
        self.follower = make_follower(library, settings, self._note, executor, worker)
        self.checks = Checks(library.followed, self.follower.wake)
        self.notifier = AdminNotifier(library, frozenset(settings.admins), gather=gather)
        self.background_tasks = BackgroundTasks()
        self.changed_articles = Counter(new=0, updated=0, removed=0)

    def _note(self, source: Source, report: CheckReport) -> None:
        self.changed_articles.update(new=report.new, updated=report.updated, removed=report.removed)
        self.checks.note(source, report)
        self.notifier.note(source, report)

    def allows(self, person: User | None, message: Message) -> bool:
        """Whether a user may manage sources in the chat of a message: an admin, in private."""
        is_admin = person is not None and person.id in self.settings.admins
        return is_admin and message.chat.type == ChatType.PRIVATE

    def is_in_settings(self, source: Source) -> bool:
        """Whether a source is in the settings: if removed, the next start adds it again."""
        names = {source.name, source.given, source.address}
        return any(
            setting.name in names or setting.given in names for setting in self.settings.sources
        )

    async def all(self) -> list[Source]:
        """Return the followed sources, by name."""
        return await asyncio.to_thread(self.library.followed.all)

    async def pause(self, source: Source) -> Source:
        """Pause a source until it is checked on request, and return it as it is then."""
        await asyncio.to_thread(self.library.followed.pause, source.id)
        return await asyncio.to_thread(self.library.followed.by_id, source.id)

    async def newest_article(self, source: Source) -> list[Quote]:
        """Return the title and first sentence of the newest article of a source, if it has any."""
        number = await asyncio.to_thread(self.library.followed.items.newest_article, source.id)
        if number is None:
            return []
        return await asyncio.to_thread(self.library.sentences, number, 0, 1)

    async def readings(self, source: Source) -> SourceReadings:
        """Return how the last articles of a source read."""
        return await asyncio.to_thread(self.library.followed.readings, source.id)

    @asynccontextmanager
    async def open(self, bot: ExtBot[Kind] | None) -> AsyncIterator[None]:
        """Notify the admins, if there is a bot, while the context is open; then end all tasks."""
        async with self.background_tasks.cancelled_at_exit():
            if bot:
                self.background_tasks.start(self.notifier.run(bot))
            yield


@dataclass(frozen=True, slots=True)
class StatusMessage:
    """A message of the bot that shows the progress of a background task; `show` edits it.

    It has no buttons while a task runs.
    """

    source_admin: SourceAdmin
    voice: Translator
    show: Callable[[Rendered], Awaitable[object]]

    async def say(self, key: str, **values: str | int) -> None:
        """Show a catalogue message."""
        await self.show(Rendered(self.voice.text(key, **values)))

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Start a background task whose progress is shown; a failure is shown, too."""
        self.source_admin.background_tasks.start(work, partial(self.say, "error"))

    async def check(self, *chosen: Source, above: Piece | None = None, page: int = 0) -> None:
        """Check sources and show the results.

        Args:
            chosen: The sources; a single one is shown with its details.
            above: Text above the details of a source just added; its newest article comes below.
            page: The page of the list that the back button opens.
        """
        if above is None:
            await self.show(render_waiting(self.voice, *chosen))
        else:
            below = self.voice.piece("checking")
            card = render_source(self.voice, chosen[0], above=above, below=below)
            await self.show(replace(card, keyboard=None))
        reports = await self.source_admin.checks.now(*chosen)
        if len(chosen) > 1:
            await self.show(render_checked(self.voice, chosen, reports))
            return
        try:
            source = await asyncio.to_thread(self.source_admin.library.followed.by_id, chosen[0].id)
        except SourceError:
            await self.say("source_gone")
            return
        below = render_outcome(self.voice, reports[0])
        if above and (newest := await self.source_admin.newest_article(source)):
            below = join("\n\n", [below, render_newest(self.voice, newest)])
        readings = await self.source_admin.readings(source)
        card = render_source(
            self.voice, source, readings=readings, above=above, below=below, page=page
        )
        await self.show(card)
