"""Bodies made safe to parse: unpacked, decoded, and XML without a document type.

No parser sees a DOCTYPE: a plain one (RSS 0.91 has one, web pages do) is cut, one that
declares anything is refused. So there are no entities to expand or to load.
"""

import re
from enum import StrEnum

from index.address import host_of
from index.encoding import decode
from index.errors import InputError
from index.problems import Code, Problem, reason
from index.sources.bodies import gunzipped
from index.sources.errors import FeedError, FeedProblem, FetchError, FetchProblem

_MAX_BYTES = 50_000_000  # sitemaps.org: the most that a sitemap may have
_HEAD = 4_096  # characters within which a document begins, after what a broken server put first
_MAX_DOCTYPE = 2_000  # characters
_MAX_TAG = 50_000  # characters
_MAX_ATTRIBUTES = 1_000  # "=" signs in a tag: feedparser takes quadratic time for attributes
_TAG = re.compile(r"""<[A-Za-z_](?:[^<>"']|"[^"<]*"|'[^'<]*')*""")
_XML_CHARSET = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})""", re.IGNORECASE
)
_MISC = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE(?P<name>\s+[\w.:-]+)?", re.IGNORECASE)
_DOCTYPE_END = re.compile(r"""(?:[^\[\]<>"']|"[^"<>]*"|'[^'<>]*')*>""")
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_HIGH = r"(5529[6-9]|55[3-9]\d\d|56[0-2]\d\d|563[01]\d|[xX][dD][89abAB][0-9a-fA-F]{2})"
_LOW = r"(563[2-9]\d|56[4-9]\d\d|57[0-2]\d\d|573[0-3]\d|5734[0-3]|[xX][dD][c-fC-F][0-9a-fA-F]{2})"
_HALVES = re.compile(rf"&#0*{_HIGH};(?:&#0*{_LOW};)?|&#0*{_LOW};")
_HTML = frozenset("html head body title meta link script style div p br center table b h1".split())


class Form(StrEnum):
    """What a body looks like from outside."""

    FEED = "feed"
    JSON = "json"
    SITEMAP = "sitemap"
    HTML = "html"


def read_text(body: bytes, url: str, declared: str | None = None) -> str:
    """Return a body as text, unpacked if it is a gzip file.

    Args:
        body: What was fetched.
        url: Where it is from, for messages.
        declared: A charset, or a Content-Type that names one.

    Raises:
        FeedError: If it is empty, too large, binary, or in an encoding that is not known.
    """
    host = host_of(url) or "the source"
    try:
        data = gunzipped(body, host, _MAX_BYTES)
    except FetchError as error:
        large = error.kind is FetchProblem.TOO_LARGE
        kind = FeedProblem.TOO_LARGE if large else FeedProblem.DAMAGED
        raise FeedError(kind, reason(error)) from None
    if not data.strip(b"\0\t\r\n \xef\xbb\xbf"):
        raise FeedError(FeedProblem.EMPTY, Problem(Code.EMPTY_ANSWER, host))
    if len(data) > _MAX_BYTES:
        raise FeedError(FeedProblem.TOO_LARGE, Problem(Code.LARGE, host))
    try:
        return decode(data, _charset(data, declared))
    except InputError as error:
        problem = reason(error)
        placed = problem.at(host) if isinstance(problem, Problem) else f"{host}: {problem}"
        raise FeedError(FeedProblem.TEXT, placed) from None


def form_of(text: str) -> Form | None:
    """Tell what a text is, by how it begins; None if it is nothing known.

    Raises:
        FeedError: If it declares entities.
    """
    if text.lstrip().startswith(("{", "[")):
        return Form.JSON
    root = _root(text)
    if root is None:
        return None
    name = root[1].lower()
    if name in ("rss", "rdf", "feed"):
        return Form.FEED
    if name in ("urlset", "sitemapindex"):
        return Form.SITEMAP
    return Form.HTML if name in _HTML else None


def bare_xml(text: str, host: str, max_markup: int) -> str:
    """Return an XML document from its root element on, its references to half characters whole.

    Args:
        text: The document.
        host: Where it is from, for messages.
        max_markup: The most "<" signs that it may have.

    Raises:
        FeedError: If it has no root element, declares entities, or has too much markup.
    """
    root = _root(text)
    if root is None:
        raise FeedError(FeedProblem.UNKNOWN, Problem(Code.NO_FEED, host))
    if text.count("<") > max_markup:
        raise FeedError(FeedProblem.TOO_LARGE, Problem(Code.MANY_TAGS, host, most=max_markup))
    for tag in _TAG.finditer(text, root.start()):
        if len(tag[0]) > _MAX_TAG or tag[0].count("=") > _MAX_ATTRIBUTES:
            raise FeedError(FeedProblem.TOO_LARGE, Problem(Code.LARGE_TAG, host))
    return _HALVES.sub(_whole, text[root.start() :])


def _whole(found: re.Match[str]) -> str:
    """Return the character of two halves, as UTF-16 has it; a half alone is none."""
    halves = [int(f"0{half}" if half[0] in "xX" else half, 0) for half in found.groups() if half]
    if len(halves) == 2:
        return chr(0x10000 + (halves[0] - 0xD800 << 10) + (halves[1] - 0xDC00))
    return "\ufffd"


def _charset(data: bytes, declared: str | None) -> str | None:
    """Choose the charset that the document names, else that of the header."""
    if found := _XML_CHARSET.search(data[:_HEAD]):
        return found[1].decode("ascii")
    if declared and (named := re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", declared)):
        return named[1]
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
                raise FeedError(FeedProblem.ENTITIES, Problem(Code.HOSTILE_DOCTYPE))
            place = end.end()
        elif root := _ROOT.match(text, place):
            return root
        elif text.startswith(("<!--", "<?"), place):
            return None  # never closed: looked for once, and not from each place again
        else:
            place = text.find("<", place + 1, start + _HEAD)
            if place < 0:
                return None
