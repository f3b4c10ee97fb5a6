"""Find the article in an HTML tree: cut boilerplate, read lines, choose those of the article.

trafilatura says where the article is; its words are read from the page
itself, paragraph by paragraph, since extraction merges some and drops others.
"""

from __future__ import annotations

import copy
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.articles.readers.boilerplate import collapse_whitespace, ends_article, is_prose

if TYPE_CHECKING:
    from lxml.html import HtmlElement


_MAX_GUARDED_SHARE = 0.35  # a "related" block with more of the page's prose is the article's
_CONTAINER_SHARE = 0.8  # of what trafilatura extracts: the rest may be strays
_MOST_ELEMENTS = 10_000  # of a page that trafilatura reads: it takes 0.04 ms each; news has 3,000
_SHORT_CELL = 80  # characters: table cells up to this length are read as one line a row


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


_NOT_TEXT = _tags(
    "script style noscript template iframe object embed svg canvas video audio button select "
    "textarea input nav map dialog head"
)
_BLOCKS = _tags(
    "address article aside blockquote body caption center dd details div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main ol p pre section "
    "summary table tbody td tfoot th thead tr ul br"
)
_CUT_NAMES = re.compile(
    r"(?:^|\s)(?:site-?|top-?|page-?|main-?|global-?)?(?:header|footer|head-?top|top-?head)(?=$|\s)",
    re.IGNORECASE,
)
_LABELS = _tags("h1 h2 h3 h4 h5 h6 p div strong b span a li td th legend label dt em u")
_CUT = re.compile(
    r"""(?:^|[\s_-])(?:
        related?|relate-?news|relatednews|tin-?lien-?quan|bai-?lien-?quan|lien-?quan|tinlienquan
      | tin-?khac|tinkhac|bai-?khac|bai-?viet-?khac|other-?(?:news|posts?|articles?)?|more-?news
      | read-?more|see-?more|tin-?moi|cung-?chuyen-?muc|recommend(?:ed|ation)?|suggest(?:ion)?s?
      | comments?|binh-?luan|y-?kien|box-?comment|fb-?comments
      | share|sharing|social|breadcrumbs?|menu|navbar|navigation|topbar|sidebar
      | tags?|taglist|tu-?khoa|banner|ads?|advert(?:isement)?|quang-?cao|toolbar|tools?|print
      | rating|rate|vote|newsletter|subscribe|most-?(?:read|viewed)|doc-?nhieu|xem-?nhieu
      | popup|modal|cookies?|today|clock|pagination|hidden|sr-only|screen-reader-text
    )(?=$|[\s_-])""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: its text, its block element and its share of link text."""

    text: str
    block: HtmlElement
    linked: float


def cut_boilerplate(tree: HtmlElement, headline: HtmlElement | None) -> None:
    """Remove menus, tools, related links, comments and all that is not text.

    Args:
        tree: The page's root element; changed in place.
        headline: The headline's element, which is never removed, if it is known.
    """
    kept = set(headline.iterancestors()) | {headline} if headline is not None else set()
    nodes = list(tree.iter())
    weights = _weights(nodes)
    limit = weights[tree] * _MAX_GUARDED_SHARE
    for node in nodes:
        if node in kept or node is tree or node.tag == "body":
            continue
        if node.tag in _NOT_TEXT or (weights[node] <= limit and _is_marked(node)):
            _remove(node)
        elif node.tag in _LABELS and len(node) <= 2 and _heads_links(node):
            for related in _related_block(node, weights, limit, kept):
                _remove(related)


def read_lines(tree: HtmlElement) -> list[Line]:
    """Read a page as lines in order: one for each paragraph, list item or table row."""
    from lxml import etree

    reader = _LineReader(tree)
    for event, node in etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            reader.open(node)
        else:
            reader.close(node)
    reader.flush()
    return reader.lines


def find_article(tree: HtmlElement, lines: list[Line], start: int) -> list[Line]:
    """Choose the lines of the article.

    Args:
        tree: The page without boilerplate.
        lines: Its lines.
        start: Index of the first line after the headline; 0 if it is not known.

    Returns:
        The lines of the smallest element that holds what trafilatura extracts,
        the sentences between the headline and it (the lead), and those that
        trafilatura takes from below it.
    """
    extracted = _extracted(tree)
    chosen = [line for line in lines[start:] if _key(line.text) in extracted and line.linked < 0.8]
    if not any(is_prose(line.text) for line in chosen):
        chosen = [line for line in lines[start:] if is_prose(line.text) and line.linked < 0.5]
    container = _container(chosen)
    nodes = set(container.iter()) if container is not None else set()
    inside = [number for number, line in enumerate(lines) if line.block in nodes]
    if not inside:
        return []
    first, last = inside[0], inside[-1]
    lead = [line for line in lines[start:first] if line in chosen or is_prose(line.text)]
    body = [lines[number] for number in inside if number >= start]
    rest = [line for line in lines[last + 1 :] if line in chosen and is_prose(line.text)]
    return [line for line in [*lead, *body, *rest] if not _is_lone_link(line)]


def _weights(nodes: list[HtmlElement]) -> dict[HtmlElement, int]:
    """Count the characters outside links under each element, without recursion."""
    weights: dict[HtmlElement, int] = {}
    for node in reversed(nodes):
        weight = 0
        if node.tag != "a" and node.tag not in _NOT_TEXT:
            inner = sum(weights[child] + len((child.tail or "").strip()) for child in node)
            weight = inner + len((node.text or "").strip())
        weights[node] = weight
    return weights


def _is_marked(node: HtmlElement) -> bool:
    if node.tag in ("aside", "footer") or node.get("hidden") is not None:
        return True
    if "display:none" in (node.get("style") or "").replace(" ", "").lower():
        return True
    names = (node.get("class") or "", node.get("id") or "")
    return any(_CUT.search(name) or _CUT_NAMES.search(name) for name in names)


def _heads_links(node: HtmlElement) -> bool:
    if len(node.text or "") > 80:
        return False
    return ends_article(collapse_whitespace("".join(_short_text(node))))


def _short_text(node: HtmlElement) -> Iterator[str]:
    """Yield the text of an element, up to the length of a heading."""
    length = 0
    for text in node.itertext():
        yield text
        length += len(text)
        if length > 400:
            return


def _related_block(
    node: HtmlElement, weights: dict[HtmlElement, int], limit: float, kept: set[HtmlElement]
) -> list[HtmlElement]:
    """Find the related links under their heading: its box, or the links that follow it."""
    box = node
    small = weights[node] + 160  # a list of links may carry dates and a word or two
    parent = box.getparent()
    while parent is not None and parent not in kept and weights[parent] <= min(small, limit):
        box, parent = parent, parent.getparent()
    related = [box]
    for sibling in box.itersiblings():
        has_links = next(sibling.iter("a"), None) is not None
        if not has_links or weights.get(sibling, 0) > small:
            break
        related.append(sibling)
    return related


def _remove(node: HtmlElement) -> None:
    parent = node.getparent()
    if parent is None:
        return
    if node.tail:
        before = node.getprevious()
        if before is None:
            parent.text = f"{parent.text or ''} {node.tail}"
        else:
            before.tail = f"{before.tail or ''} {node.tail}"
    parent.remove(node)


def _inline_cells(row: HtmlElement) -> Iterator[HtmlElement]:
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    for cell in cells:
        if next(cell.iter("p", "div", "table", "br", "ul", "ol"), None) is not None:
            return
        if sum(map(len, _short_text(cell))) > _SHORT_CELL:
            return
    yield from cells


class _LineReader:
    """Collector of the text between block borders as lines."""

    def __init__(self, tree: HtmlElement) -> None:
        self.lines: list[Line] = []
        self._tree = tree
        self._blocks: list[HtmlElement] = [tree]
        self._pieces: list[tuple[str, bool]] = []
        self._links = 0
        self._cells: set[HtmlElement] = set()

    def open(self, node: HtmlElement) -> None:
        if node.tag == "tr":
            self._cells.update(_inline_cells(node))
        if node in self._cells:
            self._pieces.append((" ", False))
        elif node.tag in _BLOCKS:
            self.flush()
            self._blocks.append(node)
        self._links += node.tag == "a"
        self._add(node.text)

    def close(self, node: HtmlElement) -> None:
        if node.tag in _BLOCKS and node not in self._cells:
            self.flush()
            self._blocks.pop()
        self._links -= node.tag == "a"
        if node is not self._tree:
            self._add(node.tail)

    def flush(self) -> None:
        text = collapse_whitespace("".join(piece for piece, _ in self._pieces))
        if text:
            everything = sum(len(piece.strip()) for piece, _ in self._pieces)
            linked = sum(len(piece.strip()) for piece, is_link in self._pieces if is_link)
            self.lines.append(Line(text, self._blocks[-1], linked / everything))
        self._pieces.clear()

    def _add(self, text: str | None) -> None:
        if text:
            self._pieces.append((text, self._links > 0))


def _is_lone_link(line: Line) -> bool:
    return line.linked > 0.95 and len(line.text.split()) >= 4 and not is_prose(line.text)


def _extracted(tree: HtmlElement) -> set[str]:
    """Return what trafilatura takes for the article; nothing of a page that is too large."""
    import trafilatura

    if sum(1 for _ in tree.iter()) > _MOST_ELEMENTS:
        return set()
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL + 1)
    try:
        text = trafilatura.extract(
            copy.deepcopy(tree), fast=True, include_comments=False, include_tables=True
        )
    except (RecursionError, ValueError, TypeError, AttributeError):  # seen on broken trees
        text = None
    return {_key(part) for part in (text or "").splitlines() if part.strip()}


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def _container(chosen: list[Line]) -> HtmlElement | None:
    weights: dict[HtmlElement, int] = {}
    for line in chosen:
        for node in (line.block, *line.block.iterancestors()):
            weights[node] = weights.get(node, 0) + len(line.text)
    total = sum(len(line.text) for line in chosen)
    holding = [node for node, weight in weights.items() if weight >= total * _CONTAINER_SHARE]
    if not holding:
        return None
    smallest = min(holding, key=lambda node: weights[node])
    is_paragraph = smallest.tag in ("p", "br", "li", "h2", "h3")
    return smallest.getparent() if is_paragraph else smallest
