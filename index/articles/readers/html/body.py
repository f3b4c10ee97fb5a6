"""Find the body of a page's article among the lines below its headline.

The smallest element around the headline that holds half of the text below it is the article's
frame. In it, and in turn in the part with most of the text, the parts that belong to the
article stand below each other: not columns side by side, not the sections of a page that has
menus or a footer among them, and of a discussion the first entry only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from index.articles.readers.boilerplate import is_imprint
from index.articles.readers.html.furniture import weigh
from index.articles.readers.html.marks import Mark
from index.articles.readers.html.page_lines import Element, PageLines
from index.articles.readers.html.reasons import Reasons

_PARAGRAPHS = frozenset(
    "p li h1 h2 h3 h4 h5 h6 tr table blockquote pre figcaption figure ul ol dl center".split()
)
_WHOLE_PAGE = frozenset(("html", "body"))
_CELLS = frozenset(("td", "th"))
_COLUMN = re.compile(
    r"(?<![^\W_])(?:cols?|column|cot|span|grid|side|right|left|phai|trai|sub|aside)(?![^\W\d_])",
    re.IGNORECASE,
)
_ROW = re.compile(r"(?:^|\s)(?:row|columns?|grid|flex|hang)(?:$|\s|-)", re.IGNORECASE)
_MOST_IMPRINT_LINES = 12  # of a section of the page: a footer, a side column
_MOST_ENTRY_LINES = 200  # of a discussion
_LARGER = 2  # times the main part: what has so much text is no side column
_MOST_BELOW_RULE = 3  # lines
_FRAME_MARKS = frozenset((Mark.IMPRINT, Mark.SIDE))
_NEARER_SHARE = 0.5  # of the largest part; an earlier part with as much is the article


@dataclass(frozen=True, slots=True)
class Body:
    """Places of an article's lines, and the range of lines of its frame."""

    places: list[int]
    first: int
    last: int


def find_body(page: PageLines, headline: int | None, reasons: Reasons) -> Body:
    """Find the lines of the body.

    Args:
        page: The lines of the page.
        headline: Index of the headline's line, or None if it is not known.
        reasons: For each line why it is furniture, or None.
    """
    search = _Search(page, headline, reasons)
    frame = search.frame()
    outside = search.outside(frame)
    start = frame.first if headline is None else headline + 1
    places = [
        place
        for place in range(start, frame.last)
        if reasons[place] is None and place not in outside
    ]
    return Body(search.above_rule(places), frame.first, frame.last)


class _Search:
    """The text below the headline, by elements."""

    def __init__(self, page: PageLines, headline: int | None, reasons: Reasons) -> None:
        self._lines = page.lines
        self._elements = page.elements
        self._reasons = reasons
        self._headline = headline
        self._start = 0 if headline is None else headline + 1
        below = [
            at >= self._start and reasons[at] is None and not is_imprint(line.text)
            for at, line in enumerate(page.lines)
        ]
        self._weights = weigh(page.lines, below)
        self._parts: dict[Element, list[Element]] = {}
        for element in page.elements:
            if element.parent is not None and element.first < element.last:
                self._parts.setdefault(element.parent, []).append(element)

    def frame(self) -> Element:
        """Return the smallest element with the headline and half of the text below it."""
        root = self._elements[0]
        if self._headline is None:
            return root
        half = self._weights.of(root) / 2
        element: Element | None = self._lines[self._headline].block
        while element is not None:
            if self._weights.of(element) >= half and element.last > self._start:
                return element
            element = element.parent
        return root

    def outside(self, frame: Element) -> set[int]:
        """Return the places in a frame that are no part of the article."""
        places: set[int] = set()
        element: Element | None = frame
        while element is not None:
            parts = [part for part in self._parts.get(element, ()) if part.last > self._start]
            main = self._main(parts)
            if main is None:
                break
            is_frame = self._is_frame(element, main)
            for part in parts:
                if part is not main and not self._belongs(part, main, is_frame=is_frame):
                    places.update(range(part.first, part.last))
            element = main
        return places

    def above_rule(self, places: list[int]) -> list[int]:
        """Leave out the few lines below the last rule (`<hr>`) of a page: its imprint."""
        rule = next((one for one in reversed(self._elements) if one.tag == "hr"), None)
        below = [at for at in places if rule and at >= rule.first]
        is_foot = any(is_imprint(self._lines[at].text) for at in below)
        if rule is None or not (is_foot or (rule.parent and rule.parent.tag in _WHOLE_PAGE)):
            return places
        above = places[: len(places) - len(below)]
        share = sum(len(self._lines[at].text) for at in below)
        is_imprint_below = share < sum(len(self._lines[at].text) for at in above)
        return above if len(below) <= _MOST_BELOW_RULE and is_imprint_below else places

    def _main(self, parts: list[Element]) -> Element | None:
        """Return the part with most of the text, or an earlier one with a good share of that."""
        largest = max(map(self._weights.of, parts), default=0)
        enough = max(1.0, largest * _NEARER_SHARE)
        for part in parts:
            is_several = part.tag not in _PARAGRAPHS or part.last - part.first > 1
            is_text = self._sentences(part) >= (2 if part.holds(self._headline) else 3)
            if is_several and self._weights.of(part) >= (enough if is_text else max(1, largest)):
                return part
        return None

    def _sentences(self, part: Element) -> int:
        """Count the lines of a part that are sentences, up to three: more than a lead has."""
        found = (
            at
            for at in range(part.first, part.last)
            if self._reasons[at] is None and self._lines[at].is_sentence
        )
        return sum(1 for _ in islice(found, 3))

    def _is_frame(self, element: Element, main: Element) -> bool:
        """Tell whether an element has sections of a page: side columns, a footer, the article."""
        if element.tag in _WHOLE_PAGE or (main.holds(self._headline) and self._sentences(main) > 1):
            return True
        return any(map(self._is_section, self._parts.get(element, ())))

    def _is_section(self, part: Element) -> bool:
        if part.last - part.first > _MOST_IMPRINT_LINES or part.tag in _PARAGRAPHS:
            return False
        return any(
            self._reasons[at] in _FRAME_MARKS or is_imprint(self._lines[at].text)
            for at in range(part.first, part.last)
        )

    def _belongs(self, part: Element, main: Element, *, is_frame: bool) -> bool:
        """Tell whether a part of a frame belongs to the article, as its main part does."""
        if part.holds(self._headline):
            return True
        if part.tag in _CELLS or self._is_entry(part):
            return False
        left = [at for at in range(part.first, part.last) if self._reasons[at] is None]
        if any(is_imprint(self._lines[at].text) for at in left):
            return False
        if part.tag in _PARAGRAPHS:
            return True
        if len(left) > 1 and _COLUMN.search(" ".join(part.names)):
            return False
        if part.parent is not None and _ROW.search(" ".join(part.parent.names)):
            return part.last <= main.first or _are_alike(part, main)
        if not is_frame or part.last <= main.first or _are_alike(part, main):
            return True
        return self._weights.of(part) > _LARGER * self._weights.of(main)

    def _is_entry(self, part: Element) -> bool:
        """Tell whether a part is an entry of a discussion, with the profile of its author."""
        reasons = self._reasons[part.first : part.last]
        return len(reasons) <= _MOST_ENTRY_LINES and Mark.PROFILE in reasons


def _are_alike(part: Element, main: Element) -> bool:
    names = part.node.get("class")
    return names is not None and part.tag == main.tag and names == main.node.get("class")
