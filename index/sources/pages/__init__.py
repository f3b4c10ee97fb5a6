"""Pages of followed sources: whether one is the article of its feed item, and repeated lines."""

from index.sources.pages.page_match import is_front_page, is_notice, is_worse, speaks_of
from index.sources.pages.repeated_lines import (
    cut_repeated,
    cut_repeated_lines,
    read_followed_page,
)

__all__ = [
    "cut_repeated",
    "cut_repeated_lines",
    "is_front_page",
    "is_notice",
    "is_worse",
    "read_followed_page",
    "speaks_of",
]
