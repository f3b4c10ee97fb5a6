"""Register the handlers of Telegram updates: build the application and its table of handlers."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from telegram import LinkPreviewOptions, Message, Update
from telegram.constants import ChatType, ParseMode
from telegram.ext import (
    Application,
    ChatMemberHandler,
    CommandHandler,
    Defaults,
    ExtBot,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.alerts import callbacks as alert_presses
from bot.app.error_handler import handle_error
from bot.app.errors import TokenError
from bot.app.statistics import show_statistics
from bot.chat_settings import bulletin, language, quiet_hours, settings_card
from bot.chat_settings import privacy as own_data
from bot.chat_settings.membership import migrate_chat, update_membership
from bot.conversation.answer_pool import AnswerPool
from bot.conversation.callbacks import callback_handler, outdated_handler
from bot.conversation.context import BotContext, ChatContext, Context, message_handler
from bot.conversation.flood_control import Buckets, FloodControl, LocalBuckets, SharedBuckets
from bot.conversation.memory import Aim, Prompt
from bot.conversation.prompts import AnswersPrompt, answering, cancel, end_prompt
from bot.conversation.question_text import mentions
from bot.conversation.usage import UsageCounter
from bot.messages.examples import ExampleQuestions
from bot.questions import callbacks as presses
from bot.questions import handlers as conversation
from bot.questions import overviews
from bot.questions.follow_ups import IsFollowUp, follow_up
from bot.questions.inline import answer_inline_query
from bot.settings import Settings
from bot.sources import handlers as source_commands
from bot.sources import opml as source_lists
from bot.sources.callbacks import source_callbacks
from bot.sources.context import SourceAdmin
from bot.sources.opml import IS_SOURCE_LIST
from bot.subscriptions import callbacks as subscription_presses
from bot.subscriptions import handlers as subscribing
from bot.subscriptions import prompt_replies
from bot.subscriptions import today as top_stories
from bot.transport.connection import BotApiRequest
from bot.transport.inbox import InboxQueue
from bot.transport.polling import PollingBot, PollingRequest
from bot.transport.rate_limiter import Kind, RateLimiter
from bot.transport.send_queue import PAID_PER_SECOND, PER_SECOND, SendQueue
from bot.transport.update_order import PerChatUpdateProcessor
from bot.transport.worker_pace import WorkerPace
from index import Library
from index.workers import hide

UPDATES = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")
TOKEN_FORM = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
CONNECTIONS = 256  # requests at a time: what 30 a second come to if each takes eight
INLINE_FACTOR = 3  # inline queries for each question: every pause in typing makes one

Data = dict[Any, Any]
BotApplication = Application[ExtBot[Kind], Context, Data, Data, Data, None]


def build_application(
    library: Library,
    settings: Settings,
    *,
    answer_pool: AnswerPool | None = None,
    source_admin: SourceAdmin | None = None,
    examples: ExampleQuestions | None = None,
    is_shared: bool = False,
) -> BotApplication:
    """Build the bot, ready to be run.

    Args:
        library: The library that is searched.
        settings: Its token, where the Bot API is, and its limits.
        answer_pool: Runs the answering functions; by default threads of this process.
        source_admin: The source administration; without it nobody can manage sources in a chat.
        examples: The example questions; by default there are none.
        is_shared: Whether workers share the database: updates are received into its inbox, floods
            are counted there, and all keep one pace of sending.

    Raises:
        TokenError: If there is no token, or it cannot be one.
    """
    per_minute = settings.questions_per_minute

    def buckets(kind: str) -> Buckets:
        if not is_shared:
            return LocalBuckets()
        return SharedBuckets(library.flood_buckets, bot_number(settings), kind)

    desk = BotContext(
        library=library,
        answer_pool=answer_pool or AnswerPool.of_threads(library),
        settings=settings,
        flood_control=FloodControl(per_minute, buckets("message")),
        examples=examples or ExampleQuestions(),
        inline_flood_control=FloodControl(per_minute * INLINE_FACTOR, buckets("inline")),
        usage=UsageCounter(
            library.usage, keep_questions=settings.keep_questions, is_shared=is_shared
        ),
    )
    queue: asyncio.Queue[object] = asyncio.Queue()
    if is_shared:
        arrived = desk.latest_messages.see_update
        queue = InboxQueue(library.inbox, bot_number(settings), arrived)
    per_second = PAID_PER_SECOND if settings.paid_broadcast else PER_SECOND
    pace = WorkerPace(library.pace, bot_number(settings), per_second) if is_shared else None
    application = _build(settings, desk, queue, SendQueue(per_second, pace=pace))
    if source_admin:
        register_source_admin(application, desk, source_admin)
    if isinstance(queue, InboxQueue):
        application.add_error_handler(queue.leave_to_others)  # before that which tells people
    register(application, desk)
    application.bot_data[BotContext] = desk
    return application


def context_of(application: BotApplication) -> BotContext:
    """Return the services of the bot's handlers."""
    desk = application.bot_data[BotContext]
    assert isinstance(desk, BotContext)
    return desk


def rate_limiter_of(application: BotApplication) -> RateLimiter:
    """Return the rate limiter of the bot's requests."""
    rate_limiter = application.bot.rate_limiter
    assert isinstance(rate_limiter, RateLimiter)
    return rate_limiter


NOT_RELAYED = ~filters.VIA_BOT & ~filters.FORWARDED  # only the author of a command can mean it
WORDS = (filters.TEXT | filters.CAPTION) & ~filters.COMMAND
BEFORE_OTHERS = -1  # the group of a handler that every update passes before the others


def register(application: BotApplication, desk: BotContext) -> None:
    """Register every handler; of several that match, the first one answers."""
    commands = {
        "start": conversation.start,
        "help": conversation.show_help,
        "ask": conversation.ask,
        "latest": conversation.latest,
        "today": top_stories.today,
        "timeline": overviews.timeline,
        "count": overviews.count,
        "sources": source_commands.show_sources,
        "lang": language.language,
        "subscribe": subscribing.subscribe,
        "subscriptions": subscribing.subscriptions,
        "unsubscribe": subscribing.unsubscribe,
        "settings": settings_card.settings,
        "quiet": quiet_hours.quiet,
        "export": own_data.export,
        "forget": own_data.forget,
        "stats": show_statistics,
    }
    buttons = (
        presses.CALLBACKS,
        overviews.CALLBACKS,
        alert_presses.CALLBACKS,
        subscription_presses.CALLBACKS,
        quiet_hours.CALLBACKS,
        bulletin.CALLBACKS,
        top_stories.CALLBACKS,
        own_data.CALLBACKS,
        language.CALLBACKS,
        settings_card.CALLBACKS,
    )
    add = application.add_handler
    ours = ~filters.StatusUpdate.ALL & IsAddressed()
    add(TypeHandler(Update, partial(end_prompt, desk)), group=BEFORE_OTHERS)
    register_prompt(application, desk, prompt_replies.add, Aim.ADD)
    changes = (Aim.RENAME, Aim.EDIT, Aim.DAILY, Aim.WEEKLY)
    register_prompt(application, desk, prompt_replies.change, *changes)
    register_prompt(application, desk, quiet_hours.answer_with_hours, Aim.QUIET)
    register_prompt(application, desk, overviews.answer_with_timeline, Aim.TIMELINE)
    register_prompt(application, desk, overviews.answer_with_counts, Aim.COUNT)
    is_private = filters.ChatType.PRIVATE & NOT_RELAYED
    add(CommandHandler("cancel", message_handler(desk, cancel), is_private))
    is_follow_up = NOT_RELAYED & IsFollowUp()
    add(CommandHandler("ask", message_handler(desk, follow_up), is_follow_up, has_args=True))
    for name, command in commands.items():
        add(CommandHandler(name, message_handler(desk, command), NOT_RELAYED))
    typed = ours & WORDS & NOT_RELAYED
    end_alerts = partial(subscribing.unsubscribe_in_words, otherwise=conversation.answer_question)
    for asked, reply in (
        (subscribing.AsksForAlerts(), subscribing.subscribe_in_words),
        (subscribing.AsksForNoMoreAlerts(), end_alerts),
    ):
        add(MessageHandler(typed & asked, message_handler(desk, reply)))
    add(MessageHandler(ours & WORDS & IsFollowUp(), message_handler(desk, follow_up)))
    add(MessageHandler(ours & WORDS, message_handler(desk, conversation.answer_question)))
    add(MessageHandler(ours & filters.COMMAND, message_handler(desk, conversation.unknown_command)))
    add(MessageHandler(ours, message_handler(desk, conversation.reject_non_text)))
    for callbacks in buttons:
        add(callback_handler(desk, callbacks))
    add(outdated_handler(desk, "notice_old_list", pattern="1s"))
    add(outdated_handler(desk, "notice_old_button"))
    add(InlineQueryHandler(partial(answer_inline_query, desk)))
    add(ChatMemberHandler(partial(update_membership, desk), ChatMemberHandler.MY_CHAT_MEMBER))
    add(MessageHandler(filters.StatusUpdate.MIGRATE, partial(migrate_chat, desk)))
    application.add_error_handler(partial(handle_error, desk))


def register_prompt(
    application: BotApplication,
    desk: BotContext,
    answer: Callable[[ChatContext, Prompt, str], Awaitable[None]],
    *aims: Aim,
) -> None:
    """Register the handler of the answers to prompts with some aims."""
    handler = message_handler(desk, answering(answer))
    is_answer = AnswersPrompt(desk.open_prompts, *aims)
    typed = ~filters.StatusUpdate.ALL & WORDS & IsAddressed() & is_answer
    application.add_handler(MessageHandler(typed, handler))
    is_reply = filters.REPLY & NOT_RELAYED & is_answer
    application.add_handler(CommandHandler("ask", handler, is_reply, has_args=True))


def register_source_admin(
    application: BotApplication, desk: BotContext, source_admin: SourceAdmin
) -> None:
    """Register the handlers by which admins manage sources, ahead of everybody's."""
    handler = message_handler(desk, partial(source_commands.sources, source_admin))
    application.add_handler(CommandHandler("sources", handler, NOT_RELAYED))
    of_admins = (
        filters.User(source_admin.settings.admins) & filters.ChatType.PRIVATE & ~filters.VIA_BOT
    )
    answer = partial(source_commands.answer_with_address, source_admin)
    register_prompt(application, desk, answer, Aim.SOURCE)
    imported = message_handler(desk, partial(source_lists.import_list, source_admin))
    application.add_handler(MessageHandler(of_admins & IS_SOURCE_LIST, imported))
    application.add_handler(callback_handler(desk, source_callbacks(source_admin)))


def _build(
    settings: Settings,
    desk: BotContext,
    queue: "asyncio.Queue[object]",
    send_queue: SendQueue,
) -> BotApplication:
    """Build the application without handlers: bot, connections, rate limiter."""
    token, api_url = _token(settings), str(settings.api_url).rstrip("/")
    hide(token)  # the library logs the addresses that it makes of it
    bot: ExtBot[Kind] = PollingBot(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=BotApiRequest(CONNECTIONS),
        get_updates_request=PollingRequest(1),
        defaults=Defaults(
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            allow_sending_without_reply=True,
        ),
        rate_limiter=RateLimiter(send_queue, desk.latest_messages.see_result),
    )
    return (
        Application.builder()
        .bot(bot)
        .update_queue(queue)
        .concurrent_updates(PerChatUpdateProcessor(desk.latest_messages.see_update))
        .job_queue(None)
        .build()
    )


def bot_number(settings: Settings) -> int:
    """Return the number of the bot, with which its token begins.

    Raises:
        TokenError: If there is no token, or it cannot be one.
    """
    return int(_token(settings).partition(":")[0])


def _token(settings: Settings) -> str:
    """Return the token of the settings, or raise if it is missing or malformed."""
    if settings.token is None:
        raise TokenError(
            "no token: get one from @BotFather on Telegram, then set token in config.toml or "
            "HOIBAO_TOKEN (or try the bot without one: hoibao playground)"
        )
    token = settings.token.get_secret_value()
    if not TOKEN_FORM.fullmatch(token):
        raise TokenError(
            "the token is malformed: @BotFather gives one like 123456789:AAF4x… (digits, a colon, "
            "letters and digits); set it as token in config.toml or HOIBAO_TOKEN"
        )
    return token


class IsAddressed(filters.MessageFilter):
    """Filter of messages that are addressed to the bot.

    In a private chat that is all of them; in a group a command with the bot's
    name, a mention, or a reply to a message of the bot. What was sent through
    the bot's inline mode is not addressed to it.
    """

    def filter(self, message: Message) -> bool:
        """Tell whether a message is addressed to the bot."""
        if message.via_bot:
            return False
        if message.chat.type == ChatType.PRIVATE:
            return True
        bot = message.get_bot()
        command = (message.text or " ").split(" ")[0].split("\n")[0]
        if command.startswith("/"):
            return command.lower().endswith(f"@{bot.username.lower()}")
        if mentions(message, bot.username, bot.id):
            return True
        replied = message.reply_to_message
        return bool(replied and replied.from_user and replied.from_user.id == bot.id)
