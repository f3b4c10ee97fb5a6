"""Files of questions with their answers: SQuAD, JSON Lines, and sets of news questions."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import InputError
from index.evaluation.gold import (
    ENGLISH,
    VIETNAMESE,
    GoldQuestion,
    guess_language,
    guess_type,
    unify_language,
)
from index.evaluation.json_parts import JsonPart
from index.evaluation.squad import squad_contexts, squad_questions
from index.models.article import Article

_FORMS = {"vi": VIETNAMESE, "plain": VIETNAMESE, "en": ENGLISH}
"""The ways in which a news question is asked, and their languages."""


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The questions of a file, and the articles that come with them."""

    questions: tuple[GoldQuestion, ...]
    contexts: tuple[Article, ...] = ()


def read_questions(path: Path, *, half: int | None = None) -> QuestionSet:
    """Read a file of questions.

    It is SQuAD (1.1, or 2 with questions that nothing answers; the paragraphs come with it),
    JSON Lines `{"id"?, "question", "article"?, "gold", "type"?, "language"?}`, or news questions
    `{"questions": [{"id", "vi", "en", "plain", "type", "article", "gold"}],
    "unanswerable"?: [{"id", "text", "lang"}], "scoped"?: [{"id", "text", "article", "gold"}]}`.

    Args:
        path: The file, in UTF-8.
        half: Of SQuAD, the topics whose place in the file is even (0) or odd (1) only; all
            paragraphs come along.

    Raises:
        InputError: It is none of these; the message says what is wrong and where.
        OSError: It cannot be read.
    """
    name = str(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: not UTF-8 at byte {error.start + 1}") from None
    whole = None if _is_json_lines(text) else _parse(text, name)
    if whole and whole.has("data"):
        asked = unify_language(squad_questions(whole, half))
        found = QuestionSet(tuple(asked), tuple(squad_contexts(whole)))
    elif half is not None:
        raise InputError(f"{name}: only a SQuAD file has odd and even topics")
    elif whole and whole.has("questions"):
        found = QuestionSet(tuple(_news(whole)))
    elif whole:
        raise whole.error('expected SQuAD ("data"), "questions", or a "question" on each line')
    else:
        found = QuestionSet(tuple(_lines(text, name)))
    if not found.questions:
        raise InputError(f"{name}: no questions in it")
    return found


def _is_json_lines(text: str) -> bool:
    """Whether the first line is an object by itself, and none of the other kinds."""
    first = next(filter(None, map(str.strip, text.split("\n"))), "")
    try:
        record = json.loads(first)
    except (ValueError, RecursionError):
        return False
    return isinstance(record, dict) and not record.keys() & {"data", "questions"}


def _parse(text: str, file: str, line: int | None = None) -> JsonPart:
    place = f"{file}, line {line}" if line else file
    try:
        return JsonPart(json.loads(text), place)
    except json.JSONDecodeError as error:
        at = f"line {line or error.lineno}, column {error.colno}"
        raise InputError(f"{file}, {at}: not valid JSON: {error.msg}") from None
    except (ValueError, RecursionError):
        raise InputError(f"{place}: a number too long, or lists too deep") from None


def _lines(text: str, file: str) -> Iterator[GoldQuestion]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        record = _parse(line, file, number)
        question = record.text("question")
        given = record.name("id") if record.has("id") else str(number)
        article = record.name("article") if record.has("article") else None
        yield GoldQuestion(
            id=given,
            text=question,
            type=record.text("type") if record.has("type") else guess_type(question),
            language=record.text("language")
            if record.has("language")
            else guess_language(question),
            group=article or given,
            article=article,
            gold=tuple(record.texts("gold")) if record.has("gold") else (),
        )


def _news(whole: JsonPart) -> Iterator[GoldQuestion]:
    for record in whole.items("questions"):
        for form, language in _FORMS.items():
            if record.has(form):
                asked = _about_article(record, record.text(form))
                name, stated = f"{asked.id}-{form}", record.text("type")
                yield replace(asked, id=name, type=stated, language=language)
    for record in whole.items("unanswerable") if whole.has("unanswerable") else ():
        question, form = record.text("text"), record.text("lang")
        yield GoldQuestion(
            id=record.name("id"),
            text=question,
            type=guess_type(question),
            language=_FORMS.get(form, form),
            group=record.name("id"),
        )
    for record in whole.items("scoped") if whole.has("scoped") else ():
        yield replace(_about_article(record, record.text("text")), is_follow_up=True)


def _about_article(record: JsonPart, text: str) -> GoldQuestion:
    """Return a question that an article answers, its type and language guessed."""
    return GoldQuestion(
        id=record.name("id"),
        text=text,
        type=guess_type(text),
        language=guess_language(text),
        group=record.name("article"),
        article=record.name("article"),
        gold=tuple(record.texts("gold")),
    )
