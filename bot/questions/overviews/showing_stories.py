"""Show top stories in a chat, and turn their pages."""

from bot.conversation.callbacks import Notice
from bot.conversation.context import ChatContext, RefusedError
from bot.messages.rendered import Rendered
from bot.questions.overviews.top_stories import (
    StoriesAsked,
    daily_button,
    find_stories,
    render_stories,
)
from bot.questions.words import period_words
from index.models.period import Period
from index.models.stories import StoryPage


async def show_stories(turn: ChatContext, period: Period | None) -> bool:
    """Reply with the top stories at the time of the message, or of some days.

    Returns:
        Whether there are any.
    """
    asked = StoriesAsked.at(turn.message.date, period)
    page = await turn.asking(find_stories, asked)
    if page is not None:
        await turn.reply(await _render(turn, page, asked))
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
    return await turn.show(await _render(turn, page, asked))


async def _render(turn: ChatContext, page: StoryPage, asked: StoriesAsked) -> Rendered:
    bot, chat = turn.message.get_bot().id, turn.message.chat_id
    bulletin = await turn.searching(turn.desk.library.bulletins.get, bot, chat)
    daily = daily_button(turn.voice, has_bulletin=bulletin is not None)
    return render_stories(turn.voice, page, asked, buttons=[daily])
