"""What a chat is owed, as messages: one article, several at once, or a digest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.alerts import SEVERAL_LIMIT, News, render_alert, render_digest, render_several
from bot.captions import Voice
from bot.messages import Messages, interface_language
from bot.rendering import Rendered
from index import Library
from index.store.chats import Chat
from index.store.deliveries import Delivery, Parcel, Reason
from index.store.subscriptions import Subscription
from index.subscriptions import SubscriptionError
from index.subscriptions.timing import Rhythm


@dataclass(frozen=True, slots=True)
class Letter:
    """A message, and the deliveries that it carries out."""

    rendered: Rendered
    deliveries: tuple[int, ...]
    is_silent: bool


def letters(
    library: Library, messages: Messages, bot: str, parcel: Parcel, now: int
) -> list[Letter]:
    """Return the messages for what a chat is owed, those that are to come at once first.

    What is owed to nobody any more is dropped, what falls into quiet hours is put off.
    Blocks: call it off the event loop.

    Args:
        library: Where articles, chats and subscriptions are.
        messages: The catalogues.
        bot: The bot's user name, without `@`.
        parcel: What is due.
        now: The time, in seconds since the epoch.
    """
    chat = library.chats.get(parcel.chat)
    over = chat.quiet.over_at(now, chat.zone) if chat.quiet else None
    if over is not None:
        library.outbox.postpone([each.id for each in parcel.deliveries], over)
        return []
    news = _news(library, parcel.deliveries, now)
    voice = Voice(messages, interface_language(chat.language, None), bot)
    at_once = [each for each in news if each[1].subscription.schedule.rhythm is Rhythm.NOW]
    later = [each for each in news if each[1].subscription.schedule.rhythm is not Rhythm.NOW]
    portions = [
        at_once[start : start + SEVERAL_LIMIT] for start in range(0, len(at_once), SEVERAL_LIMIT)
    ]
    found = [_letter(_rendered(voice, chat, portion), portion) for portion in portions]
    if later:
        digest = render_digest(voice, [each for _, each in later], in_channel=_is_channel(chat))
        found.append(_letter(digest, later))
    return found


def _news(library: Library, owed: Sequence[Delivery], now: int) -> list[tuple[Delivery, News]]:
    """Return the articles that are still wanted and there; the others are dropped."""
    known: dict[int, Subscription | None] = {}
    found: list[tuple[Delivery, News]] = []
    for delivery in owed:
        if delivery.subscription not in known:
            known[delivery.subscription] = library.subscriptions.get(delivery.subscription)
        subscription = known[delivery.subscription]
        news = _of(library, delivery, subscription) if subscription else None
        if news:
            found.append((delivery, news))
        else:
            library.outbox.drop([delivery.id], Reason.UNSUBSCRIBED, now)
    return found


def _of(library: Library, delivery: Delivery, subscription: Subscription) -> News | None:
    try:
        wish = library.wishes.read(subscription.wish)
    except SubscriptionError:
        return None
    excerpt = library.wishes.excerpt(delivery.article, delivery.positions, wish)
    if excerpt is None or subscription.paused_at is not None:
        return None
    return News(subscription, wish, excerpt)


def _rendered(voice: Voice, chat: Chat, portion: Sequence[tuple[Delivery, News]]) -> Rendered:
    news = [each for _, each in portion]
    if len(news) == 1:
        return render_alert(voice, news[0], in_channel=_is_channel(chat))
    return render_several(voice, news, in_channel=_is_channel(chat))


def _letter(rendered: Rendered, portion: Iterable[tuple[Delivery, News]]) -> Letter:
    several = list(portion)
    return Letter(
        rendered,
        tuple(delivery.id for delivery, _ in several),
        all(news.subscription.is_silent for _, news in several),
    )


def _is_channel(chat: Chat) -> bool:
    return chat.kind == "channel"
