"""Callbacks of the buttons under an answer: context, pages, one article, votes."""

import asyncio
import time
from dataclasses import replace
from functools import partial
from typing import Any

from telegram import Message

from bot.conversation.callbacks import Callbacks, Notice, question_above
from bot.conversation.context import ChatContext, RefusedError
from bot.conversation.question_text import replied_question
from bot.questions.handlers import reply_answer
from bot.questions.keyboards import AnswerAction
from bot.questions.page_state import PageState
from bot.questions.rendering import render_answer, render_answer_page
from bot.questions.service import AnswerPage, find_page, find_shown_quotes
from bot.questions.words import date_asked
from index.errors import QuestionError
from index.search.pipeline import period_named
from index.store.chats import Vote


async def toggle_context(turn: ChatContext, *values: Any, opened: bool) -> Notice:
    """Show the sentences around each quote, or hide them; works without the question too."""
    state, asked = PageState.of(*values), replied_question(turn.message, turn.voice.bot)
    today = date_asked(turn.message.reply_to_message or turn.message)
    period = period_named(asked, today) if state.days else None
    quotes, contexts, topic = await turn.desk.answer_pool.run(
        find_shown_quotes, asked, state, today, opened=opened
    )
    if not quotes:
        raise RefusedError("articles_gone")
    return await turn.show(render_answer(turn.voice, state, quotes, contexts, period, topic))


async def turn_page(turn: ChatContext, *values: Any) -> Notice:
    """Show another page of the answer."""
    _, page = await _find_page(turn, values)
    if not page.quotes:
        raise RefusedError("no_more")
    return await turn.show(render_answer_page(turn.voice, page))


async def ask_article(turn: ChatContext, *values: Any) -> None:
    """Answer the question again within one article."""
    replied, page = await _find_page(turn, values)
    await reply_answer(replace(turn, message=replied), page.headed(), "nothing_here")


async def _find_page(turn: ChatContext, values: tuple[Any, ...]) -> tuple[Message, AnswerPage]:
    """Return the message replied to, and the page of its answer that callback data describe.

    Raises:
        RefusedError: There is no question any more.
    """
    replied, asked = question_above(turn)
    state, size, today = PageState.of(*values), turn.desk.settings.quotes, date_asked(replied)
    try:
        return replied, await turn.asking(find_page, asked, state, size, today)
    except QuestionError as error:
        raise RefusedError("question_gone") from error


async def vote(turn: ChatContext, article: int, position: int, *, is_good: bool) -> Notice:
    """Store a vote on the first quote, together with the quote."""
    message, library = turn.message, turn.desk.library
    quote = await asyncio.to_thread(library.quote, article, position)
    if quote is None:
        raise RefusedError("articles_gone")
    question = replied_question(message, turn.voice.bot) or None
    given = Vote(
        bot=message.get_bot().id,
        chat=message.chat_id,
        message=message.message_id,
        person=turn.user.id if turn.user else 0,
        article=article,
        position=position,
        text=quote.text,
        is_good=is_good,
        question=question if turn.desk.settings.keep_questions else None,
        created_at=int(time.time()),
    )
    await asyncio.to_thread(library.feedback.put, given)
    return turn.voice.plain("notice_thanks")


CALLBACKS: Callbacks = {
    AnswerAction.OPEN: partial(toggle_context, opened=True),
    AnswerAction.CLOSE: partial(toggle_context, opened=False),
    AnswerAction.PAGE: turn_page,
    AnswerAction.ONLY: ask_article,
    AnswerAction.GOOD: partial(vote, is_good=True),
    AnswerAction.BAD: partial(vote, is_good=False),
}
