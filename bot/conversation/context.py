"""Contexts of handlers: services and caches of the bot, a message and the reply to it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any, Concatenate, ParamSpec, TypeVar

from pydantic import TypeAdapter
from telegram import Bot, InlineKeyboardMarkup, Message, Update, User
from telegram.constants import ChatAction, ChatType
from telegram.error import BadRequest, TelegramError
from telegram.ext import CallbackContext, ExtBot

from bot.conversation.answer_pool import AnswerPool, BusyError
from bot.conversation.flood_control import FloodControl
from bot.conversation.memory import ChatCache, Focus, OpenPrompts, ShownAnswer, ShownAnswers
from bot.conversation.question_text import question_of, replied_question
from bot.conversation.reply_header import LatestMessages, carried_question, carry_question
from bot.conversation.usage import Outcome, UsageCounter
from bot.messages import Messages, interface_language
from bot.messages.examples import ExampleQuestions
from bot.messages.rendered import Rendered
from bot.messages.voice import Translator
from bot.settings import Settings
from index import Library
from index.errors import HoiBaoError
from index.language.spelling import nfc

# Telegram's words
UNCHANGED = "message is not modified"
UNCHANGEABLE = ("message to edit not found", "message can't be edited")
TOO_LATE = ("query is too old", "query id is invalid")

TYPING_PAUSE_SECONDS = 0.3  # most answers are there before; a request would only be in their way
TYPING_LIMIT = 4  # chats at a time that get to see it: when many ask, answers matter more
CACHES_OF_WORDS = ("shown",)  # of the caches of each chat: they hold what people typed
_LOGGER = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")
Context = CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]


class RefusedError(HoiBaoError):
    """A request that is refused for a reason that the user is told.

    Args:
        key: The message that says why; the answer to a callback query is `notice_` and the key.
        values: The values of its template.
    """

    def __init__(self, key: str, **values: str | int) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


@dataclass(frozen=True, slots=True, kw_only=True)
class BotContext:
    """Services of all handlers: library, settings, answer pool, messages, caches.

    Of each chat, `answered` maps the message of a question to that of the answer, so that an
    edited question gets an edited answer; `albums` holds the picture groups that were answered;
    `subscribed` maps a message to the subscription that it made, so that an edited one
    changes it; `examples` are the example questions; `focus` holds the article that a person
    asks about, `shown_answers` the last answer to them; `latest_messages` tells which answers
    need a reply header; `open_prompts` what a private chat was asked for; `typing_slots` limits
    how many chats see “typing” at a time.
    """

    library: Library
    settings: Settings
    answer_pool: AnswerPool
    flood_control: FloodControl
    inline_flood_control: FloodControl
    usage: UsageCounter
    messages: Messages = field(default_factory=Messages.load)
    answered: ChatCache[int] = field(default_factory=lambda: ChatCache(TypeAdapter(int)))
    albums: ChatCache[bool] = field(default_factory=lambda: ChatCache(TypeAdapter(bool)))
    subscribed: ChatCache[int] = field(default_factory=lambda: ChatCache(TypeAdapter(int)))
    examples: ExampleQuestions = field(default_factory=ExampleQuestions)
    focus: Focus = field(default_factory=Focus)
    shown_answers: ShownAnswers = field(default_factory=ShownAnswers)
    latest_messages: LatestMessages = field(default_factory=LatestMessages)
    open_prompts: OpenPrompts = field(default_factory=OpenPrompts)
    typing_slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(TYPING_LIMIT))

    @property
    def caches(self) -> Mapping[str, ChatCache[Any]]:
        """All that is remembered of each chat for a while, by name."""
        return {
            "answered": self.answered,
            "albums": self.albums,
            "subscribed": self.subscribed,
            "focus": self.focus.cache,
            "shown": self.shown_answers.cache,
            "latest": self.latest_messages.cache,
            "prompts": self.open_prompts.open_ones,
            "prompt_answers": self.open_prompts.answers,
        }

    async def voice(self, bot: Bot, chat: int, user: User | None) -> Translator:
        """Return the translator for a chat: in its chosen language, else the user's."""
        chosen = await asyncio.to_thread(self.library.chats.language, chat)
        code = user.language_code if user else None
        return Translator(self.messages, interface_language(chosen, code), bot.username)


async def try_edit(edit: Awaitable[object]) -> bool:
    """Await an edit of a message, and tell whether the message now has the text wanted.

    An edit that changes nothing counts as done; one of a message that is gone or too old
    does not.

    Raises:
        BadRequest: If Telegram refuses the edit for another reason.
    """
    try:
        await edit
    except BadRequest as error:
        if _says(error, UNCHANGED):
            return True
        if _says(error, *UNCHANGEABLE):
            return False
        raise
    return True


@dataclass(frozen=True, slots=True)
class ChatContext:
    """Message to answer, with the user who sent it or pressed its button.

    `words` are the arguments of a command, in NFC; `pressed` tells whether a button was pressed;
    `asked` is the question of a message that is not the one of a person; `begun` is when the
    message was taken in hand, on the monotonic clock.
    """

    desk: BotContext
    message: Message
    voice: Translator
    user: User | None = None
    edited: bool = False
    words: str = ""
    pressed: bool = False
    asked: str = ""
    begun: float = field(default_factory=monotonic)

    async def count_reply(self, outcome: Outcome) -> None:
        """Count the reply to `asked`, with the time that it took to find it, and who asked."""
        self.desk.usage.replied(outcome, self.asked, monotonic() - self.begun)
        if self.user:
            await self.desk.usage.asked(self.message.get_bot().id, self.user.id)

    async def say(self, key: str, **values: str | int) -> None:
        """Answer with a message of the catalogues."""
        await self.reply(Rendered(self.voice.text(key, **values)))

    async def reply(self, rendered: Rendered) -> None:
        """Answer the message; if it was edited, change the answer given before.

        The answer has a reply header in groups, and where other messages stand between.
        """
        chat, question = self.message.chat_id, self.message.message_id
        earlier = self.desk.answered.get(chat, question) if self.edited else None
        rendered = await self._previewing(rendered)
        asked = self._question() if rendered.keyboard else ""
        carrying = self._carrying(rendered, asked)
        if earlier is not None and await self._change(earlier, carrying or rendered):
            self._remember(earlier, asked, rendered.keyboard)
            return
        sent = await self.message.reply_text(
            (carrying or rendered).html,
            reply_markup=rendered.keyboard,
            link_preview_options=rendered.link_preview,
            do_quote=carrying is None or not self.desk.latest_messages.is_latest(self.message),
        )
        if self.edited or self.desk.answered.get(chat, question) is None:
            self.desk.answered.put(chat, sent.message_id, question)
        self._remember(sent.message_id, asked, rendered.keyboard)

    async def show(self, rendered: Rendered) -> str | None:
        """Show in place of the message whose button was pressed, else as a reply.

        The message carries the same question as before.

        Returns:
            A notice if that message can no longer be edited.
        """
        if not self.pressed:
            await self.reply(rendered)
            return None
        rendered = await self._previewing(rendered)
        carried = carried_question(self.message, self.voice.bot)
        edit = self.message.edit_text(
            (self._carrying(rendered, carried) or rendered).html,
            reply_markup=rendered.keyboard,
            link_preview_options=rendered.link_preview,
        )
        if not await try_edit(edit):
            return self.voice.plain("notice_message_gone")
        asked = replied_question(self.message, self.voice.bot)
        self._remember(self.message.message_id, asked, rendered.keyboard)
        return None

    async def also(self, rendered: Rendered) -> None:
        """Send a message beside the answer."""
        await self.message.reply_text(rendered.html, reply_markup=rendered.keyboard, do_quote=False)

    def _remember(self, message: int, question: str, keyboard: InlineKeyboardMarkup | None) -> None:
        """Remember what the user was shown, if it has buttons; see `bot.questions.follow_ups`."""
        if keyboard and self.user:
            shown = ShownAnswer.of(message, question, keyboard)
            self.desk.shown_answers.put(self.message.chat_id, self.user.id, shown)

    async def _previewing(self, rendered: Rendered) -> Rendered:
        """Return a message without its link preview if the chat wants none."""
        if rendered.preview is None:
            return rendered
        chat = await asyncio.to_thread(self.desk.library.chats.get, self.message.chat_id)
        return rendered if chat.shows_previews else replace(rendered, preview=None)

    def _question(self) -> str:
        """Return the question of the message, of a person or of the bot; empty for a command."""
        if self.asked:
            return self.asked
        message, bot = self.message, self.voice.bot
        if message.from_user and message.from_user.id == message.get_bot().id:
            return carried_question(message, bot)
        question = question_of(message, bot)
        return "" if question.startswith("/") else question

    def _carrying(self, rendered: Rendered, question: str) -> Rendered | None:
        """Return a message that carries a question, if there is any, for its buttons.

        It is None where a reply header does so: in groups, and for questions that are too long.
        """
        if not question:
            return rendered
        is_in_header = question == question_of(self.message, self.voice.bot)
        if self.message.chat.type != ChatType.PRIVATE and is_in_header:
            return None
        html = carry_question(rendered.html, question, self.voice.bot)
        return replace(rendered, html=html) if html else None

    async def searching(self, work: Callable[P, T], /, *arguments: P.args, **named: P.kwargs) -> T:
        """Run blocking work in a thread; show “typing” if it takes long."""
        return await self._typing(asyncio.to_thread(work, *arguments, **named))

    async def asking(
        self,
        work: Callable[Concatenate[Library, P], T],
        /,
        *arguments: P.args,
        **named: P.kwargs,
    ) -> T:
        """Run a function in the answer pool; show “typing” if it takes long.

        Raises:
            BusyError: If too many questions wait.
        """
        started = monotonic()
        try:
            return await self._typing(self.desk.answer_pool.run(work, *arguments, **named))
        finally:
            self.desk.usage.took(monotonic() - started)

    async def _typing(self, work: Awaitable[T]) -> T:
        typing = asyncio.create_task(self._show_typing())
        try:
            return await work
        finally:
            typing.cancel()

    async def _change(self, earlier: int, rendered: Rendered) -> bool:
        """Edit an earlier answer, and tell whether it now has the text wanted."""
        edit = self.message.get_bot().edit_message_text(
            rendered.html,
            chat_id=self.message.chat_id,
            message_id=earlier,
            reply_markup=rendered.keyboard,
            link_preview_options=rendered.link_preview,
        )
        return await try_edit(edit)

    async def _show_typing(self) -> None:
        await asyncio.sleep(TYPING_PAUSE_SECONDS)
        if self.desk.typing_slots.locked():
            return
        async with self.desk.typing_slots:
            with suppress(TelegramError):
                await self.message.reply_chat_action(ChatAction.TYPING)


async def ignore_too_late(answer: Awaitable[object]) -> None:
    """Await the answer to a callback or inline query; log one that comes too late.

    Raises:
        BadRequest: If Telegram refuses the answer for another reason.
    """
    try:
        await answer
    except BadRequest as error:
        if not _says(error, *TOO_LATE):
            raise
        _LOGGER.info("An answer came too late: %s", error)


def _says(error: BadRequest, *words: str) -> bool:
    """Tell whether an error contains one of Telegram's phrases."""
    return any(word in error.message.lower() for word in words)


def message_handler(
    desk: BotContext, handler: Callable[[ChatContext], Awaitable[None]]
) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
    """Return a handler of updates that calls a handler of messages, under flood control."""

    async def answer(update: Update, context: Context) -> None:
        message = update.effective_message
        assert message is not None
        verdict = await desk.flood_control.check(sender_id(update))
        if not verdict.allowed and not verdict.is_told:
            return
        turn = ChatContext(
            desk,
            message,
            await desk.voice(context.bot, message.chat_id, update.effective_user),
            user=update.effective_user,
            edited=update.edited_message is not None,
            words=nfc(" ".join(context.args or ())),
        )
        if not verdict.allowed:
            await turn.say("slow_down", seconds=verdict.wait)
            return
        try:
            await handler(turn)
        except BusyError:
            await turn.say("busy")
        except RefusedError as error:
            await turn.say(error.key, **error.values)

    return answer


def sender_id(update: Update) -> int:
    """Return the id of the sender of an update.

    For an anonymous administrator or a channel it is that of the chat they speak as, since
    all of them share one user.
    """
    return update.effective_sender.id if update.effective_sender else 0
