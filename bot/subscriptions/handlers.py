"""The commands of subscriptions: subscribe, list, unsubscribe."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from telegram import Message

from bot.chat_settings.channels import offer_channels
from bot.conversation.callbacks import Notice
from bot.conversation.context import ChatContext
from bot.conversation.permissions import may_manage_from_here, require_manager
from bot.subscriptions.views import SubscriptionView, render_added, render_deletion, render_list
from bot.subscriptions.words import wish_in_words
from index import Library
from index.alerts import AlertQuery, SubscriptionError, SubscriptionReason
from index.alerts.frequency import FrequencyEstimate
from index.language.word_frequency import folded_frequency, word_frequency
from index.models.article import StoredArticle
from index.search.quotes import COMMON_FROM
from index.store.chats import Chat, LimitError, Subscription

_Values = ParamSpec("_Values")


@dataclass(frozen=True, slots=True)
class Place:
    """Where alerts go: a chat, and the forum topic in it, if it is one."""

    chat: int
    thread: int | None = None


def place_of(message: Message) -> Place:
    """Return where a message stands."""
    thread = message.message_thread_id if message.is_topic_message else None
    return Place(message.chat_id, thread)


async def subscribe(turn: ChatContext) -> None:
    """`/subscribe [WORDS]`: alert this chat of what holds the words, or of everything."""
    if await require_manager(turn):
        await follow(turn, turn.words, place_of(turn.message))


async def subscriptions(turn: ChatContext) -> None:
    """`/subscriptions`: the list, with all that can be done."""
    if not await require_manager(turn):
        return
    place = place_of(turn.message)
    bot, library = turn.message.get_bot().id, turn.desk.library
    chat, found = await turn.searching(listed, library, bot, place.chat)
    await turn.reply(render_list(turn.voice, chat, found, thread=place.thread))
    await offer_channels(turn)


async def unsubscribe(turn: ChatContext) -> None:
    """`/unsubscribe [WORDS or NUMBER]`: end a subscription; without words show them."""
    if not turn.words:
        await subscriptions(turn)
        return
    if not await require_manager(turn):
        return
    bot, chat = turn.message.get_bot().id, turn.message.chat_id
    _, found = await turn.searching(listed, turn.desk.library, bot, chat)
    meant = _meant(turn, found)
    if meant is None:
        await turn.say("unsubscribe_unknown", words=turn.words[:100])
    else:
        await turn.reply(render_deletion(turn.voice, meant))


async def follow(turn: ChatContext, words: str, place: Place) -> None:
    """Subscribe a chat to what was typed, and say what is to be expected."""
    try:
        wish = await turn.searching(turn.desk.library.wishes.read, words)
        check_breadth(wish)
    except SubscriptionError as error:
        await say_why(turn, error)
        return
    await follow_wish(turn, wish, place)


async def follow_wish(turn: ChatContext, wish: AlertQuery, place: Place) -> None:
    """Subscribe a chat to a wish, and say what is to be expected."""
    typed = turn.message.chat_id, turn.message.message_id
    earlier = turn.desk.subscribed.get(typed) if turn.edited else None
    try:
        added = await turn.searching(_added, turn, wish, place, earlier)
    except LimitError:
        await turn.say("too_many_subscriptions", count=turn.desk.settings.subscriptions_per_chat)
        return
    wished, is_new, expected, latest = added
    if is_new:
        turn.desk.subscribed[typed] = wished.subscription.id
    await turn.reply(render_added(turn.voice, wished, expected, latest, is_new=is_new))


def listed(library: Library, bot: int, chat: int) -> tuple[Chat, list[SubscriptionView]]:
    """Return a chat and its subscriptions. Blocks: call it off the event loop."""
    found, known = library.subscriptions.of_chat(bot, chat), library.chats.get(chat)
    return known, [_wished(library, each, known) for each in found]


def wished_of(library: Library, subscription: Subscription) -> SubscriptionView:
    """Return a subscription with what it asks for."""
    return _wished(library, subscription, library.chats.get(subscription.chat))


def of_subscription(
    callback: Callable[Concatenate[ChatContext, SubscriptionView, _Values], Awaitable[Notice]],
) -> Callable[Concatenate[ChatContext, int, _Values], Awaitable[Notice]]:
    """Give a callback the subscription whose number is its first value, if it may be changed."""

    @wraps(callback)
    async def checked(
        turn: ChatContext, number: int, /, *values: _Values.args, **named: _Values.kwargs
    ) -> Notice:
        library = turn.desk.library
        found = await asyncio.to_thread(library.subscriptions.get, number)
        if found is None or found.bot != turn.message.get_bot().id:
            return turn.voice.plain("notice_subscription_gone")
        if not await may_manage_from_here(turn, found.chat):
            return turn.voice.plain("notice_only_administrators")
        wished = await asyncio.to_thread(wished_of, library, found)
        return await callback(turn, wished, *values, **named)

    return checked


def _wished(library: Library, subscription: Subscription, chat: Chat) -> SubscriptionView:
    wish = library.wishes.read(subscription.wish)
    return SubscriptionView(subscription, wish, is_given_up=chat.inactive_since is not None)


async def say_why(turn: ChatContext, error: SubscriptionError) -> None:
    """Say why a text is no subscription, and what would be one."""
    key = {
        SubscriptionReason.NO_WORDS: "wish_no_words",
        SubscriptionReason.ONLY_EXCLUDED: "wish_only_excluded",
        SubscriptionReason.TOO_LONG: "wish_too_long",
        SubscriptionReason.TOO_MANY_WORDS: "wish_too_many_words",
        SubscriptionReason.UNKNOWN_FIELD: "wish_unknown_field",
        SubscriptionReason.NO_VALUE: "wish_no_value",
        SubscriptionReason.ALTERNATIVES: "wish_alternatives",
        SubscriptionReason.TOO_BROAD: "wish_too_broad",
    }[error.reason]
    await turn.say(key, **error.values)


def _added(
    turn: ChatContext, wish: AlertQuery, place: Place, earlier: int | None
) -> tuple[SubscriptionView, bool, FrequencyEstimate, StoredArticle | None]:
    library, now = turn.desk.library, int(time.time())
    if earlier is not None:
        library.subscriptions.remove(earlier, now)
    subscription, is_new = library.subscriptions.add(
        bot=turn.message.get_bot().id,
        chat=place.chat,
        thread=place.thread,
        wish=str(wish),
        now=now,
        most=turn.desk.settings.subscriptions_per_chat,
    )
    library.chats.activate(place.chat)
    if place.chat == turn.message.chat_id and library.chats.language(place.chat) is None:
        # An alert knows the chat only, not whose Telegram it is read in.
        library.chats.set_language(place.chat, turn.voice.language)
    expected = library.wishes.expect(wish)
    latest = library.article(expected.latest) if expected.latest else None
    return SubscriptionView(subscription, wish), is_new, expected, latest


def check_breadth(wish: AlertQuery) -> None:
    """Refuse a wish of nothing but the commonest words.

    Raises:
        SubscriptionError: If nearly every article has them.
    """
    required = wish.required
    if (
        required
        and not wish.sources
        and all(
            len(phrase.syllables) == 1
            and (word_frequency if phrase.exact else folded_frequency)(phrase.sought[0])
            >= COMMON_FROM
            for phrase in required
        )
    ):
        raise SubscriptionError(
            SubscriptionReason.TOO_BROAD, words=" ".join(p.syllables[0] for p in required)
        )


def _meant(turn: ChatContext, found: list[SubscriptionView]) -> SubscriptionView | None:
    """Return the subscription that is named: by its place in the list, name or words."""
    words = turn.words.strip()
    if words.isdecimal() and 1 <= int(words) <= len(found):
        return found[int(words) - 1]
    try:
        wanted = str(turn.desk.library.wishes.read(words))
    except SubscriptionError:
        wanted = words
    for each in found:
        names = {each.subscription.name, each.subscription.wish}
        if wanted in names or words in names or words == wish_in_words(turn.voice, each.wish):
            return each
    return None
