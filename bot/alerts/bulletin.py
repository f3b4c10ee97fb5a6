"""Compose the bulletin of a chat: the top stories of the moment, or that there is nothing new."""

from telegram import InlineKeyboardMarkup

from bot.messages.rendered import Rendered
from bot.messages.voice import Translator
from bot.questions.overviews import StoriesAsked, daily_button, find_stories, render_stories
from index import Library
from index.models.stories import StoryWindow
from index.store.chats import Chat


def compose_bulletin(library: Library, voice: Translator, chat: Chat, now: int) -> Rendered:
    """Compose the bulletin of a chat; in a channel it has no buttons. Blocks.

    Args:
        library: Holds the articles.
        voice: The translator.
        chat: The chat.
        now: The time, in seconds since the epoch.
    """
    asked = StoriesAsked.at(now)
    page = find_stories(library, asked)
    in_channel = chat.kind == "channel"
    manage = daily_button(voice, has_bulletin=True)
    if page is None or page.window is StoryWindow.NEWEST_DAY:
        keyboard = None if in_channel else InlineKeyboardMarkup([[manage]])
        return Rendered(voice.text("bulletin_nothing"), keyboard)
    return render_stories(
        voice, page, asked, heading="bulletin", buttons=[manage], has_keyboard=not in_channel
    )
