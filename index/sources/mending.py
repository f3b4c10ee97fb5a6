"""XML that is not well-formed, made so as far as it can be, in time linear in its length."""

from __future__ import annotations

import re
from html.entities import html5

from index.problems import Code, Problem
from index.sources.errors import FeedError, FeedProblem
from index.sources.markup import xml_parser

_REFERENCE = re.compile(r"&(?:#(?:\d{1,7}|[xX][0-9a-fA-F]{1,6});|([A-Za-z][A-Za-z0-9]{1,31};)?)")
_DECLARATION = re.compile(r"<!ENTITY\b", re.IGNORECASE)
_OF_XML = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
_CLOSED = re.compile(r"</(?:[\w.-]+:)?(?:item|entry)\s*>")
_CDATA, _CDATA_END = "<![CDATA[", "]]>"


def is_well_formed(text: str) -> bool:
    """Tell whether a text is XML, but for prefixes without a namespace."""
    from lxml import etree

    try:
        etree.fromstring(text.encode(), xml_parser())
    except etree.XMLSyntaxError:
        return False
    return True


def mended(text: str) -> str:
    """Return XML with stray "&" escaped, entities of HTML replaced and tags balanced.

    Where balancing would lose items the tags stay as they are.

    Raises:
        FeedError: If it declares entities, in a place where XML has no declarations.
    """
    escaped = _without_stray_references(text)
    if is_well_formed(escaped):
        return escaped
    balanced = _balanced(escaped)
    return balanced if _items(balanced) >= _items(escaped) else escaped


def _without_stray_references(text: str) -> str:
    pieces: list[str] = []
    place = 0
    while True:
        start = text.find(_CDATA, place)
        end = text.find(_CDATA_END, start) if start >= 0 else -1
        if end < 0:
            pieces.append(_piece(text[place:]))
            return "".join(pieces)
        pieces.append(_piece(text[place:start]))
        pieces.append(text[start : end + len(_CDATA_END)])
        place = end + len(_CDATA_END)


def _piece(text: str) -> str:
    if _DECLARATION.search(text):
        raise FeedError(FeedProblem.ENTITIES, Problem(Code.HOSTILE))
    return _REFERENCE.sub(_reference, text)


def _reference(found: re.Match[str]) -> str:
    name = found[1]
    if found[0].startswith("&#") or name in _OF_XML:
        return found[0]
    if name in html5:
        return html5[name].replace("&", "&amp;").replace("<", "&lt;")
    return f"&amp;{found[0][1:]}"


def _balanced(text: str) -> str:
    from lxml import etree

    try:
        root = etree.fromstring(text.encode(), xml_parser(recover=True))
    except etree.XMLSyntaxError:
        return ""
    return "" if root is None else str(etree.tostring(root, encoding="unicode"))


def _items(text: str) -> int:
    return sum(1 for _ in _CLOSED.finditer(text))
