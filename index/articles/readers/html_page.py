"""Parse an HTML page: headline, publication date, body, author and source of its article."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from index.articles.readers.boilerplate import (
    collapse_whitespace,
    ends_article,
    has_sentence,
    is_prose,
    parse_author,
    remove_boilerplate,
    split_author,
)
from index.articles.readers.encoding import decode
from index.articles.readers.html_body import Line, cut_boilerplate, find_article, read_lines
from index.articles.readers.html_meta import PageMeta, read_meta, strip_site_name
from index.articles.readers.html_tree import parse_html
from index.articles.readers.legacy_fonts import reject_legacy_fonts
from index.articles.urls import host_of
from index.errors import InputError
from index.language.dates import is_date_line, is_plausible_date, read_datetime, shows_today
from index.models.article import Article
from index.models.period import has_time
from index.models.problem import Code, Problem

if TYPE_CHECKING:
    from lxml.html import HtmlElement


_ABOVE_LINES = 4  # above the headline: section, date
_HEAD_LINES = 6  # below the headline: date, author, tools
_META_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{1,40})""", re.IGNORECASE
)
_META_CHARSET_BYTES = 4096
_LONGEST_WORDS = 2_000  # characters: elements may lie in each other, each with the text of all
_DATE_CLASS = re.compile(r"date|time|publish|ngay|post|meta|info", re.IGNORECASE)
_TITLE_CLASS = re.compile(r"title|tieu-?de|headline", re.IGNORECASE)
_HEADLINES = ("h1", "h2", "h3", "h4", "div", "p", "span", "td", "font", "strong", "b")
_AUTHOR_CLASS = re.compile(r"author|tac-?gia|byline|nguoi-?viet|journalist", re.IGNORECASE)


def parse_html_page(
    data: bytes,
    url: str | None = None,
    declared: str | None = None,
    now: datetime | None = None,
) -> Article:
    """Parse the news article of an HTML page.

    Args:
        data: The page as bytes.
        url: The address of the page; its canonical address by default.
        declared: The charset of the HTTP header.
        now: The time of reading, with an offset: dates well after it are not
            publication dates. The present by default.

    Returns:
        The article: paragraphs word for word, parted by one newline.

    Raises:
        InputError: If the bytes are not text, or there is no article in the page.
    """
    tree = parse_html(decode(data, declared or _meta_charset(data)))
    meta = read_meta(tree)
    headline = _headline(tree, meta)
    cut_boilerplate(tree, headline)
    lines = read_lines(tree)
    start = _start(lines, headline)
    title = _title(headline, meta)
    chosen = [line.text for line in find_article(tree, lines, start)]
    published = _published(tree, meta, lines, start, now or datetime.now(UTC))
    body, author = _body(chosen, title)
    if not has_sentence(body):
        raise InputError(Problem(Code.NO_ARTICLE))
    reject_legacy_fonts(f"{title} {' '.join(body)}")
    address = url or meta.url
    return Article(
        title=title,
        text="\n".join(body),
        url=address,
        published=published,
        source=meta.source or host_of(address),
        author=author or _marked_author(tree) or meta.author,
    )


def _meta_charset(data: bytes) -> str | None:
    found = _META_CHARSET.search(data[:_META_CHARSET_BYTES])
    return found[1].decode("ascii", "ignore") if found else None


def _headline(tree: HtmlElement, meta: PageMeta) -> HtmlElement | None:
    """Find the headline: the element with the title of the metadata, or else a likely one."""
    first_headings = [node for node in tree.iter("h1") if len(_words(node).split()) >= 3]
    title = _title(None, meta).casefold()
    for node in first_headings:
        if title.startswith(_words(node).casefold()) or title in _words(node).casefold():
            return node
    for node in tree.iter(*_HEADLINES):
        if title and len(node) <= 2 and _words(node).casefold() == title and not _in_link(node):
            return node
    candidates = [node for node in first_headings if _words(node) != meta.source]
    longest = max(candidates, key=lambda node: len(_words(node)), default=None)
    return longest if longest is not None else _titled(tree)


def _titled(tree: HtmlElement) -> HtmlElement | None:
    """Find an element with a title's class or id, where the metadata name only the site."""
    for node in tree.iter(*_HEADLINES):
        named = _TITLE_CLASS.search(f"{node.get('class') or ''} {node.get('id') or ''}")
        if named and len(node) <= 2 and not _in_link(node):
            words = _words(node)
            if 4 <= len(words.split()) <= 40 and not ends_article(words):
                return node
    return None


def _words(node: HtmlElement) -> str:
    """Return the text of an element in one line, as far as a headline or a name can go."""
    parts: list[str] = []
    left = _LONGEST_WORDS
    for text in node.itertext():
        parts.append(text[:left])
        left -= len(text)
        if left <= 0:
            break
    return collapse_whitespace("".join(parts))


def _in_link(node: HtmlElement) -> bool:
    return node.tag == "a" or next(node.iterancestors("a", "nav", "li"), None) is not None


def _title(headline: HtmlElement | None, meta: PageMeta) -> str:
    if headline is not None:
        return _words(headline)
    return strip_site_name(meta.headline or meta.page_title or "", meta.source)


def _start(lines: list[Line], headline: HtmlElement | None) -> int:
    """Find the first line below the headline."""
    if headline is None:
        return 0
    text = _words(headline)
    return next((number for number, line in enumerate(lines, 1) if line.text == text), 0)


def _body(lines: list[str], title: str) -> tuple[list[str], str | None]:
    while lines and lines[0] == title:
        lines = lines[1:]
    lines = remove_boilerplate(lines)
    head, rest = lines[:_HEAD_LINES], lines[_HEAD_LINES:]
    prose = next((place for place, line in enumerate(head) if is_prose(line)), len(head))
    head = [line for place, line in enumerate(head) if place > prose + 1 or not is_date_line(line)]
    lines = head + rest
    if lines and is_date_line(lines[-1]):
        lines = lines[:-1]
    return split_author(lines)


def _marked_author(tree: HtmlElement) -> str | None:
    for node in tree.iter("p", "div", "span", "a", "strong", "b", "li"):
        if _AUTHOR_CLASS.search(node.get("class") or "") and len(node) <= 3:
            author = parse_author(_words(node)) if len(_words(node)) <= 90 else None
            if author:
                return author
    return None


def _published(
    tree: HtmlElement, meta: PageMeta, lines: list[Line], start: int, now: datetime
) -> datetime | None:
    """Choose the publication date: of the metadata, then near the headline."""
    stated = [moment for text in meta.published if (moment := read_datetime(text))]
    shown = _shown(tree, lines, start)
    for moment in (*stated, *shown):
        if is_plausible_date(moment, now):
            return _with_shown_time(moment, shown)
    return _htmldate(tree, now)


def _with_shown_time(moment: datetime, shown: list[datetime]) -> datetime:
    """Prefer a shown date of the same day or clock: it has the time, or the right offset."""
    for candidate in shown:
        same_clock = candidate.replace(tzinfo=None) == moment.replace(tzinfo=None)
        same_day = candidate.date() == moment.date() and not has_time(moment)
        if same_clock or same_day:
            return candidate
    return moment


def _shown(tree: HtmlElement, lines: list[Line], start: int) -> list[datetime]:
    near = [line.text if is_date_line(line.text) else "" for line in lines]
    above = [text for text in near[max(0, start - _ABOVE_LINES) : start] if not shows_today(text)]
    below = [
        text for text in near[start : start + _HEAD_LINES] if not text.lower().startswith("hôm")
    ]
    marked = _marked_dates(lines, start)
    texts = (*below, *marked, *above)
    return [moment for text in texts if (moment := read_datetime(text))]


def _marked_dates(lines: list[Line], start: int) -> list[str]:
    """Find dates below the headline in blocks with a date's class or id."""
    texts: list[str] = []
    for line in lines[start : start + 2 * _HEAD_LINES]:
        names = f"{line.block.get('class') or ''} {line.block.get('id') or ''}"
        if _DATE_CLASS.search(names) and not is_prose(line.text):
            texts.append(line.text)
    return texts


def _htmldate(tree: HtmlElement, now: datetime) -> datetime | None:
    import htmldate

    logging.getLogger("htmldate").setLevel(logging.CRITICAL + 1)
    try:
        day = htmldate.find_date(tree, extensive_search=False, original_date=True)
    except (RecursionError, ValueError, TypeError, AttributeError):  # seen on broken trees
        return None
    moment = read_datetime(day) if day else None
    return moment if moment and is_plausible_date(moment, now) else None
