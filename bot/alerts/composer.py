"""Compose the messages of pending deliveries: one article, several, a digest, or a bulletin."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.alerts.bulletin import compose_bulletin
from bot.alerts.rendering import SEVERAL_LIMIT, AlertNews, render_alerts, render_digest
from bot.alerts.split_batches import SplitBatches
from bot.messages import Messages, interface_language
from bot.messages.rendered import Rendered
from bot.messages.voice import Translator
from bot.subscriptions.views import SubscriptionView
from index import Library
from index.alerts import SubscriptionError
from index.models.schedule import Rhythm
from index.store.chats import Chat, ChatBatch, Delivery, DropReason


@dataclass(frozen=True, slots=True)
class AlertMessage:
    """A message and the deliveries in it."""

    rendered: Rendered
    deliveries: tuple[int, ...]
    is_silent: bool


def compose(
    library: Library, messages: Messages, bot: str, batch: ChatBatch, now: int, split: SplitBatches
) -> list[AlertMessage]:
    """Compose the messages of a chat's deliveries: its bulletin, immediate alerts, digests.

    Deliveries whose subscription or article is gone are dropped; in quiet hours all are
    postponed. Blocks: call it off the event loop.

    Args:
        library: Holds articles, chats and subscriptions.
        messages: The catalogues.
        bot: The bot's user name, without `@`.
        batch: The claimed deliveries.
        now: The time, in seconds since the epoch.
        split: The batches that Telegram refused, to be sent in parts.
    """
    chat = library.chats.get(batch.chat)
    over = chat.quiet.end_of(now, chat.zone) if chat.quiet else None
    if over is not None:
        library.outbox.postpone([delivery.id for delivery in batch.deliveries], over)
        return []
    voice = Translator(messages, interface_language(chat.language, None), bot)
    in_channel = chat.kind == "channel"
    wanted = _wanted(library, [each for each in batch.deliveries if each.article is not None], now)
    free, apart = split.groups([news for news in wanted if _rhythm(news) is Rhythm.NOW])
    full = [free[start : start + SEVERAL_LIMIT] for start in range(0, len(free), SEVERAL_LIMIT)]
    alerts = [(render_alerts, news) for news in (*full, *apart)]
    rest, apart = split.groups([news for news in wanted if _rhythm(news) is not Rhythm.NOW])
    digests = [(render_digest, news) for news in (rest, *apart) if news]
    bulletins = [delivery.id for delivery in batch.deliveries if delivery.article is None]
    return [
        *(
            AlertMessage(compose_bulletin(library, voice, chat, now), (number,), chat.is_silent)
            for number in bulletins
        ),
        *(
            _message(chat, render(voice, news, in_channel=in_channel), news)
            for render, news in (*alerts, *digests)
        ),
    ]


def _wanted(library: Library, deliveries: Sequence[Delivery], now: int) -> list[AlertNews]:
    """Return the news of the deliveries that are still wanted; drop the others."""
    views = {
        number: _view(library, number)
        for number in {delivery.subscription for delivery in deliveries}
    }
    wanted = [(delivery, view) for delivery in deliveries if (view := views[delivery.subscription])]
    excerpts = library.alert_queries.excerpts(
        [
            (delivery.article, delivery.positions, view.query)
            for delivery, view in wanted
            if delivery.article is not None
        ]
    )
    news = [
        AlertNews(delivery.id, view, excerpt)
        for (delivery, view), excerpt in zip(wanted, excerpts, strict=True)
        if excerpt is not None
    ]
    kept = {alert.delivery for alert in news}
    if gone := [delivery.id for delivery in deliveries if delivery.id not in kept]:
        library.outbox.drop(gone, DropReason.UNSUBSCRIBED, now)
    return news


def _view(library: Library, number: int) -> SubscriptionView | None:
    """Return a subscription with its query, unless it is deleted or paused."""
    subscription = library.subscriptions.get(number)
    if subscription is None or subscription.paused_at is not None:
        return None
    try:
        return SubscriptionView(subscription, library.alert_queries.read(subscription.wish))
    except SubscriptionError:
        return None


def _rhythm(news: AlertNews) -> Rhythm:
    return news.view.subscription.schedule.rhythm


def _message(chat: Chat, rendered: Rendered, news: Sequence[AlertNews]) -> AlertMessage:
    if not chat.shows_previews:
        rendered = replace(rendered, preview=None)
    deliveries = tuple(alert.delivery for alert in news)
    is_silent = all(alert.view.subscription.is_silent for alert in news)
    return AlertMessage(rendered, deliveries, is_silent)
