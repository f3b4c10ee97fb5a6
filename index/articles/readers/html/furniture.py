"""Find the furniture of a page: lines that are no part of its article, each with the reason.

The evidence, in order: names of elements (see `marks`), unless the element holds most of the
text below the headline; a title that links elsewhere with a short text below it, which is the
teaser of another article; a heading such as "Tin liên quan" with links below it; a line that is
one link.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate

from index.articles.readers.boilerplate import (
    counts_comments,
    ends_article,
    heads_others,
    is_boilerplate,
    is_invitation,
    is_note,
)
from index.articles.readers.html.element_kinds import SUBHEADINGS
from index.articles.readers.html.marks import Mark, mark_of
from index.articles.readers.html.page_lines import Element, Line, PageLines
from index.articles.readers.html.reasons import CutReason, Reasons

_TAGS = {
    "nav": Mark.NAVIGATION,
    "aside": Mark.SIDE,
    "footer": Mark.IMPRINT,
    "address": Mark.DETAILS,
    "amp-sidebar": Mark.SIDE,
    "amp-ad": Mark.ADVERT,
    "amp-auto-ads": Mark.ADVERT,
    "marquee": Mark.WIDGET,
}
_WHOLE_PAGE = frozenset(("html", "body"))
_LISTS = frozenset((Mark.RELATED, Mark.SIDE))
_LARGEST_SHARE = 0.35  # of the text below the headline; what has more is the article's wrapper
_FIRST_SHARE = 0.25  # of a block with the first sentence below the headline
_LINKED_SHARE = 0.25  # of the lines of a larger block that is furniture nevertheless
_HALF = 0.5
_PARTLY_LINKED = 0.2
_LEADS_ON = re.compile(r"(?:xem|đọc|nghe|tham khảo|chi tiết)\b", re.IGNORECASE)
_MOSTLY_LINKED = 0.6
_TEASER_TAGS = frozenset("div li article section figure aside td details dd a".split())
_PARTS = frozenset("html body td tr table tbody p span a".split())
_MOST_BOX_LINES = 4
_MOST_TEASER_LINES = 6
_LONGEST_TEASER = 350  # characters without the title; an article's part is longer
_LEAST_TITLE = 3  # words
_MOST_LIST_LINES = 40
_MOST_LABEL_WORDS = 5
_LEFT_OF_LIST = 3  # lines of a box whose other lines are teasers
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Weights:
    """Characters of text outside links, summed up over the lines of a page."""

    sums: tuple[int, ...]

    def between(self, first: int, last: int) -> int:
        """Return the characters in `lines[first:last]`."""
        return self.sums[max(first, last)] - self.sums[first]

    def of(self, element: Element) -> int:
        """Return the characters in the lines of an element."""
        return self.between(element.first, element.last)


def weigh(lines: list[Line], counted: list[bool]) -> Weights:
    """Sum up the text of lines: sentences whole, other lines of some words a quarter."""
    each = (_weight(line) if counts else 0 for line, counts in zip(lines, counted, strict=True))
    return Weights((0, *accumulate(each)))


def find_furniture(page: PageLines, headline: int | None) -> Reasons:
    """Find the furniture of a page.

    Args:
        page: The lines of the page.
        headline: Index of the headline's line, or None if it has none.

    Returns:
        For each line the reason to leave it out, or None.
    """
    finder = _Finder(page, headline)
    finder.cut_marked()
    if finder.links_count:
        finder.cut_boxes()
        finder.cut_teasers()
        finder.cut_links()
        finder.cut_labels()
        finder.cut_rests()
    finder.cut_tools()
    return finder.reasons


def is_hidden(element: Element) -> bool:
    """Tell whether an element states that it is not shown."""
    node = element.node
    return node.get("hidden") is not None or bool(_HIDDEN_STYLE.search(node.get("style") or ""))


class _Finder:
    """The reasons found so far, line by line."""

    def __init__(self, page: PageLines, headline: int | None) -> None:
        self._page = page
        self._lines = page.lines
        self._headline = headline
        self.reasons: Reasons = [None] * len(page.lines)
        lines = self._lines
        self._weights = weigh(lines, [True] * len(lines))
        self._letters = (0, *accumulate(len(line.text) for line in lines))
        self._linked = (0, *accumulate(line.linked > _HALF for line in lines))
        self._start = 0 if headline is None else headline + 1
        self._first_sentence = next(
            (place for place in range(self._start, len(lines)) if lines[place].is_sentence), None
        )
        # A link around most of a page's text was not closed.
        self.links_count = not any(map(self._is_unclosed_link, page.elements))

    def cut_marked(self) -> None:
        """Cut elements by their names, outermost first."""
        end = 0
        for element in self._page.elements:
            if element.first >= element.last or element.last <= end:
                continue
            mark = self._mark(element)
            if mark is not None and self._may_cut(element, mark):
                self._cut(element, mark)
                end = max(end, element.last)
        for place, line in enumerate(self._lines):
            mark = mark_of(line.names) if line.names and not line.is_sentence else None
            if mark is not None and place != self._headline:
                self._give(place, mark)

    def cut_boxes(self) -> None:
        """Cut small boxes with fields of a form, a player, an invitation or a heading of links."""
        for element in self._page.elements:
            if not 0 < element.last - element.first <= _MOST_BOX_LINES or element.tag in _PARTS:
                continue
            if element.holds(self._headline) or self._is_large(element):
                continue
            lines = self._lines[element.first : element.last]
            if element.fields or (len(lines) > 1 and self._invites(element)):
                self._cut(element, Mark.SIGN_UP)
            elif element.players and not any(line.is_sentence for line in lines):
                self._cut(element, CutReason.PLAYER)
            elif len(lines) > 1 and heads_others(lines[0].text):
                self._cut(element, Mark.RELATED)

    def _invites(self, element: Element) -> bool:
        places = range(element.first, element.last)
        return any(not self.reasons[at] and is_invitation(self._lines[at].text) for at in places)

    def _is_large(self, element: Element) -> bool:
        total = self._weights.between(self._start, len(self._lines))
        return self._weights.of(element) > _LARGEST_SHARE * total

    def cut_teasers(self) -> None:
        """Cut boxes of a linked title and a short text."""
        for element in self._page.elements:
            size = element.last - element.first
            if 2 <= size <= _MOST_TEASER_LINES and element.tag in _TEASER_TAGS:
                if self._is_teaser(element):
                    self._cut(element, CutReason.TEASER)
            elif size == 1 and element.tag in _TEASER_TAGS and self._is_linked_heading(element):
                self._cut(element, CutReason.TEASER)

    def cut_links(self) -> None:
        """Cut lines that are a link, or a link after a word or two such as "Xem thêm:"."""
        for place, line in enumerate(self._lines):
            if place == self._headline or (line.block.tag == "tr" and line.linked < 1):
                continue
            words = line.words
            is_link = line.is_link and (words >= _LEAST_TITLE or line.block.tag == "li")
            if is_link or (line.linked > _HALF and is_boilerplate(line.text)):
                self._give(place, CutReason.LINK)
            elif place > self._start and not line.is_sentence:
                leads = line.linked >= _PARTLY_LINKED and _LEADS_ON.match(line.text)
                if line.linked >= _MOSTLY_LINKED or leads:
                    self._give(place, CutReason.LINK)

    def cut_labels(self) -> None:
        """Cut headings such as "Tin liên quan" that links follow, with short lines among these."""
        listed = 0
        for place, line in enumerate(self._lines):
            if self.reasons[place] is None and counts_comments(line.text):
                self._cut_comments(line.block)
            elif ends_article(line.text) and self._heads_links(place):
                self._give(place, CutReason.LABEL)
                if place >= listed:
                    listed = self._cut_list(place + 1)
                part = self._lines[place].block.parent
                if part is not None and self._is_list_below(place, part):
                    for below in range(place, part.last):
                        self._give(below, CutReason.LABEL)

    def cut_rests(self) -> None:
        """Cut the headings and dates that are left of boxes of teasers and links."""
        for element in self._page.elements:
            size = element.last - element.first
            if not 0 < size <= _MOST_LIST_LINES or element.holds(self._headline):
                continue
            cut = self.reasons[element.first : element.last]
            left = [
                place for place in range(element.first, element.last) if not self.reasons[place]
            ]
            linked = sum(reason in (CutReason.TEASER, CutReason.LINK) for reason in cut)
            is_rest = 0 < len(left) <= min(_LEFT_OF_LIST, linked)
            if is_rest and all(self._lines[place].words <= _MOST_LABEL_WORDS for place in left):
                self._cut(element, CutReason.TEASER)

    def cut_tools(self) -> None:
        """Cut lines of tools and menus by their words."""
        for place, line in enumerate(self._lines):
            if self.reasons[place] is None and _is_tool(line):
                self._give(place, CutReason.TOOL)

    def _is_unclosed_link(self, element: Element) -> bool:
        if element.tag != "a" or element.last - element.first < 2:
            return False
        letters = self._letters[element.last] - self._letters[max(element.first, self._start)]
        return letters > _HALF * (self._letters[-1] - self._letters[self._start])

    def _mark(self, element: Element) -> Mark | None:
        if element.tag in _WHOLE_PAGE:
            return None
        if is_hidden(element):
            return Mark.HIDDEN
        mark = mark_of((*element.names, element.tag))
        return mark or _TAGS.get(element.tag)

    def _may_cut(self, element: Element, mark: Mark) -> bool:
        if element.holds(self._headline):
            return False
        first = max(element.first, self._start)
        total = self._weights.between(self._start, len(self._lines))
        share = self._weights.between(first, element.last) / max(1, total)
        if share > _FIRST_SHARE and element.holds(self._first_sentence):
            return False
        if share <= _LARGEST_SHARE:
            return True
        if mark is Mark.COMMENTS:
            return share <= _HALF or self._follows_text(first)
        linked = self._linked[element.last] - self._linked[element.first]
        is_list = linked >= (element.last - element.first) * _LINKED_SHARE
        return mark in _LISTS and is_list and self._follows_text(first)

    def _follows_text(self, place: int) -> bool:
        first = self._first_sentence
        return first is not None and first < place and self.reasons[first] is None

    def _is_teaser(self, element: Element) -> bool:
        is_lead = element.holds(self._first_sentence) and self._is_large(element)
        if element.holds(self._headline) or not element.links or is_lead:
            return False
        lines = self._lines[element.first : element.last]
        title = next((at for at, line in enumerate(lines) if line.linked >= _MOSTLY_LINKED), None)
        if title is None or title > 1 or lines[title].words < _LEAST_TITLE:
            return False
        if title == 1 and (lines[0].is_sentence or lines[0].words > _MOST_LABEL_WORDS + 1):
            return False
        rest = lines[title + 1 :]
        return bool(rest) and sum(len(line.text) for line in rest) <= _LONGEST_TEASER

    def _is_linked_heading(self, element: Element) -> bool:
        """Tell whether a box is a picture with a link and the title of another article."""
        line = self._lines[element.first]
        return element.links > 0 and line.block.tag in SUBHEADINGS and not line.is_sentence

    def _heads_links(self, place: int) -> bool:
        """Tell whether links follow, or nothing else but short lines to the end of the part."""
        following = place + 1
        if following < len(self._lines) and self._is_linkish(following):
            return True
        part = self._lines[place].block.parent
        return part is not None and self._is_list_below(place, part)

    def _is_list_below(self, place: int, part: Element) -> bool:
        below = range(place + 1, part.last)
        return 0 < len(below) <= _MOST_LIST_LINES and not any(
            self._lines[at].is_sentence for at in below
        )

    def _is_linkish(self, place: int) -> bool:
        return self.reasons[place] in (CutReason.LINK, CutReason.TEASER, Mark.RELATED) or (
            self._lines[place].linked >= _MOSTLY_LINKED
        )

    def _cut_list(self, place: int) -> int:
        """Cut links, and single short lines between them; return the place after these."""
        while place < len(self._lines):
            if not self._is_linkish(place):
                is_short = self._lines[place].words <= 4
                if not is_short or place + 1 >= len(self._lines) or not self._is_linkish(place + 1):
                    break
            self._give(place, CutReason.LINK)
            place += 1
        return place

    def _cut_comments(self, block: Element) -> None:
        """Cut the part of the page that a count of comments heads, below the text."""
        part = block
        while part.last - part.first <= 1 and part.parent is not None:
            part = part.parent
        if self._follows_text(part.first) and not part.holds(self._headline):
            self._cut(part, Mark.COMMENTS)

    def _cut(self, element: Element, reason: CutReason | Mark) -> None:
        for place in range(element.first, element.last):
            self._give(place, reason)

    def _give(self, place: int, reason: CutReason | Mark) -> None:
        if self.reasons[place] is None and place != self._headline:
            self.reasons[place] = reason


def _is_tool(line: Line) -> bool:
    return is_note(line.text) or (is_boilerplate(line.text) and not line.is_sentence)


def _weight(line: Line) -> int:
    own = len(line.text) * (1 - line.linked)
    if line.is_sentence:
        return round(own)
    return round(own / 4) if line.words >= 4 else 0
