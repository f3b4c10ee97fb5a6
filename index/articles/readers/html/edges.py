"""Trim the edges of a body: invitations, dates, sections, headings of links, the imprint."""

from __future__ import annotations

import re

from index.articles.readers.boilerplate import (
    ends_article,
    is_boilerplate,
    is_imprint,
    is_invitation,
)
from index.articles.readers.html.element_kinds import SUBHEADINGS
from index.articles.readers.html.marks import Mark
from index.articles.readers.html.metadata import title_key
from index.articles.readers.html.page_lines import Line
from index.articles.readers.html.reasons import CutReason, Reasons
from index.language.dates import is_date_line, read_datetime
from index.language.patterns import Pattern

_HEAD_LINES = 8  # below the headline: date, author, tools
_MOST_HEAD_WORDS = 12  # of a line with a date above the text
_MOST_KICKER_WORDS = 5
_ITEMS = frozenset("li tr dd dt".split())
_STAMP_LABEL = Pattern(
    r"(?:ngày )?(?:đăng|tạo|gửi|cập nhật|xuất bản|phát hành)(?: lúc| ngày)?(?:\s?:.{0,40}|\s)\d",
    re.IGNORECASE,
)


def cut_invitations(lines: list[Line], places: list[int], reasons: Reasons) -> None:
    """Cut invitations to follow or to look elsewhere, with the title below one that ends so."""
    invites = False
    for at in places:
        text = lines[at].text
        if is_invitation(text):
            reasons[at] = CutReason.INVITATION
            invites = text.endswith(":")
        elif invites and not lines[at].is_sentence:
            reasons[at] = CutReason.INVITATION
            invites = False
        else:
            invites = False


def trim_edges(lines: list[Line], places: list[int], reasons: Reasons, title: str) -> None:
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
        line, text = lines[at], lines[at].text
        is_heading = line.block.tag in SUBHEADINGS
        if number <= prose and title_key(text) == key:
            reasons[at] = CutReason.TITLE
        elif is_boilerplate(text) and not line.is_sentence:
            reasons[at] = CutReason.TOOL
        elif number < prose and number < _HEAD_LINES and _is_stamp(text):
            reasons[at] = CutReason.DATE
        elif number < prose and ends_article(text):
            reasons[at] = CutReason.LABEL
        elif number < prose < len(places) and _is_kicker(line, lines[places[prose]]):
            reasons[at] = CutReason.SECTION
        elif prose < number < second and is_date_line(text):
            reasons[at] = CutReason.DATE
        elif prose < number < second and is_heading and _is_kicker(line, lines[places[second]]):
            reasons[at] = CutReason.SECTION
    last_prose = places[sentences[-1]] if sentences else -1
    authors = [at for at, reason in enumerate(reasons) if reason is CutReason.AUTHOR]
    if authors and authors[-1] > last_prose:
        for at in places:
            if at > authors[-1]:
                reasons[at] = reasons[at] or CutReason.OUTSIDE
    _trim_end(lines, [at for at in places if reasons[at] is None], reasons)


def _trim_end(lines: list[Line], places: list[int], reasons: Reasons) -> None:
    """Cut dates, headings of links and the imprint from the end."""
    for at in reversed(places):
        text = lines[at].text
        if is_date_line(text):
            reasons[at] = CutReason.DATE
        elif ends_article(text) or lines[at].block.tag in SUBHEADINGS:
            reasons[at] = CutReason.LABEL
        elif is_imprint(text):
            reasons[at] = Mark.IMPRINT
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
