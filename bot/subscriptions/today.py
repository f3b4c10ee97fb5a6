"""Top stories in a chat: `/today`, its buttons, and messages that ask for them in words.

`/today` shows those of today, `/today yesterday` those of a day, `/today 7h` sends them every day
at seven, and `/today off` ends that.
"""

from bot.chat_settings.bulletin import end_bulletin, open_choice, set_bulletin, show_bulletin
from bot.chat_settings.quiet_hours import is_off, parse_clock
from bot.conversation.callbacks import Callbacks
from bot.conversation.context import ChatContext, RefusedError
from bot.conversation.permissions import require_manager
from bot.questions.overviews import StoriesAction, show_stories, turn_stories
from bot.questions.words import date_asked
from index.models.schedule import DAY_MINUTES
from index.search.query import parse_story_days


async def today(turn: ChatContext) -> None:
    """`/today [DAY or TIME]`: top stories; every day at a time; `/today off`: no more."""
    words = turn.words.strip()
    minute = parse_clock(words)
    if not words:
        await show_stories(turn, None)
    elif is_off(words):
        await _end_bulletin(turn)
    elif minute is not None:
        await _set_bulletin(turn, minute)
    elif stories := parse_story_days(words, date_asked(turn.message)):
        await show_stories(turn, stories.period)
    else:
        raise RefusedError("today_not_understood")


async def _set_bulletin(turn: ChatContext, minute: int) -> None:
    """Set the time of the bulletin of this chat."""
    await require_manager(turn)
    chat = turn.message.chat_id
    await set_bulletin(turn, chat, minute % DAY_MINUTES)
    await show_bulletin(turn, chat)


async def _end_bulletin(turn: ChatContext) -> None:
    """Send this chat no more bulletins."""
    await require_manager(turn)
    had_one = await end_bulletin(turn, turn.message.chat_id)
    await turn.say("bulletin_ended" if had_one else "bulletin_ended_before")


async def offer_bulletin(turn: ChatContext) -> None:
    """Offer the hours of the bulletin of this chat."""
    await open_choice(turn, turn.message.chat_id)


CALLBACKS: Callbacks = {
    StoriesAction.PAGE: turn_stories,
    StoriesAction.PAGE_OF_DAYS: turn_stories,
    StoriesAction.DAILY: offer_bulletin,
}
