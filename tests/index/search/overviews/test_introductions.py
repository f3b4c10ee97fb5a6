"""Which sentences say who or what a name is."""

import pytest

from index.search.overviews.introductions import introduction_strengths

PASSING = "Hôm qua Trump phát biểu ở Texas và không nêu gì mới."


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Donald Trump, tổng thống thứ 45 của Mỹ, phát biểu hôm qua.", "Trump"),
        ("Ông Trump là tổng thống Mỹ.", "Trump"),
        ("Tổng thống Mỹ Donald Trump phát biểu hôm qua.", "trump"),
        ("Bà Nguyễn Thị Hoa (45 tuổi), giảng viên trường Y, dự lễ.", "Nguyễn Thị Hoa"),
        ("Cơ quan Năng lượng Nguyên tử Quốc tế (IAEA) họp ở Vienna.", "IAEA"),
        ("Hiệp định Thương mại tự do (viết tắt là EVFTA) có hiệu lực.", "EVFTA"),
        ("THAAD là hệ thống phòng thủ tên lửa.", "THAAD"),
    ],
)
def test_a_sentence_that_says_it_introduces_a_name(sentence: str, name: str) -> None:
    introducing, passing = introduction_strengths([sentence, PASSING], name)

    assert introducing > 0
    assert passing == 0


def test_another_person_of_that_name_is_not_introduced() -> None:
    sentences = ["Tổng thống Donald Trump đến Hà Nội."] * 3 + [
        "Ivanka Trump, con gái ông, cũng đến."
    ]

    *_, daughter = introduction_strengths(sentences, "Trump")

    assert daughter == 0
    assert introduction_strengths(sentences[-1:], "Ivanka Trump")[0] > 0


def test_saying_what_it_is_counts_more_than_an_office_before_the_name() -> None:
    clear, full, fair = introduction_strengths(
        [
            "Putin, tổng thống Nga, phát biểu.",
            "Tổng thống Nga Vladimir Putin phát biểu.",
            "Tổng thống Putin phát biểu.",
        ],
        "Putin",
    )

    assert clear > full > fair > 0
