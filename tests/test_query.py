"""What is made of a question: its kind, its concepts, what is highlighted."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analyser import Analyser
from index.answer_kinds import AnswerKind, holds, kind_of
from index.engines import Field
from index.english import content_words, is_english
from index.highlighting import highlights
from index.query import Concept, Query, analyse_question
from index.spelling import is_marked

ANALYSER = Analyser()
QUESTIONS = st.text(
    st.sampled_from("aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạ ?!.,-/0123456789TP“”🙂\u200b\n\0"),
    max_size=60,
)


def ways(concepts: tuple[Concept, ...]) -> list[str]:
    return [" ".join(concept.alternatives[0].terms) for concept in concepts]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("ai tham dự hội nghị?", AnswerKind.ATTENDANCE),
        ("Những ai có mặt ở điểm cầu Hải Dương?", AnswerKind.ATTENDANCE),
        ("thành phần tham dự gồm những ai", AnswerKind.ATTENDANCE),
        ("ai du hoi nghi", AnswerKind.ATTENDANCE),
        ("who attended", AnswerKind.ATTENDANCE),
        ("Ai là giám đốc sở?", AnswerKind.WHO),
        ("lanh dao nao phat bieu", AnswerKind.WHO),
        ("Hội nghị diễn ra khi nào?", AnswerKind.WHEN),
        ("khanh thanh ngay nao", AnswerKind.WHEN),
        ("when did it open?", AnswerKind.WHEN),
        ("Cháy ở đâu?", AnswerKind.WHERE),
        ("Bao nhiêu hộ bị cô lập?", AnswerKind.HOW_MANY),
        ("how many people died", AnswerKind.HOW_MANY),
        ("Vì sao cầu sập?", AnswerKind.WHY),
        ("nguyen nhan vu chay", AnswerKind.WHY),
        ("giá vàng hôm nay", None),
        ("Thứ hai tuần sau học sinh nghỉ", None),
    ],
)
def test_the_kind_of_answer_is_read_from_the_question(
    question: str, kind: AnswerKind | None
) -> None:
    assert kind_of(question, marked=is_marked(question)) is kind


@pytest.mark.parametrize(
    ("kind", "sentence", "expected"),
    [
        (AnswerKind.ATTENDANCE, "Dự hội nghị có ông Trần Văn Khải, Phó Chủ tịch.", True),
        (AnswerKind.ATTENDANCE, "Công an đã dự báo sát tình hình.", False),
        (AnswerKind.WHO, "Bà Nguyễn Thị Hoa cho biết như vậy.", True),
        (AnswerKind.WHO, "Theo PGS.TS Lê Minh Tâm, nước đang rút.", True),
        (AnswerKind.WHO, "Nước lũ đang rút chậm.", False),
        (AnswerKind.WHEN, "Lễ khánh thành diễn ra ngày 5/1/2021.", True),
        (AnswerKind.WHEN, "Cây cầu dài hai nhịp.", False),
        (AnswerKind.WHERE, "Vụ việc xảy ra tại xã Mường Lống.", True),
        (AnswerKind.HOW_MANY, "Có mười hai hộ bị cô lập.", True),
        (AnswerKind.WHY, "Cầu sập do mưa lớn.", True),
        (AnswerKind.WHY, "Cầu đã sập.", False),
    ],
)
def test_a_sentence_is_checked_for_the_kind_of_answer(
    kind: AnswerKind, sentence: str, expected: bool
) -> None:
    assert holds(kind, sentence) is expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("who attended the conference?", True),
        ("When did Yen Bai lawyers meet?", True),
        ("conference attendees", True),
        ("ai du hoi nghi", False),
        ("song Hong o dau", False),
        ("co may nguoi chet", False),
        ("Hà Nội", False),
        ("", False),
    ],
)
def test_english_is_told_from_vietnamese_without_marks(question: str, expected: bool) -> None:
    assert is_english(question) is expected


def test_english_words_lead_back_to_their_lemmas() -> None:
    question = "Who attended the meetings held in cities of Vietnam in January?"
    found = {word.text: word.equivalents[:1] for word in content_words(question)}
    assert found == {
        "attended": ("dự",),
        "meetings": ("cuộc họp",),
        "held": ("tổ chức",),
        "cities": ("thành phố",),
        "vietnam": ("Việt Nam",),
        "january": ("tháng 1",),
    }


def test_question_words_are_not_looked_for() -> None:
    query = analyse_question("Bao nhiêu hộ dân bị cô lập?", ANALYSER)
    assert ways(query.concepts) == ["hộ", "dân", "bị", "cô", "lập"]
    assert ways(query.words)[0] == "hộ"
    assert ways(query.bigrams)[:2] == ["bao nhiêu", "nhiêu hộ"]


def test_a_question_of_question_words_only_keeps_them() -> None:
    assert ways(analyse_question("ai?", ANALYSER).concepts) == ["ai"]


def test_an_unmarked_question_is_looked_for_without_marks() -> None:
    query = analyse_question("lu quet o dau", ANALYSER)
    assert {way.field for concept in query.concepts for way in concept.alternatives} == {
        Field.FOLDED
    }


def test_names_in_an_english_question_stay_as_they_are_typed() -> None:
    query = analyse_question("Who are the leaders of Yên Bái?", ANALYSER)
    assert ways(query.concepts)[1:] == ["yên", "bái"]
    assert query.concepts[2].alternatives[0].field is Field.SYLLABLES


def test_composed_and_decomposed_questions_are_the_same() -> None:
    import unicodedata

    question = "Ai chủ trì hội nghị ở Hải Dương?"
    decomposed = unicodedata.normalize("NFD", question)
    assert analyse_question(decomposed, ANALYSER) == analyse_question(question, ANALYSER)


def bold(question: str, text: str) -> list[str]:
    query = analyse_question(question, ANALYSER)
    return [text[start:end] for start, end in highlights(query, text)]


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("ai dự hội nghị?", "Dự hội nghị có ông Khải.", ["Dự hội nghị"]),
        ("hoi nghi", "Cuộc Hội nghị bàn về lúa.", ["Hội nghị"]),
        ("who attended the conference?", "Tham dự hội nghị có 5 người.", ["Tham dự hội nghị"]),
        ("hoà bình", "Thành phố Hòa Bình", ["Hòa Bình"]),
        ("bão số 9", "Bão số 9 mạnh lên, số người sơ tán tăng.", ["Bão số 9"]),
        ("có ai không", "Không có ai.", []),
    ],
)
def test_matching_words_are_highlighted_whatever_their_form(
    question: str, text: str, expected: list[str]
) -> None:
    assert bold(question, text) == expected


@given(QUESTIONS)
def test_any_text_is_a_question(question: str) -> None:
    query = analyse_question(question, ANALYSER)
    assert isinstance(query, Query)
    for concept in query.all_concepts:
        assert all(way.terms and all(way.terms) for way in concept.alternatives)
    spans = highlights(query, question)
    assert all(0 <= start < end <= len(question) for start, end in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
