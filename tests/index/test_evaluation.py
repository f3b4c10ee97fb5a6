"""Measuring answers: question files, what counts as right, and the figures."""

import json
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from index import Answer, Certainty, InputError, Library, Quote, StoredArticle
from index.evaluation import (
    GoldQuestion,
    Outcome,
    ask_all,
    compute_report,
    judge_votes,
    read_questions,
    remove_diacritics,
    sample_evenly,
)
from index.store.chats.feedback import Vote
from tests.support.articles import CONFERENCE, FLOOD

CONTEXT = "Đập Sông Thương xây năm 1998. Đập dài 315 m. Đập do kỹ sư Lê Văn Tám thiết kế."


def squad(*topics: tuple[str, str, Sequence[tuple[str, str]]]) -> dict[str, Any]:
    """Topics of a title, a paragraph, and questions with their answers; "" for none."""
    return {
        "version": "1.1",
        "data": [
            {
                "title": title,
                "paragraphs": [
                    {
                        "context": context,
                        "qas": [
                            {
                                "id": f"{title}-{number}",
                                "question": question,
                                "is_impossible": not answer,
                                "answers": [{"text": answer, "answer_start": context.find(answer)}],
                            }
                            for number, (question, answer) in enumerate(questions)
                        ],
                    }
                ],
            }
            for title, context, questions in topics
        ],
    }


def written(folder: Path, *values: object) -> Path:
    """A file with a value of JSON on each line."""
    path = folder / "questions.json"
    lines = (json.dumps(value, ensure_ascii=False) for value in values)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def question(text: str = "?", **values: Any) -> GoldQuestion:
    defaults = {"id": "1", "type": "who", "language": "vi", "group": "1"}
    return GoldQuestion(**{"text": text, **defaults, **values})


def outcome(
    rank: int | None, *, confident: bool = True, is_absent: bool = False, **values: Any
) -> Outcome:
    gold = {"gold": ("Một câu.",)} | values
    return Outcome(
        question=question(**gold),
        rank=rank,
        article_rank=rank,
        certainty=Certainty.ANSWER if confident else Certainty.NONE,
        is_absent=is_absent,
        milliseconds=1.0,
    )


def test_squad_brings_its_paragraphs_as_articles_and_where_they_answer(tmp_path: Path) -> None:
    path = written(tmp_path, squad(("Đập_nước", CONTEXT, [("Đập dài bao nhiêu?", "315 m")])))
    found = read_questions(path)
    (context,) = found.contexts
    (asking,) = found.questions
    assert (context.title, context.text) == ("Đập nước", CONTEXT)
    assert (asking.article, asking.type, asking.language) == (context.id, "measure", "vi")
    ((start, end),) = asking.spans
    assert CONTEXT[start:end] == "315 m"


def test_squad_in_another_unicode_form_answers_at_the_same_place(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", CONTEXT)
    name = unicodedata.normalize("NFD", "Lê")
    data = squad(("Đập", decomposed, [("Ai thiết kế?", name)]))
    found = read_questions(written(tmp_path, data))
    ((start, end),) = found.questions[0].spans
    assert found.contexts[0].text[start:end] == "Lê"


def test_a_paragraph_that_stands_twice_is_one_article(tmp_path: Path) -> None:
    topic = ("Đập", CONTEXT, [("Đập dài bao nhiêu?", "315 m")])
    found = read_questions(written(tmp_path, squad(topic, topic)))
    assert len(found.contexts) == 1
    assert {asking.article for asking in found.questions} == {found.contexts[0].id}


def test_a_half_of_squad_has_every_other_topic_and_all_paragraphs(tmp_path: Path) -> None:
    topics = [(f"T{n}", f"{n}. {CONTEXT}", [("Dài bao nhiêu?", "315 m")]) for n in range(5)]
    path = written(tmp_path, squad(*topics))
    for half, ids in ((0, ["T0-0", "T2-0", "T4-0"]), (1, ["T1-0", "T3-0"])):
        found = read_questions(path, half=half)
        assert [asking.id for asking in found.questions] == ids
        assert len(found.contexts) == 5


def test_squad_is_in_the_language_of_most_of_its_questions(tmp_path: Path) -> None:
    asking = [("Ai thiết kế đập?", "Lê"), ("Đập dài mấy mét?", "315"), ("What is the dam?", "Đập")]
    found = read_questions(written(tmp_path, squad(("Đập", CONTEXT, asking))))
    assert {each.language for each in found.questions} == {"vi"}


def test_json_lines_say_what_they_like_and_the_rest_is_found_out(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        {"question": "who attended the meeting", "gold": "Một câu."},
        {"id": 7, "question": "Ai?", "article": 12, "gold": ["A", "B"], "type": "x"},
        {"question": "Vì sao?", "gold": []},
    )
    first, second, third = read_questions(path).questions
    assert (first.id, first.type, first.language) == ("1", "attendance", "en")
    assert first.gold == ("Một câu.",)
    assert (second.id, second.article, second.type) == ("7", "12", "x")
    assert second.gold == ("A", "B")
    assert (third.type, third.is_answerable) == ("why", False)


def test_news_questions_are_asked_in_each_form(tmp_path: Path) -> None:
    common = {"type": "who", "article": "a", "gold": ["Ông Khải dự."]}
    forms = {"vi": "Ai dự họp?", "plain": "Ai du hop?", "en": "Who attended?"}
    found = read_questions(
        written(
            tmp_path,
            {
                "questions": [{"id": "q"} | forms | common],
                "unanswerable": [{"id": "u", "lang": "plain", "text": "Gia vang?"}],
                "scoped": [{"id": "s", "text": "ai dự?", "article": "a", "gold": ["Ông dự."]}],
            },
        )
    ).questions
    assert [each.id for each in found] == ["q-vi", "q-plain", "q-en", "u", "s"]
    assert [each.language for each in found] == ["vi", "vi", "en", "vi", "vi"]
    assert [each.is_answerable for each in found] == [True, True, True, False, True]
    assert [each.is_follow_up for each in found] == [False] * 4 + [True]


NO_ANSWER = squad(("Đập", CONTEXT, [("Dài?", "315 km")]))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "line 1, column 1: not valid JSON"),
        (b"\xff\xfe", "not UTF-8 at byte 1"),
        (b"[]", "expected SQuAD"),
        (b"{}", "line 1, question: missing"),
        (b'{\n"a": 1}', "expected SQuAD"),
        (b"3", "expected SQuAD"),
        (b'{"data": {}}', "data: expected a list"),
        (b'{"data": []}', "no questions in it"),
        (b'{"data": [3]}', "data[0]: expected an object"),
        (b'{"data": [{"title": 3, "paragraphs": []}]}', "data[0].title: expected text"),
        (b'{"data": [{"title": "T"}]}', "data[0].paragraphs: missing"),
        (json.dumps(NO_ANSWER).encode(), "qas[0].answers[0].answer_start: expected a whole number"),
        (b'{"questions": [{"vi": "Ai?"}]}', "questions[0].id: missing"),
        (b'{"question": "Ai?"}\n{"question"', "line 2, column 12: not valid JSON"),
        (b'{"question": "Ai?"}\n\n{"gold": "x"}', "line 3, question: missing"),
        (b'{"question": "Ai?", "gold": [3]}', "line 1, gold[0]: expected text"),
        (b'{"question": "Ai?", "article": true}', "line 1, article: expected text"),
        (b'{"question": " "}', "line 1, question: expected text"),
        (b'{"question": "\\ud800"}', "line 1, question: holds half a character"),
        (b"[" * 100_000, "lists too deep"),
        (b'{"question": "Ai?"}\n' + b"1" * 5_000, "line 2: a number too long"),
    ],
)
def test_a_bad_file_is_refused_with_what_and_where(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    with pytest.raises(InputError) as refused:
        read_questions(path)
    assert words in str(refused.value)
    assert str(refused.value).startswith(str(path))
    assert "\n" not in str(refused.value)


def test_an_answer_that_is_not_in_its_paragraph_is_refused(tmp_path: Path) -> None:
    data = squad(("Đập", CONTEXT, [("Dài?", "315 m")]))
    data["data"][0]["paragraphs"][0]["qas"][0]["answers"][0]["text"] = "315 km"
    with pytest.raises(InputError, match=r"answers\[0\]: not in its paragraph"):
        read_questions(written(tmp_path, data))


def test_only_squad_has_halves(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="only a SQuAD file"):
        read_questions(written(tmp_path, {"question": "Ai?"}), half=0)


def test_a_few_questions_are_taken_evenly() -> None:
    all_of_them = [question(str(number)) for number in range(10)]
    assert [each.text for each in sample_evenly(all_of_them, 3)] == ["0", "3", "6"]
    assert sample_evenly(all_of_them, 99) == all_of_them


def test_a_question_can_lose_its_marks() -> None:
    assert remove_diacritics(question("Đập dài bao nhiêu?")).text == "Dap dai bao nhieu?"


def ask_one(library: Library, text: str, **values: Any) -> Outcome:
    (found,) = ask_all(library, [question(text, **values)])
    return found


def test_the_right_sentence_counts_by_its_rank(library: Library) -> None:
    gold = ("Dự hội nghị có ông Trần Văn Khải, Phó Chủ tịch UBND tỉnh cùng lãnh đạo các huyện.",)
    right = ask_one(library, "ai dự hội nghị?", gold=gold, article=CONFERENCE.id)
    assert (right.rank, right.article_rank, right.confident) == (1, 1, True)
    wrong = ask_one(library, "ai dự hội nghị?", gold=("Một câu khác.",), article=FLOOD.id)
    assert wrong.rank is None


def test_a_sentence_split_otherwise_is_the_same_sentence(library: Library) -> None:
    part = "120 hộ dân bị cô lập."
    longer = f"Hai cây cầu bị cuốn trôi,\n{part} Và hơn thế."
    asking = "bao nhiêu hộ dân bị cô lập?"
    assert ask_one(library, asking, gold=(longer,)).rank == 1
    assert ask_one(library, asking, gold=("Hai  cây cầu bị cuốn trôi, 120",)).rank == 1
    assert ask_one(library, asking, gold=("hộ dân bị cô lập",)).rank is None  # 16 characters


def test_a_span_is_answered_by_the_sentence_that_overlaps_it(library: Library) -> None:
    start = FLOOD.text.index("120 hộ")
    asking = "bao nhiêu hộ dân bị cô lập?"
    span = (start, start + 3)
    assert ask_one(library, asking, article=FLOOD.id, spans=(span,)).rank == 1
    assert ask_one(library, asking, article=CONFERENCE.id, spans=(span,)).rank is None
    (first_sentence,) = [(0, FLOOD.text.index("."))]
    assert ask_one(library, asking, article=FLOOD.id, spans=(first_sentence,)).rank != 1


def test_a_follow_up_asks_its_article_only(library: Library) -> None:
    asking, gold = "lũ quét xảy ra ở đâu?", ("Đêm 3/9/2023, lũ quét xảy ra tại xã Mường Lống.",)
    assert ask_one(library, asking, article=CONFERENCE.id, gold=gold).rank == 1
    follow_up = ask_one(library, asking, article=CONFERENCE.id, gold=gold, is_follow_up=True)
    assert follow_up.rank is None
    nowhere = question("ai?", article="none", is_follow_up=True, gold=("x",))
    assert list(ask_all(library, [nowhere])) == []


def test_a_question_whose_article_is_not_there_counts_as_absent(library: Library) -> None:
    outcomes = list(ask_all(library, [question("giá vàng?", article="none", gold=("x",))]))
    assert outcomes[0].is_absent
    report = compute_report(outcomes)
    assert report.overall is None
    assert report.absent is not None
    assert report.absent.questions == 1


def test_figures_are_shares_of_the_answerable_questions() -> None:
    outcomes = [
        outcome(1, group="a", article="a"),
        outcome(2, group="b", article="b", confident=False),
        outcome(4, group="c"),
        outcome(None, group="d", article="d"),
        outcome(None, gold=(), group="e"),
        outcome(None, gold=(), group="f", confident=False),
    ]
    report = compute_report(outcomes)
    figures = report.overall
    assert figures is not None
    assert figures.questions == 4
    assert figures.mrr == pytest.approx((1 + 1 / 2 + 1 / 4) / 4)
    assert (figures.hit_1, figures.hit_3, figures.hit_5) == (0.25, 0.5, 0.75)
    assert (figures.article_1, figures.article_3) == (1 / 3, 2 / 3)
    assert figures.answered == 0.75
    assert report.unanswerable is not None
    assert (report.unanswerable.questions, report.unanswerable.answered) == (2, 0.5)


def test_an_answer_from_another_article_that_is_right_is_not_false() -> None:
    report = compute_report([outcome(1, is_absent=True), outcome(None, is_absent=True)])
    assert report.absent is not None
    assert report.absent.answered == 0.5


def test_questions_are_counted_by_type_language_and_marks() -> None:
    report = compute_report(
        [
            outcome(1, text="Ai dự?", type="who"),
            outcome(2, text="Ai du?", type="who"),
            outcome(4, text="When?", type="when", language="en"),
            outcome(1, is_follow_up=True),
        ]
    )
    assert {name: part.mrr for name, part in report.by_type.items()} == {"who": 0.75, "when": 0.25}
    assert {name: part.mrr for name, part in report.by_language.items()} == {"vi": 0.75, "en": 0.25}
    assert {name: part.mrr for name, part in report.by_marks.items()} == {
        "marked": 1,
        "unmarked": 0.5,
    }
    assert report.follow_ups is not None
    assert report.follow_ups.questions == 1


def test_the_interval_holds_the_mean_and_narrows_with_the_number_of_groups() -> None:
    def width(groups: int, questions: int) -> float:
        outcomes = [
            outcome(1 + number % 2, group=str(number % groups)) for number in range(questions)
        ]
        figures = compute_report(outcomes).overall
        assert figures is not None
        assert figures.mrr_interval is not None
        low, high = figures.mrr_interval
        assert low <= figures.mrr <= high
        return high - low

    assert width(400, 400) < width(40, 40)
    # The same questions about few subjects are less evidence than about many.
    assert width(4, 400) > width(400, 400)
    assert width(40, 40) == width(40, 40)


def test_questions_about_one_subject_have_no_interval() -> None:
    figures = compute_report([outcome(1), outcome(2)]).overall
    assert figures is not None
    assert figures.mrr_interval is None


class Fixed:
    """A system that always quotes the same sentences: what is measured need not be a library."""

    def __init__(self, *texts: str) -> None:
        article = StoredArticle(number=1, id="a", title="", text=" ".join(texts))
        self.quotes = tuple(
            Quote(text=text, start=0, end=1, score=1.0, article=article, position=1)
            for text in texts
        )
        self.asked = 0

    def ask(self, question: str, *, limit: int = 3, scope: Sequence[int] = ()) -> Answer:
        self.asked += 1
        return Answer(
            question=question,
            quotes=self.quotes[:limit],
            milliseconds=0.0,
            certainty=Certainty.ANSWER,
        )

    def find(self, reference: str) -> StoredArticle | None:
        return self.quotes[0].article


def test_votes_are_held_against_what_is_quoted_now() -> None:
    def vote(text: str, *, is_good: bool, question: str | None = "ai?", article: int = 1) -> Vote:
        return Vote(
            bot=1,
            chat=1,
            message=1,
            person=1,
            article=article,
            position=1,
            text=text,
            is_good=is_good,
            question=question,
            created_at=0,
        )

    system = Fixed("Câu một.", "Câu hai.", "Câu ba.", "Câu bốn.")
    report = judge_votes(
        system,
        [
            vote("Câu một.", is_good=True),
            vote("Câu ba.", is_good=True),
            vote("Câu bốn.", is_good=True),
            vote("Câu một.", is_good=True, article=2),
            vote("Câu một.", is_good=False),
            vote("Câu hai.", is_good=False),
            vote("Câu một.", is_good=False, question=None),
        ],
    )
    assert (report.good, report.good_first, report.good_in_three) == (4, 1, 2)
    assert (report.bad, report.bad_no_longer_first, report.without_question) == (2, 1, 1)
    assert system.asked == 1
