"""Read an HTML page as lines: one for each paragraph, list item, caption or table row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.articles.readers.boilerplate import collapse_whitespace, is_prose
from index.articles.readers.html.element_kinds import (
    BLOCKS,
    HEADINGS,
    is_bold,
    is_control,
    is_link,
    is_short,
    is_table_of_values,
    is_unseen,
    names_of,
    tags,
)

if TYPE_CHECKING:
    from lxml.html import HtmlElement


_PLAYERS = tags("video audio iframe object embed")
_FIELDS = tags("input textarea select")
_APART = tags("time label")
_JOINED_LETTERS = tags("sup sub")
_MOMENTS = {"time": "datetime", "abbr": "title", "meta": "content"}
_PUBLISHED = re.compile(
    r"(?:dt-|entry-)?published?|datepublished|dc:(?:date|created|issued)", re.IGNORECASE
)
_UPDATED = re.compile(r"modified|updated", re.IGNORECASE)

_LONGEST_HEADING = 300  # characters: a longer one was not closed
_LONGEST_TERM = 80  # characters of the value beside a term of a list
_MOST_AROUND = 16  # inline elements in each other around a line
_MOST_STAMPS = 4  # of a line
_NEARLY_ALL = 0.9  # of a line's letters


@dataclass(slots=True, eq=False)
class Element:
    """An element of a page; `lines[first:last]` of the page are whole lines within it.

    `names` are its classes, ids, role and the like; `links`, `fields` and `players` count the
    links, the fields of forms and the pictures in motion in it.
    """

    node: HtmlElement
    tag: str
    names: tuple[str, ...]
    parent: Element | None
    first: int
    last: int = 0
    links: int = 0
    fields: int = 0
    players: int = 0
    is_link: bool = False
    is_control: bool = False
    is_bold: bool = False

    def holds(self, place: int | None) -> bool:
        """Tell whether the line at a place is within the element."""
        return place is not None and self.first <= place < self.last


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page.

    `block` is the block element that it stands in; `linked` and `strong` are the shares of its text
    in links (unless it is a sentence, also in links to press) and in bold or large letters; `names`
    are the classes and ids of inline elements around all of it; `stamps` are the moments that its
    elements state in attributes, `published` those that are named as the publication. A sentence
    ends as one and has six words at least.
    """

    text: str
    words: int
    is_sentence: bool
    block: Element
    linked: float
    strong: float
    names: tuple[str, ...]
    stamps: tuple[str, ...]
    published: tuple[str, ...]

    @property
    def is_link(self) -> bool:
        """Whether all but a word or sign of the line is in links."""
        return self.linked > _NEARLY_ALL

    @property
    def is_bold(self) -> bool:
        """Whether all but a word or sign of the line is in bold or large letters."""
        return self.strong > _NEARLY_ALL


@dataclass(frozen=True, slots=True)
class PageLines:
    """The elements of a page in document order, without those that are no text, and its lines."""

    elements: list[Element]
    lines: list[Line]


def read_lines(tree: HtmlElement) -> PageLines:
    """Read a page as lines in order.

    A row of a table of values is one line, its cells parted by spaces; so are a caption, a
    heading, and a term with its short value. Layout tables are read cell by cell.

    Args:
        tree: The page's root element.
    """
    from lxml import etree

    reader = _LineReader()
    walker = etree.iterwalk(tree, events=("start", "end"))
    skipped = None
    for event, node in walker:
        if event == "start":
            names = names_of(node)
            if is_unseen(node, names):
                reader.count(node)
                walker.skip_subtree()
                skipped = node
            else:
                reader.open(node, names)
            continue
        if node is skipped:
            skipped = None
        else:
            reader.close()
        if node is not tree:
            reader.add(node.tail)
    reader.flush()
    return PageLines(reader.elements, reader.lines)


@dataclass(slots=True, eq=False)
class _Around:
    """An inline element that begins a line, and the letters of the line at its end."""

    element: Element
    letters: int | None = None


class _LineReader:
    """Collector of the text between block borders as lines."""

    def __init__(self) -> None:
        self.elements: list[Element] = []
        self.lines: list[Line] = []
        self._open: list[Element] = []
        self._blocks: list[Element] = []
        self._pieces: list[str] = []
        self._letters = self._linked = self._controlling = self._strong = 0
        self._stamps: list[str] = []
        self._published: list[str] = []
        self._around: list[_Around] = []
        self._links = self._controls = self._links_seen = self._fields_seen = self._players_seen = 0
        self._bold = 0
        self._one_line: Element | None = None
        self._rows: set[HtmlElement] = set()
        self._follows_term = False
        self._at_edge = False

    def count(self, node: HtmlElement) -> None:
        self._players_seen += node.tag in _PLAYERS
        self._fields_seen += node.tag in _FIELDS and node.get("type") != "hidden"

    def open(self, node: HtmlElement, names: tuple[str, ...]) -> None:
        is_block = node.tag in BLOCKS
        if node.tag == "table" and is_table_of_values(node):
            self._rows.update(node.iter("tr"))
        if self._follows_term:
            self._follows_term = node.tag == "dd" and is_short(node, _LONGEST_TERM)
        if is_block and self._one_line is None and not self._follows_term:
            self.flush()
        element = self._begin(node, names)
        if is_block:
            self._open_block(element)
        else:
            self._pass_edge(element)
            if not self._letters and len(self._around) < _MOST_AROUND:
                self._around.append(_Around(element))
        self._note_moment(element)
        self._links += element.is_link
        self._controls += element.is_control
        self._bold += element.is_bold
        self.add(node.text)

    def close(self) -> None:
        element = self._open.pop()
        if element.tag in BLOCKS:
            self._close_block(element)
        else:
            self._pass_edge(element)
            for around in self._around:
                if around.element is element:
                    around.letters = self._letters
        element.last = len(self.lines)
        element.links += self._links_seen
        element.fields += self._fields_seen
        element.players += self._players_seen
        self._links -= element.is_link
        self._controls -= element.is_control
        self._bold -= element.is_bold

    def add(self, text: str | None) -> None:
        if not text:
            return
        if self._at_edge and self._pieces and _are_glued(self._pieces[-1], text):
            self._pieces.append(" ")
        self._at_edge = False
        self._pieces.append(text)
        letters = len(text.strip())
        self._letters += letters
        self._linked += letters if self._links else 0
        self._controlling += letters if self._controls else 0
        self._strong += letters if self._bold else 0

    def flush(self) -> None:
        text = collapse_whitespace("".join(self._pieces)) if self._letters else ""
        if text:
            self.lines.append(self._line(text))
            self._stamps.clear()
            self._published.clear()
        self._pieces.clear()
        self._letters = self._linked = self._controlling = self._strong = 0
        self._around = [around for around in self._around if around.letters is None]
        self._follows_term = False

    def _line(self, text: str) -> Line:
        around = (
            around.element
            for around in self._around
            if around.letters is None or around.letters == self._letters
        )
        is_sentence = is_prose(text)
        linked = self._linked if is_sentence else self._linked + self._controlling
        return Line(
            text=text,
            words=text.count(" ") + 1,
            is_sentence=is_sentence,
            block=self._blocks[-1],
            linked=linked / self._letters,
            strong=self._strong / self._letters,
            names=tuple(name for element in around for name in element.names),
            stamps=tuple(self._stamps[:_MOST_STAMPS]),
            published=tuple(self._published[:_MOST_STAMPS]),
        )

    def _begin(self, node: HtmlElement, names: tuple[str, ...]) -> Element:
        parent = self._open[-1] if self._open else None
        first = len(self.lines) + (self._letters > 0)
        element = Element(node, str(node.tag), names, parent, first)
        element.links = -self._links_seen
        element.fields = -self._fields_seen
        element.players = -self._players_seen
        element.is_link, element.is_bold = is_link(node), is_bold(node)
        element.is_control = is_control(node)
        self._links_seen += element.is_link
        self.elements.append(element)
        self._open.append(element)
        return element

    def _open_block(self, element: Element) -> None:
        if self._one_line is not None:
            self.add(" ")
            return
        self._blocks.append(element)
        if self._follows_term:
            self.add(" ")
        if self._is_one_line(element):
            self._one_line = element

    def _is_one_line(self, element: Element) -> bool:
        if element.tag == "tr":
            return element.node in self._rows
        if element.tag in HEADINGS:
            return is_short(element.node, _LONGEST_HEADING)
        return element.tag == "figcaption" or (element.tag == "dd" and self._follows_term)

    def _close_block(self, element: Element) -> None:
        if self._one_line is not None and self._one_line is not element:
            self.add(" ")
            return
        self._one_line = None
        self._follows_term = element.tag == "dt" and self._letters > 0
        if not self._follows_term:
            self.flush()
        self._blocks.pop()

    def _pass_edge(self, element: Element) -> None:
        self._at_edge = element.tag not in _JOINED_LETTERS
        if element.tag in _APART:
            self.add(" ")

    def _note_moment(self, element: Element) -> None:
        """Note the moment that an element states: `<time datetime>`, `<abbr title>`, `<meta>`."""
        names = element.names
        is_named = any(map(_PUBLISHED.fullmatch, names))
        attribute = _MOMENTS.get(element.tag) or ("content" if is_named else None)
        value = element.node.get(attribute) if attribute else None
        if not value:
            return
        is_update = any(map(_UPDATED.search, names)) and "entry-date" not in names
        if not is_update and (is_named or attribute != "content"):
            moments = self._published if is_named else self._stamps
            moments.append(collapse_whitespace(value))


def _are_glued(before: str, after: str) -> bool:
    """Tell whether two pieces in elements of their own, without a space between, are two words.

    A capital begins a word after a small letter ("Hải Dương" + "Sáng"), a word or number does
    after a colon and the like, and a number of several digits after a word. Words in small
    letters may be one in pieces, as may an initial and the rest.
    """
    last, first = before[-1], after[0]
    if last.isspace() or first.isspace():
        return False
    if last in ",;:!?)":
        return first.isalpha() or (last == ":" and first.isdigit() and before[-2:-1].isalpha())
    if last.isalpha() and first.isdigit():
        return before[-2:].isalpha() and after[:2].isdigit()
    if last.isdigit():
        return first.isupper() and after[1:2].islower()
    return (last.islower() or last == ".") and first.isupper()
