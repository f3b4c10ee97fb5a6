"""What admins tend the sources with: the store, what follows it, and who may."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

from telegram import Message, User
from telegram.constants import ChatType
from telegram.ext import ExtBot

from bot.admin_news import GATHER_SECONDS, AdminNews
from bot.chores import Chores
from bot.following import follower_of
from bot.pacing import Kind
from bot.settings import Settings, SourceSetting
from bot.source_checks import Checks
from index import Library
from index.sources.following import CheckReport, Follower
from index.store.sources import Source
from index.workers import Executor


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDesk:
    """What commands and buttons of sources work with.

    `admins` are the ids of those who may use them, `settings` the sources that the settings
    name. `chores` is what takes long.
    """

    library: Library
    follower: Follower
    admins: frozenset[int]
    settings: tuple[SourceSetting, ...]
    checks: Checks
    news: AdminNews
    chores: Chores

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
            executor: Takes in what was fetched, see `taking_in`.
            gather: For how many seconds word to the admins is gathered.
        """
        news = AdminNews(library, admins, gather=gather)

        def note(source: Source, report: CheckReport) -> None:
            checks.note(source, report)
            news.note(source, report)

        follower = follower_of(library, settings, note, executor)
        checks = Checks(library.followed, follower.hurry)
        return cls(
            library=library,
            follower=follower,
            admins=admins,
            settings=settings.sources,
            checks=checks,
            news=news,
            chores=Chores(),
        )

    def admits(self, person: User | None, message: Message) -> bool:
        """Tell whether somebody may tend the sources where a message is: an admin, in private."""
        is_admin = person is not None and person.id in self.admins
        return is_admin and message.chat.type == ChatType.PRIVATE

    def comes_back(self, source: Source) -> bool:
        """Tell whether the settings name a source: removed, it is added at the next start."""
        names = {source.name, source.given, source.address}
        return any(setting.name in names or setting.given in names for setting in self.settings)

    @asynccontextmanager
    async def open(self, bot: ExtBot[Kind]) -> AsyncIterator[None]:
        """Send word to the admins, and break off what is left to do when the context ends."""
        async with self.chores.ending():
            self.chores.start(self.news.tell(bot))
            yield
