"""Problems with sources and pages: a code and values, put into English here."""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Self


class Code(StrEnum):
    """What is wrong; the names are stored, so they stay."""

    NO_HOST = "no_host"
    NETWORK = "network"
    CERTIFICATE = "certificate"
    SILENT = "silent"
    STATUS = "status"
    ROBOTS = "robots"
    PRIVATE = "private"
    PORT = "port"
    PASSWORD = "password"  # noqa: S105 - the name of a problem
    ADDRESS = "address"
    NOT_HTTP = "not_http"
    NUMERIC_HOST = "numeric_host"
    BAD_REDIRECT = "bad_redirect"
    NO_PLACE = "no_place"
    REDIRECTS = "redirects"
    LARGE = "large"
    LARGE_BODY = "large_body"
    LARGE_FEED = "large_feed"
    LARGE_LIST = "large_list"
    LARGE_PAGE = "large_page"
    DEEP_PAGE = "deep_page"
    LARGE_TAG = "large_tag"
    MANY_TAGS = "many_tags"
    CODING = "coding"
    WEB_PAGE = "web_page"
    NO_FEED = "no_feed"
    NO_SITEMAP = "no_sitemap"
    SITEMAP = "sitemap"
    OTHER_JSON = "other_json"
    NOTHING_FOUND = "nothing_found"
    NO_LINKS = "no_links"
    EMPTY = "empty"
    EMPTY_ANSWER = "empty_answer"
    NUL_CHARACTERS = "nul_characters"
    NUL_BYTES = "nul_bytes"
    CONTROLS = "controls"
    NO_TEXT_FILE = "no_text_file"
    UNKNOWN_ENCODING = "unknown_encoding"
    NO_PAGE = "no_page"
    FONT = "font"
    HOSTILE = "hostile"
    HOSTILE_DOCTYPE = "hostile_doctype"
    NO_OPML = "no_opml"
    PATTERN = "pattern"
    DAMAGED_BODY = "damaged_body"
    CUT_BODY = "cut_body"
    DAMAGED_FEED = "damaged_feed"
    CUT_FEED = "cut_feed"
    DAMAGED_SITEMAP = "damaged_sitemap"
    DAMAGED_JSON = "damaged_json"
    DAMAGED_TEXT = "damaged_text"
    NO_ARTICLE = "no_article"
    NO_HTML = "no_html"
    NO_TEXT = "no_text"
    FOLLOWED = "followed"
    NAME_TAKEN = "name_taken"
    NAME_LONG = "name_long"
    FOLDER = "folder"


ENGLISH: Mapping[Code, str] = {
    Code.NO_HOST: "there is no host of this name",
    Code.NETWORK: "the connection failed: {cause}",
    Code.CERTIFICATE: "the connection failed: {cause}",
    Code.SILENT: "it did not answer in time",
    Code.STATUS: "it answered {status}",
    Code.ROBOTS: "its robots.txt forbids this",
    Code.PRIVATE: "{address} is not a public address; private_networks allows it",
    Code.PORT: "port {port} is not allowed, only {allowed}; private_networks allows all",
    Code.PASSWORD: "an address with a user name or password is not used",
    Code.ADDRESS: "it is not a web address",
    Code.NOT_HTTP: "it is not an http or https address with a host",
    Code.NUMERIC_HOST: "an IP address is written as four decimal numbers",
    Code.BAD_REDIRECT: "it points to no web address",
    Code.NO_PLACE: "neither an address nor a folder that is there",
    Code.REDIRECTS: "more than {most} redirects",
    Code.LARGE: "it is too large",
    Code.LARGE_BODY: "it is larger than {megabytes} MB",
    Code.LARGE_FEED: "the feed is larger than {most:,} characters",
    Code.LARGE_LIST: "it is too large for a list of sources",
    Code.LARGE_PAGE: "the page is too large to read",
    Code.DEEP_PAGE: "the page is too large or too deep to read (more than {elements:,} elements, "
    "or {depth} within each other)",
    Code.LARGE_TAG: "it has a tag that is too large",
    Code.MANY_TAGS: "it has more than {most:,} tags",
    Code.CODING: "compressed as {coding!r}, which was not asked for",
    Code.WEB_PAGE: "it is a web page, not a {expected}",
    Code.NO_FEED: "it is not a feed",
    Code.NO_SITEMAP: "it is not a sitemap",
    Code.SITEMAP: "it is a sitemap, not a feed",
    Code.OTHER_JSON: "it is JSON, but not a JSON Feed",
    Code.NOTHING_FOUND: "no feed and no list of articles was found; give the address of a feed, "
    "or a page that lists articles with a pattern for their links",
    Code.NO_LINKS: "no link to an article found",
    Code.EMPTY: "it is empty",
    Code.EMPTY_ANSWER: "the answer is empty",
    Code.NUL_CHARACTERS: "it is binary, not text: it holds NUL characters",
    Code.NUL_BYTES: "it is binary, not text: it holds NUL bytes",
    Code.CONTROLS: "it is binary, not text: it is full of control characters",
    Code.NO_TEXT_FILE: "it is {form}, not text",
    Code.UNKNOWN_ENCODING: "its encoding is not known (tried UTF-8, UTF-16, windows-1258); "
    "save it as UTF-8",
    Code.NO_PAGE: "it is not a page that can be read",
    Code.FONT: "the text is in {font}, an old font encoding; convert it to Unicode first",
    Code.HOSTILE: "it declares entities, which is refused",
    Code.HOSTILE_DOCTYPE: "it declares entities in a DOCTYPE, which is refused",
    Code.NO_OPML: "it is not OPML",
    Code.PATTERN: "its pattern is for the command line",
    Code.DAMAGED_BODY: "the compressed body is damaged",
    Code.CUT_BODY: "the compressed body is cut off",
    Code.DAMAGED_FEED: "the feed is damaged and holds no whole item",
    Code.CUT_FEED: "the feed is cut off before its first item",
    Code.DAMAGED_SITEMAP: "the sitemap is damaged",
    Code.DAMAGED_JSON: "the JSON is damaged or cut off",
    Code.DAMAGED_TEXT: "it begins as {encoding} text but is damaged",
    Code.NO_ARTICLE: "no article in the page: it holds menus and links, or no text at all",
    Code.NO_HTML: "no article in the page: it is not HTML that can be read",
    Code.NO_TEXT: "neither its page nor the feed gives a text",
    Code.FOLLOWED: "it is followed already, as {name!r}",
    Code.NAME_TAKEN: "a source of this name is followed already",
    Code.NAME_LONG: "String should have at most {most} characters",
    Code.FOLDER: "folder {folder}: it cannot be read: {cause}",
}


class Problem(str):
    """A problem as its line in English, "place: words", that carries its code and values.

    Given to an error as its message, it goes wherever the message goes.

    Args:
        code: What is wrong.
        place: The host or file that it is wrong with, "" for none.
        values: What the words of the code name.
    """

    code: Code
    place: str
    values: Mapping[str, str | int]

    def __new__(cls, code: Code, place: str = "", /, **values: str | int) -> Self:
        """Put the code and its values into words."""
        words = ENGLISH[code].format(**values)
        line = super().__new__(cls, f"{place}: {words}" if place else words)
        line.code, line.place, line.values = code, place, values
        return line

    def __reduce__(self) -> tuple[object, ...]:
        return _problem, (self.code, self.place, self.values)

    def at(self, place: str) -> "Problem":
        """Return the problem with another place."""
        return Problem(self.code, place, **self.values)


def reason(error: Exception) -> str:
    """Return why an error was raised: a `Problem` if it carries one, else its words."""
    first = error.args[0] if error.args else None
    return first if isinstance(first, Problem) else str(error)


def to_stored(line: str) -> str:
    """Return a reason as it is stored: a `Problem` as JSON, other words as they are."""
    if not isinstance(line, Problem):
        return line
    stored = {"code": line.code, "place": line.place, "values": line.values}
    return json.dumps(stored, ensure_ascii=False)


def from_stored(stored: str) -> str:
    """Return a reason that was stored; words of earlier versions come back as they are."""
    try:
        fields = json.loads(stored)
        return Problem(Code(fields["code"]), fields["place"], **fields["values"])
    except (ValueError, TypeError, KeyError):
        return stored


def _problem(code: Code, place: str, values: Mapping[str, str | int]) -> Problem:
    return Problem(code, place, **values)
