import pytest

from index.alerts.parser import parse
from index.alerts.topics import extract_topic, suggest_exclusions
from index.language.analyser import Analyser

ANALYSER = Analyser()


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("giá vàng hôm nay bao nhiêu?", '"giá vàng"'),
        ("gia vang hom nay", '"gia vang"'),
        ("khi nào bão vào Quảng Ngãi?", 'bão "quảng ngãi"'),
        ("Ai dự hội nghị phòng chống thiên tai ở Bắc Giang?", '"thiên tai" "bắc giang"'),
        ("tin mới nhất về bóng đá", '"bóng đá"'),
        ("who attended the conference in Hai Duong?", '"hải dương"'),
    ],
)
def test_a_question_without_answer_is_about_its_telling_words(question: str, topic: str) -> None:
    wish = extract_topic(question, (), ANALYSER)

    assert str(wish) == topic
    assert wish == parse(topic, ANALYSER)


def test_a_question_that_is_answered_is_about_the_words_that_match() -> None:
    wish = extract_topic("bao vao quang ngai khi nao", ["bão", "Quảng Ngãi"], ANALYSER)

    assert str(wish) == 'bão "quảng ngãi"'


@pytest.mark.parametrize("question", ["ai?", "khi nào", "", "???", "who?", "cái gì ở đâu"])
def test_a_question_of_asking_words_alone_is_about_nothing(question: str) -> None:
    assert extract_topic(question, (), ANALYSER) is None


def test_words_of_a_title_that_are_not_wished_for_can_be_left_out() -> None:
    title = "Nghệ sĩ Hoài Linh kể chuyện bão ở Quảng Bình"

    marked = suggest_exclusions(title, parse("bão Quảng Bình", ANALYSER), ANALYSER)
    unmarked = suggest_exclusions(title, parse("bao quang binh", ANALYSER), ANALYSER)

    assert "Hoài Linh" in marked
    assert not any("bão" in words or "quảng" in words for words in map(str.lower, marked))
    assert "Hoai Linh" in unmarked
