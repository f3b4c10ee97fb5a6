"""Metrics of question answering: hit rates, reciprocal ranks, confidence."""

import statistics
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from index.evaluation.gold import VIETNAMESE
from index.evaluation.runner import QUOTES, Outcome
from index.language.spelling import has_diacritics

_ROUNDS = 2_000
"""Samples that an interval is read off: of 600 questions, its ends move by less than 0.003 from one
seed to another."""

_SEED = 20_210_105

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Shares of answerable questions, 0 to 1.

    `mrr` is the mean of 1/rank of the first right quote among ten, 0 if there is none, and
    `mrr_interval` holds it with a probability of 95 %; None where all questions are about one
    subject. `hit_3` is the share with a right quote among the first three; `article_3` the like
    for articles, None where no question says which article answers. `answered` is the share
    whose answer is confident, whether it is right or not.
    """

    questions: int
    mrr: float
    mrr_interval: Interval | None
    hit_1: float
    hit_3: float
    hit_5: float
    article_1: float | None
    article_3: float | None
    article_5: float | None
    answered: float


@dataclass(frozen=True, slots=True)
class Unanswerable:
    """Questions that nothing answers: how many, and what share got a confident answer."""

    questions: int
    answered: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All figures of one run; None where there was no such question.

    `absent` are questions whose article is not in the collection. A confident answer to one of
    them counts as false unless a right sentence is quoted, though another article on the same
    event may well answer it. Follow-ups ask one article, and count by themselves. Times are
    medians and 95th percentiles in milliseconds.
    """

    overall: Figures | None
    by_type: dict[str, Figures]
    by_language: dict[str, Figures]
    by_marks: dict[str, Figures]
    follow_ups: Figures | None
    unanswerable: Unanswerable | None
    absent: Unanswerable | None
    median_milliseconds: float
    slow_milliseconds: float


def compute_report(outcomes: Sequence[Outcome]) -> Report:
    """Compute all metrics of the outcomes of questions; there must be one at least."""
    there = [each for each in outcomes if not each.is_absent and each.question.is_answerable]
    asked = [each for each in there if not each.question.is_follow_up]
    vietnamese = [each for each in asked if each.question.language == VIETNAMESE]
    times = [each.milliseconds for each in outcomes]
    return Report(
        overall=compute_figures(asked),
        by_type=_by(asked, lambda outcome: outcome.question.type),
        by_language=_by(asked, lambda outcome: outcome.question.language),
        by_marks=_by(vietnamese, _marks),
        follow_ups=compute_figures([each for each in there if each.question.is_follow_up]),
        unanswerable=_unanswerable([each for each in outcomes if not each.question.is_answerable]),
        absent=_unanswerable(
            [each for each in outcomes if each.is_absent and each.question.is_answerable]
        ),
        median_milliseconds=statistics.median(times),
        slow_milliseconds=float(np.percentile(times, 95)),
    )


def compute_figures(outcomes: Sequence[Outcome]) -> Figures | None:
    """Compute the metrics of answerable questions; None if there are none."""
    if not outcomes:
        return None
    with_article = [each for each in outcomes if each.question.article is not None]

    def hits(most: int) -> float:
        return statistics.fmean(each.rank is not None and each.rank <= most for each in outcomes)

    def articles(most: int) -> float | None:
        ranks = [each.article_rank for each in with_article]
        return (
            statistics.fmean(rank is not None and rank <= most for rank in ranks) if ranks else None
        )

    return Figures(
        questions=len(outcomes),
        mrr=statistics.fmean(map(_reciprocal, outcomes)),
        mrr_interval=_mrr_interval(outcomes),
        hit_1=hits(1),
        hit_3=hits(3),
        hit_5=hits(5),
        article_1=articles(1),
        article_3=articles(3),
        article_5=articles(5),
        answered=statistics.fmean(each.confident for each in outcomes),
    )


def _reciprocal(outcome: Outcome) -> float:
    return 1 / outcome.rank if outcome.rank and outcome.rank <= QUOTES else 0.0


def _mrr_interval(outcomes: Sequence[Outcome]) -> Interval | None:
    """The bootstrap's: groups are drawn, not questions, which are not independent in them."""
    groups: defaultdict[str, list[float]] = defaultdict(list)
    for outcome in outcomes:
        groups[outcome.question.group].append(_reciprocal(outcome))
    if len(groups) < 2:
        return None
    sums = np.array([sum(ranks) for ranks in groups.values()])
    sizes = np.array([len(ranks) for ranks in groups.values()])
    draw = np.random.default_rng(_SEED)
    samples = (draw.integers(len(sums), size=len(sums)) for _ in range(_ROUNDS))
    means = [sums[sample].sum() / sizes[sample].sum() for sample in samples]
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def _by(outcomes: Sequence[Outcome], key: Callable[[Outcome], str]) -> dict[str, Figures]:
    parts: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        parts[key(outcome)].append(outcome)
    found = {name: compute_figures(part) for name, part in sorted(parts.items())}
    return {name: figures for name, figures in found.items() if figures}


def _marks(outcome: Outcome) -> str:
    return "marked" if has_diacritics(outcome.question.text) else "unmarked"


def _unanswerable(outcomes: Sequence[Outcome]) -> Unanswerable | None:
    if not outcomes:
        return None
    answered = statistics.fmean(each.confident and each.rank is None for each in outcomes)
    return Unanswerable(len(outcomes), answered)
