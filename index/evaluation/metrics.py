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
    answerable = [outcome for outcome in outcomes if outcome.question.is_answerable]
    unanswerable = [outcome for outcome in outcomes if not outcome.question.is_answerable]
    present = [outcome for outcome in answerable if not outcome.is_absent]
    asked = [outcome for outcome in present if not outcome.question.is_follow_up]
    vietnamese = [outcome for outcome in asked if outcome.question.language == VIETNAMESE]
    times = [outcome.milliseconds for outcome in outcomes]
    return Report(
        overall=compute_figures(asked),
        by_type=_by(asked, lambda outcome: outcome.question.type),
        by_language=_by(asked, lambda outcome: outcome.question.language),
        by_marks=_by(vietnamese, _marks),
        follow_ups=compute_figures(
            [outcome for outcome in present if outcome.question.is_follow_up]
        ),
        unanswerable=_unanswerable(unanswerable),
        absent=_unanswerable([outcome for outcome in answerable if outcome.is_absent]),
        median_milliseconds=statistics.median(times),
        slow_milliseconds=float(np.percentile(times, 95)),
    )


def compute_figures(outcomes: Sequence[Outcome]) -> Figures | None:
    """Compute the metrics of answerable questions; None if there are none."""
    if not outcomes:
        return None
    ranks = [outcome.rank for outcome in outcomes]
    named = [outcome for outcome in outcomes if outcome.question.article is not None]
    article_ranks = [outcome.article_rank for outcome in named]
    return Figures(
        questions=len(outcomes),
        mrr=statistics.fmean(map(_reciprocal, outcomes)),
        mrr_interval=_mrr_interval(outcomes),
        hit_1=_share_within(1, ranks),
        hit_3=_share_within(3, ranks),
        hit_5=_share_within(5, ranks),
        article_1=_share_within(1, article_ranks) if named else None,
        article_3=_share_within(3, article_ranks) if named else None,
        article_5=_share_within(5, article_ranks) if named else None,
        answered=statistics.fmean(outcome.confident for outcome in outcomes),
    )


def _share_within(most: int, ranks: Sequence[int | None]) -> float:
    """Return the share of ranks up to a rank."""
    return statistics.fmean(rank is not None and rank <= most for rank in ranks)


def _reciprocal(outcome: Outcome) -> float:
    return 1 / outcome.rank if outcome.rank and outcome.rank <= QUOTES else 0.0


def _mrr_interval(outcomes: Sequence[Outcome]) -> Interval | None:
    """Estimate the interval by bootstrap: over groups, within which questions are dependent."""
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
    computed = {name: compute_figures(part) for name, part in sorted(parts.items())}
    return {name: figures for name, figures in computed.items() if figures}


def _marks(outcome: Outcome) -> str:
    return "marked" if has_diacritics(outcome.question.text) else "unmarked"


def _unanswerable(outcomes: Sequence[Outcome]) -> Unanswerable | None:
    if not outcomes:
        return None
    answered = statistics.fmean(outcome.confident and outcome.rank is None for outcome in outcomes)
    return Unanswerable(len(outcomes), answered)
