"""Learn the confidence weights: `python -m tests.benchmarks.trust FOLDER... [--write]`.

Each FOLDER is a data folder that holds some of the shared news, or XQuAD among it: the questions
whose article it has are answered there, the others, those about no article at all, and small talk
are not. Libraries of one article each come with them, to which short questions are put. The
weights are those of a logistic regression in which each collection, and in it each kind of
question, counts as much; what they are worth is told by cross-validation over articles.
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from index import Library
from index.evaluation import GoldQuestion, remove_diacritics
from index.language.spelling import fold
from index.language.word_frequency import folded_frequency
from index.search.confidence import CONFIDENCE_FEATURES, INTERCEPT, confidence_features
from index.search.pipeline import Search, search
from tests.benchmarks._news import news_records
from tests.benchmarks._questions import FORMS, news_questions, require_data, xquad_questions
from tests.benchmarks._small_talk import ENGLISH, VIETNAMESE
from tests.support.paths import ROOT

FOLDS = 5
HOLD = 1.0
"""L2 regularisation of weights, in standard deviations."""

FALSE_COSTS = 3.0
"""Cost of a false answer relative to a missed one: sets the confidence threshold."""

ONE_ARTICLE_LIBRARIES = 20
XQUAD_STEP = 6
"""Of so many questions of XQuAD one is asked: there are far more than of the news."""

OTHERS_STEP = 16
"""Of so many questions about other articles a library of one article is asked one."""

KEYWORDS = 4
WORTH = {"keywords": 0.4, "small talk": 1.5, "absent": 0.5}
"""Weights of the kinds of questions; absent news may be reported by other articles."""

WEIGHTS = ROOT / "index" / "search" / "confidence.tsv"
_HEAD = (
    "# What evidence counts for in how likely a quote answers: evidence <TAB> weight "
    "(learned by tests.benchmarks.trust)"
)


@dataclass(frozen=True, slots=True)
class Example:
    """Confidence features of the first quote of a question, and whether it is answered."""

    collection: str
    kind: str
    form: str
    group: str
    is_answered: bool
    features: NDArray[np.float64]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--write", action="store_true", help="write the weights into the library")
    arguments = parser.parse_args()
    require_data()
    examples = list(_of_one_article())
    for folder in arguments.folders:
        with Library.open(folder) as library:
            examples += _examples(Asking(library, folder.name))
    for line in cross_validate(examples):
        print(line)
    rows = "".join(
        f"{name}\t{weight:.2f}\n"
        for name, weight in zip((INTERCEPT, *CONFIDENCE_FEATURES), learn(examples), strict=True)
    )
    print(rows)
    if arguments.write:
        WEIGHTS.write_text(f"{_HEAD}\n{rows}", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Asking:
    """Named library to ask."""

    library: Library
    name: str

    def ask(self, kind: str, form: str, group: str, text: str) -> Iterator[Example]:
        """Yield the example of an unanswerable question."""
        yield from self._example(kind, form, group, text, is_answered=False)

    def ask_gold(self, kind: str, form: str, question: GoldQuestion) -> Iterator[Example]:
        """Yield the example of a gold question, and of its keywords if its article is there."""
        is_there = self.library.find(question.article or "") is not None
        if not is_there:
            kind = "absent" if kind == "news" else f"{kind}, absent"
        yield from self._example(kind, form, question.group, question.text, is_answered=is_there)
        if is_there and kind == "news":
            text = keywords(question.text)
            yield from self._example("keywords", form, question.group, text, is_answered=True)

    def small_talk(self) -> Iterator[Example]:
        """Yield the examples of small talk, which no library answers."""
        for form in FORMS:
            for text in ENGLISH if form == "en" else VIETNAMESE:
                typed = fold(text) if form == "plain" else text
                yield from self.ask("small talk", form, text, typed)

    def _example(
        self, kind: str, form: str, group: str, text: str, *, is_answered: bool
    ) -> Iterator[Example]:
        context = self.library.search_context
        snapshot = context.engine.snapshot()
        result = search(Search(text, limit=1), context, snapshot)
        if result.groups:
            features = confidence_features(result.query, result.groups[0].best, snapshot)
            yield Example(self.name, kind, form, group, is_answered, features)


def _examples(asking: Asking) -> Iterator[Example]:
    news, xquad = news_questions(), xquad_questions(0)
    for form in FORMS:
        for question in news.forms[form]:
            yield from asking.ask_gold("news", form, question)
        for question in xquad[form][::XQUAD_STEP]:
            yield from asking.ask_gold("XQuAD", form, question)
    for question in news.unanswerable:
        yield from asking.ask("about nothing", question.language, question.text, question.text)
    yield from asking.small_talk()


def _of_one_article() -> Iterator[Example]:
    news = news_questions()
    wanted = sorted(news.articles)[:: max(1, len(news.articles) // ONE_ARTICLE_LIBRARIES)]
    for record in (record for record in news_records() if record["id"] in wanted):
        with tempfile.TemporaryDirectory() as folder, Library.open(folder) as library:
            library.ingest([record])
            asking = Asking(library, "one article")
            for form in FORMS:
                of_others = [q for q in news.forms[form] if q.article != record["id"]]
                of_it = [q for q in news.forms[form] if q.article == record["id"]]
                for question in (*of_it, *of_others[::OTHERS_STEP]):
                    yield from asking.ask_gold("news", form, question)
            for follow_up in news.follow_ups:
                if follow_up.article == record["id"]:
                    yield from asking.ask_gold("follow-ups", "vi", follow_up)
                    yield from asking.ask_gold("follow-ups", "plain", remove_diacritics(follow_up))
            yield from asking.small_talk()


def keywords(question: str) -> str:
    """Return the most informative consecutive words of a question."""
    words = question.rstrip("?").split()
    shares = [folded_frequency(fold(word.lower())) for word in words]
    starts = range(max(1, len(words) - KEYWORDS + 1))
    best = min(starts, key=lambda start: sum(shares[start : start + KEYWORDS]))
    return " ".join(words[best : best + KEYWORDS])


def learn(examples: Sequence[Example]) -> NDArray[np.float64]:
    """Fit the intercept and the weights of the confidence features."""
    rows = np.array([each.features for each in examples])
    answered = np.array([each.is_answered for each in examples])
    worth = _worth(examples)
    mean, deviation = rows.mean(0), rows.std(0) + 1e-9
    scaled = np.column_stack([np.ones(len(rows)), (rows - mean) / deviation])

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        exponents = scaled @ weights
        likelihood = 1 / (1 + np.exp(-exponents))
        held = np.concatenate([[0.0], HOLD * weights[1:]])
        missed = np.logaddexp(0, exponents) - answered * exponents
        total = float(worth @ missed) + float(held @ weights) / 2
        return total, scaled.T @ (worth * (likelihood - answered)) + held

    start = np.zeros(scaled.shape[1])
    found: NDArray[np.float64] = minimize(loss, start, jac=True, method="L-BFGS-B").x
    weights = found[1:] / deviation
    return np.array([found[0] - weights @ mean - np.log(FALSE_COSTS), *weights])


def _worth(examples: Sequence[Example]) -> NDArray[np.float64]:
    """Weight the examples so that collections, and kinds in each, count equally."""
    kinds = [(each.collection, each.is_answered, each.kind) for each in examples]
    numbers = Counter(kinds)
    worth = np.array([WORTH.get(kind[2], 1.0) / numbers[kind] for kind in kinds])
    for side in {kind[:2] for kind in kinds}:
        of_side = np.array([kind[:2] == side for kind in kinds])
        worth[of_side] /= worth[of_side].sum()
    even: NDArray[np.float64] = worth * (len(examples) / worth.sum())
    return even


def cross_validate(examples: Sequence[Example]) -> Iterator[str]:
    """Yield the shares of confident answers under weights learned without their group."""
    folds = np.array([crc32(each.group.encode()) % FOLDS for each in examples])
    confident = np.zeros(len(examples), dtype=np.bool_)
    rows = np.array([each.features for each in examples])
    for fold_number in range(FOLDS):
        others = [examples[at] for at in np.flatnonzero(folds != fold_number).tolist()]
        intercept, *weights = learn(others)
        held_out = folds == fold_number
        confident[held_out] = intercept + rows[held_out] @ np.array(weights) >= 0
    kinds = [(each.collection, each.is_answered, each.kind, each.form) for each in examples]
    for kind in dict.fromkeys(kinds):
        chosen = np.array([each == kind for each in kinds])
        collection, is_answered, name, form = kind
        outcome = "answered" if is_answered else "false answers"
        share = confident[chosen].mean()
        yield f"{collection:16} {name:14} {form:6} {outcome:14} {share:4.0%} of {chosen.sum()}"


if __name__ == "__main__":
    main()
