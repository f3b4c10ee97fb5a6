"""Problems with sources and pages: a stored code and values, and its message in English."""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Self


class Code(StrEnum):
    """Codes of problems, each with its message in English, a template for `str.format`.

    The codes are stored and name the translated messages, so they stay.
    """

    english: str

    def __new__(cls, code: str, english: str = "") -> Self:
        """Make a member of a code and its message; `Code(code)` looks one up."""
        member = str.__new__(cls, code)
        member._value_, member.english = code, english
        return member

    NO_HOST = "no_host", "there is no host of this name"
    NETWORK = "network", "the connection failed: {cause}"
    CERTIFICATE = "certificate", "the connection failed: {cause}"
    SILENT = "silent", "it did not answer in time"
    STATUS = "status", "it answered {status}"
    ROBOTS = "robots", "its robots.txt forbids this"
    PRIVATE = (
        "private",
        "{address} is not a public address; private_networks = true in config.toml allows it",
    )
    PORT = (
        "port",
        "port {port} is not allowed, only {allowed}; private_networks = true in config.toml "
        "allows all",
    )
    PASSWORD = "password", "an address with a user name or password is not used"
    ADDRESS = "address", "it is not a web address"
    NOT_HTTP = "not_http", "it is not an http or https address with a host"
    NUMERIC_HOST = "numeric_host", "an IP address is written as four decimal numbers"
    BAD_REDIRECT = "bad_redirect", "it points to no web address"
    NO_PLACE = "no_place", "neither an address nor a folder that is there"
    REDIRECTS = "redirects", "more than {most} redirects"
    LARGE = "large", "it is too large"
    LARGE_BODY = "large_body", "it is larger than {megabytes} MB"
    LARGE_FEED = "large_feed", "the feed is larger than {most:,} characters"
    LARGE_LIST = "large_list", "it is too large for a list of sources"
    LARGE_PAGE = "large_page", "the page is too large to read"
    DEEP_PAGE = (
        "deep_page",
        "the page is too large or too deep to read (more than {elements:,} elements, "
        "or {depth} within each other)",
    )
    LARGE_TAG = "large_tag", "it has a tag that is too large"
    MANY_TAGS = "many_tags", "it has more than {most:,} tags"
    CODING = "coding", "compressed as {coding!r}, which was not asked for"
    WEB_PAGE = "web_page", "it is a web page, not a {expected}"
    NO_FEED = "no_feed", "it is not a feed"
    NO_SITEMAP = "no_sitemap", "it is not a sitemap"
    SITEMAP = "sitemap", "it is a sitemap, not a feed"
    OTHER_JSON = "other_json", "it is JSON, but not a JSON Feed"
    NOTHING_FOUND = (
        "nothing_found",
        "no feed and no list of articles was found; give the address of a feed, "
        "or a page that lists articles with a pattern for their links",
    )
    NO_LINKS = "no_links", "no link to an article found"
    EMPTY = "empty", "it is empty"
    EMPTY_ANSWER = "empty_answer", "the answer is empty"
    NUL_CHARACTERS = "nul_characters", "it is binary, not text: it holds NUL characters"
    NUL_BYTES = "nul_bytes", "it is binary, not text: it holds NUL bytes"
    CONTROLS = "controls", "it is binary, not text: it is full of control characters"
    NO_TEXT_FILE = "no_text_file", "it is {form}, not text"
    UNKNOWN_ENCODING = (
        "unknown_encoding",
        "its encoding is not known (tried UTF-8, UTF-16, windows-1258); save it as UTF-8",
    )
    NO_PAGE = "no_page", "it is not a page that can be read"
    FONT = "font", "the text is in {font}, an old font encoding; convert it to Unicode first"
    HOSTILE = "hostile", "it declares entities, which is refused"
    HOSTILE_DOCTYPE = "hostile_doctype", "it declares entities in a DOCTYPE, which is refused"
    NO_OPML = "no_opml", "it is not OPML, the list of sources that feed readers export"
    PATTERN = "pattern", "its pattern is for the command line"
    DAMAGED_BODY = "damaged_body", "the compressed body is damaged"
    CUT_BODY = "cut_body", "the compressed body is cut off"
    DAMAGED_FEED = "damaged_feed", "the feed is damaged and holds no whole item"
    CUT_FEED = "cut_feed", "the feed is cut off before its first item"
    DAMAGED_SITEMAP = "damaged_sitemap", "the sitemap is damaged"
    DAMAGED_JSON = "damaged_json", "the JSON is damaged or cut off"
    DAMAGED_TEXT = "damaged_text", "it begins as {encoding} text but is damaged"
    NO_ARTICLE = "no_article", "no article in the page: it holds menus and links, or no text at all"
    FOREIGN = "foreign", "its article is not in Vietnamese"
    OTHER_PAGE = (
        "other_page",
        "the page says nothing of the article that its feed announces: a login, an error, "
        "the front page or another article",
    )
    POOR_PAGE = "poor_page", "the page has less of the article than its feed"
    NO_HTML = "no_html", "no article in the page: it is not HTML that can be read"
    PROGRAM = "program", "it cannot be read: an error in this program ({error})"
    NO_TEXT = "no_text", "neither its page nor the feed gives a text"
    FOLLOWED = "followed", "it is followed already, as {name!r}"
    NAME_TAKEN = "name_taken", "a source of this name is followed already"
    NAME_LONG = "name_long", "String should have at most {most} characters"
    FOLDER = "folder", "folder {folder}: it cannot be read: {cause}"
    FOLDER_EMPTY = (
        "folder_empty",
        "folder {folder}: it is empty, though {files} of its files were read: is it mounted?",
    )


class Problem(str):
    """Message of an error in English, "place: message", that carries its code and values.

    Given to an error as its message, it goes wherever the message goes.

    Args:
        code: The code of the problem.
        place: The host or file that has the problem, "" for none.
        values: Values of the placeholders in the code's message.
    """

    code: Code
    place: str
    values: Mapping[str, str | int]

    def __new__(cls, code: Code, place: str = "", /, **values: str | int) -> Self:
        """Format the message of the code with its values."""
        message = code.english.format(**values)
        problem = super().__new__(cls, f"{place}: {message}" if place else message)
        problem.code, problem.place, problem.values = code, place, values
        return problem

    def __getnewargs_ex__(self) -> tuple[tuple[Code, str], Mapping[str, str | int]]:
        return (self.code, self.place), self.values

    def at(self, place: str) -> "Problem":
        """Return the same problem at another host or file."""
        return Problem(self.code, place, **self.values)


def reason(error: Exception) -> str:
    """Return the `Problem` that an error carries, or else its message."""
    first = error.args[0] if error.args else None
    return first if isinstance(first, Problem) else str(error)


def program_problem(error: Exception, place: str = "") -> Problem:
    """Return the problem of an error that nobody foresaw; see `index.errors.PROGRAM_ERRORS`."""
    return Problem(Code.PROGRAM, place, error=type(error).__name__)


def to_stored(line: str) -> str:
    """Serialise a reason for the database: a `Problem` as JSON, other text unchanged."""
    if not isinstance(line, Problem):
        return line
    stored = {"code": line.code, "place": line.place, "values": line.values}
    return json.dumps(stored, ensure_ascii=False)


def from_stored(stored: str) -> str:
    """Restore a reason from the database; text of earlier versions is returned unchanged."""
    try:
        fields = json.loads(stored)
        return Problem(Code(fields["code"]), fields["place"], **fields["values"])
    except (ValueError, TypeError, KeyError):
        return stored
