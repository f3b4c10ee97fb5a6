"""One message to the bot and the answer to it: what every handler works with."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ParamSpec, TypeVar

from telegram import Bot, Message, Update, User
from telegram.constants import ChatAction
from telegram.error import BadRequest, TelegramError
from telegram.ext import CallbackContext, ExtBot

from bot.captions import Voice
from bot.floods import Floods
from bot.memory import Recent
from bot.messages import DEFAULT_LANGUAGE, Language, Messages, interface_language
from bot.rendering import Rendered
from index import Library

UNCHANGED = "message is not modified"  # Telegram's words

P = ParamSpec("P")
T = TypeVar("T")
Context = CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the bot works with: the library, its words, and what it remembers.

    `answered` leads from a question (chat, message) to the answer's message, so
    that an edited question gets an edited answer; `albums` are the picture
    groups that were answered.
    """

    library: Library
    floods: Floods
    inline_floods: Floods
    messages: Messages = field(default_factory=Messages.load)
    answered: Recent[tuple[int, int], int] = field(default_factory=Recent)
    albums: Recent[str, bool] = field(default_factory=Recent)
    quotes: int = 3
    language: Language = DEFAULT_LANGUAGE

    async def voice(self, bot: Bot, chat: int, user: User | None) -> Voice:
        """Return the voice to speak with in a chat: its own choice, else the user's language."""
        chosen = await asyncio.to_thread(self.library.chats.language, chat)
        code = user.language_code if user else None
        language = interface_language(chosen, code, default=self.language)
        return Voice(self.messages, language, bot.username)


@dataclass(frozen=True, slots=True)
class Turn:
    """A message that the bot answers. `words` are the arguments of a command."""

    desk: Desk
    message: Message
    voice: Voice
    edited: bool = False
    words: str = ""

    async def say(self, key: str, **values: str | int) -> None:
        """Answer with a message of the catalogues."""
        await self.reply(Rendered(self.voice.text(key, **values)))

    async def reply(self, rendered: Rendered) -> None:
        """Answer the message; if it was edited, change the answer given before."""
        question = (self.message.chat_id, self.message.message_id)
        earlier = self.desk.answered.get(question) if self.edited else None
        if earlier is not None and await self._change(earlier, rendered):
            return
        sent = await self.message.reply_text(
            rendered.html, reply_markup=rendered.keyboard, do_quote=True
        )
        if self.edited or question not in self.desk.answered:
            self.desk.answered.set(question, sent.message_id)

    async def searching(self, work: Callable[P, T], /, *arguments: P.args, **named: P.kwargs) -> T:
        """Do blocking work in a thread, while the chat sees that something is coming."""
        found, _ = await asyncio.gather(
            asyncio.to_thread(work, *arguments, **named), self._show_typing()
        )
        return found

    async def _change(self, earlier: int, rendered: Rendered) -> bool:
        """Edit an earlier answer, and tell whether it now says what it should."""
        edit = self.message.get_bot().edit_message_text(
            rendered.html,
            chat_id=self.message.chat_id,
            message_id=earlier,
            reply_markup=rendered.keyboard,
        )
        return await edited(edit)

    async def _show_typing(self) -> None:
        with suppress(TelegramError):
            await self.message.reply_chat_action(ChatAction.TYPING)


async def edited(edit: Awaitable[object]) -> bool:
    """Await an edit of a message, and tell whether the message now says what it should.

    An edit that changes nothing is as good as done. One that Telegram refuses
    is not: the message is gone, or too old.
    """
    try:
        await edit
    except BadRequest as error:
        return UNCHANGED in error.message.lower()
    return True


Handler = Callable[[Turn], Awaitable[None]]
UpdateHandler = Callable[[Update, Context], Coroutine[Any, Any, None]]


def answering(desk: Desk, handler: Handler) -> UpdateHandler:
    """Return a handler of updates that gives its turn to whoever does not flood the bot."""
    return partial(_answer, desk, handler)


async def _answer(desk: Desk, handler: Handler, update: Update, context: Context) -> None:
    message = update.effective_message
    if message is None:
        return
    verdict = desk.floods.judge(person(update))
    if not verdict.allowed and verdict.seconds is None:
        return
    turn = Turn(
        desk,
        message,
        await desk.voice(context.bot, message.chat_id, update.effective_user),
        edited=update.edited_message is not None,
        words=" ".join(context.args or ()),
    )
    if verdict.seconds is not None:
        await turn.say("slow_down", seconds=verdict.seconds)
    else:
        await handler(turn)


def person(update: Update) -> int:
    """Return the number of whoever an update comes from."""
    if update.effective_user:
        return update.effective_user.id
    return update.effective_chat.id if update.effective_chat else 0
