"""Read shared sets of Vietnamese questions with answer spans; their contexts become articles."""

import gzip
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

from index import Article
from index.evaluation import GoldQuestion, QuestionSet, remove_diacritics
from index.evaluation.gold import VIETNAMESE
from index.evaluation.json_parts import JsonPart
from index.evaluation.squad import squad_contexts, squad_questions
from index.language.sentences import split_sentences
from tests.benchmarks._news import DATA

QA = DATA / "qa"
SETS = {
    "viquad": "viquad1",
    "mlqa": "mlqa_vi_dev",
    "nanibot": "nanibot",
    "mailong": "mailong25",
}
"""Files of the sets by name."""

_TITLED = frozenset(("viquad", "mlqa"))
"""Sets whose titles name a subject; in the others they are the question, or `Wikipedia`."""

_SEED = 18

Forms = dict[str, list[GoldQuestion]]


@cache
def question_set(name: str, most: int) -> QuestionSet:
    """Read so many questions of a set at most, and all its contexts as articles."""
    path = QA / f"{SETS[name]}.jsonl.gz"
    if not path.is_file():
        raise SystemExit(f"{path} is absent: there is nothing to ask")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        records = list(map(json.loads, lines))
    return as_question_set(records, most, is_titled=name in _TITLED)


def as_question_set(
    records: Sequence[dict[str, Any]], most: int, *, is_titled: bool
) -> QuestionSet:
    """Convert records `{"question", "context", "answers", "is_impossible", "title"?}`.

    Args:
        records: The records; an answer is `{"text", "start"}`.
        most: The number of questions, which are a random sample if there are more.
        is_titled: Whether titles are of the contexts. Questions of one title are of one group,
            otherwise those of one context.
    """
    topics: defaultdict[str, dict[str, list[dict[str, Any]]]] = defaultdict(dict)
    sampled = set(Random(_SEED).sample(range(len(records)), min(most, len(records))))
    for number, record in enumerate(records):
        context = record["context"]
        contexts = topics[record["title"] if is_titled else context]
        asked_of_it = contexts.setdefault(context, [])
        if number in sampled:
            asked_of_it.append(_in_squad(record, number))
    paragraphs = {
        title: [{"context": context, "qas": asked} for context, asked in contexts.items()]
        for title, contexts in topics.items()
    }
    titled = [
        ({"title": title} if is_titled else {}) | {"paragraphs": several}
        for title, several in paragraphs.items()
    ]
    whole = JsonPart({"data": titled}, "questions")
    asked = (replace(each, language=VIETNAMESE) for each in squad_questions(whole, None))
    return QuestionSet(tuple(asked), tuple(squad_contexts(whole)))


def forms_of(questions: Sequence[GoldQuestion]) -> Forms:
    """Return questions with and without diacritics."""
    return {"vi": list(questions), "plain": [remove_diacritics(each) for each in questions]}


def within_article(questions: Sequence[GoldQuestion]) -> list[GoldQuestion]:
    """Return the same questions, asked of their own article only."""
    return [replace(each, is_follow_up=True) for each in questions]


def merge_repeated(found: QuestionSet) -> list[GoldQuestion]:
    """Merge questions of one text: the sentences of any article that answers it are right."""
    texts = {article.id: article.text for article in found.contexts}
    gold: defaultdict[str, list[str]] = defaultdict(list)
    for question in found.questions:
        gold[question.text] += _answering(question, texts[question.article])
    first = {question.text: question for question in reversed(found.questions)}
    return [
        replace(first[text], group=text, article=None, spans=(), gold=tuple(sentences))
        for text, sentences in gold.items()
    ]


def without_answers(found: QuestionSet) -> tuple[list[GoldQuestion], list[Article]]:
    """Return the questions of a set, each once, and the articles that answer none of them."""
    answering = {question.article for question in found.questions if question.is_answerable}
    asked = [replace(question, gold=()) for question in merge_repeated(found)]
    return asked, [article for article in found.contexts if article.id not in answering]


def _answering(question: GoldQuestion, text: str) -> list[str]:
    """Return the sentences of a text in which spans of a question are."""
    return [
        text[start:end]
        for start, end in split_sentences(text)
        if any(start < last and first < end for first, last in question.spans)
    ]


def _in_squad(record: dict[str, Any], number: int) -> dict[str, Any]:
    answers = [{"text": each["text"], "answer_start": each["start"]} for each in record["answers"]]
    return {**record, "id": number, "answers": answers}
