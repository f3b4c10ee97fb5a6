"""Which words of a sentence are the answer, by the kind that a question wants."""

import unicodedata
from collections.abc import Callable
from itertools import pairwise
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Library
from index.engine.protocol import Snapshot
from index.language.analyser import Analyser
from index.models.article import StoredArticle
from index.search.answer_spans import (
    SHOWN,
    SHOWN_MAX,
    answer_features,
    answer_spans,
    is_caption,
    is_superlative,
    reports_question,
)
from index.search.query.analysis import analyse_question
from index.search.query.diacritics import DiacriticRestorer
from index.search.query.model import AnswerType, QuestionTerms
from index.search.query.quantities import Quantity
from index.search.quotes import make_quote

ANALYSER = Analyser()
SAID = QuestionTerms(
    frozenset("hội nghị hải dương năm 2021 trần văn khải hộ dân bị cô lập".split()), ("hộ",)
)
TEXTS = st.text(
    st.sampled_from(
        "AĐẾạếdo vì ông Bà ngày tháng 5/1-2021 9h45 tỷ đồng,.;(tại ở\u0301\u0323\u200b\n🙂"
    ),
    max_size=80,
)

WHO, ATTENDANCE, WHEN, WHERE, HOW_MANY, AMOUNT, MEASURE, WHY = (
    AnswerType.WHO,
    AnswerType.ATTENDANCE,
    AnswerType.WHEN,
    AnswerType.WHERE,
    AnswerType.HOW_MANY,
    AnswerType.AMOUNT,
    AnswerType.MEASURE,
    AnswerType.WHY,
)

Form = Literal["NFC", "NFD"]
FORMS: tuple[Form, ...] = ("NFC", "NFD")
SENTENCES = [
    (
        ATTENDANCE,
        "Dự có các ông: Lê Văn An, Phó Bí thư Thường trực Tỉnh ủy; Đỗ Bình, Giám đốc Sở Y tế.",
        ["Lê Văn An, Phó Bí thư Thường trực Tỉnh ủy", "Đỗ Bình, Giám đốc"],
    ),
    (
        ATTENDANCE,
        "Ông Lê An, bà Vũ Hoa, anh Tô Hà, chị Lý Na dự.",
        ["Ông Lê An", "bà Vũ Hoa", "anh Tô Hà"],
    ),
    (WHO, "Chủ tịch nước Lê Văn An tới thăm.", ["Chủ tịch nước Lê Văn An"]),
    (WHO, "Ông Trần Văn Khải, nguyên Chủ tịch UBND tỉnh, dự cùng bà Hoa.", ["bà Hoa"]),
    (WHO, "Tại Hà Nội, Phạm Quốc Huy ghi hai bàn cho đội Sông Lam.", ["Phạm Quốc Huy"]),
    (WHEN, "Khoảng 9h45, ngày 5/1, đám cháy bùng phát ở đường 3/2021.", ["Khoảng 9h45, ngày 5/1"]),
    (WHEN, "Chiều thứ ba (5/1), đội thắng 3-1 lần thứ hai.", ["Chiều thứ ba (5/1)"]),
    (WHEN, "Năm 2021, lễ diễn ra ngày 5 tháng 1 năm 2021.", ["ngày 5 tháng 1 năm 2021"]),
    (WHEN, "Tuần trước trời mưa.", ["Tuần trước"]),
    (WHEN, "Cầu xây từ 1977 đến 1980 tốn 1500 tấn thép (1985).", ["1977", "1985"]),
    (
        WHERE,
        "Cháy tại xã Mường Lống, ở Nghệ An, thuộc quận 7.",
        ["xã Mường Lống", "Nghệ An", "quận 7"],
    ),
    (
        WHERE,
        "Xe khách hướng TP. Huế - Đà Lạt va chạm xe tải tại Km103 quốc lộ 20, qua đèo Bảo Lộc.",
        ["Km103", "quốc lộ 20", "đèo Bảo Lộc"],
    ),
    (WHERE, "Cháy chợ Mường Lống lan đến chợ Huyện.", ["chợ Mường Lống", "chợ Huyện"]),
    (WHERE, "Thủ môn của Trẻ Sông Hàn cản phá hai quả.", []),
    (WHERE, "Trận chung kết ở bờ Sông Hàn rất vui.", ["Sông Hàn"]),
    (WHERE, "Đoàn đi từ Bộ Công Thương đến Quảng Bình.", ["Quảng Bình"]),
    (WHERE, "Cháy tại Cụm công nghiệp ở Huế.", ["Huế"]),
    (
        WHO,
        "Thứ trưởng Bộ Kế hoạch - ông Lê An - gặp GS.TS Vũ Bình.",
        ["ông Lê An", "GS.TS Vũ Bình"],
    ),
    (WHEN, "Chiều 21-6, trận đấu kết thúc 3-1.", ["Chiều 21-6"]),
    (WHERE, "Hội nghị ở Hải Dương đông vui.", []),
    (HOW_MANY, "Hai cây cầu trôi, 120 hộ dân bị cô lập năm 2022.", ["120 hộ"]),
    (HOW_MANY, "Có mười hai ngôi hộ bị cô lập.", ["mười hai ngôi hộ"]),
    (HOW_MANY, "Có 12 cây cầu trong năm 2022.", []),
    (AMOUNT, "Vốn 42,5 tỷ đồng cho 315 km.", ["42,5 tỷ đồng"]),
    (MEASURE, "Vốn 42,5 tỷ đồng cho 315 km.", ["315 km"]),
    (
        WHY,
        "Nguyên nhân là do mưa lớn suốt ba ngày, theo xã.",
        ["Nguyên nhân là do mưa lớn suốt ba ngày"],
    ),
    (WHY, "Do mưa nên đường tắc.", ["Do mưa"]),
    (WHY, "Đường tắc vì " + "mưa lớn " * 9 + "kéo dài.", []),
    (WHY, "Lễ hội do Hội Nghề cá tỉnh (HNC) tổ chức rất đông.", []),
    (WHY, "Xe do tài xế Trần Văn Khải điều khiển đi về hướng Bắc.", []),
    (WHY, "Xe lật do tài xế điều khiển xe quá tốc độ.", ["do tài xế điều khiển xe quá tốc độ"]),
    (WHY, "Lễ hoãn do Ban tổ chức thiếu tiền.", ["do Ban tổ chức thiếu tiền"]),
    (WHY, "Dừng do Công ty An không thi công.", ["do Công ty An không thi công"]),
    (WHY, "Giá lên do Thái Lan ngừng bán.", ["do Thái Lan ngừng bán"]),
    (WHY, "Cầu sập vì xe quá tải, vì vậy dân tự do đi đò.", ["vì xe quá tải"]),
    (AnswerType.WHAT, "Ông Lê An dự ngày 5/1.", []),
    (None, "Ông Lê An dự ngày 5/1.", []),
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("kind", "sentence", "expected"), SENTENCES)
def test_the_words_that_answer_are_found_in_any_unicode_form(
    form: Form, kind: AnswerType | None, sentence: str, expected: list[str]
) -> None:
    text = unicodedata.normalize(form, sentence)
    found = [text[start:end] for start, end in answer_spans(kind, text, SAID)]
    assert found == [unicodedata.normalize(form, words) for words in expected]


@given(TEXTS, st.sampled_from(AnswerType))
def test_spans_of_any_text_are_in_order_and_few(text: str, kind: AnswerType) -> None:
    spans = answer_spans(kind, text, SAID)
    assert len(spans) <= SHOWN_MAX
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))


@pytest.mark.parametrize(("kind", "sentence", "expected"), SENTENCES)
def test_what_is_shown_is_scored(
    kind: AnswerType | None, sentence: str, expected: list[str]
) -> None:
    if expected:
        assert set(answer_features(kind, sentence, SAID)) & set(SHOWN[kind])


@pytest.mark.parametrize("words", ["Lê ", "ngày 5/", "một ", "do lê ", "tại Lê ", "ông bà "])
def test_a_text_that_repeats_itself_is_read_in_little_time(words: str) -> None:
    for kind in AnswerType:
        answer_spans(kind, words * 20_000, SAID)


@pytest.mark.parametrize(
    ("kind", "quantity", "sentence", "expected"),
    [
        (MEASURE, Quantity.LENGTH, "Đường từ 40 km còn 9 km, hầm dài 2.150 m.", ["2.150 m"]),
        (MEASURE, Quantity.DURATION, "Hầm dài 9 km, lễ kéo dài ba ngày.", ["ba ngày"]),
        (MEASURE, Quantity.WIDTH, "Bãi rộng 3,5 ha, cách chợ 2 km.", ["3,5 ha"]),
    ],
)
def test_the_quantity_asked_for_is_told_from_others(
    kind: AnswerType, quantity: Quantity, sentence: str, expected: list[str]
) -> None:
    asked = QuestionTerms(frozenset(), quantity=quantity)
    found = [sentence[start:end] for start, end in answer_spans(kind, sentence, asked)]
    assert found == expected


def test_a_country_is_the_answer_where_one_is_asked_for() -> None:
    asked = QuestionTerms(frozenset(["khách"]), ("nước",))
    text = "Tại xã Cồn Bắc, đông nhất là khách Thái Lan."
    found = [text[start:end] for start, end in answer_spans(WHERE, text, asked)]
    assert found == ["Thái Lan"]


@pytest.mark.parametrize(
    ("tells", "sentence", "expected"),
    [
        (is_caption, "Video: Nhà xưởng bốc cháy.", True),
        (is_caption, "Đồ họa của Báo Thử: Đường bão đi.", True),
        (is_caption, "Video do dân quay được lan truyền.", False),
        (reports_question, "Đại biểu hỏi vì sao trạm chậm mở.", True),
        (reports_question, "Trạm chậm mở do thiếu cát.", False),
        (is_superlative, "Anh là người thợ giỏi nhất.", True),
        (is_superlative, "Hai bên thống nhất bản vẽ.", False),
        (is_superlative, "Khách đổ về sân bay Tân Sơn Nhất.", False),
    ],
)
def test_a_sentence_is_told_by_its_words(
    tells: Callable[[str], bool], sentence: str, expected: bool
) -> None:
    assert tells(sentence) is expected


def test_numbers_are_the_answer_where_it_is_not_known_what_is_counted() -> None:
    text = "Ngày 5, khóa 2016 - 2021 có 494 đại biểu."
    spans = answer_spans(HOW_MANY, text, QuestionTerms(frozenset()))
    assert [text[start:end] for start, end in spans] == ["494"]


def bold(question: str, text: str, collection: Snapshot) -> list[str]:
    query = analyse_question(question, ANALYSER, DiacriticRestorer(collection))
    article = StoredArticle(number=1, id="1", title=text, text="")
    found = make_quote(query, 0, article, ())
    return [text[start:end] for start, end in found.highlights]


@pytest.mark.parametrize(
    "question",
    [
        "Ai dự hội nghị thủy lợi?",
        "ai du hoi nghi thuy loi",
        "who attended the irrigation conference?",
    ],
)
def test_a_quote_has_what_matches_and_what_answers_bold(
    question: str, collection: Snapshot
) -> None:
    text = "Dự hội nghị có ông Trần Văn Khải, Phó Chủ tịch UBND tỉnh cùng nhiều người."
    assert bold(question, text, collection) == [
        "Dự hội nghị",
        "ông Trần Văn Khải, Phó Chủ tịch UBND tỉnh",
    ]


def test_words_that_match_and_answer_are_bold_in_one(collection: Snapshot) -> None:
    text = "Bộ đội đến từ tỉnh bên, 120 hộ bị mưa lũ vây quanh."
    assert bold("how many households?", text, collection) == ["120 hộ"]


def test_what_matches_is_still_told_from_what_answers(collection: Snapshot) -> None:
    query = analyse_question("Ai dự hội nghị?", ANALYSER, DiacriticRestorer(collection))
    text = "Dự hội nghị có ông Trần Văn Khải."
    found = make_quote(query, 0, StoredArticle(number=1, id="1", title=text, text=""), ())
    assert [text[start:end] for start, end in found.matches] == ["Dự hội nghị"]


def test_who_answers_is_not_what_a_question_is_about(library: Library) -> None:
    question = "Ai dự hội nghị thủy lợi?"
    quotes = library.ask(question, limit=1).quotes
    assert "Khải" in "".join(quotes[0].text[start:end] for start, end in quotes[0].highlights)
    wish = library.alert_queries.topic(question, quotes)
    assert wish is not None
    assert "khải" not in {syllable for phrase in wish.wanted for syllable in phrase.syllables}


@pytest.mark.parametrize(
    ("sentence", "is_named"),
    [("Hôm qua đội Sông Hàn thắng 4-2.", True), ("Hai đội hòa 1-1 sau 90 phút.", False)],
)
def test_a_team_that_is_asked_for_is_one_with_a_name(sentence: str, is_named: bool) -> None:
    assert ("body" in answer_features(AnswerType.ORGANISATION, sentence, SAID)) is is_named
