"""Corpus of news pages: load pages with their expected articles, and judge what was read in them.

Sentences are compared whole, after Unicode NFC and with each run of white space as one space.
"""

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from index.articles.readers.html import read_html_page
from index.errors import InputError
from index.language.sentences import split_sentences

NOW = datetime(2026, 12, 31, tzinfo=UTC)
"""When the pages of a corpus are read: none of their dates is later."""

Alternatives = Sequence[Sequence[str]]
"""Lists of sentences of which one list is to be there."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Article that a person sees in a page.

    `optional` sentences count neither for nor against; a piece of `absent` may be in no sentence,
    title or author; the author is checked if `names_author`.
    """

    title: str
    published: datetime | None
    author: str | None
    names_author: bool
    sentences: Sequence[str]
    optional: frozenset[str]
    absent: Sequence[str]
    any_of: Sequence[Alternatives]

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        """Take over the fields of an `expected.json`."""
        published = fields["published"]
        return cls(
            title=normalise(fields["title"]),
            published=datetime.fromisoformat(published) if published else None,
            author=normalise(fields.get("author")) or None,
            names_author="author" in fields,
            sentences=_normalise_all(fields["sentences"]),
            optional=frozenset(_normalise_all(fields.get("optional", ()))),
            absent=_normalise_all(fields.get("absent", ())),
            any_of=[list(map(_normalise_all, entry)) for entry in fields.get("any_of", ())],
        )


@dataclass(frozen=True, slots=True)
class CorpusPage:
    """HTML page of a corpus, with what is expected of its reader."""

    name: str
    data: bytes
    expected: Expected


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found in a page, or why it rejected the page."""

    title: str | None = None
    published: datetime | None = None
    author: str | None = None
    sentences: Sequence[str] = ()
    rejected: str | None = None


@dataclass(frozen=True, slots=True)
class SentenceScore:
    """Sentences of one or several pages: right, found and wanted ones, and the faults in words."""

    right: int
    found: int
    wanted: int
    faults: tuple[str, ...] = ()

    @property
    def precision(self) -> float:
        """Share of the sentences found that are right."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of the sentences wanted that were found."""
        return self.right / self.wanted if self.wanted else 1.0


def load_pages(folder: Path) -> list[CorpusPage]:
    """Load the pages `NAME/page.html` with `NAME/expected.json` of a folder, by name."""
    return [
        CorpusPage(
            name=path.parent.name,
            data=path.with_name("page.html").read_bytes(),
            expected=Expected.from_json(json.loads(path.read_text(encoding="utf-8"))),
        )
        for path in sorted(folder.glob("*/expected.json"))
    ]


def read_page(data: bytes) -> Reading:
    """Read a page as the product does."""
    try:
        article = read_html_page(data, now=NOW).article
    except InputError as error:
        return Reading(rejected=str(error))
    return Reading(
        title=article.title,
        published=article.published,
        author=article.author,
        sentences=sentences_of(article.text),
    )


def sentences_of(text: str) -> list[str]:
    """Split a text into sentences as the product does."""
    return [text[start:end] for start, end in split_sentences(text)]


def judge(expected: Expected, reading: Reading) -> list[str]:
    """List the faults of a reading, in words; a reading without any is right."""
    if reading.rejected is not None:
        return [f"rejected: {reading.rejected}"]
    faults = []
    if normalise(reading.title) != expected.title:
        faults.append(f"title: {reading.title!r}, expected {expected.title!r}")
    if reading.published != expected.published:
        faults.append(f"date: {reading.published}, expected {expected.published}")
    if expected.names_author and (normalise(reading.author) or None) != expected.author:
        faults.append(f"author: {reading.author!r}, expected {expected.author!r}")
    for piece in expected.absent:
        if piece in normalise(reading.title) or piece in normalise(reading.author):
            faults.append(f"in the title or author: {piece!r}")
    return [*faults, *score_sentences(expected, reading.sentences).faults]


def score_sentences(expected: Expected, sentences: Sequence[str]) -> SentenceScore:
    """Compare the sentences that were found with the expected ones, in order."""
    found = list(filter(None, _normalise_all(sentences)))
    wanted = Counter(expected.sentences)
    judged = [each for each in found if each in wanted or each not in expected.optional]
    missing, surplus = wanted - Counter(judged), Counter(judged) - wanted
    lost = [entry for entry in expected.any_of if not _has_one(entry, found)]
    alternatives_found = len(expected.any_of) - len(lost)
    faults = [
        *(f"missing: {each!r}" for each in missing.elements()),
        *(f"missing, in any form: {entry[0]}" for entry in lost),
        *(f"surplus: {each!r}" for each in surplus.elements()),
        *(
            f"within a sentence: {piece!r}"
            for piece in expected.absent
            if any(piece in each for each in found)
        ),
    ]
    if not missing and not surplus and judged != expected.sentences:
        faults.append("the sentences are in another order")
    return SentenceScore(
        right=len(expected.sentences) - missing.total() + alternatives_found,
        found=len(judged) + alternatives_found,
        wanted=len(expected.sentences) + len(expected.any_of),
        faults=tuple(faults),
    )


def total(scores: Iterable[SentenceScore]) -> SentenceScore:
    """Sum up the sentences of pages, without the faults."""
    counts = [(score.right, score.found, score.wanted) for score in scores]
    right, found, wanted = map(sum, zip(*counts, strict=True))
    return SentenceScore(right, found, wanted)


def normalise(text: str | None) -> str:
    """Return a text in NFC, without soft hyphens, and with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text or "").replace("\u00ad", "").split())


def _normalise_all(texts: Iterable[str]) -> list[str]:
    return list(map(normalise, texts))


def _has_one(entry: Alternatives, found: Sequence[str]) -> bool:
    return any(all(each in found for each in sentences) for sentences in entry)
