"""Reasons to leave a line of a page out of its article."""

from enum import StrEnum

from index.articles.readers.html.marks import Mark


class CutReason(StrEnum):
    """Reasons to leave a line out, apart from the names of its elements (`Mark`).

    The values are stored, and shown by `hoibao preview`.
    """

    OUTSIDE = "beside the article"
    LINK = "a link to another page"
    TEASER = "teaser of another article"
    LABEL = "heading of links"
    TOOL = "tool"
    PLAYER = "player"
    INVITATION = "invitation"
    AUTHOR = "author"
    DATE = "date"
    TITLE = "headline"
    SECTION = "section or badge"
    REPEATED = "stands on most pages of this source"


Reasons = list[CutReason | Mark | None]
"""For each line of a page the reason to leave it out, or None."""
