"""Question sets with answer spans become gold questions and articles."""

from typing import Any

import pytest

from tests.benchmarks._question_sets import (
    as_question_set,
    forms_of,
    merge_repeated,
    within_article,
    without_answers,
)

DAM = "Đập Khe Mo dài 315 m. Đập do ông Lò Văn Tám trông coi từ năm 2009."
RIVER = "Sông Vân chảy qua ba huyện. Người trông coi đập Khe Mo là ông Lò Văn Tám."
MARKET = "Chợ Bản Sậy họp mỗi tuần hai phiên."


def record(question: str, context: str, answer: str = "", title: str = "Đập") -> dict[str, Any]:
    answers = [{"text": answer, "start": context.index(answer)}] if answer else []
    return {
        "question": question,
        "context": context,
        "answers": answers,
        "is_impossible": not answer,
        "title": title,
    }


RECORDS = (
    record("Đập Khe Mo dài bao nhiêu?", DAM, "315 m"),
    record("Ai trông coi đập Khe Mo?", DAM, "ông Lò Văn Tám"),
    record("Ai trông coi đập Khe Mo?", MARKET),
    record("Ai trông coi đập Khe Mo?", RIVER, "Lò Văn Tám", title="Sông"),
)


def test_contexts_are_articles_and_answers_spans_of_their_text() -> None:
    found = as_question_set(RECORDS, 10, is_titled=True)
    articles = {article.id: article for article in found.contexts}

    assert [article.title for article in found.contexts] == ["Đập", "Đập", "Sông"]
    for question, given in zip(found.questions, RECORDS, strict=True):
        text = articles[question.article].text
        assert question.text == given["question"]
        assert [text[start:end] for start, end in question.spans] == [
            answer["text"] for answer in given["answers"]
        ]
    assert [question.group for question in found.questions] == ["Đập", "Đập", "Đập", "Sông"]


def test_titles_that_say_no_subject_are_left_out() -> None:
    found = as_question_set(RECORDS, 10, is_titled=False)
    assert {article.title for article in found.contexts} == {""}
    assert len({question.group for question in found.questions}) == len(found.contexts)


@pytest.mark.parametrize("most", [1, 2, 4])
def test_a_sample_of_the_questions_is_the_same_each_time_among_all_contexts(most: int) -> None:
    found = as_question_set(RECORDS, most, is_titled=True)
    assert len(found.questions) == most
    assert len(found.contexts) == 3
    assert as_question_set(RECORDS, most, is_titled=True) == found


def test_forms_are_with_and_without_diacritics() -> None:
    forms = forms_of(as_question_set(RECORDS[:1], 1, is_titled=True).questions)
    assert {form: question.text for form, (question,) in forms.items()} == {
        "vi": "Đập Khe Mo dài bao nhiêu?",
        "plain": "Dap Khe Mo dai bao nhieu?",
    }


def test_a_question_asked_of_its_article_names_it() -> None:
    (question,) = within_article(as_question_set(RECORDS[:1], 1, is_titled=True).questions)
    assert question.is_follow_up
    assert question.article


def test_a_question_of_several_articles_is_answered_by_the_sentences_of_all_that_do() -> None:
    length, keeper = merge_repeated(as_question_set(RECORDS, 10, is_titled=False))
    assert length.gold == ("Đập Khe Mo dài 315 m.",)
    assert keeper.gold == (
        "Đập do ông Lò Văn Tám trông coi từ năm 2009.",
        "Người trông coi đập Khe Mo là ông Lò Văn Tám.",
    )
    assert keeper.article is None


def test_without_the_articles_that_answer_nothing_does() -> None:
    questions, articles = without_answers(as_question_set(RECORDS, 10, is_titled=False))
    assert [article.text for article in articles] == [MARKET]
    assert not any(question.is_answerable for question in questions)
