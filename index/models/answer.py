"""Answers: ranked quotes, and whether they are to be trusted."""

from dataclasses import dataclass

from index.models.article import StoredArticle
from index.models.period import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A sentence of an article, word for word.

    `text` is `article.text[start:end]`, or the title with `start` and `end`
    None. `position` is 0 for the title and 1, 2, … for the sentences of the
    body. `highlights` are `[start, end)` spans within `text`, in order and not
    overlapping, of the words that match the question or answer it, `matches` of
    those that match it. `score` has no unit and compares quotes of one answer only.
    `also_in` are other articles that say the same in nearly the same words, best first.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Ranked quotes, and whether the first of them is to be trusted.

    `period` are the days that the answer kept to or favoured; None if there were none, or if
    nothing was found of them: then these are `missed`.
    """

    question: str
    quotes: tuple[Quote, ...]
    confident: bool
    milliseconds: float
    period: Period | None = None
    missed: Period | None = None
