"""Compose the messages of pending deliveries: one article, several at once, or a digest."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.alerts.rendering import (
    SEVERAL_LIMIT,
    AlertNews,
    render_alert,
    render_digest,
    render_several,
)
from bot.alerts.split_batches import SplitBatches
from bot.messages import Messages, interface_language
from bot.messages.rendered import Rendered
from bot.messages.voice import Translator
from index import Library
from index.alerts import AlertQuery, SubscriptionError
from index.models.schedule import Rhythm
from index.store.chats import Chat, ChatBatch, Delivery, DropReason, Subscription


@dataclass(frozen=True, slots=True)
class AlertMessage:
    """A message and the deliveries in it."""

    rendered: Rendered
    deliveries: tuple[int, ...]
    is_silent: bool


@dataclass(frozen=True, slots=True)
class _Pending:
    """A pending delivery with the article to show."""

    delivery: Delivery
    news: AlertNews


def compose(
    library: Library, messages: Messages, bot: str, batch: ChatBatch, now: int, split: SplitBatches
) -> list[AlertMessage]:
    """Compose the messages of a chat's deliveries, immediate alerts before digests.

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
    pending = _wanted(library, batch.deliveries, now)
    at_once = [each for each in pending if _rhythm(each) is Rhythm.NOW]
    later = [each for each in pending if _rhythm(each) is not Rhythm.NOW]
    free, apart = split.groups((each.delivery.id, each) for each in at_once)
    full = [free[start : start + SEVERAL_LIMIT] for start in range(0, len(free), SEVERAL_LIMIT)]
    alerts = [_message(_alert(voice, chat, group), group) for group in (*full, *apart)]
    rest, apart = split.groups((each.delivery.id, each) for each in later)
    digests = [_message(_digest(voice, chat, group), group) for group in (rest, *apart) if group]
    return [*alerts, *digests]


def _wanted(library: Library, deliveries: Sequence[Delivery], now: int) -> list[_Pending]:
    """Return the deliveries that are still wanted, with their articles; drop the others."""
    subscriptions = {
        number: _subscription(library, number)
        for number in {delivery.subscription for delivery in deliveries}
    }
    wanted = [
        (delivery, *found)
        for delivery in deliveries
        if (found := subscriptions[delivery.subscription]) is not None
    ]
    excerpts = library.alert_queries.excerpts(
        [(delivery.article, delivery.positions, query) for delivery, _, query in wanted]
    )
    pending = [
        _Pending(delivery, AlertNews(subscription, query, excerpt))
        for (delivery, subscription, query), excerpt in zip(wanted, excerpts, strict=True)
        if excerpt is not None
    ]
    kept = {each.delivery.id for each in pending}
    if gone := [delivery.id for delivery in deliveries if delivery.id not in kept]:
        library.outbox.drop(gone, DropReason.UNSUBSCRIBED, now)
    return pending


def _subscription(library: Library, number: int) -> tuple[Subscription, AlertQuery] | None:
    """Return a subscription with its query, unless it is deleted or paused."""
    subscription = library.subscriptions.get(number)
    if subscription is None or subscription.paused_at is not None:
        return None
    try:
        return subscription, library.alert_queries.read(subscription.wish)
    except SubscriptionError:
        return None


def _rhythm(pending: _Pending) -> Rhythm:
    return pending.news.subscription.schedule.rhythm


def _alert(voice: Translator, chat: Chat, group: Sequence[_Pending]) -> Rendered:
    news = [pending.news for pending in group]
    if len(news) == 1:
        return render_alert(voice, news[0], in_channel=chat.kind == "channel")
    return render_several(voice, news, in_channel=chat.kind == "channel")


def _digest(voice: Translator, chat: Chat, group: Sequence[_Pending]) -> Rendered:
    news = [pending.news for pending in group]
    return render_digest(voice, news, in_channel=chat.kind == "channel")


def _message(rendered: Rendered, group: Sequence[_Pending]) -> AlertMessage:
    return AlertMessage(
        rendered,
        tuple(each.delivery.id for each in group),
        is_silent=all(each.news.subscription.is_silent for each in group),
    )
