"""Top stories in a chat: found in a process of the answer pool, rendered, and paged through."""

from bot.questions.stories.handlers import show_stories, turn_stories
from bot.questions.stories.rendering import (
    StoriesAction,
    StoriesAsked,
    find_stories,
    render_stories,
)

__all__ = [
    "StoriesAction",
    "StoriesAsked",
    "find_stories",
    "render_stories",
    "show_stories",
    "turn_stories",
]
