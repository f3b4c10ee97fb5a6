"""Evaluate today's answers against the votes of users."""

from collections.abc import Iterable
from dataclasses import dataclass

from index.evaluation.runner import Answering, is_same
from index.models.answer import Quote
from index.store.chats import Vote

_FIRST_QUOTES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteReport:
    """The present ranks of the quotes that got 👍 and those that got 👎, one count a vote.

    Votes without their question cannot be judged, and are only counted.
    """

    good: int = 0
    good_first: int = 0
    good_in_three: int = 0
    bad: int = 0
    bad_no_longer_first: int = 0
    without_question: int = 0


def judge_votes(system: Answering, votes: Iterable[Vote]) -> VoteReport:
    """Ask the question of each vote again, of all articles, and look where its quote is now."""
    good: list[int | None] = []
    bad: list[int | None] = []
    without = 0
    answers: dict[str, tuple[Quote, ...]] = {}
    for vote in votes:
        if vote.question is None:
            without += 1
            continue
        if vote.question not in answers:
            answers[vote.question] = system.ask(vote.question, limit=_FIRST_QUOTES).quotes
        rank = _rank(vote, answers[vote.question])
        (good if vote.is_good else bad).append(rank)
    return VoteReport(
        good=len(good),
        good_first=sum(rank == 1 for rank in good),
        good_in_three=sum(rank is not None for rank in good),
        bad=len(bad),
        bad_no_longer_first=sum(rank != 1 for rank in bad),
        without_question=without,
    )


def _rank(vote: Vote, quotes: Iterable[Quote]) -> int | None:
    for rank, quote in enumerate(quotes, start=1):
        if quote.article.number == vote.article and is_same(quote.text, vote.text):
            return rank
    return None
