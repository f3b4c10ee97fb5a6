"""Find the headline of a page's article among its lines.

The evidence: the line is a title that the metadata give, in `h1` or another heading, named as a
title, in bold or large letters; a date stands beside it and sentences below it. Against it: it
is the name of the site, a link, furniture, or the heading of a box.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate

from index.articles.readers.boilerplate import ends_article, is_boilerplate
from index.articles.readers.html.marks import Mark, mark_of
from index.articles.readers.html.metadata import (
    PageMetadata,
    is_site_name,
    strip_site_name,
    title_key,
)
from index.articles.readers.html.page_lines import Element, Line, PageLines
from index.language.dates import is_date_line

_LEAST_SCORE = 4.0
_WHOLE_TITLE = 8.0  # score of a line that is all that the metadata state as title
_HALF = 0.5
_LEAST_WORDS = 3  # of a title that is part of a line
_LEAST_SHARE = 0.6  # of the line's letters
_MOST_WORDS = 40
_MOST_WORDS_OF_DATE = 20
_SENTENCES_BEFORE = 3  # a headline is above the text
_BELOW_LINES = 10  # in which a sentence follows
_TITLE_NAME = re.compile(r"title|tieu-?_?de|tittle|headline|entry-tt|post-tt", re.IGNORECASE)
_BOX_NAME = re.compile(
    r"box|widget|site|section|portlet|block|folder|cate|module|menu|logo|brand|banner|sub",
    re.IGNORECASE,
)
_HEADING_SCORES = {"h1": 4.0, "h2": 3.0, "h3": 2.0, "h4": 1.0}
_NO_HEADLINE = frozenset(
    (Mark.NAVIGATION, Mark.RELATED, Mark.COMMENTS, Mark.IMPRINT, Mark.WIDGET, Mark.HIDDEN)
)


@dataclass(frozen=True, slots=True)
class _Title:
    text: str
    key: str
    words: int

    @classmethod
    def of(cls, text: str) -> _Title:
        return cls(text, title_key(text), len(text.split()))


def find_headline(page: PageLines, metadata: PageMetadata) -> int | None:
    """Return the index of the headline's line, or None if none is likely enough.

    Args:
        page: The lines of the page.
        metadata: Its metadata, with the titles that they give.
    """
    titles = list(map(_Title.of, metadata.titles))
    marked = _marked_lines(page)
    named = _named_lines(page)
    dates = [_is_date(line) for line in page.lines]
    sentences = _sentences(page.lines)
    best, best_score = None, _LEAST_SCORE
    linked = Counter(line.block.tag for line in page.lines if line.is_link)
    for place, line in enumerate(page.lines):
        if marked[place] and line.block.tag != "h1":
            continue
        is_only = line.block.tag in ("h2", "h3", "h4") and linked[line.block.tag] == 1
        score = _score_of_text(line, metadata, titles, is_only=is_only)
        if score is None or (marked[place] and score <= 0):
            continue
        score += _score_of_element(line, named[place])
        score += _score_of_place(place, dates, sentences, len(page.lines))
        if score > best_score:
            best, best_score = place, score
    return best


def choose_title(line: Line | None, metadata: PageMetadata) -> str:
    """Return the title: as shown, without a badge or section, or else that of the metadata."""
    if line is None:
        titles = (strip_site_name(title, metadata.source) for title in metadata.titles)
        return next((title for title in titles if not is_site_name(title, metadata)), "")
    shown = title_key(line.text)
    for title in map(_Title.of, metadata.titles):
        if title.key == shown:
            return line.text if len(line.text) >= len(title.text) else title.text
        if _is_most_of(title, shown):
            return title.text
    return line.text


def _is_most_of(title: _Title, shown: str) -> bool:
    """Tell whether a title is in a text with little beside it: a badge, a section."""
    is_long = title.words >= _LEAST_WORDS and len(title.key) > len(shown) * _LEAST_SHARE
    return is_long and title.key in shown


def _score_of_text(
    line: Line, metadata: PageMetadata, titles: list[_Title], *, is_only: bool
) -> float | None:
    """Score a line's text against the titles of the metadata; None if it is no headline.

    A link is one of a list of other articles, unless it is the only linked heading.
    """
    score, key = 0.0, title_key(line.text)
    for place, title in enumerate(titles):
        if key and key == title.key:
            score = max(score, _WHOLE_TITLE - min(2 * place, 4))
        elif _is_most_of(title, key):
            score = max(score, 5.0)
    if is_site_name(line.text, metadata):
        return None
    if not score:
        if not 1 < line.words <= _MOST_WORDS:
            return None
        if ends_article(line.text) or is_boilerplate(line.text) or is_date_line(line.text):
            return None
        score -= 1.0 if line.words < 4 else 0.0
        score -= 2.0 if line.text.endswith((".", ";", ":", ",")) else 0.0
    if line.is_link and score < _WHOLE_TITLE:
        score -= 2.0 if is_only else 6.0
    return score


def _score_of_element(line: Line, named: float) -> float:
    tag = line.block.tag
    score = _HEADING_SCORES.get(tag, 0.0) + named
    return score + (1.5 if line.is_bold and tag not in _HEADING_SCORES else 0.0)


def _score_of_place(place: int, dates: list[bool], sentences: list[int], count: int) -> float:
    """Score a line by the dates and sentences around it."""
    score = 0.0
    if any(dates[place + 1 : place + 4]):
        score += 2.5
    elif any(dates[max(0, place - 3) : place]):
        score += 1.0
    below = sentences[min(place + 1 + _BELOW_LINES, count)] - sentences[place + 1]
    score += 2.0 if below else -6.0
    return score - (3.0 if sentences[place] >= _SENTENCES_BEFORE else 0.0)


def _sentences(lines: list[Line]) -> list[int]:
    """Count the sentences before each line, outside links."""
    counts = [0]
    for line in lines:
        counts.append(counts[-1] + (line.is_sentence and line.linked < _HALF))
    return counts


def _is_date(line: Line) -> bool:
    if line.published or line.stamps:
        return True
    return line.words <= _MOST_WORDS_OF_DATE and is_date_line(line.text)


def _marked_lines(page: PageLines) -> list[bool]:
    """Tell for each line whether it is in an element that is no place for a headline."""
    marked = [False] * len(page.lines)
    letters = (0, *accumulate(len(line.text) for line in page.lines))
    end = 0
    for element in page.elements:
        is_part = (letters[element.last] - letters[element.first]) * 2 < letters[-1]
        if is_part and element.last > max(element.first, end) and _is_no_place(element):
            marked[element.first : element.last] = [True] * (element.last - element.first)
            end = element.last
    return marked


def _is_no_place(element: Element) -> bool:
    if element.tag in ("html", "body", "form", "main"):
        return False
    if element.tag in ("nav", "aside", "footer"):
        return True
    return mark_of(element.names) in _NO_HEADLINE


def _named_lines(page: PageLines) -> list[float]:
    """Score each line by the names of the elements with this line alone."""
    scores = [0.0] * len(page.lines)
    for element in page.elements:
        if element.names and element.last - element.first == 1:
            named = _score_of_names(element.names)
            scores[element.first] = max(scores[element.first], named, key=abs)
    for place, line in enumerate(page.lines):
        if line.names:
            scores[place] = max(scores[place], _score_of_names(line.names), key=abs)
    return scores


def _score_of_names(names: tuple[str, ...]) -> float:
    if "headline" in names:
        return 4.0
    titles = [name for name in names if _TITLE_NAME.search(name)]
    if not titles:
        return 0.0
    return 3.0 if any(not _BOX_NAME.search(name) for name in titles) else -2.0
