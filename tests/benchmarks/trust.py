"""Confidence: weights, grades: `python -m tests.benchmarks.trust DIR [--write] [--pictures DIR]`.

DIR keeps the collections, which are built at first: news in several sizes, with the articles of
half of the questions and from 20,000 sentences on half of XQuAD. Questions whose article is there
are answered, the others, those about no article at all, and small talk are not. Libraries of one
article each come with them, to which short questions are put, and questions that are asked of one
article only: its own or another. The weights are those of a logistic regression in which each
collection, and in it each kind of question, counts as much. The grades are those of a
cross-validation over articles: how many questions of each kind get each grade, and how often one
of three quotes is right there. The pictures are of the same: a reliability diagram, and risk
against coverage.
"""

import argparse
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from scipy.optimize import minimize

from index import Library
from index.evaluation import GoldQuestion, remove_diacritics
from index.evaluation.runner import is_right
from index.language.spelling import fold
from index.language.word_frequency import folded_frequency
from index.search.confidence import (
    CONFIDENCE_FEATURES,
    INTERCEPT,
    brief_probability,
    confidence_features,
)
from index.search.pipeline import Search, search
from index.search.quotes import make_quote
from tests.benchmarks._collections import build_collection
from tests.benchmarks._grades import Graded, grade_table
from tests.benchmarks._news import news_records
from tests.benchmarks._questions import (
    FORMS,
    NewsQuestions,
    news_questions,
    require_data,
    xquad_questions,
)
from tests.benchmarks._small_talk import ENGLISH, VIETNAMESE
from tests.support.paths import ROOT

FOLDS = 5
HOLD = 1.0
"""L2 regularisation of weights, in standard deviations."""

FALSE_COSTS = 3.0
"""Cost of a false answer relative to a missed one: sets the confidence threshold."""

ONE_ARTICLE = "one article"
OWN_ARTICLE, OTHER_ARTICLE = "its article", "another article"
ONE_ARTICLE_LIBRARIES = 20
XQUAD_STEP = 6
"""Of so many questions of XQuAD one is asked: there are far more than of the news."""

OTHERS_STEP = 16
"""Of so many questions about other articles a library of one article is asked one."""

SETTLED = {"plain_small": 4.0}
"""Fixed weights of features with too few questions: hardly any is put to a collection of some
hundred sentences in the very words of one."""

KEYWORDS = 4
QUOTES = 3
"""Quotes that a chat shows at once."""

WORTH = {"keywords": 0.4, "small talk": 1.5, "absent": 0.5}
"""Weights of the kinds of questions; absent news may be reported by other articles."""

ALL = 10_000_000
"""More sentences than the shared news has."""

SIZES = (900, 20_000, ALL)

WEIGHTS = ROOT / "index" / "search" / "confidence.tsv"
_HEAD = (
    "# What evidence counts for in how likely a quote answers: evidence <TAB> weight "
    "(learned by tests.benchmarks.trust)"
)


@dataclass(frozen=True, slots=True)
class Example:
    """A question that was asked, with the confidence features of its first quote.

    `least` is the confidence that it has whatever the weights; `features` is None if that is all.
    `rights` tells of each of three quotes whether it is right.
    """

    collection: str
    kind: str
    form: str
    group: str
    is_answered: bool
    rights: tuple[bool, ...] = ()
    features: NDArray[np.float64] | None = None
    least: float = 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="SENTENCES")
    parser.add_argument("--write", action="store_true", help="write the weights into the library")
    parser.add_argument("--pictures", type=Path, metavar="DIR", help="draw the curves there")
    arguments = parser.parse_args()
    require_data()
    asked = list(_of_one_article())
    for size in arguments.sizes:
        with Library.open(build_collection(arguments.folder, size)) as library:
            asked += _examples(Asking(library, f"{library.status().sentences:,}"))
    graded = list(cross_validate(asked))
    Console(width=120).print(grade_table(graded))
    if arguments.pictures:
        _draw(graded, arguments.pictures)
    learned = learn([example for example in asked if example.features is not None])
    rows = "".join(
        f"{name}\t{weight:.2f}\n"
        for name, weight in zip((INTERCEPT, *CONFIDENCE_FEATURES), learned, strict=True)
    )
    print(rows)
    if arguments.write:
        WEIGHTS.write_text(f"{_HEAD}\n{rows}", encoding="utf-8")


def _draw(graded: Sequence[Graded], folder: Path) -> None:
    from tests.benchmarks._calibration_pictures import draw_reliability, draw_risk

    groups: defaultdict[str, list[Graded]] = defaultdict(list)
    for each in sorted(graded, key=_is_within):
        if _is_within(each):
            groups["asked of one article"].append(each)
        elif each.kind != "keywords":
            unit = "" if each.collection == ONE_ARTICLE else " sentences"
            groups[f"{each.collection}{unit}"].append(each)
    folder.mkdir(parents=True, exist_ok=True)
    draw_reliability(groups, folder / "trust-reliability.png")
    draw_risk(groups, folder / "trust-risk.png")


def _is_within(question: Graded) -> bool:
    return question.kind in (OWN_ARTICLE, OTHER_ARTICLE)


@dataclass(frozen=True, slots=True)
class Asking:
    """Named library to ask."""

    library: Library
    name: str

    def ask(self, kind: str, form: str, group: str, text: str) -> Example:
        """Return the example of a question that nothing answers."""
        return self._example(kind, form, group, text)

    def ask_gold(self, kind: str, form: str, question: GoldQuestion) -> Iterator[Example]:
        """Yield the example of a gold question, and of its keywords if its article is there."""
        if self.library.find(question.article or "") is None:
            kind = "absent" if kind == "news" else f"{kind}, absent"
            yield self._example(kind, form, question.group, question.text)
            return
        yield self._example(kind, form, question.group, question.text, question)
        if kind == "news":
            text = keywords(question.text)
            yield self._example("keywords", form, question.group, text, question)

    def ask_within(self, form: str, question: GoldQuestion, article: str) -> Iterator[Example]:
        """Yield the example of a gold question asked of one article, if that is there."""
        stored = self.library.find(article)
        if stored is None:
            return
        is_own = article == question.article
        kind, gold = (OWN_ARTICLE, question) if is_own else (OTHER_ARTICLE, None)
        yield self._example(kind, form, question.group, question.text, gold, (stored.number,))

    def small_talk(self) -> Iterator[Example]:
        """Yield the examples of small talk, which no library answers."""
        for form in FORMS:
            for text in ENGLISH if form == "en" else VIETNAMESE:
                typed = fold(text) if form == "plain" else text
                yield self.ask("small talk", form, text, typed)

    def _example(
        self,
        kind: str,
        form: str,
        group: str,
        text: str,
        gold: GoldQuestion | None = None,
        scope: tuple[int, ...] = (),
    ) -> Example:
        context = self.library.search_context
        snapshot = context.engine.snapshot()
        result = search(Search(text, limit=QUOTES, scope=scope), context, snapshot)
        example = Example(self.name, kind, form, group, gold is not None)
        if not result.groups:
            return example
        if gold:
            article = self.library.find(gold.article or "")
            addresses = [group.best.address for group in result.groups]
            quotes = (
                make_quote(result.query, each.position, *result.articles[each.article], 0, ())
                for each in addresses
            )
            rights = tuple(is_right(quote, gold, article) for quote in quotes)
            example = replace(example, rights=rights)
        if scope:
            return replace(example, least=result.confidence)
        best = result.groups[0].best
        features = confidence_features(result.query, best, snapshot)
        least = brief_probability(result.query, best, snapshot, features).value
        return replace(example, features=features, least=least)


def _examples(asking: Asking) -> Iterator[Example]:
    news, xquad = news_questions(), xquad_questions()
    for form in FORMS:
        for question in news.forms[form]:
            yield from asking.ask_gold("news", form, question)
        for question in xquad[form][::XQUAD_STEP]:
            yield from asking.ask_gold("XQuAD", form, question)
    for question in news.unanswerable:
        yield asking.ask("about nothing", question.language, question.text, question.text)
    yield from asking.small_talk()
    yield from _within_articles(asking, news)


def _within_articles(asking: Asking, news: NewsQuestions) -> Iterator[Example]:
    """Yield the examples of questions asked of their own article, and of another one."""
    there = sorted(name for name in news.articles if asking.library.find(name))
    for form in FORMS:
        for question in news.forms[form]:
            yield from asking.ask_within(form, question, question.article or "")
            other = there[crc32(question.text.encode()) % len(there)]
            if other != question.article:
                yield from asking.ask_within(form, question, other)
    for follow_up in news.follow_ups:
        yield from asking.ask_within("vi", follow_up, follow_up.article or "")
        plain = remove_diacritics(follow_up)
        yield from asking.ask_within("plain", plain, plain.article or "")


def _of_one_article() -> Iterator[Example]:
    news = news_questions()
    wanted = sorted(news.articles)[:: max(1, len(news.articles) // ONE_ARTICLE_LIBRARIES)]
    for record in (record for record in news_records() if record["id"] in wanted):
        with tempfile.TemporaryDirectory() as folder, Library.open(folder) as library:
            library.ingest([record])
            asking = Asking(library, ONE_ARTICLE)
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
    """Fit the intercept and the weights of the confidence features, which all examples have."""
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

    settled = [SETTLED.get(name) for name in CONFIDENCE_FEATURES]
    fixed = [
        None if each is None else each * of for each, of in zip(settled, deviation, strict=True)
    ]
    bounds = [(None, None), *[(each, each) for each in fixed]]
    start = np.array([0.0, *[each or 0.0 for each in fixed]])
    found: NDArray[np.float64] = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
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


def cross_validate(examples: Sequence[Example]) -> Iterator[Graded]:
    """Yield the confidence in each example under weights learned without its group."""
    learned_from = [example for example in examples if example.features is not None]
    folds = range(FOLDS)
    weights = [learn([each for each in learned_from if _fold(each) != fold]) for fold in folds]
    for example in examples:
        confidence = example.least
        if example.features is not None:
            exponent = weights[_fold(example)] @ np.array([1.0, *example.features])
            confidence = max(confidence, 1 / (1 + float(np.exp(-exponent))))
        rights = example.rights if example.is_answered else None
        yield Graded(example.collection, example.kind, example.form, confidence, rights)


def _fold(example: Example) -> int:
    return crc32(example.group.encode()) % FOLDS


if __name__ == "__main__":
    main()
