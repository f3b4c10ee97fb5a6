"""Message handlers: questions, `/ask`, `/latest`, `/start`, `/help`, and messages without text.

The way of a question, in order:

1. `answer_question` (here) finds the message that holds the question, reads its text, and refuses
   text without words and small talk. Top stories that are asked for are shown; see
   `bot.questions.overviews`.
2. The scope, the articles to ask first, are those linked by the message of the bot that is
   replied to, else the article chosen by "ask about this article".
3. `bot.questions.service.find_answer` runs in a process of the answer pool: it asks within the
   scope, then everywhere, by `Library.ask`, whose steps stand in `index.search.pipeline`. What
   asks for news or names a subject gets headlines by `Library.headlines`.
4. `bot.questions.rendering` renders the page of quotes, `bot.questions.overviews` that of
   headlines or a timeline; if nothing answers, `reply_nothing_found` says so and offers the
   nearest quotes.
"""

import asyncio
import logging
from collections.abc import Sequence, Set
from dataclasses import replace

from telegram import InlineKeyboardMarkup, Message

from bot.conversation.answer_pool import BusyError
from bot.conversation.callback_data import button
from bot.conversation.context import ChatContext, RefusedError
from bot.conversation.prompts import cancel, is_cancelling
from bot.conversation.question_text import has_words, question_of
from bot.conversation.usage import Outcome
from bot.messages.captions import source_name
from bot.messages.links import payload_number
from bot.messages.rendered import Rendered
from bot.questions.keyboards import FocusAction, follow_keyboard, nearest_keyboard
from bot.questions.overviews import Overview, reply_with_overview, show_stories
from bot.questions.overviews.listings import render_article, render_latest
from bot.questions.rendering import render_answer_page
from bot.questions.reply_scope import last_article, linked_addresses, linked_articles
from bot.questions.service import AnswerPage, Offer, find_answer, questions_on_offer
from bot.questions.words import date_asked, filter_error_text
from index import Certainty, Library
from index.errors import PROGRAM_ERRORS, HoiBaoError, QuestionError
from index.models.answer import Quote
from index.models.article import StoredArticle
from index.search.query import FilterError, SmallTalk, parse_story_request, small_talk

LATEST_LIMIT = 5  # articles
LEAD_SENTENCES = 3
EXAMPLES = 3  # questions, in `/start` and `/help`

_LOGGER = logging.getLogger(__name__)


async def ask(turn: ChatContext) -> None:
    """`/ask QUESTION`: answer; without a question say how to ask one."""
    if question_of(_with_question(turn).message, turn.voice.bot):
        await answer_question(turn)
    else:
        found = turn.desk.examples.some(turn.voice, 1, turn.message.message_id)
        question = found[0] if found else turn.voice.plain("your_question")
        await turn.say("ask", question=question)


async def answer_question(turn: ChatContext) -> None:
    """Answer a question: within the articles replied to or chosen first, then everywhere."""
    turn = _with_question(turn)
    asked = question_of(turn.message, turn.voice.bot)
    if not has_words(asked):
        await turn.say("no_words", example=_example(turn))
        return
    if is_cancelling(asked):
        await cancel(turn)
        return
    turn = replace(turn, asked=asked)
    if kind := small_talk(asked):
        await say_small_talk(turn, kind)
        return
    if stories := parse_story_request(asked, date_asked(turn.message)):
        found = await show_stories(turn, stories.period)
        await turn.count_reply(Outcome.ARTICLES if found else Outcome.NONE)
        return
    try:
        scope, in_mode = await _scope(turn)
        today = date_asked(turn.message)
        size = turn.desk.settings.quotes
        page = await turn.asking(find_answer, asked, scope, size, today, _last_article(turn))
    except FilterError as error:
        await turn.reply(Rendered(filter_error_text(turn.voice, error)))
        return
    except QuestionError:
        await turn.say("not_understood")
        return
    await turn.count_reply(_outcome(page))
    if not isinstance(page, AnswerPage):
        await reply_with_overview(turn, page)
    else:
        asked_page = page.in_mode() if in_mode else page
        await reply_answer(turn, asked_page, "nothing_anywhere" if scope else "nothing")


def _outcome(page: AnswerPage | Overview) -> Outcome:
    if not isinstance(page, AnswerPage):
        return Outcome.ARTICLES
    return Outcome(page.certainty)


async def say_small_talk(turn: ChatContext, kind: SmallTalk) -> None:
    """Reply to a message that asks nothing of the news."""
    if kind is SmallTalk.HELP:
        await show_help(turn)
    else:
        await turn.say(kind, example=_example(turn))


async def reply_answer(turn: ChatContext, page: AnswerPage, key: str) -> None:
    """Reply with quotes that answer or may answer, else with the message that nothing does."""
    if page.certainty is Certainty.NONE:
        await _reply_nothing_found(turn, page, key)
    else:
        rendered = render_answer_page(turn.voice, page)
        await turn.reply(await with_questions(turn, rendered, page.quotes))


async def with_questions(
    turn: ChatContext, rendered: Rendered, quotes: Sequence[Quote]
) -> Rendered:
    """Add buttons of questions that the article of the best quote answers by other sentences."""
    if not quotes or turn.voice.language != "vi":
        return rendered
    article = quotes[0].article.number
    offers = await _offers(turn, article, {quotes[0].position})  # the one that stands whole
    rows = [[button(text, FocusAction.EXAMPLE, article, place)] for place, text in offers]
    above = rendered.keyboard.inline_keyboard if rendered.keyboard else ()
    keyboard = InlineKeyboardMarkup([*above, *rows]) if above or rows else None
    return replace(rendered, keyboard=keyboard)


async def _offers(turn: ChatContext, article: int, shown: Set[int]) -> list[Offer]:
    """Return questions that an article answers by other sentences than those shown.

    There are none where too many questions wait, or where these cannot be found: an answer does not
    wait for its buttons, and is not lost with them.
    """
    try:
        return await turn.desk.answer_pool.run(questions_on_offer, article, shown)
    except BusyError:
        return []
    except (HoiBaoError, *PROGRAM_ERRORS):
        _LOGGER.exception("The questions that article %d answers cannot be found", article)
        return []


async def _reply_nothing_found(turn: ChatContext, page: AnswerPage, key: str) -> None:
    """Reply that no answer was found, and offer the nearest quotes if there are any."""
    voice = turn.voice
    if page.quotes:
        keyboard = nearest_keyboard(voice, page.state, page.topic)
    else:
        keyboard = follow_keyboard(voice, page.topic)
        if not await asyncio.to_thread(turn.desk.library.latest, 1):
            key = "empty_library"
    await turn.reply(Rendered(voice.text(key, example=_example(turn)), keyboard))


def _example(turn: ChatContext) -> str:
    """Return the end of a paragraph that gives an example question, or nothing."""
    return turn.desk.examples.line(turn.voice, turn.message.message_id)


def _examples(turn: ChatContext) -> str:
    """Return a paragraph that lists example questions, or nothing."""
    return turn.desk.examples.paragraph(turn.voice, EXAMPLES, turn.message.message_id)


async def _scope(turn: ChatContext) -> tuple[tuple[int, ...], bool]:
    """Return the numbers of the articles to ask first, and whether it is the one asked for long."""
    scope: tuple[int, ...] = ()
    if links := _reply_links(turn.message):
        scope = await asyncio.to_thread(linked_articles, turn.desk.library, links, turn.voice.bot)
    focus = turn.desk.focus.of(turn.message.chat_id, turn.user.id) if turn.user else ()
    return (scope, False) if scope else (focus, bool(focus))


def _last_article(turn: ChatContext) -> tuple[int, ...]:
    """Return the number of the article that answered the person last; empty if there is none."""
    if turn.user is None:
        return ()
    return last_article(turn.desk.shown_answers.of(turn.message.chat_id, turn.user.id))


def _with_question(turn: ChatContext) -> ChatContext:
    """Return the context of the message that holds the question.

    That is the message replied to, if the reply is no more than the bot's name.
    """
    replied = turn.message.reply_to_message
    if replied is None or question_of(turn.message, turn.voice.bot) or is_of_bot(replied):
        return turn
    if replied.forum_topic_created:  # the service message that every message of a topic replies to
        return turn
    return replace(turn, message=replied)


def is_of_bot(message: Message) -> bool:
    """Tell whether a message is the bot's own, or was sent through its inline mode."""
    authors = {author.id for author in (message.from_user, message.via_bot) if author}
    return message.get_bot().id in authors


def _reply_links(message: Message) -> list[str]:
    """Return the links of the bot's own message that a message replies to."""
    replied = message.reply_to_message
    return linked_addresses(replied) if replied and is_of_bot(replied) else []


async def start(turn: ChatContext) -> None:
    """`/start`: greet, or show the article of a deep link; reactivates the chat."""
    await asyncio.to_thread(turn.desk.library.chats.activate, turn.message.chat_id)
    number = payload_number(turn.words)
    if number is None:
        await turn.say("start", examples=_examples(turn))
        return
    opening = await turn.searching(_article_and_lead, turn.desk.library, number)
    await turn.reply(render_article(turn.voice, *opening))


def _article_and_lead(library: Library, number: int) -> tuple[StoredArticle, list[Quote]]:
    """Return an article and its first sentences."""
    article = library.article(number)
    if article is None:
        raise RefusedError("article_gone")
    return article, library.sentences(number, 1, LEAD_SENTENCES)


async def show_help(turn: ChatContext) -> None:
    """`/help`: how to ask, and what else there is."""
    kept = "privacy_kept" if turn.desk.settings.keep_questions else "privacy_not_kept"
    bot, privacy = f"@{turn.voice.bot}", turn.voice.plain(kept)
    await turn.say("help", bot=bot, privacy=privacy, examples=_examples(turn))


async def latest(turn: ChatContext) -> None:
    """`/latest [SOURCE]`: the newest articles."""
    source = turn.words or None
    try:
        articles = await turn.searching(turn.desk.library.latest, LATEST_LIMIT, source)
    except QuestionError as error:
        raise RefusedError("unknown_source", source=turn.words[:100]) from error
    if articles:
        name = source_name(articles[0]) if source else None
        await turn.reply(render_latest(turn.voice, articles, name))
    else:
        await turn.say("empty_library")


async def unknown_command(turn: ChatContext) -> None:
    """Reply to a command that does not exist."""
    await turn.say("unknown_command")


async def reject_non_text(turn: ChatContext) -> None:
    """Reply to a picture, sticker or voice message that only text is read; once for an album."""
    chat, album = turn.message.chat_id, turn.message.media_group_id
    if album is not None:
        if turn.desk.albums.get(chat, album):
            return
        turn.desk.albums.put(chat, True, album)
    await turn.say("not_text")
