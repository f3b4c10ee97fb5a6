"""Judge a reply by what is right for a message, as the lists of this folder say it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from index import Article
from index.language.spelling import nfc, place_tones
from tests.conversations.replies import Reply, Row
from tests.support.articles import VIETNAM

FIRST_MESSAGES = Path(__file__).with_name("first_messages.tsv")
SAMPLE_QUESTIONS = Path(__file__).with_name("samples.tsv")

LEAST_ROWS = 3
"""Rows of a page of articles, if so many titles hold its words."""

PAGES = ("headlines", "newest", "today", "yesterday", "week")
DAYS_AGO = {"today": (0, 0), "yesterday": (1, 1), "week": (7, 0)}
SAYINGS = ("small_talk", "self", "help", "none")
_DATE_OR_TIME = re.compile(r"\d{1,2}[/:]\d\d?")
_SEVERAL_SOURCES = re.compile(r"\d+ (?:nguồn|sources)")


@dataclass(frozen=True, slots=True)
class Words:
    """Words that a text must hold: all of one of these groups, whole and in any case."""

    groups: tuple[tuple[str, ...], ...] = ()

    def are_in(self, text: str) -> bool:
        return self.are_in_spelled(spell(text))

    def are_in_spelled(self, spelled: str) -> bool:
        """Tell whether they are in a text that `spell` returned."""
        return not self.groups or any(
            all(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", spelled) for word in group)
            for group in self.groups
        )


@dataclass(frozen=True, slots=True)
class Right:
    """A reply that is right: its name in the lists, and its words."""

    name: str
    words: Words


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the lists, with the replies that are right."""

    kind: str
    text: str
    replies: tuple[Right, ...]


@dataclass(frozen=True)
class Shelf:
    """The articles that are asked, by address, and the day of the question."""

    articles: dict[str, Article]
    today: date

    @classmethod
    def of(cls, articles: Iterable[Article], today: date) -> "Shelf":
        return cls({article.url or "": article for article in articles}, today)

    def titled(self, right: Right) -> list[Article]:
        """Return the articles of the days of a page whose title or source holds its words."""
        return [
            article
            for article in self.articles.values()
            if right.words.are_in(f"{article.title}\n{article.source}")
            and self.is_of(article, right)
        ]

    def is_of(self, article: Article, right: Right) -> bool:
        """Tell whether an article is of the days of a page."""
        first, last = DAYS_AGO.get(right.name, (None, None))
        if first is None or last is None:
            return True
        day = article.published.astimezone(VIETNAM).date() if article.published else date.min
        return self.today - timedelta(first) <= day <= self.today - timedelta(last)


def read_messages(path: Path) -> list[Message]:
    """Read a list: kind, message and right replies between tabs."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [parse_message(line) for line in lines if line and not line.startswith("#")]


def fault(message: Message, reply: Reply, shelf: Shelf) -> str | None:
    """Return why a reply is wrong, or None if it is right in one of the ways that are."""
    faults = [_fault(right, reply, shelf) for right in message.replies]
    if None in faults:
        return None
    return min((each for each in faults if each), key=lambda each: each.startswith("it is "))


def _fault(right: Right, reply: Reply, shelf: Shelf) -> str | None:
    kind, words = reply.kind, right.words
    if right.name in PAGES:
        if kind != "headlines":
            return f"it is {kind}, not {right.name}"
        return next(_page_faults(right, reply.rows, shelf), None)
    if right.name in SAYINGS:
        if kind != right.name:
            return f"it is {kind}, not {right.name}"
        return None if words.are_in(reply.text) else "it says something else"
    if kind != right.name and (kind, right.name) != ("maybe", "answer"):
        return f"it is {kind}, not {right.name}"
    shown = reply.quotes[:1] if kind == "answer" else reply.quotes
    return None if any(map(words.are_in, shown)) else "the quote says something else"


def _page_faults(right: Right, rows: Sequence[Row], shelf: Shelf) -> Iterator[str]:
    articles = [shelf.articles.get(row.address) for row in rows]
    found = [article for article in articles if article is not None]
    if len(found) < len(rows):
        yield "a headline links no article"
        return
    for row, article in zip(rows, found, strict=True):
        if not right.words.are_in(row.text):
            yield f"a row lacks the words: {row.headline}"
        if not _DATE_OR_TIME.search(row.below) or not _names_source(row, article):
            yield f"a row lacks its source or date: {row.headline}"
        if not shelf.is_of(article, right):
            yield f"a row is of another day: {row.headline}"
    titled = shelf.titled(right)
    if right.name == "newest":
        moments = [article.published for article in found if article.published]
        if moments != sorted(moments, reverse=True):
            yield "it is not in order of date"
        newest = max((each.published for each in titled if each.published), default=None)
        if newest and (not moments or moments[0] < newest):
            yield "it does not start with the newest"
    if len(rows) < min(LEAST_ROWS, len(titled)):
        yield f"it has {len(rows)} rows"


def _names_source(row: Row, article: Article) -> bool:
    return (article.source or "") in row.below or bool(_SEVERAL_SOURCES.search(row.below))


def parse_message(line: str) -> Message:
    """Parse a line of a list; an unknown reply is a ValueError."""
    kind, text, replies = line.split("\t")
    return Message(kind, text, tuple(map(_right, replies.split(" ; "))))


def _right(reply: str) -> Right:
    name, _, words = reply.partition(":")
    name = name.strip()
    if name not in {*PAGES, *SAYINGS, "answer", "maybe"}:
        raise ValueError(f"no reply is called {name}")
    groups = [group.split(" + ") for group in words.strip().split(" / ") if group]
    return Right(name, Words(tuple(tuple(spell(w.strip()) for w in group) for group in groups)))


def spell(text: str) -> str:
    """Write a text in small letters, its tones and apostrophes in one way."""
    return place_tones(nfc(text)).lower().replace("’", "'")
