"""Overviews of many articles in a chat: pages of headlines, and timelines of a subject.

Each is found in a process of the answer pool, by a function that calls `index.Library`, and then
rendered; `handlers` holds the commands, `callbacks` the buttons.
"""

from bot.questions.overviews.callbacks import CALLBACKS
from bot.questions.overviews.finding import Overview, find_overview, render_overview
from bot.questions.overviews.handlers import reply_with_timeline, timeline
from bot.questions.overviews.headlines import (
    HeadlineAction,
    words_to_follow,
)
from bot.questions.overviews.timeline import FoundTimeline

__all__ = [
    "CALLBACKS",
    "FoundTimeline",
    "HeadlineAction",
    "Overview",
    "find_overview",
    "render_overview",
    "reply_with_timeline",
    "timeline",
    "words_to_follow",
]
