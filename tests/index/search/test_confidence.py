"""Whether an answer is to be trusted, in a collection of one article and in one of many."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Article, Certainty, Library
from index.search.confidence import (
    ANSWER_FROM,
    CONFIDENCE_FEATURES,
    MAYBE_FROM,
    certainty_of,
    confidence_features,
)
from index.search.pipeline import Search, search
from tests.support.libraries import open_library

DIKE = Article(
    id="de-dieu",
    title="Hà Trung họp về đê điều",
    text=(
        "Sáng 5/1/2021, tỉnh Hà Trung tổ chức hội nghị đê điều tại thị trấn Bồng Khê.\n"
        "Dự hội nghị có ông Trần Văn Khải, Giám đốc Sở Nông nghiệp, và bà Lò Thị Mây.\n"
        "Năm 2020 tỉnh gia cố 12 km đê sông Vân với kinh phí 42,5 tỷ đồng.\n"
        "Hội nghị giao các huyện trồng thêm tre chắn sóng trước mùa mưa lũ."
    ),
)
CHATTER = Article(
    id="lop-hoc",
    title="Lớp học tình thương của cô giáo làng",
    text=(
        "Cô kể cho các em nghe chuyện cười rồi cảm ơn từng bạn nhỏ đã giúp cô rất nhiều.\n"
        "Các em hỏi cô tên là gì, bao nhiêu tuổi, hôm nay ăn cơm chưa, có mệt không.\n"
        "Cô nói đi học thì phải dậy sớm, sáng mai cô nhắc cả lớp làm bài thơ về mùa thu."
    ),
)
CROPS = ("lúa", "ngô", "khoai", "sắn", "chè", "cam", "bưởi", "lạc", "mía", "đậu")
PLACES = ("Na Hin", "Bản Sậy", "Khe Mo", "Làng Gát", "Đồng Cẩu", "Nà Lốc", "Phiêng Ban", "Tà Sin")
FIELDS = tuple(
    Article(
        id=f"{crop}-{place}",
        title=f"Nông dân xã {place} được mùa {crop}",
        text=(
            f"Vụ này bà con xã {place} thu hoạch {crop} đạt năng suất cao.\n"
            f"Hội nghị đầu vụ của xã có ông chủ tịch dự và bàn cách trồng {crop}.\n"
            f"Theo người dân, giá {crop} tại {place} tăng hơn năm trước.\n"
            f"Xã {place} có kế hoạch mở rộng diện tích trồng {crop} trong thời gian tới."
        ),
    )
    for crop in CROPS
    for place in PLACES
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with open_library(tmp_path_factory.mktemp("many"), (DIKE, CHATTER, *FIELDS)) as opened:
        yield opened


def is_confident(library: Library, question: str) -> bool:
    return library.ask(question).confident


def features(library: Library, question: str) -> dict[str, float]:
    snapshot = library.search_context.engine.snapshot()
    found = search(Search(question, limit=1), library.search_context, snapshot)
    values = confidence_features(found.query, found.groups[0].best, snapshot)
    return dict(zip(CONFIDENCE_FEATURES, values.tolist(), strict=True))


@pytest.mark.parametrize(
    "question",
    [
        "Ai dự hội nghị đê điều ở Hà Trung?",
        "AI DỰ HỘI NGHỊ ĐÊ ĐIỀU Ở HÀ TRUNG?",
        "ai du hoi nghi de dieu o Ha Trung",
        "Năm 2021 Hà Trung họp bàn gì về đê điều?",
        "Năm 2020 tỉnh Hà Trung gia cố bao nhiêu km đê sông Vân?",
        "Who attended the dike conference in Hà Trung?",
    ],
)
def test_a_question_that_an_article_answers_is_answered(library: Library, question: str) -> None:
    assert is_confident(library, question)


@pytest.mark.parametrize(
    "question",
    [
        "Ai dự hội nghị đê điều ở Mường Tháp Hạ?",
        "Hội nghị đê điều có ông Phùng Bá Lượng dự không?",
        "Năm 1987 Hà Trung họp bàn gì về đê điều?",
        "Who attended the dike conference in Nuvakka?",
    ],
)
def test_a_name_or_number_that_the_article_does_not_hold_speaks_against_it(
    library: Library, question: str
) -> None:
    answer = library.ask(question)
    assert answer.quotes[0].article.id == "de-dieu"
    assert not answer.confident


@pytest.mark.parametrize(
    "question",
    [
        "Bạn là ai?",
        "ban ten la gi, bao nhieu tuoi",
        "what's your name and who made you?",
        "thanks, that was really helpful!",
    ],
)
def test_small_talk_is_no_question_though_articles_hold_its_words(
    library: Library, question: str
) -> None:
    assert library.ask(question).quotes
    assert not is_confident(library, question)


def test_what_asks_enough_of_one_article_does_not_of_many(library: Library, tmp_path: Path) -> None:
    with open_library(tmp_path, (DIKE,)) as small:
        assert is_confident(small, "who attended?")
    assert not is_confident(library, "who attended?")


def test_of_an_article_that_was_asked_for_one_word_may_ask(library: Library) -> None:
    article = library.find("de-dieu")
    assert article is not None
    assert library.ask("ai dự?", scope=[article.number]).confident
    assert not is_confident(library, "ai dự?")
    assert not library.ask("giá vàng?", scope=[article.number]).confident


@pytest.mark.parametrize("question", ["khi nào?", "luc nao", "when?"])
def test_of_an_article_that_was_asked_for_a_kind_of_answer_alone_is_shown_in_doubt(
    library: Library, question: str
) -> None:
    article = library.find("de-dieu")
    assert article is not None
    answer = library.ask(question, scope=[article.number])
    assert answer.certainty is Certainty.MAYBE
    assert library.ask(question).certainty is Certainty.NONE


def test_of_an_article_without_any_part_of_that_kind_it_is_not(tmp_path: Path) -> None:
    article = Article(id="lua", title="Vụ lúa bội thu", text="Nhà nông phấn khởi vì được mùa.")
    with open_library(tmp_path, (article,)) as library:
        assert library.ask("khi nào?", scope=[1]).certainty is Certainty.NONE


@pytest.mark.parametrize(
    ("question", "names", "numbers"),
    [
        ("Ai dự hội nghị đê điều ở Hà Trung?", 0, 0),
        ("Ai dự hội nghị đê điều ở Mường Tháp?", 2, 0),
        ("AI DỰ HỘI NGHỊ ĐÊ ĐIỀU Ở MƯỜNG THÁP?", 0, 0),
        ("Tháp nào ở đê sông Vân?", 0, 0),
        ("Hội nghị đê điều giao việc gì cho 78 huyện?", 0, 1),
    ],
)
def test_capitals_mark_names_and_digits_numbers(
    library: Library, question: str, names: int, numbers: int
) -> None:
    found = features(library, question)
    assert found["missing_names"] == names
    assert (found["missing_numbers"] > 0) == bool(numbers)


def test_a_question_without_words_finds_nothing_and_is_not_confident(library: Library) -> None:
    answer = library.ask("???")
    assert answer.quotes == ()
    assert not answer.confident


@pytest.mark.parametrize(
    "question",
    ["ai dự hội nghị?", "ai tham dự?", "who attended", "kinh phi bao nhieu", "đê điều"],
)
def test_among_few_articles_a_question_may_be_short(tmp_path: Path, question: str) -> None:
    with open_library(tmp_path, (DIKE, CHATTER)) as few:
        assert is_confident(few, question)


@pytest.mark.parametrize("question", ["giá vàng hôm nay", "ai thắng World Cup", "thời tiết Huế"])
def test_a_short_question_needs_its_words(tmp_path: Path, question: str) -> None:
    with open_library(tmp_path, (DIKE, CHATTER)) as few:
        assert not is_confident(few, question)


@pytest.mark.parametrize(
    "question",
    [
        "ai dự hội nghị Paris?",
        "kinh phí đê điều Cà Mau bao nhiêu?",
        "who attended the conference in Hanoi?",
    ],
)
def test_a_short_question_with_a_name_asks_for_that_name(tmp_path: Path, question: str) -> None:
    with open_library(tmp_path, (DIKE, CHATTER)) as few:
        assert not is_confident(few, question)


def test_a_translated_name_is_a_name(tmp_path: Path) -> None:
    with open_library(tmp_path, (DIKE, CHATTER)) as few:
        assert is_confident(few, "who attended in Ha Trung")
        found = features(few, "who attended in Hanoi")
    assert found["missing_names"] == 1


@pytest.mark.parametrize(
    ("confidence", "certainty"),
    [
        (0.0, Certainty.NONE),
        (math.nextafter(MAYBE_FROM, 0), Certainty.NONE),
        (MAYBE_FROM, Certainty.MAYBE),
        (math.nextafter(ANSWER_FROM, 0), Certainty.MAYBE),
        (ANSWER_FROM, Certainty.ANSWER),
        (1.0, Certainty.ANSWER),
    ],
)
def test_confidence_has_three_grades(confidence: float, certainty: Certainty) -> None:
    assert certainty_of(confidence) is certainty


@pytest.mark.parametrize(
    ("question", "certainty"),
    [
        ("ai dự hội nghị đê điều ở Hà Trung?", Certainty.ANSWER),
        ("ai dự họp ở Mường Tháp?", Certainty.NONE),
        ("???", Certainty.NONE),
    ],
)
def test_answer_has_the_grade_of_its_confidence(
    library: Library, question: str, certainty: Certainty
) -> None:
    answer = library.ask(question)
    assert answer.certainty is certainty_of(answer.confidence) is certainty
    assert answer.confident == (certainty is Certainty.ANSWER)
