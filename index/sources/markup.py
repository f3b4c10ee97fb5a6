"""Small helpers over markup: text out of HTML, parsers that load nothing."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from index.address import is_address
from index.encoding import without_controls
from index.furniture import collapse

if TYPE_CHECKING:
    from lxml import etree

_MAX_CHARACTERS = 200_000  # of one field: an article of 30,000 words
_LONGEST_ADDRESS = 2_048  # characters; sitemaps.org: less than 2,048
_DROPPED = re.compile(
    r"<(script|style|template)\b.*?(?:</\1\s*>|$)|<!--.*?(?:-->|$)", re.DOTALL | re.IGNORECASE
)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


def plain(markup: object) -> str:
    """Return the text of a piece of HTML on one line, in NFC; plain text stays as it is."""
    text = str(markup or "")[:_MAX_CHARACTERS]
    text = _TAG.sub(" ", _DROPPED.sub(" ", text))
    return collapse(without_controls(unicodedata.normalize("NFC", html.unescape(text))))


def first_line(markup: object, longest: int = 500) -> str:
    """Return a title or name as text, at most so many characters; escaped twice is undone."""
    return plain(html.unescape(str(markup or "")[:_MAX_CHARACTERS]))[:longest].rstrip()


def absolute(base: str, link: object) -> str | None:
    """Return the http(s) address that a link stands for, None where it is none or too long."""
    text = str(link or "").strip()
    try:
        joined = urljoin(base, text) if text else None
    except ValueError:
        return None
    return joined if joined and len(joined) < _LONGEST_ADDRESS and is_address(joined) else None


def xml_parser(*, recover: bool = False) -> etree.XMLParser:
    """Return an XML parser that expands no entities, loads nothing and keeps libxml2's limits."""
    from lxml import etree

    return etree.XMLParser(
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
