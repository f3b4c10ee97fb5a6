"""Commands of subscriptions: `/subscribe`, `/subscriptions`, `/unsubscribe`."""

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
from bot.subscriptions.words import describe_query
from index import Library
from index.alerts import AlertQuery, SubscriptionError, SubscriptionReason
from index.alerts.frequency import FrequencyEstimate
from index.language.word_frequency import folded_frequency, word_frequency
from index.models.article import StoredArticle
from index.search.quotes import COMMON_FROM
from index.store.chats import Chat, LimitError, Subscription

_Values = ParamSpec("_Values")


@dataclass(frozen=True, slots=True)
class AlertTarget:
    """Destination of alerts: a chat, and a forum topic in it if any."""

    chat: int
    thread: int | None = None


def target_of(message: Message) -> AlertTarget:
    """Return the chat and topic of a message."""
    thread = message.message_thread_id if message.is_topic_message else None
    return AlertTarget(message.chat_id, thread)


async def subscribe(turn: ChatContext) -> None:
    """`/subscribe [WORDS]`: alert this chat of articles with the words, or of all."""
    if await require_manager(turn):
        await subscribe_to_words(turn, turn.words, target_of(turn.message))


async def subscriptions(turn: ChatContext) -> None:
    """`/subscriptions`: list the subscriptions of this chat."""
    if not await require_manager(turn):
        return
    place = target_of(turn.message)
    bot, library = turn.message.get_bot().id, turn.desk.library
    chat, found = await turn.searching(list_subscriptions, library, bot, place.chat)
    await turn.reply(render_list(turn.voice, chat, found, thread=place.thread))
    await offer_channels(turn)


async def unsubscribe(turn: ChatContext) -> None:
    """`/unsubscribe [WORDS or NUMBER]`: delete a subscription; without words list them."""
    if not turn.words:
        await subscriptions(turn)
        return
    if not await require_manager(turn):
        return
    bot, chat = turn.message.get_bot().id, turn.message.chat_id
    _, found = await turn.searching(list_subscriptions, turn.desk.library, bot, chat)
    meant = _meant(turn, found)
    if meant is None:
        await turn.say("unsubscribe_unknown", words=turn.words[:100])
    else:
        await turn.reply(render_deletion(turn.voice, meant))


async def subscribe_to_words(turn: ChatContext, words: str, place: AlertTarget) -> None:
    """Subscribe a chat to typed words, and say how often alerts are expected."""
    try:
        query = await turn.searching(turn.desk.library.alert_queries.read, words)
        check_breadth(query)
    except SubscriptionError as error:
        await explain_error(turn, error)
        return
    await subscribe_to_query(turn, query, place)


async def subscribe_to_query(turn: ChatContext, query: AlertQuery, place: AlertTarget) -> None:
    """Subscribe a chat to a query, and say how often alerts are expected."""
    typed = turn.message.chat_id, turn.message.message_id
    earlier = turn.desk.subscribed.get(typed) if turn.edited else None
    try:
        added = await turn.searching(_added, turn, query, place, earlier)
    except LimitError:
        await turn.say("too_many_subscriptions", count=turn.desk.settings.subscriptions_per_chat)
        return
    view, is_new, expected, latest = added
    if is_new:
        turn.desk.subscribed[typed] = view.subscription.id
    await turn.reply(render_added(turn.voice, view, expected, latest, is_new=is_new))


def list_subscriptions(
    library: Library, bot: int, chat: int
) -> tuple[Chat, list[SubscriptionView]]:
    """Return a chat and its subscriptions. Blocks: call it off the event loop."""
    found, known = library.subscriptions.of_chat(bot, chat), library.chats.get(chat)
    return known, [_wished(library, each, known) for each in found]


def view_subscription(library: Library, subscription: Subscription) -> SubscriptionView:
    """Return a subscription with its parsed query. Blocks."""
    return _wished(library, subscription, library.chats.get(subscription.chat))


def with_subscription(
    callback: Callable[Concatenate[ChatContext, SubscriptionView, _Values], Awaitable[Notice]],
) -> Callable[Concatenate[ChatContext, int, _Values], Awaitable[Notice]]:
    """Pass a callback the subscription of its first value, if the user may change it."""

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
        view = await asyncio.to_thread(view_subscription, library, found)
        return await callback(turn, view, *values, **named)

    return checked


def _wished(library: Library, subscription: Subscription, chat: Chat) -> SubscriptionView:
    query = library.alert_queries.read(subscription.wish)
    return SubscriptionView(subscription, query, is_given_up=chat.inactive_since is not None)


async def explain_error(turn: ChatContext, error: SubscriptionError) -> None:
    """Explain why a text is not a valid subscription."""
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
    turn: ChatContext, query: AlertQuery, place: AlertTarget, earlier: int | None
) -> tuple[SubscriptionView, bool, FrequencyEstimate, StoredArticle | None]:
    library, now = turn.desk.library, int(time.time())
    if earlier is not None:
        library.subscriptions.remove(earlier, now)
    subscription, is_new = library.subscriptions.add(
        bot=turn.message.get_bot().id,
        chat=place.chat,
        thread=place.thread,
        wish=str(query),
        now=now,
        most=turn.desk.settings.subscriptions_per_chat,
    )
    library.chats.activate(place.chat)
    if place.chat == turn.message.chat_id and library.chats.language(place.chat) is None:
        # An alert knows the chat only, not whose Telegram it is read in.
        library.chats.set_language(place.chat, turn.voice.language)
    expected = library.alert_queries.expect(query)
    latest = library.article(expected.latest) if expected.latest else None
    return SubscriptionView(subscription, query), is_new, expected, latest


def check_breadth(query: AlertQuery) -> None:
    """Refuse a query that holds only very frequent words.

    Raises:
        SubscriptionError: If nearly every article would match.
    """
    required = query.required
    if (
        required
        and not query.sources
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
    """Find a subscription by its place in the list, its name or its words."""
    words = turn.words.strip()
    if words.isdecimal() and 1 <= int(words) <= len(found):
        return found[int(words) - 1]
    try:
        wanted = str(turn.desk.library.alert_queries.read(words))
    except SubscriptionError:
        wanted = words
    for each in found:
        names = {each.subscription.name, each.subscription.wish}
        if wanted in names or words in names or words == describe_query(turn.voice, each.query):
            return each
    return None
