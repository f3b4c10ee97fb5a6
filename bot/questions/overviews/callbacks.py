"""Callbacks of the buttons under overviews: pages of headlines and of timelines."""

from dataclasses import replace

from bot.conversation.callbacks import Callbacks, Notice, question_above
from bot.conversation.context import ChatContext, RefusedError
from bot.questions.overviews.headlines import HeadlineAction, find_headlines, render_headlines
from bot.questions.overviews.timeline import (
    FoundTimeline,
    TimelineAction,
    find_timeline,
    render_timeline,
)
from bot.questions.words import date_asked
from index.errors import QuestionError


async def turn_headlines(turn: ChatContext, number: int) -> Notice:
    """Show another page of headlines."""
    replied, asked = question_above(turn)
    try:
        found = await turn.asking(find_headlines, asked, number, date_asked(replied))
    except QuestionError as error:
        raise RefusedError("question_gone") from error
    if found is None or not found.page.headlines:
        raise RefusedError("no_more_articles")
    return await turn.show(render_headlines(turn.voice, found))


async def turn_timeline(turn: ChatContext, number: int) -> Notice:
    """Show another page of a timeline."""
    return await turn.show(render_timeline(turn.voice, await _find_timeline(turn, number)))


async def open_timeline(turn: ChatContext) -> None:
    """Reply to the message that names a subject with the timeline of it."""
    replied, asked = question_above(turn)
    found = await _find_timeline(turn, 0)
    await replace(turn, message=replied, asked=asked).reply(render_timeline(turn.voice, found))


async def _find_timeline(turn: ChatContext, number: int) -> FoundTimeline:
    """Find a page of the timeline of the subject that the message replied to names.

    Raises:
        RefusedError: There is no such message any more, or no such page.
    """
    replied, asked = question_above(turn)
    try:
        found = await turn.asking(find_timeline, asked, number, date_asked(replied))
    except QuestionError as error:
        raise RefusedError("question_gone") from error
    if found and found.timeline.events:
        return found
    if number:
        raise RefusedError("no_more_events")
    raise RefusedError("no_events")


CALLBACKS: Callbacks = {
    HeadlineAction.PAGE: turn_headlines,
    TimelineAction.PAGE: turn_timeline,
    TimelineAction.OPEN: open_timeline,
}
