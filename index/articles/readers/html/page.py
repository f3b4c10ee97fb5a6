"""Parse an HTML page: headline, publication date, body, author and source of its article."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from index.articles.readers.boilerplate import has_sentence
from index.articles.readers.encoding import decode
from index.articles.readers.html.body import Body, find_body
from index.articles.readers.html.byline import find_byline
from index.articles.readers.html.edges import cut_invitations, trim_edges
from index.articles.readers.html.elements import parse_html
from index.articles.readers.html.furniture import find_furniture
from index.articles.readers.html.headline import choose_title, find_headline
from index.articles.readers.html.metadata import read_metadata, title_key
from index.articles.readers.html.page_date import find_date
from index.articles.readers.html.page_lines import Line, read_lines
from index.articles.readers.html.reasons import CutReason, Reasons
from index.articles.readers.legacy_fonts import reject_legacy_fonts
from index.articles.urls import host_of
from index.errors import InputError
from index.language.spelling import is_vietnamese
from index.models.article import Article
from index.models.problem import Code, Problem

_META_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{1,40})""", re.IGNORECASE
)
_META_CHARSET_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Cut:
    """A line of a page that is no part of its article, and the reason."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class PageReading:
    """The article of a page, and the lines below its headline that were left out.

    `lines` are the keys of the lines that were kept, by which lines of pages are compared.
    """

    article: Article
    cuts: tuple[Cut, ...]
    lines: tuple[str, ...]


def parse_html_page(
    data: bytes,
    url: str | None = None,
    declared: str | None = None,
    now: datetime | None = None,
) -> Article:
    """Parse the news article of an HTML page; see `read_html_page`."""
    return read_html_page(data, url, declared, now).article


def read_html_page(
    data: bytes,
    url: str | None = None,
    declared: str | None = None,
    now: datetime | None = None,
    repeated: frozenset[str] = frozenset(),
) -> PageReading:
    """Parse the news article of an HTML page, and say what was left out.

    Args:
        data: The page as bytes.
        url: The address of the page; its canonical address by default.
        declared: The charset of the HTTP header.
        now: The time of reading, with an offset: dates well after it are not
            publication dates. The present by default.
        repeated: Keys of lines that stand on most pages of this source.

    Returns:
        The article: paragraphs word for word, parted by one newline; and the cuts.

    Raises:
        InputError: If the bytes are not text, or there is no article in the page.
    """
    tree = parse_html(decode(data, declared or _meta_charset(data)))
    metadata = read_metadata(tree)
    page = read_lines(tree)
    headline = find_headline(page, metadata)
    title = choose_title(page.lines[headline] if headline is not None else None, metadata)
    reasons = find_furniture(page, headline)
    if repeated:
        _cut_repeated(page.lines, headline, repeated, reasons)
    body = find_body(page, headline, reasons)
    published = find_date(
        metadata, title, page.lines, headline, body, reasons, now or datetime.now(UTC)
    )
    start = body.first if headline is None else headline + 1
    cut_invitations(page.lines, body.places, reasons)
    places = [at for at in body.places if reasons[at] is None]
    byline = find_byline(page, metadata, title, places, range(start, body.last), reasons)
    for at in byline.places:
        reasons[at] = reasons[at] or CutReason.AUTHOR
    trim_edges(page.lines, [at for at in places if reasons[at] is None], reasons, title)
    text = [page.lines[at].text for at in places if reasons[at] is None]
    if not has_sentence(text):
        raise InputError(Problem(Code.NO_ARTICLE))
    reject_legacy_fonts(f"{title} {' '.join(text)}")
    if not is_vietnamese("\n".join(text)):
        raise InputError(Problem(Code.FOREIGN))
    address = url or metadata.url
    article = Article(
        title=title,
        text="\n".join(text),
        url=address,
        published=published,
        source=metadata.source or host_of(address),
        author=byline.author,
    )
    keys = tuple(map(title_key, text))
    return PageReading(article, tuple(_cuts(page.lines, body, start, reasons)), keys)


def _cut_repeated(
    lines: list[Line], headline: int | None, repeated: frozenset[str], reasons: Reasons
) -> None:
    for at, line in enumerate(lines):
        if at != headline and reasons[at] is None and title_key(line.text) in repeated:
            reasons[at] = CutReason.REPEATED


def _meta_charset(data: bytes) -> str | None:
    found = _META_CHARSET.search(data[:_META_CHARSET_BYTES])
    return found[1].decode("ascii", "ignore") if found else None


def _cuts(lines: list[Line], body: Body, start: int, reasons: Reasons) -> list[Cut]:
    kept = set(body.places)
    cuts: list[Cut] = []
    for at in range(start, len(lines)):
        reason = reasons[at] or (None if at in kept else CutReason.OUTSIDE)
        if reason is not None:
            cuts.append(Cut(lines[at].text, reason))
    return cuts
