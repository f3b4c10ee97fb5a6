"""Message handlers of overviews: `/timeline`, `/count`, and answers to their prompts."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import date

from telegram import InputFile
from telegram.error import TelegramError

from bot.conversation.context import ChatContext
from bot.conversation.memory import Aim, Prompt
from bot.conversation.prompts import ask_for
from bot.conversation.question_text import has_words, question_of
from bot.messages.rendered import Rendered
from bot.questions.overviews.counts import FoundCounts, find_counts, render_caption
from bot.questions.overviews.finding import Overview, render_overview
from bot.questions.overviews.timeline import FoundTimeline, find_timeline
from bot.questions.words import date_asked, filter_error_text
from index import Library
from index.errors import QuestionError
from index.search.query import FilterError

PICTURE_NAME = "days.png"

NO_NUMBER = 0
"""Number in a prompt that is about the chat where it stands."""


async def timeline(turn: ChatContext) -> None:
    """`/timeline SUBJECT`: what happened on a subject; without one ask for it."""
    if _names_something(turn):
        await reply_with_timeline(turn)
    else:
        prompt = Prompt(Aim.TIMELINE, NO_NUMBER)
        await ask_for(turn, prompt, "timeline_prompt", "subject_placeholder")


async def count(turn: ChatContext) -> None:
    """`/count SUBJECT`: how many articles there are on a subject; without one ask for it."""
    if _names_something(turn):
        await reply_with_counts(turn)
    else:
        await ask_for(turn, Prompt(Aim.COUNT, NO_NUMBER), "count_prompt", "subject_placeholder")


async def reply_with_timeline(turn: ChatContext) -> None:
    """Reply to a message that names a subject with the timeline of it."""
    await _reply(turn, _first_page)


async def reply_with_counts(turn: ChatContext) -> None:
    """Reply to a message that names a subject with the number of articles on it."""
    await _reply(turn, find_counts)


async def answer_with_timeline(turn: ChatContext, _prompt: Prompt, _subject: str) -> None:
    """Reply to the answer to the prompt with the timeline of the subject that it names."""
    await reply_with_timeline(turn)


async def answer_with_counts(turn: ChatContext, _prompt: Prompt, _subject: str) -> None:
    """Reply to the answer to the prompt with the number of articles on its subject."""
    await reply_with_counts(turn)


def _first_page(library: Library, question: str, today: date) -> FoundTimeline | None:
    return find_timeline(library, question, 0, today)


def _names_something(turn: ChatContext) -> bool:
    return has_words(question_of(turn.message, turn.voice.bot))


async def _reply(turn: ChatContext, find: Callable[[Library, str, date], Overview | None]) -> None:
    """Reply to a message that names a subject with an overview of the articles on it."""
    if not _names_something(turn):
        await turn.say("reply_no_words")
        return
    asked = question_of(turn.message, turn.voice.bot)
    try:
        found = await turn.asking(find, asked, date_asked(turn.message))
    except FilterError as error:
        await turn.reply(Rendered(filter_error_text(turn.voice, error)))
        return
    except QuestionError:
        await turn.say("not_understood")
        return
    if not await asyncio.to_thread(turn.desk.library.latest, 1):
        await turn.say("empty_library")
    elif found is None:
        await turn.say("overview_no_subject")
    elif isinstance(found, FoundTimeline) and not found.timeline.events:
        await turn.say("timeline_nothing")
    else:
        await reply_with_overview(turn, found)


async def reply_with_overview(turn: ChatContext, found: Overview) -> None:
    """Reply with an overview, and with its picture if it has one."""
    await turn.reply(render_overview(turn.voice, found))
    if isinstance(found, FoundCounts) and found.picture and not turn.edited:
        with suppress(TelegramError):  # a group may permit no pictures; the text is there
            await turn.message.reply_photo(
                InputFile(found.picture, PICTURE_NAME),
                caption=render_caption(turn.voice, found),
                do_quote=False,
            )
