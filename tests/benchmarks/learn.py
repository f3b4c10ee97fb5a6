"""Learn the ranking weights: `python -m tests.benchmarks.learn XQUAD NEWS [--write]`.

XQUAD is a data folder that holds the Vietnamese contexts of XQuAD among news, NEWS one that
holds the shared news: `tests.benchmarks.answers` makes both. The weights maximise the
likelihood of the right sentences among the candidates of each question (listwise logistic
regression, Cao et al., ICML 2007), within bounds that keep each of them sensible on
collections that are not like these. Learned from the half of XQuAD that is for tuning and
from the news questions; what the news questions are worth is told by cross-validation over
articles.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from index import Library
from index.evaluation.gold import GoldQuestion
from index.evaluation.runner import is_right
from index.search.answer_spans import SCORED
from index.search.pipeline import ANY_ARTICLE
from index.search.quotes import make_quote
from index.search.ranking.bm25 import rank
from index.search.ranking.candidates import propose
from index.search.ranking.reranking import candidate_features
from index.search.ranking.weights import ASKS, CAPTION, FEATURES, HEADLINE, MOST, REPORTS
from tests.benchmarks._questions import FORMS, Forms, news_questions, require_data, xquad_questions
from tests.support.paths import ROOT

CANDIDATES_LEARNED_FROM = 150
"""Of each question, the best by the weights that there are."""

FOLDS = 6
NEWS_WORTH = 3.0
"""Weight of a news question relative to one of XQuAD, which has five times as many."""

LOOSE, TIGHT = 0.02, 0.3
"""How strongly layers, and everything else, are held to where they start: what an expert would
say, which few questions must not overrule."""

WEIGHTS = ROOT / "index" / "search" / "weights.tsv"
_START: dict[str, float] = {
    "syllables": 5.0,
    "words": 2.0,
    "bigrams": 2.0,
    "near": 4.0,
    "block": 4.0,
    "lead": 2.0,
    "article": 10.0,
    "alone": 4.0,
    "joint": 2.0,
    "phrases": 3.0,
}
_BOUNDS: dict[str, tuple[float, float]] = {
    "title": (-2.0, 0.0),
    "late": (-1.0, 0.0),
    "short": (-1.0, 0.0),
    ASKS: (-3.0, 0.0),
}
_SIGN_START, _SIGN_BOUNDS = 1.0, (0.0, 3.0)
_SETTLED = {
    "why.cause": 1.5,
    "why.reason": 3.0,
    "yes_no.denying": 1.8,
    "yes_no.permitting": 3.5,
    "yes_no.obliging": 2.0,
    "yes_no.done": 1.0,
    "where.country": 2.5,
    REPORTS: -5.0,
    CAPTION: -4.0,
    HEADLINE: -1.5,
    MOST: 3.0,
}
"""Fixed weights of features with too few questions: `nguyên nhân` names a reason."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question with its candidates: their features, and which of them are right."""

    group: str
    features: NDArray[np.float64]
    right: NDArray[np.bool_]


def names() -> list[str]:
    """Return the columns: features, the feature of questions, features by answer type."""
    signs = [f"{kind}.{sign}" for kind, wanted in SCORED.items() for sign in wanted]
    return [*FEATURES, ASKS, REPORTS, CAPTION, HEADLINE, MOST, *signs]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("xquad", type=Path)
    parser.add_argument("news", type=Path)
    parser.add_argument("--write", action="store_true", help="write the weights into the library")
    arguments = parser.parse_args()
    require_data()
    with Library.open(arguments.xquad) as library:
        tuned = candidate_examples(library, xquad_questions(0))
        reported = candidate_examples(library, xquad_questions(1))
    with Library.open(arguments.news) as library:
        news = candidate_examples(library, news_questions().forms)
    tuning, asked = list(chain(*tuned.values())), list(chain(*news.values()))
    for form in FORMS:
        held_out = list(cross_validate(tuning, asked, news[form]))
        print(f"news {form}: MRR {100 * np.mean(held_out):.1f}, cross-validated")
    weights = learn(tuning + asked, [1.0] * len(tuning) + [NEWS_WORTH] * len(asked))
    for name, sets in (("tuning", tuned), ("reporting", reported), ("news, learned on", news)):
        for form in FORMS:
            found = [reciprocal_rank(each, weights) for each in sets[form]]
            print(f"{name} {form}: MRR {100 * np.mean(found):.1f}")
    rows = "".join(f"{name}\t{weight:.2f}\n" for name, weight in zip(names(), weights, strict=True))
    print(rows)
    if arguments.write:
        WEIGHTS.write_text(f"{_HEAD}\n{rows}", encoding="utf-8")


_HEAD = (
    "# What the features of a candidate count for: feature <TAB> weight "
    "(learned by tests.benchmarks.learn)"
)


def candidate_examples(library: Library, forms: Forms) -> dict[str, list[Example]]:
    """Return the candidates of questions, by form."""
    return {form: [example(library, each) for each in forms[form]] for form in FORMS}


def example(library: Library, question: GoldQuestion) -> Example:
    """Return the candidates of a question."""
    columns = names()
    article = library.find(question.article) if question.article else None
    features, right = [], []
    context = library.search_context
    snapshot = context.engine.snapshot()
    query = context.analyser.analyse(question.text, snapshot)
    proposed = propose(query, snapshot, ANY_ARTICLE)
    with context.articles.view() as view:
        codes = view.codes(proposed.numbers)
        best = rank(query, proposed, codes, snapshot)[:CANDIDATES_LEARNED_FROM]
        articles = view.get({candidate.address.article for candidate in best})
    for candidate in best:
        row: dict[str, float] = dict(zip(FEATURES, candidate.features.tolist(), strict=True))
        row |= dict.fromkeys(candidate_features(query, candidate, articles), 1.0)
        features.append([row.get(name, 0.0) for name in columns])
        located = articles[candidate.address.article]
        quote = make_quote(query, candidate.address.position, *located, candidate.score)
        right.append(is_right(quote, question, article))
    return Example(
        question.group,
        np.array(features).reshape(-1, len(columns)),
        np.array(right, dtype=bool),
    )


def learn(given: Sequence[Example], worth: Sequence[float]) -> NDArray[np.float64]:
    """Fit the maximum-likelihood weights; see the module."""
    columns = names()
    start = np.array([_start(name) for name in columns])
    hold = np.array([LOOSE if name in _START else TIGHT for name in columns])
    bounds = [_bounds(name) for name in columns]
    useful = [(e, w) for e, w in zip(given, worth, strict=True) if e.right.any()]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, slope = 0.0, np.zeros_like(weights)
        for example, value in useful:
            scores = example.features @ weights
            likelihood = np.exp(scores - scores.max())
            likelihood /= likelihood.sum()
            of_right = np.where(example.right, likelihood, 0.0)
            mass = of_right.sum() + 1e-12
            total -= value * float(np.log(mass))
            slope -= value * (example.features.T @ (of_right / mass - likelihood))
        away = weights - start
        return total + float(hold @ away**2), slope + 2 * hold * away

    found: NDArray[np.float64] = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return found


def _start(name: str) -> float:
    if name in _SETTLED:
        return _SETTLED[name]
    return _SIGN_START if "." in name else _START.get(name, 0.0)


def _bounds(name: str) -> tuple[float, float | None]:
    if name in _SETTLED:
        return _SETTLED[name], _SETTLED[name]
    return (0.0, None) if name in _START else _BOUNDS.get(name, _SIGN_BOUNDS)


def cross_validate(
    tuning: Sequence[Example], asked: Sequence[Example], tested: Sequence[Example]
) -> Iterator[float]:
    """Yield the reciprocal ranks of questions under weights learned without their articles."""
    groups = sorted({example.group for example in asked})
    np.random.default_rng(0).shuffle(groups)
    for fold in range(FOLDS):
        held_out = set(groups[fold::FOLDS])
        others = [example for example in asked if example.group not in held_out]
        weights = learn([*tuning, *others], [1.0] * len(tuning) + [NEWS_WORTH] * len(others))
        for example in tested:
            if example.group in held_out:
                yield reciprocal_rank(example, weights)


def reciprocal_rank(example: Example, weights: NDArray[np.float64], most: int = 10) -> float:
    """Return one over the rank of the first right candidate; 0 if it is not among the first ten."""
    order = np.argsort(-(example.features @ weights), kind="stable")[:most]
    places = np.flatnonzero(example.right[order])
    return 1 / (1 + int(places[0])) if len(places) else 0.0


if __name__ == "__main__":
    main()
