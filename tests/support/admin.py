"""The bot with a source follower and admins, for tests of source administration."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.app.runner import run_with_services
from bot.playground import Playground
from bot.settings import Settings
from bot.sources.context import SourceAdmin
from index import Library
from index.models.source_kind import SourceKind
from index.store.sources.sources import Source, Sources
from tests.support.bot import BOT_NAME, LANS_CHAT, Person, Talk, bot_under
from tests.support.follower import FLOOD, feed, item
from tests.support.libraries import open_library
from tests.support.playground import LAN, serve_playground
from tests.support.web_site import Site

NOW = 1_700_000_000
LATER = 4_000_000_000


@dataclass(frozen=True, slots=True)
class AdminTalk(Talk):
    """Lan, an admin, talking with a bot that follows sources."""

    @property
    def followed(self) -> Sources:
        return self.library.followed

    def sources(self) -> list[tuple[str, str | None]]:
        """Return the names of the sources, each with the reason of its pause."""
        return [(source.name, source.paused) for source in self.followed.all()]

    def add(self, site: Site, path: str, name: str, *, is_due: bool = False) -> Source:
        """Follow a feed of a site; unless it is due, the follower leaves it alone."""
        return follow(self.library, site.url(path), name, is_due=is_due)

    async def words(self, chat: int = LANS_CHAT, number: int = 1) -> list[dict[str, Any]]:
        """Wait for so many messages of the bot that answer nothing, and return them."""

        async def unasked() -> list[dict[str, Any]]:
            shown = await self.client.messages(chat)
            found = [
                message
                for before, message in pairwise([{"from": BOT_NAME}, *shown])
                if message["from"] == before["from"] == BOT_NAME and message["reply_to"] is None
            ]
            return found if len(found) >= number else []

        return await self.client.until(unasked)

    async def shown(
        self, message: dict[str, Any], words: str, chat: int = LANS_CHAT
    ) -> dict[str, Any]:
        """Wait until a message shows some text, and return it."""

        async def shows() -> dict[str, Any] | None:
            found = await self.message(message["message_id"], chat)
            return found if words in found["text"] else None

        found = await self.client.until(shows)
        assert found is not None
        return found

    async def answered(self, text: str, words: str, *, user: Person = LAN) -> dict[str, Any]:
        """Send a message, wait until the answer shows some text, and return it."""
        return await self.shown(await self.ask(text, user=user), words, user["id"])


def with_a_feed(site: Site) -> Site:
    """Add a page with a feed link, a feed and its article to a site."""
    site.page("/lu.html", FLOOD)
    site.page("/tin.rss", feed(item(site, "/lu.html")))
    link = "<link rel='alternate' type='application/rss+xml' href='/tin.rss'>"
    site.page("/", f"<html><head>{link}</head><body>Báo</body></html>")
    return site


def follow(library: Library, address: str, name: str, *, is_due: bool = False) -> Source:
    """Follow a feed; unless it is due, the follower leaves it alone."""
    start = NOW if is_due else LATER
    added = library.followed.add(
        name=name, given=address, kind=SourceKind.FEED, address=address, now=start
    )
    if not is_due:
        library.followed.record_success(
            added, now=NOW, next_check_at=LATER, interval=900, etag=None, last_modified=None
        )
    return library.followed.by_id(added.id)


@asynccontextmanager
async def admin_talk(
    folder: Path, *, admins: tuple[int, ...] = (LAN["id"],), **settings: Any
) -> AsyncIterator[AdminTalk]:
    """Run the bot and follow its sources under an embedded Telegram."""
    chosen = Settings.model_validate({"private_networks": True, "admins": admins} | settings)
    playground = Playground()
    with open_library(folder) as library:
        desk = SourceAdmin(library, chosen, gather=0)
        async with serve_playground(playground) as client:
            application = bot_under(client, library, source_admin=desk, questions_per_minute=600)
            async with run_with_services(application, desk):
                yield AdminTalk(client, application, library)
