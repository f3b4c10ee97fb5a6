"""Trim the edges of a body: invitations, dates, sections, headings of links, the imprint."""

from __future__ import annotations

import re

from index.articles.readers.boilerplate import (
    ends_article,
    is_boilerplate,
    is_imprint,
    is_invitation,
)
from index.articles.readers.html.body import OUTSIDE
from index.articles.readers.html.furniture import LABEL, TOOL
from index.articles.readers.html.metadata import title_key
from index.articles.readers.html.page_lines import Line
from index.language.dates import is_date_line, read_datetime
from index.language.patterns import Pattern

AUTHOR = "author"
DATE = "date"
INVITATION = "invitation"
IMPRINT = "imprint"
TITLE = "headline"
SECTION = "section or badge"

_HEAD_LINES = 8  # below the headline: date, author, tools
_MOST_HEAD_WORDS = 12  # of a line with a date above the text
_MOST_KICKER_WORDS = 5
_HEADINGS = frozenset("h2 h3 h4 h5 h6".split())
_ITEMS = frozenset("li tr dd dt".split())
_STAMP_LABEL = Pattern(
    r"(?:ngày )?(?:đăng|tạo|gửi|cập nhật|xuất bản|phát hành)(?: lúc| ngày)?(?:\s?:.{0,40}|\s)\d",
    re.IGNORECASE,
)


def cut_invitations(lines: list[Line], places: list[int], reasons: list[str | None]) -> None:
    """Cut invitations to follow or to look elsewhere, with the title below one that ends so."""
    invites = False
    for at in places:
        text = lines[at].text
        if is_invitation(text):
            reasons[at] = INVITATION
            invites = text.endswith(":")
        elif invites and not lines[at].is_sentence:
            reasons[at] = INVITATION
            invites = False
        else:
            invites = False


def trim_edges(lines: list[Line], places: list[int], reasons: list[str | None], title: str) -> None:
    """Cut what stands above and below the text: dates, sections, headings of links, the imprint.

    Args:
        lines: The lines of the page.
        places: The lines of the body that are left.
        reasons: For each line why it is left out, or None; changed in place.
        title: The article's title.
    """
    key = title_key(title)
    sentences = [n for n, at in enumerate(places) if lines[at].is_sentence]
    prose = sentences[0] if sentences else len(places)
    second = sentences[1] if len(sentences) > 1 else 0
    for number, at in enumerate(places):
        text = lines[at].text
        if number <= prose and title_key(text) == key:
            reasons[at] = TITLE
        elif is_boilerplate(text) and not lines[at].is_sentence:
            reasons[at] = TOOL
        elif number < prose and number < _HEAD_LINES and _is_stamp(text):
            reasons[at] = DATE
        elif number < prose and ends_article(text):
            reasons[at] = LABEL
        elif number < prose < len(places) and _is_kicker(lines[at], lines[places[prose]]):
            reasons[at] = SECTION
        elif prose < number < second and is_date_line(text):
            reasons[at] = DATE
        elif prose < number < second and lines[at].block.tag in _HEADINGS:
            reasons[at] = SECTION if _is_kicker(lines[at], lines[places[second]]) else None
    last_author = max((at for at, reason in enumerate(reasons) if reason == AUTHOR), default=-1)
    last_prose = max((at for at in places if lines[at].is_sentence), default=-1)
    for at in places:
        if last_prose < last_author < at and reasons[at] is None:
            reasons[at] = OUTSIDE
    _trim_end(lines, [at for at in places if reasons[at] is None], reasons)


def _trim_end(lines: list[Line], places: list[int], reasons: list[str | None]) -> None:
    """Cut dates, headings of links and the imprint from the end."""
    for at in reversed(places):
        text = lines[at].text
        if is_date_line(text):
            reasons[at] = DATE
        elif ends_article(text) or lines[at].block.tag in _HEADINGS:
            reasons[at] = LABEL
        elif is_imprint(text):
            reasons[at] = IMPRINT
        else:
            return


def _is_kicker(line: Line, first: Line) -> bool:
    """Tell whether a line is a section or badge above the text, in a part of its own."""
    is_short = line.words <= _MOST_KICKER_WORDS and not line.is_sentence
    return is_short and line.block.tag not in _ITEMS and line.block.parent is not first.block.parent


def _is_stamp(text: str) -> bool:
    return bool(is_date_line(text) or _STAMP_LABEL.match(text)) or (
        len(text.split()) <= _MOST_HEAD_WORDS and read_datetime(text) is not None
    )
