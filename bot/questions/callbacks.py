"""Callbacks of the buttons under an answer: its context, other pages, one article, votes."""

import asyncio
import time
from dataclasses import replace
from datetime import date
from typing import Any

from bot.conversation.callbacks import Callbacks, Notice
from bot.conversation.context import ChatContext, edit_message
from bot.conversation.question_text import replied_question
from bot.questions.handlers import nothing_found
from bot.questions.keyboards import AnswerAction
from bot.questions.page_state import Heading, View
from bot.questions.rendering import render_answer, render_answer_page
from bot.questions.service import find_page, find_within, shown
from bot.questions.words import asked_on
from index.errors import QuestionError
from index.search.pipeline import period_named
from index.store.chats import Vote


async def open_context(turn: ChatContext, *view: Any) -> Notice:
    """Show the sentences around each quote."""
    return await _toggle(turn, View.of(*view), opened=True)


async def close_context(turn: ChatContext, *view: Any) -> Notice:
    """Show the quotes alone again."""
    return await _toggle(turn, View.of(*view), opened=False)


async def _toggle(turn: ChatContext, view: View, *, opened: bool) -> Notice:
    """Open the context of the quotes shown, or close it; it needs no question."""
    asked = replied_question(turn.message, turn.voice.bot)
    today = asked_on(turn.message.reply_to_message or turn.message)
    period = period_named(asked, today) if view.days else None
    quotes, contexts = await turn.desk.answer_pool.run(shown, asked, view, today, opened=opened)
    if not quotes:
        return turn.voice.plain("notice_articles_gone")
    rendered = render_answer(turn.voice, view, quotes, contexts, period)
    return await edit_message(turn.message, turn.voice, rendered)


async def turn_page(turn: ChatContext, *view: Any) -> Notice:
    """Show another page of the answer."""
    replied, asked = turn.message.reply_to_message, replied_question(turn.message, turn.voice.bot)
    if replied is None or not asked:
        return turn.voice.plain("notice_question_gone")
    return await _show_page(turn, asked, View.of(*view), asked_on(replied))


async def _show_page(turn: ChatContext, asked: str, view: View, today: date) -> Notice:
    desk = turn.desk
    try:
        finding = await desk.answer_pool.run(find_page, asked, view, desk.settings.quotes, today)
    except QuestionError:
        return turn.voice.plain("notice_question_gone")
    if not finding.quotes:
        return turn.voice.plain("notice_no_more")
    return await edit_message(turn.message, turn.voice, render_answer_page(turn.voice, finding))


async def ask_only(turn: ChatContext, *view: Any) -> Notice:
    """Answer the question again, out of one article."""
    replied, asked = turn.message.reply_to_message, replied_question(turn.message, turn.voice.bot)
    if replied is None or not asked:
        return turn.voice.plain("notice_question_gone")
    again = replace(turn, message=replied)
    scope, today = View.of(*view).scope, asked_on(replied)
    try:
        finding = await again.asking(find_within, asked, scope, turn.desk.settings.quotes, today)
    except QuestionError:
        return turn.voice.plain("notice_question_gone")
    if finding.view.heading is Heading.NEAREST:
        await nothing_found(again, finding, "nothing_here")
    else:
        await again.reply(render_answer_page(turn.voice, finding))
    return None


async def vote_for(turn: ChatContext, article: int, position: int) -> Notice:
    """Remember that the first quote answers."""
    return await _vote(turn, article, position, is_good=True)


async def vote_against(turn: ChatContext, article: int, position: int) -> Notice:
    """Remember that the first quote does not answer."""
    return await _vote(turn, article, position, is_good=False)


async def _vote(turn: ChatContext, article: int, position: int, *, is_good: bool) -> Notice:
    """Remember a vote with the quote that it is for."""
    message, library = turn.message, turn.desk.library
    quote = await asyncio.to_thread(library.quote, article, position)
    if quote is None:
        return turn.voice.plain("notice_articles_gone")
    given = Vote(
        bot=message.get_bot().id,
        chat=message.chat_id,
        message=message.message_id,
        person=turn.user.id if turn.user else 0,
        article=article,
        position=position,
        text=quote.text,
        is_good=is_good,
        question=(replied_question(turn.message, turn.voice.bot) or None)
        if turn.desk.settings.keep_questions
        else None,
        created_at=int(time.time()),
    )
    await asyncio.to_thread(library.feedback.put, given)
    return turn.voice.plain("notice_thanks")


CALLBACKS: Callbacks = {
    AnswerAction.OPEN: open_context,
    AnswerAction.CLOSE: close_context,
    AnswerAction.PAGE: turn_page,
    AnswerAction.ONLY: ask_only,
    AnswerAction.GOOD: vote_for,
    AnswerAction.BAD: vote_against,
}
