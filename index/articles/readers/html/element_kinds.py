"""Tell elements of an HTML page apart: blocks, links, bold text, tables of values."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from index.articles.readers.boilerplate import collapse_whitespace, is_prose
from index.articles.readers.html.marks import Mark, mark_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement


def tags(names: str) -> frozenset[str]:
    """Return the tags named in a text, parted by spaces."""
    return frozenset(names.split())


SUBHEADINGS = tags("h2 h3 h4 h5 h6")

_NOT_TEXT = tags(
    "script style noscript template iframe object embed svg canvas video audio button select "
    "textarea input map dialog head math"
)
BLOCKS = tags(
    "address article aside blockquote body caption center dd details dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main menu nav ol p pre "
    "section summary table tbody td tfoot th thead tr ul br"
)
HEADINGS = SUBHEADINGS | {"h1"}
_BOLD = HEADINGS | {"b", "strong", "big"}
_NAMING = tags("class id role itemprop property type data-role rel data-e2e")
_LABELLING = tags("aria-label aria-labelledby")
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_NO_PAGE = ("#", "mailto:", "tel:", "javascript:")
_LARGE = tags("4 5 6 7 +1 +2 +3")

_LONGEST_VALUE = 300  # characters of a cell; a longer one is a text beside others
_MOST_NODES = 2_000  # of an element that may be one line
_MOST_NAMES = 20  # of an attribute


def names_of(node: HtmlElement) -> tuple[str, ...]:
    """Return the names of an element: classes, ids, role and the like."""
    names: list[str] = []
    for attribute, value in node.items():
        if attribute in _NAMING:
            names += value.split()[:_MOST_NAMES]
        elif attribute in _LABELLING:
            names.append("-".join(value.split()[:_MOST_NAMES]))
    return tuple(names)


def is_unseen(node: HtmlElement, names: tuple[str, ...]) -> bool:
    """Tell whether an element has no text that is shown: a script, a field, a hidden label."""
    if node.tag in _NOT_TEXT or node.get("fallback") is not None:
        return True
    return bool(names) and node.tag not in BLOCKS and mark_of(names) is Mark.HIDDEN


def is_table_of_values(table: HtmlElement) -> bool:
    """Tell whether a table has rows of short values, and is not there for the layout.

    The cells of a layout table hold other tables, forms or several sentences.
    """
    has_row = False
    for row in islice(table.iter("tr", "table", "form"), _MOST_NODES):
        if row is table:
            continue
        if row.tag != "tr":
            return False
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        if not all(map(_is_value, cells)):
            return False
        has_row = has_row or sum(any(map(str.strip, cell.itertext())) for cell in cells) > 1
    return has_row


def _is_value(cell: HtmlElement) -> bool:
    """Tell whether a cell holds a value: short, of one sentence at most, of none with a link."""
    if not is_short(cell, _LONGEST_VALUE):
        return False
    parts = "\n".join(cell.itertext()).splitlines()
    sentences = sum(is_prose(collapse_whitespace(part)) for part in parts)
    return sentences < (1 if any(map(is_link, cell.iter("a"))) else 2)


def is_short(node: HtmlElement, limit: int) -> bool:
    """Tell whether an element is small, and has at most so many characters of text."""
    length = 0
    for count, inner in enumerate(node.iter()):
        length += len((inner.text or "").strip())
        length += len((inner.tail or "").strip()) if inner is not node else 0
        if length > limit or count > _MOST_NODES:
            return False
    return True


def is_link(node: HtmlElement) -> bool:
    """Tell whether an element links to another page: an anchor of a place in this one does not."""
    href = node.get("href") if node.tag == "a" else None
    return href is not None and not href.strip().lower().startswith(_NO_PAGE)


def is_control(node: HtmlElement) -> bool:
    """Tell whether an element is a link to press: to nothing, a place in this page, a script."""
    if node.tag != "a" or is_link(node):
        return False
    return node.get("href") is not None or not (node.get("name") or node.get("id"))


def is_bold(node: HtmlElement) -> bool:
    """Tell whether the text of an element is bold or large."""
    if node.tag in _BOLD or (node.tag == "font" and node.get("size") in _LARGE):
        return True
    style = node.get("style")
    return style is not None and _BOLD_STYLE.search(style) is not None
