"""Learn the weights of ranking features: `python -m tests.benchmarks.learn DIR [--write]`.

DIR keeps the library that is asked: the articles of the news questions, the paragraphs of XQuAD,
MLQA, nanibot and ViQuAD, and news beside them. The weights maximise the likelihood of the right
sentences among the candidates of each question (listwise logistic regression, Cao et al., ICML
2007), both among all articles and within its own. A question whose right sentences are hopeless
weighs little: without that the few of them would rule all others.

Each weight has a normal prior. That of coverage is wide and around nothing. Those of the others are
narrow and around `priors.tsv` beside this module, where earlier runs over XQuAD and the news
questions, and hands where few questions show a feature, left them: learned without these, the
weights follow the kinds of text they are learned from, and lose on others.

Learned from the news questions, the half of XQuAD that is for tuning, MLQA and nanibot. Of these,
figures are cross-validated over articles; nothing is learned from the other half of XQuAD, nor from
ViQuAD. Each figure stands beside that of the same ranking without coverage and second pass, their
difference with its 95 % interval (paired bootstrap over articles).
"""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from scipy.optimize import minimize

from index import Article, Library
from index.alerts.announcer import Alert
from index.articles.readers.json_lines import parse_record
from index.evaluation.gold import GoldQuestion, sample_evenly
from index.evaluation.runner import is_right
from index.models.answer import Quote
from index.models.article import Spans, StoredArticle, sentence_at
from index.search.answer_spans import SCORED
from index.search.pipeline import ANY_ARTICLE, WHOLE_ARTICLES
from index.search.ranking.bm25 import rank
from index.search.ranking.candidates import Candidates, Ranked, propose
from index.search.ranking.reranking import candidate_features
from index.search.ranking.term_counts import CollectionCounts
from index.search.ranking.weights import (
    ASKS,
    CAPTION,
    COVERAGE,
    FEATURES,
    HEADLINE,
    MOST,
    REPORTS,
)
from tests.benchmarks._news import news_records
from tests.benchmarks._question_sets import forms_of, question_set
from tests.benchmarks._questions import (
    Forms,
    news_questions,
    require_data,
    xquad_contexts,
    xquad_questions,
)
from tests.support.paths import ROOT

OTHER_ARTICLES = 4_500
QUESTIONS = 240
"""Of each set at most, in each form."""

CANDIDATES_LEARNED_FROM = 50
"""Of each question, the best by the weights that there are."""

FOLDS = 6
NEWS = "news"
WORTH = {NEWS: 3.0, "XQuAD, tuning": 2.0, "mlqa": 1.0, "nanibot": 1.0}
"""The sets that are learned from, and what one of their questions weighs."""

HOPELESS = 0.02
"""The likelihood of the right sentences from which a question counts."""

HOLD, HOLD_OF_COVERAGE = 2_000.0, 20.0
"""L2 regularisation towards the prior, of weights in standard deviations of their feature."""

LEAST_DEVIATION = 0.25
"""A feature that deviates less is held as if it did so: few questions are to move it little."""

AT_MOST = {"before": 4.4}
"""Greatest weights. Learned freely it is 4.7: then of a short report on an accident the sentence
behind the one that tells where it was, on the hospital, answers where it was."""

RESAMPLES = 1_000
WEIGHTS = ROOT / "index" / "search" / "weights.tsv"
PRIORS = Path(__file__).with_name("priors.tsv")
SIGNS = [
    *(ASKS, REPORTS, CAPTION, HEADLINE, MOST),
    *(f"{kind}.{sign}" for kind, wanted in SCORED.items() for sign in wanted),
]
COLUMNS = [*FEATURES, *SIGNS]
HEADER = "# Weights of ranking features, by tests.benchmarks.learn --write: feature <TAB> weight"


@dataclass(frozen=True, slots=True)
class Example:
    """A question with its candidates: their features, and which of them are right.

    `is_first` tells which of them are candidates without the second pass.
    """

    of: tuple[str, str, str]
    group: str
    features: NDArray[np.float64]
    right: NDArray[np.bool_]
    is_first: NDArray[np.bool_]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--articles", type=int, default=OTHER_ARTICLES, help="of news beside them")
    parser.add_argument("--write", action="store_true", help="write the weights into the library")
    arguments = parser.parse_args()
    require_data()
    with Library.open(_build(arguments.folder, arguments.articles)) as library:
        examples = list(_examples(library))
    Console(width=140).print(_table(examples))
    rows = [f"{name}\t{weight:.2f}" for name, weight in zip(COLUMNS, learn(examples), strict=True)]
    print("\n".join(rows))
    if arguments.write:
        WEIGHTS.write_text("\n".join((HEADER, *rows, "")), encoding="utf-8")


def _build(cache: Path, others: int) -> Path:
    """Return the data folder of the library, built unless the cache holds it."""
    folder, complete = cache / f"learn-{others}", cache / f"learn-{others}.complete"
    if not complete.exists():
        with Library.open(folder) as library:
            library.ingest(_articles(others), alert=Alert.NONE)
        complete.touch()
    return folder


def _articles(others: int) -> Iterator[Article]:
    asked = news_questions().articles
    yield from (parse_record(record) for record in news_records() if record["id"] in asked)
    yield from xquad_contexts()
    for name in _PARAGRAPHS:
        found = question_set(name, QUESTIONS)
        named = {question.article for question in found.questions}
        yield from (article for article in found.contexts if article.id in named)
    rest = (parse_record(record) for record in news_records() if record["id"] not in asked)
    yield from islice(rest, others)


_PARAGRAPHS = ("mlqa", "nanibot", "viquad")


def _sets() -> dict[str, Forms]:
    paragraphs = {name: forms_of(question_set(name, QUESTIONS).questions) for name in _PARAGRAPHS}
    return {
        NEWS: news_questions().forms,
        "XQuAD, tuning": xquad_questions(0),
        "XQuAD, reporting": xquad_questions(1),
        **paragraphs,
    }


def _examples(library: Library) -> Iterator[Example]:
    for name, forms in _sets().items():
        for form, questions in forms.items():
            for question in sample_evenly(questions, QUESTIONS):
                for where in ("among all", "within"):
                    of = (name, form, where)
                    yield example(library, question, of, is_within=where == "within")


def example(
    library: Library, question: GoldQuestion, of: tuple[str, str, str], *, is_within: bool
) -> Example:
    """Return the candidates of a question: of all articles, or of its own."""
    context = library.search_context
    snapshot = context.engine.snapshot()
    query = context.analyser.analyse(question.text, snapshot)
    article = library.find(question.article or "")
    scope = [article.number] if article and is_within else []
    counts = CollectionCounts(query, snapshot)
    (proposed,) = (
        [Candidates(scope=scope)] if is_within else propose(query, counts, snapshot, [ANY_ARTICLE])
    )
    with context.articles.view() as view:
        codes = view.codes(proposed.numbers)
        ranking = partial(rank, query, proposed, codes, counts, scope)
        first = {candidate.address for candidate in ranking()}
        best = ranking(0 if is_within else WHOLE_ARTICLES)[:CANDIDATES_LEARNED_FROM]
        articles = view.get({candidate.address.article for candidate in best})
    features, right = [], []
    for candidate in best:
        row = dict(zip(FEATURES, candidate.features, strict=True))
        row |= dict.fromkeys(candidate_features(query, candidate, articles), 1.0)
        features.append([row.get(name, 0.0) for name in COLUMNS])
        quote = _quote(candidate, *articles[candidate.address.article])
        right.append(is_right(quote, question, article))
    return Example(
        of,
        question.group,
        np.array(features).reshape(-1, len(COLUMNS)),
        np.array(right, dtype=bool),
        np.array([candidate.address in first for candidate in best], dtype=bool),
    )


def _quote(candidate: Ranked, article: StoredArticle, spans: Spans) -> Quote:
    position = candidate.address.position
    text, start, end = sentence_at(position, article, spans)
    return Quote(
        text=text, start=start, end=end, score=candidate.score, article=article, position=position
    )


def learn(examples: Iterable[Example]) -> NDArray[np.float64]:
    """Fit the weights of all columns; see the module."""
    useful = [each for each in examples if each.of[0] in WORTH and each.right.any()]
    lengths = np.array([len(each.right) for each in useful])
    starts = np.cumsum(lengths) - lengths
    of_example = np.repeat(np.arange(len(useful)), lengths)
    rows = np.concatenate([each.features for each in useful])
    right = np.concatenate([each.right for each in useful])
    worth = np.array([WORTH[each.of[0]] for each in useful])
    expected = rows @ _priors()
    deviation = np.maximum(rows.std(axis=0), np.finfo(float).eps)
    scaled = rows / deviation
    hold = np.where(
        [name in COVERAGE for name in COLUMNS],
        HOLD_OF_COVERAGE,
        HOLD * np.maximum(1.0, LEAST_DEVIATION / deviation) ** 2,
    )

    def loss(change: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = expected + scaled @ change
        likely = np.exp(scores - np.maximum.reduceat(scores, starts)[of_example])
        likely /= np.add.reduceat(likely, starts)[of_example]
        of_right = likely * right
        mass = np.add.reduceat(of_right, starts) + 1e-12
        slopes = (likely - of_right / mass[of_example]) * (worth * mass / (mass + HOPELESS))[
            of_example
        ]
        total = -float(worth @ np.log(mass + HOPELESS)) + float(hold @ change**2)
        return total, scaled.T @ slopes + 2 * hold * change

    most = [AT_MOST.get(name) for name in COLUMNS]
    bounds = [(None, m and m * of) for m, of in zip(most, deviation, strict=True)]
    start = np.zeros(len(COLUMNS))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    learned: NDArray[np.float64] = _priors() + found.x / deviation
    return learned


@cache
def _priors() -> NDArray[np.float64]:
    """Return the weight that is expected of each column, 0 for coverage."""
    lines = PRIORS.read_text(encoding="utf-8").splitlines()
    priors = dict(line.split("\t") for line in lines if not line.startswith("#"))
    return np.array([float(priors.get(name, 0)) for name in COLUMNS])


def _table(examples: Sequence[Example]) -> Table:
    """Compare the ranking with that before, by set, form and scope."""
    table = Table(title="MRR@10 and right sentence first, ×100: without coverage, with it")
    for name in ("questions", "form", "asked", "number", "MRR", "", "first", ""):
        table.add_column(name, no_wrap=True)
    before = [reciprocal_rank(each, _priors(), only_first=True) for each in examples]
    after = list(cross_validate(examples))
    for of in dict.fromkeys(of for each in examples for of in (each.of, _in_all_forms(each.of))):
        at = [
            place for place, each in enumerate(examples) if of in (each.of, _in_all_forms(each.of))
        ]
        groups = [examples[place].group for place in at]
        one, two = np.array(before)[at], np.array(after)[at]
        cells = (*_compared(one, two, groups), *_compared(one == 1, two == 1, groups))
        table.add_row(*of, str(len(at)), *cells)
    return table


def _in_all_forms(of: tuple[str, str, str]) -> tuple[str, str, str]:
    return of[0], "all", of[2]


def cross_validate(examples: Sequence[Example]) -> Iterator[float]:
    """Yield the reciprocal rank of each question under weights learned without its group."""
    found = [learn(each for each in examples if _fold(each) != fold) for fold in range(FOLDS)]
    for each in examples:
        yield reciprocal_rank(each, found[_fold(each)])


def _fold(each: Example) -> int:
    return crc32(each.group.encode()) % FOLDS


def reciprocal_rank(
    each: Example, sought: NDArray[np.float64], *, only_first: bool = False, most: int = 10
) -> float:
    """Return one over the rank of the first right candidate; 0 if it is not among the first ten."""
    scores = each.features @ sought
    if only_first:
        scores = np.where(each.is_first, scores, -np.inf)
    places = np.flatnonzero(each.right[np.argsort(-scores, kind="stable")[:most]])
    return 1 / (1 + int(places[0])) if len(places) else 0.0


def _compared(
    before: NDArray[np.float64], after: NDArray[np.float64], groups: Sequence[str]
) -> tuple[str, str]:
    """Return two means, and their difference with its interval."""
    _, of_group = np.unique(groups, return_inverse=True)
    gained = np.bincount(of_group, after.astype(float) - before)
    number = np.bincount(of_group)
    drawn = np.random.default_rng(0).integers(0, len(number), (RESAMPLES, len(number)))
    means = gained[drawn].sum(axis=1) / number[drawn].sum(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    mean = gained.sum() / number.sum()
    return (
        f"{100 * before.mean():.1f} → {100 * after.mean():.1f}",
        f"{100 * mean:+.1f} [{100 * low:.1f}, {100 * high:.1f}]",
    )


if __name__ == "__main__":
    main()
