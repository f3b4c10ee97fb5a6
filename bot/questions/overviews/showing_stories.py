"""Show top stories in a chat, and turn their pages."""

from bot.conversation.callbacks import Notice
from bot.conversation.context import ChatContext, RefusedError
from bot.questions.overviews.top_stories import (
    StoriesAsked,
    daily_button,
    find_stories,
    render_stories,
)
from bot.questions.words import period_words
from index.models.period import Period


async def show_stories(turn: ChatContext, period: Period | None) -> bool:
    """Reply with the top stories at the time of the message, or of some days.

    Returns:
        Whether there are any.
    """
    asked = StoriesAsked.at(turn.message.date, period)
    page = await turn.asking(find_stories, asked)
    if page is not None:
        buttons = [daily_button(turn.voice)]
        await turn.reply(render_stories(turn.voice, page, asked, buttons=buttons))
    elif period is not None:
        await turn.say("stories_none_of_days", days=period_words(turn.voice, period))
    else:
        newest = await turn.searching(turn.desk.library.latest, 1)
        await turn.say("stories_none" if newest else "empty_library")
    return page is not None


async def turn_stories(turn: ChatContext, *values: int) -> Notice:
    """Show another page of top stories."""
    asked = StoriesAsked.of(*values)
    page = await turn.asking(find_stories, asked)
    if page is None:
        raise RefusedError("no_more_articles")
    buttons = [daily_button(turn.voice)]
    return await turn.show(render_stories(turn.voice, page, asked, buttons=buttons))
