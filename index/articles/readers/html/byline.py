"""Find the author of a page's article, and the lines that only name the author.

The evidence, in order: an element named as the author's, below the headline; a line with a
credit ("Tin, ảnh: …", "… thực hiện", "Theo …") or a name alone, before or after the text; the
structured data and the meta tags. A name alone is an author's only where it stands apart from
the text: above it beside the date, or below a sentence, to the right or in bold; never in a
list or table, nor below a line that ends with a colon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.articles.readers.boilerplate import collapse_whitespace, ends_article
from index.articles.readers.credits import LONGEST, Credit, Kind, is_full_name, parse_credit
from index.articles.readers.html.marks import Mark
from index.articles.readers.html.metadata import PageMetadata, title_key
from index.articles.readers.html.page_lines import Element, Line, PageLines
from index.articles.readers.html.reasons import CutReason, Reasons
from index.language.dates import beside_date, has_time_of_day, is_date_line, read_datetime

if TYPE_CHECKING:
    from lxml.html import HtmlElement


_AUTHOR_NAME = re.compile(
    r"author|tac-?_?gia|byline|nguoi-?viet|journalist|reporter|createdby|but-?danh|username"
    r"|(?:^|[_-])(?:au|aut|auth|sign|tg|by|writer|pv)(?:$|[_-])",
    re.IGNORECASE,
)
_READABLE = (None, CutReason.LINK, Mark.DETAILS, Mark.TOOLS)
_OF_OTHERS = (Mark.COMMENTS, Mark.RELATED, Mark.SIDE, Mark.PROFILE)
_HEAD_LINES = 6
_END_LINES = 4
_LONGEST_LABEL = 20  # characters
_MOST_NODES = 12  # of an element with an author's name
_LISTS = frozenset("li tr td th dd dt".split())
_RIGHT = re.compile(r"text-align\s*:\s*(?:right|end)", re.IGNORECASE)
_SENTENCE_END = (".", "!", "?", "…", '"', "”")
_INLINE = frozenset("span a b strong em i u font small cite label".split())
_READING_TIME = re.compile(r"\d{1,3} phút(?: đọc| trước)?$")
_ROLE = re.compile(r",\s[a-zđ].*$")
_NOBODY = re.compile(
    r"(?:bởi|by|theo|nguồn|ảnh|pv)|(?:super\s?user|admin(?:istrator)?|quản trị(?: viên)?"
    r"|webmaster|nvcc|internet|minh họa|ban quản trị|tác giả|theo dõi|xem thêm)\b.{0,30}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Byline:
    """The author as written, without labels, or None; and the places of lines that name authors."""

    author: str | None
    places: frozenset[int]


def find_byline(
    page: PageLines,
    metadata: PageMetadata,
    title: str,
    places: list[int],
    frame: range,
    reasons: Reasons,
) -> Byline:
    """Find the author and the lines that name the author.

    Args:
        page: The lines of the page.
        metadata: Its metadata.
        title: The article's title.
        places: The lines of the article's body, in order.
        frame: The lines below the headline in the article's frame.
        reasons: For each line why it is furniture, or None.
    """
    lines = page.lines
    marked = list(_marked(page, frame, reasons))
    credited = list(_credited(lines, places, frame, reasons))
    fact = metadata.fact_of(title)
    found = sorted([*marked, *credited], key=lambda entry: entry[1].kind)
    names = [credit.name for _, credit in found if credit.kind is not Kind.OTHER]
    names += filter(None, (fact.author if fact else None, metadata.author))
    author = next((name for name in names if _is_somebody(name, metadata.source)), None)
    whole = (at for at, credit in found if _says_no_more(lines[at], credit))
    return Byline(author, frozenset(whole))


def _credited(
    lines: list[Line], places: list[int], frame: range, reasons: Reasons
) -> Iterator[tuple[int, Credit]]:
    """Yield the credits before and after the text."""
    prose = [n for n, at in enumerate(places) if _is_text(lines[at])]
    first, last = (prose[0], prose[-1]) if prose else (0, len(places) - 1 - _END_LINES)
    text = places[first] if places else frame.start
    head = [at for at in range(frame.start, text) if reasons[at] in _READABLE]
    for at in head[:_HEAD_LINES]:
        credit = parse_credit(lines[at].text)
        if credit and (credit.kind < Kind.NAME or _is_apart_above(lines, at, text)):
            yield at, credit
        beside = beside_date(lines[at].text)
        name = parse_credit(beside) if beside else None
        if name and name.kind <= Kind.NAME and has_time_of_day(lines[at].text):
            yield at, name
    end = places[max(last + 1, len(places) - _END_LINES) :]
    for n, at in reversed(list(enumerate(end))):
        credit = parse_credit(lines[at].text) or _signature(lines[at], is_last=at == end[-1])
        others = [*places[: len(places) - len(end)], *end[:n]]
        if credit is None or not others:
            return
        if credit.kind is Kind.NAME and not _is_apart_below(lines, at, others):
            return
        yield at, credit


def _says_no_more(line: Line, credit: Credit) -> bool:
    """Tell whether a line has little but the name: a label, a date."""
    return len(line.text) <= 2 * len(credit.name) + _LONGEST_LABEL


def _signature(line: Line, *, is_last: bool) -> Credit | None:
    """Parse a short last line to the right as the name of a body or person in any form."""
    if is_last and _is_right(line) and not (line.is_sentence or ends_article(line.text)):
        credit = _loose(line.text)
        return Credit(credit.name, Kind.NAME) if credit else None
    return None


def _is_text(line: Line) -> bool:
    return line.is_sentence and parse_credit(line.text) is None


def _is_apart_above(lines: list[Line], at: int, text: int) -> bool:
    """Tell whether a name stands with the date above the text, not in the text's own part."""
    if is_full_name(lines[at].text):
        return True
    if lines[at].block.parent is lines[text].block.parent and not _is_date(lines[at + 1]):
        return False
    return any(map(_is_date, lines[max(0, at - 2) : at + 3]))


def _is_date(line: Line) -> bool:
    return bool(is_date_line(line.text) or line.stamps or line.published)


def _is_apart_below(lines: list[Line], at: int, others: list[int]) -> bool:
    """Tell whether a name at the end is no item of a list or table, and follows a sentence."""
    is_item = any(element.tag in _LISTS for element in _up(lines[at].block, 2))
    if is_item and not _is_emphasised(lines[at]):
        return False
    above = (lines[one] for one in reversed(others))
    before = next((line for line in above if not parse_credit(line.text)), None)
    if before is None or before.text.endswith(":"):
        return False
    is_apart = _is_emphasised(lines[at]) and not _is_emphasised(before)
    return is_apart or before.text.endswith(_SENTENCE_END)


def _is_emphasised(line: Line) -> bool:
    return line.is_bold or _is_right(line)


def _is_right(line: Line) -> bool:
    """Tell whether a line is aligned to the right, itself or in the block around it."""
    nodes = [element.node for element in _up(line.block, 2)]
    return any(
        (node.get("align") or "").lower() == "right" or _RIGHT.search(node.get("style") or "")
        for node in nodes
    )


def _up(element: Element, levels: int) -> Iterator[Element]:
    current: Element | None = element
    for _ in range(levels):
        if current is None:
            return
        yield current
        current = current.parent


def _marked(page: PageLines, frame: range, reasons: Reasons) -> Iterator[tuple[int, Credit]]:
    """Yield the places and credits of elements named as the author's, or beside the date."""
    first = next((at for at in frame if _is_text(page.lines[at])), frame.stop)
    for element in page.elements:
        at = element.first if element.first < element.last else element.last
        if at in frame and element.last - at <= 1 and reasons[at] not in _OF_OTHERS:
            if any(_AUTHOR_NAME.search(name) for name in element.names):
                text = _short_text(element.node)
                credit = _loose(text) if text else None
            elif at < first and reasons[at] in _READABLE and element.tag in _INLINE:
                text = _short_text(element.node)
                credit = parse_credit(text) if text else None
                credit = credit if credit and credit.kind <= Kind.NAME else None
            else:
                continue
            if credit and (credit.kind is not Kind.NAME or has_time_of_day(page.lines[at].text)):
                yield at, credit


def _loose(text: str) -> Credit | None:
    """Parse the text of an author's element: a credit, or any short name without a date."""
    text = beside_date(text) or text
    text = _ROLE.sub("", _READING_TIME.sub("", text)).strip(" ,-–|•:")
    credit = parse_credit(text)
    if credit:
        return credit if credit.kind is Kind.SOURCE else Credit(credit.name, Kind.LABELLED)
    is_name = text[:1].isupper() and len(text.split()) <= 6 and not text.endswith((".", ":"))
    if not is_name or "@" in text or len(text) > LONGEST or read_datetime(text):
        return None
    return Credit(text, Kind.LABELLED)


def _short_text(node: HtmlElement) -> str | None:
    """Return the text of an element with few others in it."""
    parts: list[str] = []
    for count, inner in enumerate(node.iter()):
        if count > _MOST_NODES:
            return None
        parts.append(inner.text or "")
        parts.append(" " + (inner.tail or "") if inner is not node else "")
    text = collapse_whitespace("".join(parts))
    return text if 0 < len(text) <= LONGEST else None


def _is_somebody(name: str, source: str | None) -> bool:
    """Tell whether a name is a person's or an agency's, and not the site's or a role."""
    key, site = title_key(name), title_key(source or "")
    if not key or _NOBODY.fullmatch(name) or "://" in name:
        return False
    return not site or (key not in site and site not in key)
