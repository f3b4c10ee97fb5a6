"""Message handlers of overviews: `/timeline`, and replies to its prompt."""

import asyncio

from bot.conversation.context import ChatContext
from bot.conversation.prompts import Aim, Prompt, ask_for
from bot.conversation.question_text import has_words, question_of
from bot.messages.rendered import Rendered
from bot.questions.overviews.timeline import find_timeline, render_timeline
from bot.questions.words import date_asked, filter_error_text
from index.errors import QuestionError
from index.search.query import FilterError

NO_NUMBER = 0
"""Number in a prompt that is about the chat where it stands."""


async def timeline(turn: ChatContext) -> None:
    """`/timeline SUBJECT`: what happened on a subject; without one ask for it."""
    if has_words(question_of(turn.message, turn.voice.bot)):
        await reply_with_timeline(turn)
    else:
        prompt = Prompt(Aim.TIMELINE, NO_NUMBER)
        await ask_for(turn, prompt, "timeline_prompt", "timeline_placeholder")


async def reply_with_timeline(turn: ChatContext) -> None:
    """Reply to a message that names a subject with the timeline of it."""
    asked = question_of(turn.message, turn.voice.bot)
    if not has_words(asked):
        await turn.say("reply_no_words")
        return
    try:
        found = await turn.asking(find_timeline, asked, 0, date_asked(turn.message))
    except FilterError as error:
        await turn.reply(Rendered(filter_error_text(turn.voice, error)))
        return
    except QuestionError:
        await turn.say("not_understood")
        return
    if found is None:
        await turn.say("overview_no_subject")
    elif found.timeline.events:
        await turn.reply(render_timeline(turn.voice, found))
    elif await asyncio.to_thread(turn.desk.library.latest, 1):
        await turn.say("timeline_nothing")
    else:
        await turn.say("empty_library")
