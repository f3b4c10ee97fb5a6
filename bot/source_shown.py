"""A message in which a check of sources is waited for: it changes when there is more to say."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.captions import Voice
from bot.markup import Piece
from bot.rendered import Rendered
from bot.source_cards import render_checked, render_source, render_waiting
from bot.source_desk import SourceDesk
from bot.source_words import outcome
from index.store.sources import Source, SourceError


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of the bot's; `show` changes what it says.

    While something is waited for it has no buttons, so that nobody is led elsewhere in it.
    """

    tending: SourceDesk
    voice: Voice
    show: Callable[[Rendered], Awaitable[object]]

    async def say(self, key: str, **values: str | int) -> None:
        """Show a message of the catalogues."""
        await self.show(Rendered(self.voice.text(key, **values)))

    async def sorry(self) -> None:
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
        reports = await self.tending.checks.now(*chosen)
        if len(chosen) > 1:
            await self.show(render_checked(self.voice, chosen, reports))
            return
        try:
            source = await asyncio.to_thread(self.tending.library.followed.by_id, chosen[0].id)
        except SourceError:
            await self.say("source_gone")
            return
        below = outcome(self.voice, reports[0])
        await self.show(render_source(self.voice, source, above=above, below=below, page=page))
