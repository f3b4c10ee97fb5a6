"""The Telegram application: which updates go to which handler, at one look."""

import re
from functools import partial
from typing import Any

from telegram import LinkPreviewOptions, Message, Update
from telegram.constants import ChatType, ParseMode
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    Defaults,
    ExtBot,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot import conversation, own_data, quiet_hours, source_commands, source_lists, subscribing
from bot.answer_pool import AnswerPool
from bot.arrivals import arrived, moved
from bot.connection import Connection
from bot.errors import TokenError
from bot.floods import Floods
from bot.inline import inline
from bot.messages import Messages
from bot.ordering import InOrder
from bot.pace import PER_SECOND, Pace
from bot.pacing import Kind, Patience
from bot.presses import press
from bot.questions import mentions
from bot.redaction import redacted_logs
from bot.source_buttons import MARK
from bot.source_desk import SourceDesk
from bot.source_lists import IsSourceList
from bot.source_presses import press_source
from bot.troubles import trouble
from bot.turns import Context, Desk, answering
from index import Library

API_URL = "https://api.telegram.org"
UPDATES = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")
TOKEN_FORM = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
UPDATES_AT_ONCE = 5  # a hundred, Telegram's most, are 100 ms of work
CONNECTIONS = 256  # requests at a time: what 30 a second come to if each takes eight
INLINE_FACTOR = 3  # inline queries for each question: every pause in typing makes one

BotApplication = Application[
    ExtBot[Kind],
    Context,
    dict[Any, Any],
    dict[Any, Any],
    dict[Any, Any],
    None,
]


def build_application(
    library: Library,
    *,
    token: str,
    answerers: AnswerPool | None = None,
    api_url: str = API_URL,
    quotes: int = 3,
    questions_per_minute: int = 20,
    subscriptions_per_chat: int = 50,
    keep_questions: bool = False,
    messages_per_second: int = PER_SECOND,
    tending: SourceDesk | None = None,
) -> BotApplication:
    """Return the bot, ready to be run.

    Args:
        library: What the bot answers from.
        token: The bot's token.
        answerers: Who answers; by default threads of this process.
        api_url: Where the Bot API is, without `/bot`.
        quotes: How many quotes an answer shows.
        questions_per_minute: How much one person may ask.
        subscriptions_per_chat: How many subscriptions a chat may have.
        keep_questions: Whether a question is kept with what people think of its answer.
        messages_per_second: How much may be sent over all.
        tending: What admins tend the sources with, if they may.

    Raises:
        TokenError: If the token cannot be one.
    """
    if not TOKEN_FORM.fullmatch(token):
        raise TokenError(
            "the token is malformed: @BotFather gives one like 123456789:AAF4x… (digits, a colon, "
            "letters and digits); set it as token in config.toml or HOIBAO_TOKEN"
        )
    desk = Desk(
        library=library,
        answerers=answerers or AnswerPool.of_threads(library),
        messages=Messages.load(),
        floods=Floods(questions_per_minute),
        inline_floods=Floods(questions_per_minute * INLINE_FACTOR),
        quotes=quotes,
        subscriptions=subscriptions_per_chat,
        keeps_questions=keep_questions,
    )
    with redacted_logs(token):  # the library logs the addresses that it makes of it
        application = _assembled(token, api_url.rstrip("/"), Pace(messages_per_second))
    if tending:
        register_tending(application, desk, tending)
    register(application, desk)
    return application


OWN_WORDS = ~filters.VIA_BOT & ~filters.FORWARDED  # a command is meant by whoever wrote it


def register(application: BotApplication, desk: Desk) -> None:
    """Register every handler; of several that match, the first one answers."""
    commands = {
        "start": conversation.start,
        "help": conversation.show_help,
        "ask": conversation.ask,
        "latest": conversation.latest,
        "sources": conversation.sources,
        "lang": conversation.language,
        "subscribe": subscribing.subscribe,
        "subscriptions": subscribing.subscriptions,
        "unsubscribe": subscribing.unsubscribe,
        "quiet": quiet_hours.quiet,
        "export": own_data.export,
        "forget": own_data.forget,
    }
    add = application.add_handler
    for name, handler in commands.items():
        add(CommandHandler(name, answering(desk, handler), OWN_WORDS))
    ours = ~filters.StatusUpdate.ALL & Addressed()
    words = (filters.TEXT | filters.CAPTION) & ~filters.COMMAND
    add(MessageHandler(ours & words, answering(desk, conversation.question)))
    add(MessageHandler(ours & filters.COMMAND, answering(desk, conversation.unknown_command)))
    add(MessageHandler(ours, answering(desk, conversation.not_text)))
    add(CallbackQueryHandler(partial(press, desk)))
    add(InlineQueryHandler(partial(inline, desk)))
    add(ChatMemberHandler(partial(arrived, desk), ChatMemberHandler.MY_CHAT_MEMBER))
    add(MessageHandler(filters.StatusUpdate.MIGRATE, partial(moved, desk)))
    application.add_error_handler(partial(trouble, desk))


def register_tending(application: BotApplication, desk: Desk, tending: SourceDesk) -> None:
    """Register what admins tend the sources with, ahead of what everybody has."""
    handler = answering(desk, partial(source_commands.sources, tending))
    application.add_handler(CommandHandler("sources", handler, OWN_WORDS))
    of_admins = filters.User(tending.admins) & filters.ChatType.PRIVATE & ~filters.VIA_BOT
    imported = answering(desk, partial(source_lists.import_list, tending))
    application.add_handler(MessageHandler(of_admins & IsSourceList(), imported))
    pressed = partial(press_source, tending, desk)
    application.add_handler(CallbackQueryHandler(pressed, pattern=f"^{MARK}"))


def _assembled(token: str, api_url: str, pace: Pace) -> BotApplication:
    """Return an application without handlers."""
    bot: ExtBot[Kind] = FrugalBot(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=Connection(CONNECTIONS),
        get_updates_request=Connection(1),
        defaults=Defaults(
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            allow_sending_without_reply=True,
        ),
        rate_limiter=Patience(pace),
    )
    return Application.builder().bot(bot).concurrent_updates(InOrder()).job_queue(None).build()


class FrugalBot(ExtBot[Kind]):
    """Fetches a few updates at a time: whatever else there is to do waits while they are read."""

    async def get_updates(self, *args: Any, **kwargs: Any) -> tuple[Update, ...]:
        """Fetch no more than `UPDATES_AT_ONCE`."""
        return await super().get_updates(*args, **{**kwargs, "limit": UPDATES_AT_ONCE})


class Addressed(filters.MessageFilter):
    """Lets messages through that are meant for the bot.

    In a private chat that is all of them; in a group a command with the bot's
    name, a mention, or a reply to a message of the bot. What was sent through
    the bot's inline mode is not meant for it.
    """

    def filter(self, message: Message) -> bool:
        """Tell whether a message is meant for the bot."""
        if message.via_bot:
            return False
        if message.chat.type == ChatType.PRIVATE:
            return True
        return _is_addressed(message)


def _is_addressed(message: Message) -> bool:
    """Tell whether a message of a group speaks to the bot."""
    bot = message.get_bot()
    command = (message.text or " ").split(" ")[0].split("\n")[0]
    if command.startswith("/"):
        return command.lower().endswith(f"@{bot.username.lower()}")
    if mentions(message, bot.username, bot.id):
        return True
    replied = message.reply_to_message
    return bool(replied and replied.from_user and replied.from_user.id == bot.id)
