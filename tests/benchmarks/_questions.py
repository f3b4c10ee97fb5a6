"""Read the shared question sets: news questions and XQuAD, in three forms."""

from dataclasses import dataclass, replace
from functools import cache

from index import Article
from index.evaluation import GoldQuestion, QuestionSet, read_questions, remove_diacritics
from tests.benchmarks._news import DATA, require_news

NEWS_QUESTIONS = DATA / "news-questions.json"
FORMS = ("vi", "plain", "en")
"""Vietnamese, Vietnamese without diacritics, and English."""

Forms = dict[str, list[GoldQuestion]]


@dataclass(frozen=True, slots=True)
class NewsQuestions:
    """Questions about the news in each form; `articles` are the ids of their articles."""

    forms: Forms
    unanswerable: list[GoldQuestion]
    follow_ups: list[GoldQuestion]
    articles: frozenset[str]


def require_data() -> None:
    """Exit if the shared news or its questions are absent."""
    require_news()
    if not NEWS_QUESTIONS.is_file():
        raise SystemExit(f"{NEWS_QUESTIONS} is absent: there is nothing to ask")


def news_questions() -> NewsQuestions:
    """Read the questions about the news."""
    found = read_questions(NEWS_QUESTIONS).questions
    answerable = [each for each in found if each.is_answerable and not each.is_follow_up]
    return NewsQuestions(
        {form: [each for each in answerable if each.id.endswith(f"-{form}")] for form in FORMS},
        [each for each in found if not each.is_answerable],
        [each for each in found if each.is_follow_up],
        frozenset(each.article for each in found if each.article),
    )


def xquad_questions(half: int | None = None) -> Forms:
    """Read the questions of XQuAD: those of even topics (0), odd topics (1) or all."""
    vietnamese = _xquad("vi", half).questions
    english = {each.id: each.text for each in _xquad("en", half).questions}
    return {
        "vi": list(vietnamese),
        "plain": [remove_diacritics(each) for each in vietnamese],
        "en": [replace(each, text=english[each.id], language="en") for each in vietnamese],
    }


def xquad_contexts() -> tuple[Article, ...]:
    """Read all Vietnamese paragraphs of XQuAD."""
    return _xquad("vi", None).contexts


@cache
def _xquad(language: str, half: int | None) -> QuestionSet:
    return read_questions(DATA / f"xquad.{language}.json", half=half)
