"""Import and export of source lists as OPML (opml.org).

A feed is an outline with `xmlUrl`, as everywhere. A sitemap or listing page, which other
readers do not know, is one with `url`, its kind as `type`, and its `pattern`. Folders stay
out: they are of one machine, and a list from elsewhere names none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from index.models.problem import Code, Problem, reason
from index.models.source_kind import SourceKind
from index.sources.errors import FeedError, at_place
from index.sources.feeds.xml import first_line, parse_xml, read_text, resolve_link, strip_doctype

if TYPE_CHECKING:
    from lxml.etree import _Element

    from index.store.sources import Source


_MAX_BYTES = 10_000_000
_MAX_MARKUP = 100_000  # "<" signs
_MAX_SOURCES = 5_000
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KINDS = {
    kind.value: kind for kind in SourceKind if kind not in (SourceKind.FEED, SourceKind.FOLDER)
}


@dataclass(frozen=True, slots=True)
class Outline:
    """A source in an OPML list."""

    name: str
    kind: SourceKind
    url: str
    pattern: str | None = None


def parse_opml(body: bytes, name: str) -> tuple[Outline, ...]:
    """Parse an OPML list, each address once, skipping outlines that are not sources.

    Args:
        body: The OPML file.
        name: The file name, for messages.

    Raises:
        FeedError: If it is no OPML, or declares entities, or is too large or too damaged.
    """
    if len(body) > _MAX_BYTES:
        raise FeedError(Problem(Code.LARGE_LIST, name))
    try:
        root = parse_xml(strip_doctype(read_text(body, ""), name, _MAX_MARKUP))
    except FeedError as error:
        problem = reason(error)
        if isinstance(problem, Problem) and problem.code is Code.NO_FEED:
            raise FeedError(Problem(Code.NO_OPML, name)) from None
        raise at_place(error, name) from None
    if root is None or str(root.tag).lower() != "opml":
        raise FeedError(Problem(Code.NO_OPML, name))
    found: dict[str, Outline] = {}
    for node in islice(root.iter("outline"), _MAX_SOURCES):
        if outline := _outline(node):
            found.setdefault(outline.url, outline)
    return tuple(found.values())


def write_opml(sources: Iterable[Source]) -> bytes:
    """Serialise sources as OPML."""
    from lxml import etree

    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Hỏi Báo"
    body = etree.SubElement(root, "body")
    for source in sources:
        if source.kind is SourceKind.FOLDER:
            continue
        is_feed = source.kind is SourceKind.FEED
        kind = "rss" if is_feed else source.kind.value
        attributes = {"text": source.name, "title": source.name, "type": kind}
        attributes["xmlUrl" if is_feed else "url"] = source.address
        if source.pattern:
            attributes["pattern"] = source.pattern
        clean = {name: _NOT_XML.sub("", value) for name, value in attributes.items()}
        etree.SubElement(body, "outline", clean)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


def _outline(node: _Element) -> Outline | None:
    values = {str(name).lower(): str(value) for name, value in node.attrib.items()}
    name = first_line(values.get("title") or values.get("text") or "", 200)
    if address := resolve_link("", values.get("xmlurl")):
        return Outline(name, SourceKind.FEED, address)
    kind = _KINDS.get(values.get("type", "").lower())
    address = resolve_link("", values.get("url"))
    if kind is None or address is None:
        return None
    return Outline(name, kind, address, values.get("pattern") or None)
