"""What is made of a question: its kind, its concepts, what is highlighted."""

import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Article
from index.engine.protocol import Snapshot
from index.language.analyser import Analyser
from index.language.english.questions import content_words, is_english
from index.search.answer_spans import SCORED, answer_features
from index.search.query.analysis import analyse_question
from index.search.query.diacritics import DiacriticRestorer, diacritic_variants
from index.search.query.model import (
    AnswerType,
    Query,
    QueryTerm,
    QuestionTerms,
    answer_type,
    asks_for_most,
    quantity,
)
from index.search.query.quantities import Quantity
from index.search.quotes import highlights
from tests.support.libraries import open_library

ANALYSER = Analyser()
QUESTIONS = st.text(
    st.sampled_from("aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạ ?!.,-/0123456789TP“”🙂\u200b\n\0"),
    max_size=60,
)


@pytest.mark.parametrize(
    ("question", "kind", "concepts", "words"),
    [
        ("Ai Cập", None, ["ai", "cập"], ["ai_cập"]),
        ("ai cập", None, ["ai", "cập"], ["ai", "cập"]),
        ("Ai Cập bầu tổng thống khi nào", AnswerType.WHEN, ["ai", "cập", "bầu"], ["ai", "cập"]),
        ("xưởng bao bì", None, ["xưởng", "bao", "bì"], ["xưởng", "bao_bì"]),
        ("bao bì gì", AnswerType.WHAT, ["bao", "bì"], ["bao_bì"]),
        ("cầu cao bao", None, ["cầu", "cao"], ["cầu", "cao"]),
        ("cầu cao bao mét", None, ["cầu", "cao", "mét"], ["cầu", "cao", "mét"]),
    ],
)
def test_syllables_that_ask_may_be_parts_of_words(
    question: str, kind: AnswerType | None, concepts: list[str], words: list[str], tmp_path: Path
) -> None:
    with open_library(tmp_path) as library:
        snapshot = library.search_context.engine.snapshot()
        query = analyse_question(question, ANALYSER, DiacriticRestorer(snapshot))

    assert query.kind is kind
    assert ways(query.concepts)[: len(concepts)] == concepts
    assert ways(query.words)[: len(words)] == words


def ways(concepts: tuple[QueryTerm, ...]) -> list[str]:
    return [" ".join(concept.alternatives[0].terms) for concept in concepts]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("ai tham dự hội nghị?", AnswerType.ATTENDANCE),
        ("Những ai có mặt ở điểm cầu Hải Dương?", AnswerType.ATTENDANCE),
        ("thành phần tham dự gồm những ai", AnswerType.ATTENDANCE),
        ("who attended", AnswerType.ATTENDANCE),
        ("Ai là giám đốc sở?", AnswerType.WHO),
        ("Lãnh đạo nào phát biểu", AnswerType.WHO),
        ("Hội nghị diễn ra khi nào?", AnswerType.WHEN),
        ("Khánh thành ngày nào", AnswerType.WHEN),
        ("when did it open?", AnswerType.WHEN),
        ("Cháy ở đâu?", AnswerType.WHERE),
        ("Bao nhiêu hộ bị cô lập?", AnswerType.HOW_MANY),
        ("how many people died", AnswerType.HOW_MANY),
        ("Vì sao cầu sập?", AnswerType.WHY),
        ("nguyên nhân vụ cháy", AnswerType.WHY),
        ("Thép Dana phải nộp phạt mấy trăm triệu?", AnswerType.AMOUNT),
        ("how much did it cost", AnswerType.AMOUNT),
        ("Cái đầu rồng nặng mấy ký?", AnswerType.MEASURE),
        ("Lừa bán đất phạt mấy năm tù", AnswerType.MEASURE),
        ("Đi bộ mất mấy giờ?", AnswerType.MEASURE),
        ("Mấy giờ thì kho cháy?", AnswerType.WHEN),
        ("Xe tải được qua phà không", AnswerType.YES_NO),
        ("Có ai chết trong vụ cháy không?", AnswerType.YES_NO),
        ("Đường đã thông chưa", AnswerType.YES_NO),
        ("did anyone die", AnswerType.YES_NO),
        ("Anh có biết ai làm giám đốc không?", AnswerType.WHO),
        ("do you know why", AnswerType.WHY),
        ("how old is he", AnswerType.MEASURE),
        ("Cơ quan nào ra thông cáo?", AnswerType.ORGANISATION),
        ("Người ta giữ lại bằng cách nào?", AnswerType.HOW),
        ("Cá sấu thuộc giống gì?", AnswerType.WHAT),
        ("Vì sao ông ấy phải ngồi tù mấy tháng?", AnswerType.WHY),
        ("Đang xử vụ cháy chợ sao toà lại dừng?", AnswerType.WHY),
        ("Nửa năm đã có mấy người chết vì lũ?", AnswerType.HOW_MANY),
        ("Ai trộm gà của làng thì bị phạt những gì?", AnswerType.WHAT),
        ("Mấy ông phó chủ tịch thừa ra thì sẽ thế nào?", AnswerType.HOW),
        ("Năm 2019 đội nào vô địch?", AnswerType.ORGANISATION),
        ("Trạm bơm nằm ở vị trí nào?", AnswerType.WHERE),
        ("Sao Hải Vương được tìm ra năm nào?", AnswerType.WHEN),
        ("Tàu nào bay qua Sao Hải Vương?", AnswerType.WHAT),
        ("giá vàng hôm nay thế nào?", AnswerType.HOW),
        ("Thời tiết ngày mai như thế nào?", AnswerType.HOW),
        ("giá vàng sao rồi", AnswerType.HOW),
        ("giá vàng hôm nay", None),
        ("Khối lượng của Sao Mộc", None),
        ("Thứ hai tuần sau học sinh nghỉ", None),
    ],
)
def test_the_kind_of_answer_is_read_from_the_question(
    question: str, kind: AnswerType | None
) -> None:
    assert answer_type(question) is kind


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("cầu dài bao nhiêu", Quantity.LENGTH),
        ("how long is the bridge", Quantity.LENGTH),
        ("mưa kéo dài bao lâu", Quantity.DURATION),
        ("how long did it take", Quantity.DURATION),
        ("phạt mấy năm tù", Quantity.DURATION),
        ("giá xăng giảm bao nhiêu", Quantity.CHANGE),
        ("xây hết bao nhiêu tiền", Quantity.COST),
        ("có bao nhiêu người", None),
    ],
)
def test_the_quantity_is_read_from_the_question(question: str, expected: Quantity | None) -> None:
    assert quantity(question) is expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("ai ghi nhiều bàn nhất", True),
        ("who is the tallest player", True),
        ("hai bên có thống nhất không", False),
        ("tin mới nhất", False),
        ("nộp hồ sơ chậm nhất bao giờ", False),
        ("san bay tan son nhat o dau", False),
        ("sân bay tân sơn nhất ở đâu", False),
        ("when is the next test", False),
    ],
)
def test_a_superlative_is_read_from_the_question(question: str, expected: bool) -> None:
    assert asks_for_most(question) is expected


@pytest.mark.parametrize(
    ("feature", "sentence", "expected"),
    [
        ("attending", "Dự hội nghị có ông Trần Văn Khải, Phó Chủ tịch.", True),
        ("attending", "Công an đã dự báo sát tình hình.", False),
        ("person", "Bà Nguyễn Thị Hoa cho biết như vậy.", True),
        ("person", "Theo PGS.TS Lê Minh Tâm, nước đang rút.", True),
        ("person", "Nước lũ đang rút chậm.", False),
        ("new_name", "Ông Lê Văn Bình dự.", True),
        ("new_name", "Ông Trần Văn Khải dự.", False),
        ("new_capital", "Đoàn đến thăm Huế.", True),
        ("new_capital", "Đoàn đến thăm bà con.", False),
        ("time", "Lễ khánh thành diễn ra ngày 5/1/2021.", True),
        ("time", "Cây cầu dài hai nhịp.", False),
        ("time", "Khoảng 9h45, đám cháy bùng phát.", True),
        ("time", "Chiều nay trời mưa.", True),
        ("place", "Vụ việc xảy ra tại xã Mường Lống.", True),
        ("number", "Có mười hai hộ bị cô lập.", True),
        ("new_number", "Khoá 14 có 494 đại biểu.", True),
        ("new_number", "Khai mạc khoá 14.", False),
        ("counted", "Có 12 ngôi hộ bị cô lập.", True),
        ("counted", "Các hộ bị cô lập.", False),
        ("money", "Tổng vốn 8.118 tỉ đồng.", True),
        ("money", "Có 94 đại biểu.", False),
        ("measure", "Tượng cao 36 cm.", True),
        ("located", "Xe lật tại Km57 quốc lộ 3.", True),
        ("located", "Công an huyện Vân Hải điều tra.", False),
        ("place", "Công an huyện Vân Hải điều tra.", False),
        ("denying", "Hai tài xế không uống rượu.", True),
        ("denying", "Hai tài xế uống rượu.", False),
        ("body", "Hiệp hội Bác sĩ ra thông cáo.", True),
        ("reason", "Cầu sập do mưa lớn.", True),
        ("reason", "Cầu đã sập.", False),
        ("reason", "Bà Tư nói: “Tôi buồn, vì mất khách.”", False),
        ("reason", "Khách tăng nhờ đường mới.", True),
        ("purpose", "Xe tăng được trưng bày để khuyến khích học sinh.", True),
    ],
)
def test_a_sentence_has_the_features_of_an_answer(
    feature: str, sentence: str, expected: bool
) -> None:
    asked = QuestionTerms(frozenset("trần văn khải khoá 14".split()), ("hộ",))
    kind = next(kind for kind, features in SCORED.items() if feature in features)
    assert (feature in answer_features(kind, sentence, asked)) is expected


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


def test_question_words_are_not_looked_for(collection: Snapshot) -> None:
    query = analyse_question("Bao nhiêu hộ dân bị cô lập?", ANALYSER, DiacriticRestorer(collection))
    assert ways(query.concepts)[:5] == ["hộ", "dân", "bị", "cô", "lập"]
    assert ways(query.words)[0] == "hộ"
    assert ways(query.bigrams)[:2] == ["bao nhiêu", "nhiêu hộ"]
    assert query.counted == ("hộ",)
    assert query.said.counted == ("hộ", "hộ dân", "hộ gia đình", "gia đình", "nhà")


@pytest.mark.parametrize(
    ("question", "expected"),
    [("bao nhiêu người", True), ("bao nhiêu người bị thương", False), ("mấy giờ vậy", True)],
)
def test_a_question_may_ask_for_its_kind_only(
    question: str, expected: bool, collection: Snapshot
) -> None:
    query = analyse_question(question, ANALYSER, DiacriticRestorer(collection))
    assert query.asks_only_kind is expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("khi nào?", True),
        ("thế còn ở đâu", True),
        ("hết bao nhiêu", True),
        ("bao nhieu tien", True),
        ("ong ay bao nhieu tuoi", True),
        ("vụ này xảy ra ở đâu", True),
        ("họ bị phạt bao nhiêu", True),
        ("how old is he", True),
        ("ai dự hội nghị?", False),
        ("họ Nguyễn có ở đâu", False),
        ("lúc đó ai chủ trì", False),
        ("tuần này có gì", False),
        ("thế nào", False),
        ("có không", False),
    ],
)
def test_a_question_may_need_what_was_said_before(
    question: str, expected: bool, collection: Snapshot
) -> None:
    query = analyse_question(question, ANALYSER, DiacriticRestorer(collection))
    assert query.needs_context is expected


@pytest.mark.parametrize("question", ["Bao nhiêu người tham gia?", "how many people took part?"])
def test_people_are_counted_by_any_role(question: str, collection: Snapshot) -> None:
    query = analyse_question(question, ANALYSER, DiacriticRestorer(collection))
    assert query.counted[0] == "người"
    assert {"học sinh", "nạn nhân", "luật gia"} < set(query.said.counted)


def test_a_question_of_question_words_only_keeps_them(collection: Snapshot) -> None:
    assert ways(analyse_question("ai?", ANALYSER, DiacriticRestorer(collection)).concepts) == ["ai"]


@pytest.mark.parametrize(
    ("bare", "marked"),
    [
        ("doai", "đoài"),
        ("ngoao", "ngoáo"),
        ("nguoi", "người"),
        ("thuo", "thuở"),
        ("dak", "đắk"),
        ("ede", "êđê"),
    ],
)
def test_a_syllable_may_have_any_marks(bare: str, marked: str) -> None:
    assert marked in diacritic_variants(bare)


def test_a_foreign_name_is_not_tried_with_hundreds_of_marks() -> None:
    assert diacritic_variants("polonia") == ("polonia",)


@pytest.mark.parametrize("question", ["lu quet o dau", "lũ quet o đâu", "LU QUÉT o dau"])
def test_marks_that_were_left_out_are_put_back(question: str, collection: Snapshot) -> None:
    query = analyse_question(question, ANALYSER, DiacriticRestorer(collection))
    assert ways(query.concepts)[:2] == ["lũ", "quét"]
    assert ways(query.words)[0] == "lũ_quét"


@pytest.mark.parametrize(
    ("question", "marked"),
    [
        ("thieu may giao vien", "thiếu mấy giáo viên"),
        ("ghi may ban", "ghi mấy bàn"),
        ("xe may bi mat", "xe máy bị mất"),
        ("may tinh bi mat", "máy tính bị mất"),
    ],
)
def test_may_is_how_many_where_that_can_be_counted(
    question: str, marked: str, tmp_path: Path
) -> None:
    counted = Article(
        id="may",
        title="Hỏi xem thiếu mấy người",
        text="Trường thiếu giáo viên. Đội ghi bàn. Xe máy, máy tính, máy bay bị mất.",
    )
    with open_library(tmp_path, (counted,)) as library:
        query = library.search_context.analyser.analyse(question, library._engine.snapshot())
    assert query.question == marked


def test_what_has_another_form_is_looked_for_in_both(collection: Snapshot) -> None:
    query = analyse_question("UBND tỉnh họp", ANALYSER, DiacriticRestorer(collection))
    ways_of_the_first = [" ".join(way.terms) for way in query.concepts[0].alternatives]
    assert ways_of_the_first == ["ubnd", "ủy ban nhân dân"]


def test_names_in_an_english_question_stay_as_they_are_typed(collection: Snapshot) -> None:
    query = analyse_question(
        "Who are the leaders of Yên Bái?", ANALYSER, DiacriticRestorer(collection)
    )
    assert ways(query.concepts)[1:] == ["yên", "bái"]


def test_composed_and_decomposed_questions_are_the_same(collection: Snapshot) -> None:
    question = "Ai chủ trì hội nghị ở Hải Dương?"
    decomposed = unicodedata.normalize("NFD", question)
    assert analyse_question(
        decomposed, ANALYSER, DiacriticRestorer(collection)
    ) == analyse_question(question, ANALYSER, DiacriticRestorer(collection))


def bold(question: str, text: str, collection: Snapshot) -> list[str]:
    query = analyse_question(question, ANALYSER, DiacriticRestorer(collection))
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
    question: str, text: str, expected: list[str], collection: Snapshot
) -> None:
    assert bold(question, text, collection) == expected


@given(QUESTIONS)
def test_any_text_is_a_question(collection: Snapshot, question: str) -> None:
    query = analyse_question(question, ANALYSER, DiacriticRestorer(collection))
    assert isinstance(query, Query)
    for concept in query.all_concepts:
        assert all(way.terms and all(way.terms) for way in concept.alternatives)
    spans = highlights(query, question)
    assert all(0 <= start < end <= len(question) for start, end in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
