"""Parse a page saved as text: title, publication date and body, without boilerplate."""

import re
import unicodedata
from datetime import UTC, datetime

from index.articles.readers.boilerplate import (
    collapse_whitespace,
    ends_article,
    has_sentence,
    is_boilerplate,
    is_prose,
    remove_boilerplate,
    split_author,
)
from index.errors import InputError
from index.language.dates import is_date_line, is_plausible_date, read_datetime, shows_today
from index.models.article import Article

_ADDRESS = re.compile(r"(?:(?:url|link|địa chỉ|nguồn)\s?:\s?)?(https?://\S+)", re.IGNORECASE)
_LONGEST_TITLE = 300  # characters: a longer first line is the text itself


def parse_text_page(text: str, now: datetime | None = None) -> Article:
    """Parse the article of a page saved as text, or of a plain note.

    Args:
        text: The page as Unicode text.
        now: The time of reading, with an offset: dates well after it are not
            publication dates. The present by default.

    Returns:
        The article: paragraphs parted by one newline, runs of spaces made one.

    Raises:
        InputError: If there is no article in the text.
    """
    lines = _lines(text)
    url, lines = _leading_address(lines)
    start, stamp = _find_head(lines)
    if start is None:
        raise InputError("no article in it: only a page's menus, dates and links")
    published = _published(lines, start, stamp, now or datetime.now(UTC))
    title, body = lines[start], _body(lines, start, stamp)
    body, author = split_author(body, may_lead=stamp is not None)
    if len(title) > _LONGEST_TITLE:
        title, body = "", [title, *body]
    if not has_sentence(body) and len(f"{title} {' '.join(body)}".split()) < 6:
        raise InputError("no article in it: nothing as long as a sentence")
    return Article(
        title=title,
        text="\n".join(body),
        url=url,
        published=published,
        author=author,
    )


def _lines(text: str) -> list[str]:
    lines = map(collapse_whitespace, unicodedata.normalize("NFC", text).splitlines())
    return [line for line in lines if line]


def _leading_address(lines: list[str]) -> tuple[str | None, list[str]]:
    found = _ADDRESS.fullmatch(lines[0]) if lines else None
    return (found[1], lines[1:]) if found else (None, lines)


def _find_head(lines: list[str]) -> tuple[int | None, int | None]:
    """Find the title's line and the date line below it, either of which may be missing."""
    above: list[int] = []
    prose = 0
    for index, line in enumerate(lines):
        if ends_article(line) and above:
            break
        if is_date_line(line):
            if above:
                return _title_above(lines, above), index
        elif not is_boilerplate(line) and not ends_article(line):
            above.append(index)
            prose += is_prose(line)
            if prose > 2:  # a date below this much is the body's, or the page's foot
                break
    return (above[0] if above else None), None


def _title_above(lines: list[str], above: list[int]) -> int:
    """Choose the title among the lines above the date: menus precede it, a lead may follow."""
    position = len(above) - 1
    while position > 0 and is_prose(lines[above[position]]):
        position -= 1
    return above[position]


def _published(lines: list[str], start: int, stamp: int | None, now: datetime) -> datetime | None:
    places = [stamp] if stamp is not None else []
    places += [index for index in range(start) if not shows_today(lines[index])]
    places += [len(lines) - 1]
    for index in places:
        moment = read_datetime(lines[index]) if is_date_line(lines[index]) else None
        if moment and is_plausible_date(moment, now):
            return moment
    return None


def _body(lines: list[str], start: int, stamp: int | None) -> list[str]:
    body = remove_boilerplate(lines[start + 1 :])
    dates = {lines[stamp]} if stamp is not None else set()
    if body and is_date_line(body[-1]):
        dates.add(body[-1])
    return [line for line in body if line not in dates and line != lines[start]]
