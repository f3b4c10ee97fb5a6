"""The shared question sets: what answers are measured by, and asked for speed."""

from dataclasses import dataclass, replace
from functools import cache

from index import Article
from index.evaluation import GoldQuestion, QuestionSet, read_questions, remove_diacritics
from tests.benchmarks._news import DATA, require_news

NEWS_QUESTIONS = DATA / "news-questions.json"
FORMS = ("vi", "plain", "en")
"""Vietnamese, the same without marks, and English."""

Forms = dict[str, list[GoldQuestion]]


@dataclass(frozen=True, slots=True)
class NewsQuestions:
    """Questions about articles of the news, in each form; `articles` are the ids of those."""

    forms: Forms
    unanswerable: list[GoldQuestion]
    follow_ups: list[GoldQuestion]
    articles: frozenset[str]


def require_data() -> None:
    """End the program if the shared news or the questions about it are absent."""
    require_news()
    if not NEWS_QUESTIONS.is_file():
        raise SystemExit(f"{NEWS_QUESTIONS} is absent: there is nothing to ask")


def news_questions() -> NewsQuestions:
    """The questions about the news."""
    found = read_questions(NEWS_QUESTIONS).questions
    answerable = [each for each in found if each.is_answerable and not each.is_follow_up]
    return NewsQuestions(
        {form: [each for each in answerable if each.id.endswith(f"-{form}")] for form in FORMS},
        [each for each in found if not each.is_answerable],
        [each for each in found if each.is_follow_up],
        frozenset(each.article for each in found if each.article),
    )


def xquad_questions(half: int | None = None) -> Forms:
    """The questions about the paragraphs of XQuAD: those of even topics (0), odd (1) or all."""
    vietnamese = _xquad("vi", half).questions
    english = {each.id: each.text for each in _xquad("en", half).questions}
    return {
        "vi": list(vietnamese),
        "plain": [remove_diacritics(each) for each in vietnamese],
        "en": [replace(each, text=english[each.id], language="en") for each in vietnamese],
    }


def xquad_contexts() -> tuple[Article, ...]:
    """All Vietnamese paragraphs of XQuAD."""
    return _xquad("vi", None).contexts


@cache
def _xquad(language: str, half: int | None) -> QuestionSet:
    return read_questions(DATA / f"xquad.{language}.json", half=half)
