"""Overviews of many articles in a chat: pages of headlines, timelines, counts.

Each is found in a process of the answer pool, by a function that calls `index.Library`, and then
rendered; `handlers` holds the commands, `callbacks` the buttons.
"""

from bot.questions.overviews.callbacks import CALLBACKS
from bot.questions.overviews.finding import Overview, find_overview
from bot.questions.overviews.handlers import (
    count,
    reply_with_counts,
    reply_with_overview,
    reply_with_timeline,
    timeline,
)
from bot.questions.overviews.headlines import FoundHeadlines, HeadlineAction, words_to_follow

__all__ = [
    "CALLBACKS",
    "FoundHeadlines",
    "HeadlineAction",
    "Overview",
    "count",
    "find_overview",
    "reply_with_counts",
    "reply_with_overview",
    "reply_with_timeline",
    "timeline",
    "words_to_follow",
]
