"""XML and HTML in feeds: decode, detect the format, repair, parse safely, strip markup."""

from __future__ import annotations

import html
import re
import unicodedata
from html.entities import html5
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from index.articles.readers import collapse_whitespace, decode, strip_controls
from index.articles.urls import LONGEST_ADDRESS, host_of, is_address
from index.errors import InputError
from index.models.problem import Code, Problem, reason
from index.sources.errors import FeedError, FetchError, at_place
from index.sources.fetch.decompression import gunzip

if TYPE_CHECKING:
    from lxml import etree


_MAX_CHARACTERS = 200_000  # of one field: an article of 30,000 words
_DROPPED = re.compile(
    r"<(script|style|template)\b.*?(?:</\1\s*>|$)|<!--.*?(?:-->|$)", re.DOTALL | re.IGNORECASE
)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_LINE_BREAKS = re.compile(r"[\t\r\n]+")


def html_to_text(markup: object) -> str:
    """Convert an HTML fragment to plain text on one line, in NFC."""
    text = str(markup or "")[:_MAX_CHARACTERS]
    text = _TAG.sub(" ", _DROPPED.sub(" ", text))
    return collapse_whitespace(strip_controls(unicodedata.normalize("NFC", html.unescape(text))))


def first_line(markup: object, longest: int = 500) -> str:
    """Convert a title to plain text of at most `longest` characters, undoing double escaping."""
    return html_to_text(html.unescape(str(markup or "")[:_MAX_CHARACTERS]))[:longest].rstrip()


def resolve_link(base: str, link: object) -> str | None:
    """Resolve a link against a base, as browsers do; None if it is not http(s) or too long."""
    text = _LINE_BREAKS.sub("", str(link or "")[: LONGEST_ADDRESS + 1].strip()).replace(" ", "%20")
    try:
        joined = urljoin(base, text) if text else None
    except ValueError:
        return None
    return joined if is_address(joined) else None


def place_of(url: str) -> str:
    """Return the host of an address, for messages."""
    return host_of(url) or "the source"


def parse_xml(text: str, *, recover: bool = True) -> etree._Element | None:
    """Parse XML safely: no entities, no network, no DTD, libxml2's size limits.

    Args:
        text: The document.
        recover: Whether errors are passed over.

    Returns:
        The root element; None if there is none, or an error.
    """
    from lxml import etree

    parser = etree.XMLParser(
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError:
        return None


_REFERENCE = re.compile(r"&(?:#(?:\d{1,7}|[xX][0-9a-fA-F]{1,6});|([A-Za-z][A-Za-z0-9]{1,31};)?)")
_NO_CHARACTER = "\ufffd"
_DECLARATION = re.compile(r"<!ENTITY\b", re.IGNORECASE)
_OF_XML = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
ITEM_END = re.compile(r"</(?:[\w.-]+:)?(?:item|entry)\s*>")
"""End tag of an item of RSS or an entry of Atom."""

_CDATA, _CDATA_END = "<![CDATA[", "]]>"


def is_well_formed(text: str) -> bool:
    """Whether a text is well-formed XML, undeclared namespace prefixes aside."""
    return parse_xml(text, recover=False) is not None


def repair_xml(text: str) -> str:
    """Repair malformed XML: escape stray "&", replace HTML entities, balance tags.

    Tags stay as they are where balancing would lose items.

    Raises:
        FeedError: If it declares entities, in a place where XML has no declarations.
    """
    escaped = _without_stray_references(text)
    if is_well_formed(escaped):
        return escaped
    balanced = _balance(escaped)
    items = len(ITEM_END.findall(escaped))
    return balanced if len(ITEM_END.findall(balanced)) >= items else escaped


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
        raise FeedError(Problem(Code.HOSTILE))
    return _REFERENCE.sub(_reference, text)


def _reference(found: re.Match[str]) -> str:
    name = found[1]
    if found[0].startswith("&#"):  # feedparser fails at those of no character
        character = html.unescape(found[0])
        return character if character in ("", _NO_CHARACTER) else found[0]
    if name in _OF_XML:
        return found[0]
    if name in html5:
        return html5[name].replace("&", "&amp;").replace("<", "&lt;")
    return f"&amp;{found[0][1:]}"


def _balance(text: str) -> str:
    from lxml import etree

    root = parse_xml(text)
    return "" if root is None else str(etree.tostring(root, encoding="unicode"))


_MAX_BYTES = 50_000_000  # sitemaps.org: the most that a sitemap may have
_HEAD = 4_096  # characters within which a document begins: broken servers put text before it
_MAX_DOCTYPE = 2_000  # characters
_MAX_TAG = 50_000  # characters
_MAX_ATTRIBUTES = 1_000  # "=" signs in a tag: feedparser takes quadratic time for attributes
_OPEN_TAG = re.compile(r"""<[A-Za-z_](?:[^<>"']|"[^"<]*"|'[^'<]*')*""")
_XML_CHARSET = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})""", re.IGNORECASE
)
_MISC = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE(?P<name>\s+[\w.:-]+)?", re.IGNORECASE)
_DOCTYPE_END = re.compile(r"""(?:[^\[\]<>"']|"[^"<>]*"|'[^'<>]*')*>""")
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_HIGH = r"(5529[6-9]|55[3-9]\d\d|56[0-2]\d\d|563[01]\d|[xX][dD][89abAB][0-9a-fA-F]{2})"
_LOW = r"(563[2-9]\d|56[4-9]\d\d|57[0-2]\d\d|573[0-3]\d|5734[0-3]|[xX][dD][c-fC-F][0-9a-fA-F]{2})"
_SURROGATES = re.compile(rf"&#0*{_HIGH};(?:&#0*{_LOW};)?|&#0*{_LOW};")
_HTML = frozenset("html head body title meta link script style div p br center table b h1".split())
JSON = "json"
"""Result of `root_name` for JSON."""


def read_text(body: bytes, url: str, declared: str | None = None) -> str:
    """Decode a response to text, decompressing gzip files.

    Args:
        body: The response body.
        url: Its address, for messages.
        declared: The charset of the header, if any.

    Raises:
        FeedError: If it is empty, too large, binary, or in an encoding that is not known.
    """
    host = place_of(url)
    try:
        data = gunzip(body, host, _MAX_BYTES)
    except FetchError as error:
        raise FeedError(reason(error)) from None
    if not data.strip(b"\0\t\r\n \xef\xbb\xbf"):
        raise FeedError(Problem(Code.EMPTY_ANSWER, host))
    if len(data) > _MAX_BYTES:
        raise FeedError(Problem(Code.LARGE, host))
    try:
        return decode(data, _charset(data, declared))
    except InputError as error:
        raise at_place(error, host) from None


def root_name(text: str) -> str | None:
    """Return the name of the root element in lower case, `JSON` for JSON; None if unknown.

    Raises:
        FeedError: If it declares entities.
    """
    if text.lstrip().startswith(("{", "[")):
        return JSON
    root = _root(text)
    return root[1].lower() if root else None


def is_html(text: str) -> bool:
    """Whether a document is a web page."""
    return root_name(text) in _HTML


def strip_doctype(text: str, host: str, max_markup: int) -> str:
    """Strip everything before the root element and join surrogate pair references.

    Args:
        text: The document.
        host: Its host, for messages.
        max_markup: The most "<" signs that it may have.

    Raises:
        FeedError: If it has no root element, declares entities, or has too much markup.
    """
    root = _root(text)
    if root is None:
        raise FeedError(Problem(Code.NO_FEED, host))
    if text.count("<") > max_markup:
        raise FeedError(Problem(Code.MANY_TAGS, host, most=max_markup))
    for tag in _OPEN_TAG.finditer(text, root.start()):
        if len(tag[0]) > _MAX_TAG or tag[0].count("=") > _MAX_ATTRIBUTES:
            raise FeedError(Problem(Code.LARGE_TAG, host))
    return _SURROGATES.sub(_whole, text[root.start() :])


def _whole(found: re.Match[str]) -> str:
    """Join the two character references of a UTF-16 surrogate pair."""
    halves = [int(f"0{half}" if half[0] in "xX" else half, 0) for half in found.groups() if half]
    if len(halves) == 2:
        return chr(0x10000 + (halves[0] - 0xD800 << 10) + (halves[1] - 0xDC00))
    return "\ufffd"


def _charset(data: bytes, declared: str | None) -> str | None:
    """Return the charset of the XML declaration, else that of the header."""
    if found := _XML_CHARSET.search(data[:_HEAD]):
        return found[1].decode("ascii")
    return declared


def _root(text: str) -> re.Match[str] | None:
    """Find the root element."""
    start = max(text.find("<?xml", 0, _HEAD), 0)
    place = start
    while True:
        if found := _MISC.match(text, place):
            place = found.end()
        elif doctype := _DOCTYPE.match(text, place):
            end = _DOCTYPE_END.match(text, doctype.end(), doctype.end() + _MAX_DOCTYPE)
            if end is None:
                raise FeedError(Problem(Code.HOSTILE_DOCTYPE))
            place = end.end()
        elif root := _ROOT.match(text, place):
            return root
        elif text.startswith(("<!--", "<?"), place):
            return None  # never closed: looked for once, and not from each place again
        else:
            place = text.find("<", place + 1, start + _HEAD)
            if place < 0:
                return None
