"""Callbacks of the buttons under an answer: context, pages, one article, votes.

`bot.conversation.memory` holds the article that a person asks about. While it does, it is asked
first, and each answer says so, with the button that ends it.
"""

import asyncio
import time
from dataclasses import replace
from functools import partial
from typing import Any

from telegram import InlineKeyboardMarkup

from bot.conversation.callbacks import Callbacks, Notice, question_above
from bot.conversation.context import ChatContext, RefusedError
from bot.conversation.question_text import replied_question
from bot.messages.captions import TITLE_LIMIT, clip
from bot.messages.html import Piece
from bot.messages.rendered import Rendered
from bot.questions.handlers import answer_question, reply_answer, with_questions
from bot.questions.keyboards import NO_ARTICLE, AnswerAction, FocusAction, end_button
from bot.questions.page_state import PageState
from bot.questions.rendering import render_answer, render_answer_page
from bot.questions.service import AnswerPage, example_at, find_page, find_shown_quotes
from bot.questions.words import date_asked
from index.errors import QuestionError
from index.models.article import StoredArticle
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
    rendered = render_answer(turn.voice, state, quotes, contexts, period, topic)
    return await turn.show(await with_questions(turn, rendered, quotes))


async def turn_page(turn: ChatContext, *values: Any) -> Notice:
    """Show another page of the answer."""
    _, page = await _find_page(turn, values)
    if not page.quotes:
        raise RefusedError("no_more")
    return await turn.show(render_answer_page(turn.voice, page))


async def ask_article(turn: ChatContext, *values: Any) -> None:
    """Answer the question again within one article, and ask that article from then on."""
    asking, page = await _find_page(turn, values)
    if page.quotes and page.state.scope:
        await focus_on(turn, page.state.scope[0])
        page = page.in_mode()
    await reply_answer(asking, page.headed(), "nothing_here")


async def focus_on(turn: ChatContext, article: int) -> StoredArticle:
    """Answer the user's questions from one article from now on, and return it.

    Raises:
        RefusedError: It does not exist.
    """
    stored = await asyncio.to_thread(turn.desk.library.article, article)
    if stored is None:
        raise RefusedError("articles_gone")
    if turn.user:
        turn.desk.focus.set(turn.message.chat_id, turn.user.id, article)
    return stored


async def focus_on_article(turn: ChatContext, number: int) -> None:
    """Answer the user's questions from one article from now on, and say so."""
    article = await focus_on(turn, number)
    text = turn.voice.text("about", title=clip(article.title, TITLE_LIMIT))
    await turn.reply(Rendered(text, InlineKeyboardMarkup([[end_button(turn.voice, number)]])))


async def focus_on_all(turn: ChatContext, article: int) -> Notice:
    """Answer the user's questions from all articles again.

    The message that names the article says so in its place; an answer stays, under `NO_ARTICLE`.
    """
    if turn.user:
        turn.desk.focus.clear(turn.message.chat_id, turn.user.id)
    if article == NO_ARTICLE:
        return turn.voice.plain("notice_about_all")
    return await turn.show(Rendered(turn.voice.text("about_all")))


async def ask_example(turn: ChatContext, article: int, place: int) -> None:
    """Ask a question on offer: send it as a message, and answer it within its article."""
    await answer_question(await _ask_as_message(turn, article, place))


async def _ask_as_message(turn: ChatContext, article: int, place: int) -> ChatContext:
    """Send the question of a button as a message, and return the context that answers it.

    Raises:
        RefusedError: The question is gone.
    """
    question = await turn.asking(example_at, article, place)
    if question is None:
        raise RefusedError("articles_gone")
    await focus_on(turn, article)
    text = Piece.plain(question).within("i").html
    sent = await turn.message.reply_text(text, do_quote=False)
    return replace(turn, message=sent, pressed=False)


async def _find_page(turn: ChatContext, values: tuple[Any, ...]) -> tuple[ChatContext, AnswerPage]:
    """Return the context of the question, and the page of its answer that callback data describe.

    Raises:
        RefusedError: There is no question any more.
    """
    replied, asked = question_above(turn)
    state, size, today = PageState.of(*values), turn.desk.settings.quotes, date_asked(replied)
    try:
        page = await turn.asking(find_page, asked, state, size, today)
        return replace(turn, message=replied, asked=asked), page
    except QuestionError as error:
        raise RefusedError("question_gone") from error


async def vote(turn: ChatContext, article: int, position: int, *, is_good: bool) -> Notice:
    """Store a vote on the first quote, together with the quote."""
    question = replied_question(turn.message, turn.voice.bot)
    await store_vote(turn, turn.message.message_id, question, (article, position), is_good=is_good)
    return turn.voice.plain("notice_thanks")


async def store_vote(
    turn: ChatContext, message: int, question: str, place: tuple[int, int], *, is_good: bool
) -> None:
    """Store the user's vote on the first quote of an answer, together with the quote.

    Args:
        turn: The chat and the user who votes.
        message: The number of the message that answers.
        question: The question that it answers; empty if it is lost.
        place: The number of the quote's article, and its position.
        is_good: Whether the quote answers.

    Raises:
        RefusedError: The quote is gone.
    """
    library = turn.desk.library
    quote = await asyncio.to_thread(library.quote, *place)
    if quote is None:
        raise RefusedError("articles_gone")
    given = Vote(
        bot=turn.message.get_bot().id,
        chat=turn.message.chat_id,
        message=message,
        person=turn.user.id if turn.user else 0,
        article=place[0],
        position=place[1],
        text=quote.text,
        is_good=is_good,
        question=(question or None) if turn.desk.settings.keep_questions else None,
        created_at=int(time.time()),
    )
    await asyncio.to_thread(library.feedback.put, given)


CALLBACKS: Callbacks = {
    AnswerAction.OPEN: partial(toggle_context, opened=True),
    AnswerAction.CLOSE: partial(toggle_context, opened=False),
    AnswerAction.PAGE: turn_page,
    AnswerAction.ONLY: ask_article,
    FocusAction.ABOUT: focus_on_article,
    FocusAction.ABOUT_ALL: focus_on_all,
    FocusAction.EXAMPLE: ask_example,
    AnswerAction.GOOD: partial(vote, is_good=True),
    AnswerAction.BAD: partial(vote, is_good=False),
}
