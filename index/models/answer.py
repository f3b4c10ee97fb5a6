"""Answers to questions: ranked quotes, with confidence."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from index.models.article import StoredArticle
from index.models.period import Period


class Share(NamedTuple):
    """A feature by name, and what it adds to a score, or to the log-odds of a confidence."""

    name: str
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A sentence quoted from an article, word for word.

    `text` is `article.text[start:end]`, or the title with `start` and `end`
    None. `position` is 0 for the title and 1, 2, … for the sentences of the
    body. `highlights` are `[start, end)` spans within `text`, in order and not
    overlapping, of the words that match the question or answer it, `matches` of
    those that match it. `score` has no unit and compares quotes of one answer only.
    `also_in` are articles whose quotes are near-duplicates of this one, best first.
    `shares` add up to `score`.
    """

    text: str
    start: int | None
    end: int | None
    score: float
    article: StoredArticle
    position: int
    highlights: tuple[tuple[int, int], ...] = ()
    matches: tuple[tuple[int, int], ...] = ()
    also_in: tuple[StoredArticle, ...] = ()
    shares: tuple[Share, ...] = ()


class Certainty(StrEnum):
    """Grade of an answer: trustworthy, possible, or as good as none."""

    ANSWER = "answer"
    MAYBE = "maybe"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Answer to a question: quotes, best first, and how sure it is that they answer.

    `confidence` is the estimated probability that they do, 0 to 1, and `certainty` its grade; the
    grades stand in `index.search.confidence`. `period` holds the days that the search kept to or
    boosted; None where the question names none, or where nothing of them was found: they are then
    in `missed`. `evidence` adds up to the log-odds of the confidence; there is none for 0.
    """

    question: str
    quotes: tuple[Quote, ...]
    milliseconds: float
    confidence: float = 0.0
    certainty: Certainty = Certainty.NONE
    period: Period | None = None
    missed: Period | None = None
    evidence: tuple[Share, ...] = ()

    @property
    def confident(self) -> bool:
        """Whether the first quote is to be trusted."""
        return self.certainty is Certainty.ANSWER
