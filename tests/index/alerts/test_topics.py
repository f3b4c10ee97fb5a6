import re
import unicodedata

import pytest

from index.alerts.parser import parse
from index.alerts.topics import extract_topic, is_put_to_bot, suggest_exclusions, suggest_subjects
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
        ("theo dõi lũ quét", '"lũ quét"'),
        ("who attended the conference in Hai Duong?", '"hải dương"'),
        ("Trump nói gì?", "trump"),
        ("tin về Mỹ Sơn, Hội An", '"mỹ sơn" "hội an"'),
        ("COVID-19 ở Đà Nẵng tăng hay giảm?", '"covid 19" "đà nẵng"'),
        ("Công Phượng ghi bàn phút mấy", '"công phượng" "ghi bàn"'),
        ("tháp Vân Đồn cao bao nhiêu?", 'tháp "vân đồn"'),
        ("<b>bão</b> &amp; ở đâu?", "bão"),
        ('<a href="https://bao.example/">Trump</a> nói gì&nbsp;vậy?', "trump"),
        ("ad ơi giờ rồi mà chưa thấy tin gì về bão vậy", "bão"),
        ("Đi làm về giờ rồi mới đọc, không biết vụ cháy ở Huế sao rồi", '"vụ cháy" huế'),
        ("bây giờ giá vàng bao nhiêu", '"giá vàng"'),
        ("bay gio gia vang bao nhieu", '"gia vang"'),
        ("ai dự hội nghị từ 1/5/2024 đến 30/5/2024?", '"hội nghị"'),
        ("bão https://bao.example/tin/bao-so-9.html", "bão"),
    ],
)
def test_a_question_without_answer_is_about_its_telling_words(question: str, topic: str) -> None:
    wish = extract_topic(question, (), ANALYSER)

    assert str(wish) == topic
    assert wish == parse(topic, ANALYSER)


@pytest.mark.parametrize(
    ("question", "quote", "topic"),
    [
        (
            "bao vao quang ngai khi nao",
            "Trưa 28/10, [bão] vào tỉnh [Quảng Ngãi].",
            'bão "Quảng Ngãi"',
        ),
        ("ông Văn Cầu dự gì?", "Ông Lương [Văn Cầu] đến dự.", '"Lương Văn Cầu"'),
        ("van cau du gi", "Ông Lương Văn [Cầu] đến dự.", '"Lương Văn Cầu"'),
        ("giá vàng", "Chiều nay [giá] [vàng] tăng.", '"giá vàng"'),
        ("Hải Dương có gì?", "Theo Báo [Hải Dương], hội nghị bắt đầu.", '"Hải Dương"'),
        ("gia xang tang bao nhieu", "Giá [xăng] [tăng] 434 đồng.", "xăng"),
        ("cầu Vàm Sát dài mấy mét?", "[Cầu Vàm Sát dài] hơn 700 mét.", 'Cầu "Vàm Sát"'),
        (
            "bà Hoa bao nhiêu tuổi",
            "[Bà] Nguyễn Thị [Hoa] là thủ thư, [bà] [Hoa] [tuổi] 40.",
            '"Nguyễn Thị Hoa"',
        ),
        ("ai làm phó chủ tịch", "[Phó Chủ] [tịch] và [phó chủ tịch] huyện.", '"phó chủ tịch"'),
        ("thien tai o dau", "Công tác phòng chống thiên [tai] ở huyện.", '"thiên tai"'),
    ],
)
def test_a_question_that_is_answered_is_about_whole_names_and_compounds_of_the_quote(
    question: str, quote: str, topic: str
) -> None:
    text, spans = _marked(quote)

    wish = extract_topic(question, [(text, spans)], ANALYSER)

    assert wish is not None
    assert wish.as_typed == topic


def _marked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return a text without its brackets, and the spans that they held."""
    spans = [
        (match.start() - 2 * number, match.end() - 2 * number - 2)
        for number, match in enumerate(re.finditer(r"\[.*?\]", text))
    ]
    return re.sub(r"[\[\]]", "", text), spans


@pytest.mark.parametrize(
    "question",
    [
        "mày có người yêu chưa",
        "bạn bao nhiêu tuổi",
        "sao bot dở thế nhỉ",
        "đồ ngu, trả lời sai hết",
        "what is your favourite food",
        "Hỏi Báo do ai viết",
    ],
)
def test_a_question_to_the_bot_is_put_to_the_bot(question: str) -> None:
    assert is_put_to_bot(question)
    assert is_put_to_bot(unicodedata.normalize("NFD", question))


@pytest.mark.parametrize(
    "question",
    ["bạn gái Quang Hải là ai", "bạn đọc nói gì", "ngũ cốc", "giá mít", "Youtube Việt Nam"],
)
def test_a_question_on_the_news_is_not(question: str) -> None:
    assert not is_put_to_bot(question)


def test_subjects_of_titles_are_their_names_the_most_frequent_first() -> None:
    titles = [
        "Bão Trà Mi tiến vào biển Đông",
        "Ông Trần Văn Khải thăm Quảng Bình",
        "Hà Nội mưa to, Quảng Bình nắng",
        "Biển Đông có bão Trà Mi",
        "Ba người mất tích ở Huế",
        " ".join(["Tên"] * 30),
        f"Xem {'A' + 'a' * 300} Và Xem",
    ]

    subjects = [subject.as_typed for subject in suggest_subjects(titles, ANALYSER)]

    assert subjects[:2] == ['"Trà Mi"', '"Quảng Bình"']
    assert set(subjects[2:]) == {'"Trần Văn Khải"', '"Hà Nội"', '"Biển Đông"'}


@pytest.mark.parametrize(
    "question",
    [
        *("ai?", "khi nào", "", "???", "who?", "cái gì ở đâu"),
        *("mấy giờ rồi bạn", "may gio roi", "<b>&amp;</b>", "a < b thì sao"),
    ],
)
def test_a_question_of_asking_words_alone_is_about_nothing(question: str) -> None:
    assert extract_topic(question, (), ANALYSER) is None


def test_words_of_a_title_that_are_not_wished_for_can_be_left_out() -> None:
    title = "Nghệ sĩ Hoài Linh kể chuyện bão ở Quảng Bình"

    marked = suggest_exclusions(title, parse("bão Quảng Bình", ANALYSER), ANALYSER)
    unmarked = suggest_exclusions(title, parse("bao quang binh", ANALYSER), ANALYSER)

    assert "Hoài Linh" in marked
    assert not any("bão" in words or "quảng" in words for words in map(str.lower, marked))
    assert "Hoai Linh" in unmarked
