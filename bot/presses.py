"""What the bot does when a button of an answer is pressed: context, pages, language.

A press is always answered, or the button would spin for ever: with nothing when
the message changes, else with a few words.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from functools import partial

from telegram import CallbackQuery, InaccessibleMessage, Message, Update

from bot.asking import find_page, find_within, shown
from bot.buttons import Heading, Press, Verb, View, decode_language
from bot.captions import Voice
from bot.conversation import nothing_found
from bot.day_words import asked_on
from bot.errors import BusyError
from bot.keyboards import language_keyboard
from bot.messages import Language, as_language
from bot.questions import question_of
from bot.rendering import Rendered, render_answer, render_finding
from bot.subscription_buttons import Touch
from bot.subscription_presses import do
from bot.turns import Context, Desk, Turn, changed, in_time, person
from index.errors import QuestionError
from index.pipeline import period_named

Act = Callable[[CallbackQuery, Voice], Awaitable[str | None]]
"""Does what a button says; returns what is to be said about it, if anything."""


async def press(desk: Desk, update: Update, context: Context) -> None:
    """A button of an answer was pressed: do what it says, and answer the press."""
    await answer_press(desk, update, context, partial(_act, desk))


async def answer_press(desk: Desk, update: Update, context: Context, act: Act) -> None:
    """Answer a press with what its deed has to say; whoever floods the bot has to wait."""
    query = update.callback_query
    if query is None:
        return
    chat = query.message.chat.id if query.message else query.from_user.id
    voice = await desk.voice(context.bot, chat, query.from_user)
    verdict = desk.floods.judge(person(update))
    if verdict.allowed:
        try:
            notice = await act(query, voice)
        except BusyError:
            notice = voice.plain("notice_busy")
    else:
        seconds = verdict.seconds or desk.floods.wait(person(update))
        notice = voice.plain("notice_slow_down", seconds=seconds)
    await in_time(query.answer(notice))


async def _act(desk: Desk, query: CallbackQuery, voice: Voice) -> str | None:
    """Do what a button says; return what is to be said about it, if anything."""
    data = query.data or ""
    pressed = Press.decode(data)
    language = as_language(decode_language(data))
    touched = Touch.decode(data)
    if pressed is None and language is None and touched is None:
        return voice.plain("notice_old_button")
    message = query.message
    if message is None or isinstance(message, InaccessibleMessage):
        return voice.plain("notice_message_gone")
    assert isinstance(message, Message)
    if language is not None:
        return await _choose_language(desk, message, voice, language)
    turn = Turn(desk, message, voice, query.from_user)
    if touched is not None:
        return await do(turn, touched)
    assert pressed is not None
    return await _change_view(turn, pressed)


async def _choose_language(
    desk: Desk, message: Message, voice: Voice, language: Language
) -> str | None:
    """Remember the chat's language, and say so in it."""
    await asyncio.to_thread(desk.library.chats.set_language, message.chat_id, language)
    text = voice.messages.text(language, "language_set")
    return await changed(message, voice, Rendered(text, language_keyboard(language)))


async def _change_view(turn: Turn, pressed: Press) -> str | None:
    """Show an answer's context, another page of it, or the answer of one article."""
    replied = turn.message.reply_to_message
    asked = question_of(replied, turn.voice.bot) if replied else ""
    if pressed.verb in {Verb.OPEN, Verb.CLOSE}:
        return await _toggle(turn, asked, pressed.view, opened=pressed.verb is Verb.OPEN)
    if replied is None or not asked:
        return turn.voice.plain("notice_question_gone")
    try:
        if pressed.verb is Verb.ONLY:
            await _ask_only(replace(turn, message=replied), asked, pressed.view.scope)
            return None
        return await _turn_page(turn, asked, pressed.view, asked_on(replied))
    except QuestionError:
        return turn.voice.plain("notice_question_gone")


async def _toggle(turn: Turn, asked: str, view: View, *, opened: bool) -> str | None:
    """Open the context of the quotes shown, or close it; it needs no question."""
    replied = turn.message.reply_to_message
    today = asked_on(replied or turn.message)
    period = period_named(asked, today) if view.days else None
    quotes, contexts = await turn.desk.answerers.do(shown, asked, view, today, opened=opened)
    if not quotes:
        return turn.voice.plain("notice_articles_gone")
    rendered = render_answer(turn.voice, view, quotes, contexts, period)
    return await changed(turn.message, turn.voice, rendered)


async def _turn_page(turn: Turn, asked: str, view: View, today: date) -> str | None:
    """Show another page of the answer."""
    desk = turn.desk
    finding = await desk.answerers.do(find_page, asked, view, desk.quotes, today)
    if not finding.quotes:
        return turn.voice.plain("notice_no_more")
    return await changed(turn.message, turn.voice, render_finding(turn.voice, finding))


async def _ask_only(turn: Turn, asked: str, scope: tuple[int, ...]) -> None:
    """Answer the question again, out of one article."""
    desk = turn.desk
    today = asked_on(turn.message)
    finding = await turn.asking(find_within, asked, scope, desk.quotes, today)
    if finding.view.heading is Heading.NEAREST:
        await nothing_found(turn, finding, "nothing_here")
    else:
        await turn.reply(render_finding(turn.voice, finding))
