"""Parts of a running bot that are monitored, and whether it receives updates."""

from dataclasses import dataclass
from time import monotonic

from bot.alerts.sender import Sender
from bot.app.application import BotApplication
from bot.sources.context import SourceAdmin
from bot.transport.polling import POLL_TIME, PollingBot
from index.store import Worker

POLLED_WITHIN_SECONDS = 3 * POLL_TIME.total_seconds()
"""Longest time since updates were fetched: two requests that Telegram holds open, with pauses."""


@dataclass(frozen=True, slots=True)
class Monitored:
    """Parts of a running bot, which count what they do since the start.

    `worker` is its membership where it shares the work with others.
    """

    application: BotApplication
    source_admin: SourceAdmin
    sender: Sender
    worker: Worker | None = None

    def receives_updates(self) -> bool:
        """Whether updates were fetched of late, or Telegram knows the webhook.

        Where another worker fetches them, whether this one is ready to do so.
        """
        if not self.application.running:
            return False
        if self.source_admin.settings.webhook is not None:
            return True
        bot, updater = self.application.bot, self.application.updater
        if self.worker is not None and not (updater and updater.running):
            return self.worker.is_alive
        polled_at = bot.polled_at if isinstance(bot, PollingBot) else None
        return polled_at is not None and monotonic() - polled_at < POLLED_WITHIN_SECONDS
