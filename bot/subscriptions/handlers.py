"""Commands of subscriptions: `/subscribe`, `/subscriptions`, `/unsubscribe`."""

import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from telegram import Message
from telegram.ext import filters

from bot.chat_settings.channels import offer_channels
from bot.conversation.callbacks import Notice
from bot.conversation.context import ChatContext, RefusedError
from bot.conversation.permissions import require_manager, require_manager_by_button
from bot.conversation.question_text import question_of
from bot.messages.rendered import Rendered
from bot.subscriptions.offers import offer_subscriptions
from bot.subscriptions.views import (
    SubscriptionView,
    render_added,
    render_card,
    render_deletion,
    render_list,
)
from bot.subscriptions.words import describe_query
from index import Library
from index.alerts import AlertPhrase, AlertQuery, SubscriptionError, SubscriptionReason
from index.alerts.frequency import FrequencyEstimate
from index.alerts.requests import perhaps_unwanted_words, requested_words, unwanted_words
from index.language.patterns import fold_words
from index.language.word_frequency import folded_frequency, word_frequency
from index.models.article import StoredArticle
from index.search.quotes import COMMON_FROM
from index.store.chats import Chat, LimitError, Subscription


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
    """`/subscribe [WORDS]`: alert this chat of articles with the words; or ask for some."""
    await require_manager(turn)
    if not turn.words.strip():
        await offer_subscriptions(turn, turn.message.chat_id)
        return
    query = await read_query(turn, turn.words)
    await subscribe_to_query(turn, query, target_of(turn.message))


class AsksForAlerts(filters.MessageFilter):
    """Filter of messages that ask in words to be alerted of something."""

    def filter(self, message: Message) -> bool:
        """Tell whether a message is no more than that."""
        return requested_words(question_of(message, message.get_bot().username)) is not None


class AsksForNoMoreAlerts(filters.MessageFilter):
    """Filter of messages that ask in words to be alerted no more, of something or at all."""

    def filter(self, message: Message) -> bool:
        """Tell whether a message is no more than that."""
        typed = question_of(message, message.get_bot().username)
        return unwanted_words(typed) is not None or perhaps_unwanted_words(typed) is not None


async def subscribe_in_words(turn: ChatContext) -> None:
    """`đăng ký nhận tin bão`: as `/subscribe` with the words."""
    words = requested_words(question_of(turn.message, turn.voice.bot))
    assert words is not None  # see `AsksForAlerts`
    await subscribe(replace(turn, words=words))


async def unsubscribe_in_words(
    turn: ChatContext, otherwise: Callable[[ChatContext], Awaitable[None]]
) -> None:
    """`hủy nhận tin bão`: as `/unsubscribe` with the words, or without any.

    Args:
        turn: The message.
        otherwise: What answers `hủy đăng ký kết hôn`, where no subscription has the words.
    """
    typed = question_of(turn.message, turn.voice.bot)
    words = unwanted_words(typed)
    if words is None:
        turn = replace(turn, words=perhaps_unwanted_words(typed) or "")
        _, views = await _subscriptions_of(turn, turn.message.chat_id)
        if _meant(turn, views) is None:
            await otherwise(turn)
            return
        words = turn.words
    await unsubscribe(replace(turn, words=words))


async def subscriptions(turn: ChatContext) -> None:
    """`/subscriptions`: list the subscriptions of this chat."""
    await require_manager(turn)
    await turn.reply(await list_message(turn, turn.message.chat_id))
    await offer_channels(turn)


async def unsubscribe(turn: ChatContext) -> None:
    """`/unsubscribe [WORDS or NUMBER]`: delete a subscription, the only one; else list them."""
    _, views = await _subscriptions_of(turn, turn.message.chat_id)
    if not turn.words and len(views) != 1:
        await subscriptions(turn)
        return
    await require_manager(turn)
    meant = _meant(turn, views) if turn.words else views[0]
    if meant is None:
        await turn.say("unsubscribe_unknown", words=turn.words[:100])
    else:
        await turn.reply(render_deletion(turn.voice, meant))


async def subscribe_to_query(turn: ChatContext, query: AlertQuery, target: AlertTarget) -> None:
    """Subscribe a chat to a query, and say how often alerts are expected."""
    chat, typed = turn.message.chat_id, turn.message.message_id
    earlier = turn.desk.subscribed.get(chat, typed) if turn.edited else None
    try:
        added = await turn.searching(_added, turn, query, target, earlier)
    except LimitError:
        most = turn.voice.count(turn.desk.settings.subscriptions_per_chat)
        await turn.say("too_many_subscriptions", count=most)
        return
    view, is_new, expected, latest = added
    if is_new:
        turn.desk.subscribed.put(chat, view.subscription.id, typed)
    await turn.reply(render_added(turn.voice, view, expected, latest, is_new=is_new))


async def read_query(turn: ChatContext, words: str) -> AlertQuery:
    """Parse typed words into a query that is not too broad.

    What is typed in English is looked for in Vietnamese, too: articles are in Vietnamese.

    Raises:
        RefusedError: They are no such query.
    """
    queries, english = turn.desk.library.alert_queries, turn.voice.language == "en"
    translated = queries.with_translation(words) if english else words
    try:
        if translated != words:
            with suppress(SubscriptionError):
                query = await turn.searching(queries.read, translated, english=english)
                _check_breadth(query)
                return query
        query = await turn.searching(queries.read, words, english=english)
        _check_breadth(query)
    except SubscriptionError as error:
        raise RefusedError(f"wish_{error.reason}", **error.values) from error
    return query


async def list_message(turn: ChatContext, chat: int, page: int = 0) -> Rendered:
    """Render the subscriptions of a chat, to be shown in the topic of this message."""
    known, views = await _subscriptions_of(turn, chat)
    bot, thread = turn.message.get_bot().id, target_of(turn.message).thread
    bulletin = await turn.searching(turn.desk.library.bulletins.get, bot, chat)
    return render_list(turn.voice, known, views, page, thread=thread, bulletin=bulletin)


async def find_subscription(turn: ChatContext, number: int) -> SubscriptionView:
    """Return a subscription of this bot with its query.

    Raises:
        RefusedError: It is gone.
    """
    return await turn.searching(_find, turn.desk.library, turn.message.get_bot().id, number)


async def pressed_subscription(turn: ChatContext, number: int) -> SubscriptionView:
    """Return the subscription whose button was pressed.

    Raises:
        RefusedError: It is gone, or the user may not change it.
    """
    view = await find_subscription(turn, number)
    await require_manager_by_button(turn, view.subscription.chat)
    return view


async def show_subscription(turn: ChatContext, number: int) -> Notice:
    """Show a subscription as it is now, with its buttons."""
    return await turn.show(render_card(turn.voice, await find_subscription(turn, number)))


async def _subscriptions_of(turn: ChatContext, chat: int) -> tuple[Chat, list[SubscriptionView]]:
    """Return a chat and its subscriptions, oldest first."""
    return await turn.searching(_list, turn.desk.library, turn.message.get_bot().id, chat)


def _list(library: Library, bot: int, chat: int) -> tuple[Chat, list[SubscriptionView]]:
    known = library.chats.get(chat)
    stored = library.subscriptions.of_chat(bot, chat)
    return known, [_view(library, subscription, known) for subscription in stored]


def _find(library: Library, bot: int, number: int) -> SubscriptionView:
    subscription = library.subscriptions.get(number)
    if subscription is None or subscription.bot != bot:
        raise RefusedError("subscription_gone")
    return _view(library, subscription, library.chats.get(subscription.chat))


def _view(library: Library, subscription: Subscription, chat: Chat) -> SubscriptionView:
    query = library.alert_queries.read(subscription.wish)
    return SubscriptionView(subscription, query, is_given_up=chat.inactive_since is not None)


def _added(
    turn: ChatContext, query: AlertQuery, target: AlertTarget, earlier: int | None
) -> tuple[SubscriptionView, bool, FrequencyEstimate, StoredArticle | None]:
    library, now = turn.desk.library, int(time.time())
    if earlier is not None:
        library.subscriptions.remove(earlier, now)
    subscription, is_new = library.subscriptions.add(
        bot=turn.message.get_bot().id,
        chat=target.chat,
        thread=target.thread,
        wish=_stored_text(library, turn.message.get_bot().id, query, target),
        now=now,
        most=turn.desk.settings.subscriptions_per_chat,
    )
    library.chats.activate(target.chat)
    if target.chat == turn.message.chat_id and library.chats.language(target.chat) is None:
        # An alert knows the chat only, not whose Telegram it is read in.
        library.chats.set_language(target.chat, turn.voice.language)
    expected = library.alert_queries.expect(query)
    latest = library.article(expected.latest) if expected.latest else None
    return SubscriptionView(subscription, query), is_new, expected, latest


def _stored_text(library: Library, bot: int, query: AlertQuery, target: AlertTarget) -> str:
    """Return the text of a query, as an equal one is stored already: in other capitals or order."""
    for known in library.subscriptions.of_chat(bot, target.chat):
        if known.thread == target.thread and library.alert_queries.read(known.wish) == query:
            return known.wish
    return query.as_typed


def _check_breadth(query: AlertQuery) -> None:
    """Refuse a query that has an alternative of nothing but very frequent words.

    Raises:
        SubscriptionError: If nearly every article would match.
    """
    for phrases in query.alternatives if not query.sources else ():
        if all(map(_is_everywhere, phrases)):
            words = " ".join(phrase.words for phrase in phrases)
            raise SubscriptionError(SubscriptionReason.TOO_BROAD, words=words)


def _is_everywhere(phrase: AlertPhrase) -> bool:
    """Tell whether nearly every article holds a phrase."""
    if len(phrase.syllables) > 1:
        return False
    share = word_frequency if phrase.exact else folded_frequency
    return share(phrase.sought[0]) >= COMMON_FROM


def _meant(turn: ChatContext, views: list[SubscriptionView]) -> SubscriptionView | None:
    """Find a subscription by its place in the list, its name or its words.

    Some of its words are enough where no other one has them.
    """
    words = turn.words.strip()
    if words.isdecimal() and 1 <= int(words) <= len(views):
        return views[int(words) - 1]
    read, wanted = turn.desk.library.alert_queries.read, None
    with suppress(SubscriptionError):
        wanted = read(words, english=turn.voice.language == "en")
    for view in views:
        names = {view.subscription.name, describe_query(turn.voice, view.query)}
        if words in names or wanted == view.query:
            return view
    having = [view for view in views if _folded(words) in _folded(view.query.as_typed)]
    return having[0] if len(having) == 1 else None


def _folded(words: str) -> str:
    """Fold words, with a space on either side so that those within others are whole words."""
    return " ".join(("", fold_words(words.replace('"', " ")), ""))
