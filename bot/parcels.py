"""What a chat is owed, as messages: one article, several at once, or a digest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.alerts import SEVERAL_LIMIT, News, render_alert, render_digest, render_several
from bot.captions import Voice
from bot.halves import Halves
from bot.messages import Messages, interface_language
from bot.rendered import Rendered
from index import Library
from index.store.chats import Chat
from index.store.deliveries import Delivery, Parcel
from index.store.outcomes import Reason
from index.store.subscriptions import Subscription
from index.subscriptions import SubscriptionError, Wish
from index.subscriptions.timing import Rhythm


@dataclass(frozen=True, slots=True)
class Letter:
    """A message, and the deliveries that it carries out."""

    rendered: Rendered
    deliveries: tuple[int, ...]
    is_silent: bool


def letters(
    library: Library, messages: Messages, bot: str, parcel: Parcel, now: int, halves: Halves
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
        halves: What goes apart because it was refused together.
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
    free, parted = halves.groups(at_once, _number_of)
    portions = [free[start : start + SEVERAL_LIMIT] for start in range(0, len(free), SEVERAL_LIMIT)]
    found = [_letter(_rendered(voice, chat, each), each) for each in (*portions, *parted)]
    rest, parted = halves.groups(later, _number_of)
    digests = [each for each in (rest, *parted) if each]
    return [*found, *(_letter(_digest(voice, chat, each), each) for each in digests)]


def _news(library: Library, owed: Sequence[Delivery], now: int) -> list[tuple[Delivery, News]]:
    """Return the articles that are still wanted and there; the others are dropped."""
    known = {number: _wanted(library, number) for number in {each.subscription for each in owed}}
    wanted = [(each, known[each.subscription]) for each in owed]
    asked = [(each, known_as) for each, known_as in wanted if known_as is not None]
    excerpts = library.wishes.excerpts(
        [(each.article, each.positions, wish) for each, (_, wish) in asked]
    )
    found = [
        (delivery, News(subscription, wish, excerpt))
        for (delivery, (subscription, wish)), excerpt in zip(asked, excerpts, strict=True)
        if excerpt is not None
    ]
    kept = {delivery.id for delivery, _ in found}
    gone = [each.id for each in owed if each.id not in kept]
    if gone:
        library.outbox.drop(gone, Reason.UNSUBSCRIBED, now)
    return found


def _wanted(library: Library, number: int) -> tuple[Subscription, Wish] | None:
    """Return a subscription that is to be alerted, with its wish."""
    subscription = library.subscriptions.get(number)
    if subscription is None or subscription.paused_at is not None:
        return None
    try:
        return subscription, library.wishes.read(subscription.wish)
    except SubscriptionError:
        return None


def _rendered(voice: Voice, chat: Chat, portion: Sequence[tuple[Delivery, News]]) -> Rendered:
    news = [each for _, each in portion]
    if len(news) == 1:
        return render_alert(voice, news[0], in_channel=_is_channel(chat))
    return render_several(voice, news, in_channel=_is_channel(chat))


def _digest(voice: Voice, chat: Chat, portion: Sequence[tuple[Delivery, News]]) -> Rendered:
    return render_digest(voice, [each for _, each in portion], in_channel=_is_channel(chat))


def _number_of(owed: tuple[Delivery, News]) -> int:
    return owed[0].id


def _letter(rendered: Rendered, portion: Iterable[tuple[Delivery, News]]) -> Letter:
    several = list(portion)
    return Letter(
        rendered,
        tuple(delivery.id for delivery, _ in several),
        all(news.subscription.is_silent for _, news in several),
    )


def _is_channel(chat: Chat) -> bool:
    return chat.kind == "channel"
