"""Context of the admin handlers: source store, follower, admin ids, status messages."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Self

from telegram import Message, User
from telegram.constants import ChatType
from telegram.ext import ExtBot

from bot.conversation.background_tasks import BackgroundTasks
from bot.messages.html import Piece
from bot.messages.rendered import Rendered
from bot.messages.voice import Translator
from bot.settings import Settings, SourceSetting
from bot.sources.checks import Checks
from bot.sources.following import make_follower
from bot.sources.notifier import GATHER_SECONDS, AdminNotifier
from bot.sources.views import render_checked, render_source, render_waiting
from bot.sources.words import render_outcome
from bot.transport.rate_limiter import Kind
from index import Library
from index.sources.follower import CheckReport, Follower
from index.store.sources import Source, SourceError
from index.workers import Executor


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAdmin:
    """What commands and buttons of sources work with.

    `admins` are the ids of those who may use them, `settings` the sources that the settings
    name. `tasks` is what takes long.
    """

    library: Library
    follower: Follower
    admins: frozenset[int]
    settings: tuple[SourceSetting, ...]
    checks: Checks
    news: AdminNotifier
    tasks: BackgroundTasks

    @classmethod
    def of(
        cls,
        library: Library,
        settings: Settings,
        admins: frozenset[int],
        *,
        executor: Executor[Library] | None = None,
        gather: float = GATHER_SECONDS,
    ) -> Self:
        """Return the desk of a library, whose sources its `follower` is to follow.

        Args:
            library: Holds the sources.
            settings: Sources, and how they may be asked.
            admins: Who may tend them.
            executor: Takes in what was fetched, see `ingest_executor`.
            gather: For how many seconds word to the admins is gathered.
        """
        news = AdminNotifier(library, admins, gather=gather)

        def note(source: Source, report: CheckReport) -> None:
            checks.note(source, report)
            news.note(source, report)

        follower = make_follower(library, settings, note, executor)
        checks = Checks(library.followed, follower.wake)
        return cls(
            library=library,
            follower=follower,
            admins=admins,
            settings=settings.sources,
            checks=checks,
            news=news,
            tasks=BackgroundTasks(),
        )

    def allows(self, person: User | None, message: Message) -> bool:
        """Tell whether somebody may tend the sources where a message is: an admin, in private."""
        is_admin = person is not None and person.id in self.admins
        return is_admin and message.chat.type == ChatType.PRIVATE

    def is_in_settings(self, source: Source) -> bool:
        """Tell whether the settings name a source: removed, it is added at the next start."""
        names = {source.name, source.given, source.address}
        return any(setting.name in names or setting.given in names for setting in self.settings)

    @asynccontextmanager
    async def open(self, bot: ExtBot[Kind]) -> AsyncIterator[None]:
        """Send word to the admins, and break off what is left to do when the context ends."""
        async with self.tasks.ending():
            self.tasks.start(self.news.tell(bot))
            yield


@dataclass(frozen=True, slots=True)
class StatusMessage:
    """A message of the bot's; `show` changes what it says.

    While something is waited for it has no buttons, so that nobody is led elsewhere in it.
    """

    source_admin: SourceAdmin
    voice: Translator
    show: Callable[[Rendered], Awaitable[object]]

    async def say(self, key: str, **values: str | int) -> None:
        """Show a message of the catalogues."""
        await self.show(Rendered(self.voice.text(key, **values)))

    async def report_failure(self) -> None:
        """Show that something went wrong."""
        await self.say("error")

    async def check(self, *chosen: Source, above: Piece | None = None, page: int = 0) -> None:
        """Have sources checked, and show what came of it.

        Args:
            chosen: The sources; of one, its card is shown.
            above: What is said above the card.
            page: The page of the list that the card leads back to.
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
        await self.show(render_source(self.voice, source, above=above, below=below, page=page))
