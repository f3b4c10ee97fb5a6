"""Overviews of many articles in a chat: pages of headlines, timelines, counts, top stories.

Each is found in a process of the answer pool, by a function that calls `index.Library`, and then
rendered; `handlers` holds the commands, `callbacks` the buttons.
"""

from bot.questions.overviews.callbacks import CALLBACKS
from bot.questions.overviews.finding import Overview, find_overview
from bot.questions.overviews.handlers import (
    answer_with_counts,
    answer_with_timeline,
    count,
    reply_with_counts,
    reply_with_overview,
    reply_with_timeline,
    timeline,
)
from bot.questions.overviews.headlines import FoundHeadlines, HeadlineAction, words_to_follow
from bot.questions.overviews.showing_stories import show_stories, turn_stories
from bot.questions.overviews.top_stories import (
    StoriesAction,
    StoriesAsked,
    daily_button,
    find_stories,
    render_stories,
)

__all__ = [
    "CALLBACKS",
    "FoundHeadlines",
    "HeadlineAction",
    "Overview",
    "StoriesAction",
    "StoriesAsked",
    "answer_with_counts",
    "answer_with_timeline",
    "count",
    "daily_button",
    "find_overview",
    "find_stories",
    "render_stories",
    "reply_with_counts",
    "reply_with_overview",
    "reply_with_timeline",
    "show_stories",
    "timeline",
    "turn_stories",
    "words_to_follow",
]
