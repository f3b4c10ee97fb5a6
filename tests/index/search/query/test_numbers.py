"""Numbers and times of day, in digits and in words, and what is left alone."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language.analyser import syllable_spans
from index.language.number_words import MAX_IN_WORDS, number_to_words, read_number_words
from index.search.query.numbers import expand_numbers


def others(text: str) -> dict[str, list[str]]:
    syllables = [syllable for syllable, _, _ in syllable_spans(text)]
    return {
        " ".join(syllables[stretch.start : stretch.end]): [" ".join(way) for way in stretch.others]
        for stretch in expand_numbers(syllables)
    }


@pytest.mark.parametrize(
    ("text", "stretch", "other"),
    [
        ("3,2 tỷ", "3,2 tỷ", "3.2 tỷ"),
        ("3.2 tỷ đồng", "3.2 tỷ", "3.200.000.000"),
        ("tăng 3,2%", "3,2", "3.2"),
        ("mười hai người", "mười hai", "12"),
        ("12 người", "12", "mười hai"),
        ("hai mươi mốt", "hai mươi mốt", "21"),
        ("hai mươi tư", "hai mươi tư", "24"),
        ("một trăm hộ", "một trăm", "100"),
        ("1.500", "1.500", "1500"),
        ("1500 hộ", "1500", "một nghìn năm trăm"),
        ("1,500,000", "1,500,000", "1.500.000"),
        ("3.000.000 đồng", "3.000.000", "ba triệu"),
        ("500tr", "500tr", "500 triệu"),
        ("500 triệu", "500 triệu", "500 tr"),
        ("hai triệu rưỡi", "hai triệu rưỡi", "2,5 triệu"),
        ("1 tỷ rưỡi", "1 tỷ rưỡi", "1.500.000.000"),
        ("0,5 tỷ", "0,5 tỷ", "500 triệu"),
        ("15 nghìn", "15 nghìn", "15.000"),
        ("hai người chết", "hai người", "2 người"),
        ("02 người chết", "2 người", "hai người"),
        ("5km", "5km", "5 km"),
        ("dài 100 km", "100 km", "100km"),
        ("tháng tư", "tháng tư", "tháng 4"),
        ("thứ năm", "thứ năm", "thứ 5"),
        ("thứ 7", "thứ 7", "thứ bảy"),
        ("hai mươi năm", "hai mươi", "20"),
        ("9h05", "9h05", "9 giờ 5 phút"),
        ("09h30", "9 giờ 30", ""),
        ("lúc 9 giờ 30", "9 giờ 30", "9h30"),
        ("chín giờ", "chín giờ", "9 giờ"),
    ],
)
def test_a_number_has_its_other_forms(text: str, stretch: str, other: str) -> None:
    found = others(text)
    if other:
        assert other in found[stretch]
        assert stretch not in found[stretch]
    else:
        assert stretch in next(iter(found.values()))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hai nữa",
        "mỗi năm người dân góp",
        "năm 2020",
        "năm 2020 người dân",
        "vài ba người",
        "hai ba người",
        "12 nhịp",
        "COVID-19",
        "gọi 0912345678",
        "gọi 912345678",
        "1,500",
        "25h",
        "²³",
        "٣ người",
    ],
)
def test_what_may_be_something_else_is_left_alone(text: str) -> None:
    assert others(text) == {}


def test_dates_are_not_counts() -> None:
    assert list(others("ngày 5 tháng 1 năm 2021")) == ["tháng 1"]
    assert list(others("ngày 5/1/2021")) == []


@given(st.integers(1, MAX_IN_WORDS - 1).filter(lambda value: value != 5))
def test_what_is_said_is_read(value: int) -> None:
    words = number_to_words(value)
    assert read_number_words(words, 0) == (value, len(words))


@given(st.integers(11, 9_999_999))
def test_every_form_of_a_number_leads_back_to_it(value: int) -> None:
    dotted = f"{value:,}".replace(",", ".")
    for stretch in expand_numbers([dotted, "người"]):
        for other in stretch.others:
            ways = {way for back in expand_numbers([*other, "người"]) for way in back.others}
            assert (dotted,) in ways or other == (dotted,) or (str(value),) in ways


WORDS = (
    "một hai năm mươi mười trăm linh nghìn tỷ rưỡi tư người tháng thứ km giờ phút 5 12 1.500 3,2"
)


@given(st.lists(st.sampled_from(WORDS.split()), max_size=12))
def test_any_row_gives_stretches_in_order_that_do_not_overlap(syllables: list[str]) -> None:
    at = 0
    for stretch in expand_numbers(syllables):
        assert at <= stretch.start < stretch.end <= len(syllables)
        assert stretch.others
        assert all(other and all(other) for other in stretch.others)
        assert tuple(syllables[stretch.start : stretch.end]) not in stretch.others
        at = stretch.end


@pytest.mark.parametrize("word", ["năm", "mươi", "9" * 50_000, "1,1" * 9_000, "một", "5km"])
def test_a_hostile_row_takes_linear_time(word: str) -> None:
    started = time.process_time()
    expand_numbers([word] * 5_000)
    assert time.process_time() - started < 3
