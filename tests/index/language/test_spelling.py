"""Spelling: one Unicode form, one place for the tone, and text without marks."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language.spelling import (
    fold,
    has_diacritics,
    is_vietnamese,
    nfc,
    place_tones,
    place_tones_last,
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("hoà", "hòa"),
        ("khoẻ mạnh", "khỏe mạnh"),
        ("Uỷ ban Thuỷ lợi", "Ủy ban Thủy lợi"),
        ("toạ đàm, doạ, xoã", "tọa đàm, dọa, xõa"),
    ],
)
def test_the_tone_of_an_open_syllable_moves_to_its_first_vowel(old: str, new: str) -> None:
    assert place_tones(old).lower() == new.lower()
    assert place_tones_last(new).lower() == old.lower()
    assert place_tones(new) == new


@pytest.mark.parametrize(
    "text", ["quý", "QUỲ", "hoàn", "ngoái", "khoét", "huỳnh", "quà", "hoài", "thuế", "lũy"]
)
def test_syllables_with_one_spelling_keep_it(text: str) -> None:
    assert place_tones(text) == text


def test_placing_tones_keeps_the_case() -> None:
    assert place_tones("HOÀ Hoà hOÀ hoÀ") == "HÒA Hòa hÒA hòA"


@given(st.text(alphabet="hqoauyeàạèẹỳỵýòùÒOÀUỲQn 1_", max_size=40))
def test_placing_tones_twice_changes_nothing_more_and_keeps_the_length(text: str) -> None:
    placed = place_tones(text)
    assert place_tones(placed) == placed
    assert place_tones(place_tones_last(placed)) == placed
    assert len(place_tones_last(text)) == len(text)
    assert len(placed) == len(text)


def test_folding_takes_every_vietnamese_mark_away() -> None:
    text = "Đường Thuỷ Nguyễn, ở ỹ ặ ẫ ữ ợ; ĐẶNG ƯỚC"
    assert fold(text) == "Duong Thuy Nguyen, o y a a u o; DANG UOC"


@given(st.text())
def test_folding_gives_one_character_for_one(text: str) -> None:
    normal = nfc(text)
    folded = fold(normal)
    assert len(folded) == len(normal)
    assert fold(folded) == folded


@given(st.text(alphabet="aăâđeêioôơuưyàáảãạằắẳẵặầấẩẫậỳýỷỹỵỢỮĐ b"))
def test_folding_agrees_with_decomposition(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    assert fold(nfc(text)) == plain


def test_marks_are_noticed_composed_and_decomposed() -> None:
    assert has_diacritics("ai dự")
    assert has_diacritics("đi")
    assert has_diacritics(unicodedata.normalize("NFD", "hoà"))
    assert not has_diacritics("ai du hoi nghi? 5/1/2021 – “ok”")
    assert not has_diacritics("")


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_nfc_is_that_of_unicode(text: str) -> None:
    assert nfc(text) == unicodedata.normalize("NFC", text)


def test_a_storm_of_combining_marks_is_normalised_in_linear_time() -> None:
    started = time.process_time()
    text = nfc("a" + "\u0301\u0323" * 250_000)
    assert time.process_time() - started < 3
    assert unicodedata.is_normalized("NFC", text)


VIETNAMESE = "Sáng nay, xã Tân Lập khánh thành cây cầu mới bắc qua sông, dài ba mươi mét."


@pytest.mark.parametrize(
    ("text", "is_it"),
    [
        (VIETNAMESE, True),
        (fold(VIETNAMESE), True),
        (f"{VIETNAMESE} FC Barcelona và Manchester United cùng dự.", True),
        ("Tin buồn", True),
        (
            "The commune opened a new bridge across the river this morning, which is thirty "
            "metres long and was built by volunteers.",
            False,
        ),
        ("今天早上，新立乡一座跨河新桥建成通车，全长三十米。", False),
    ],
)
def test_a_text_in_another_language_is_told(text: str, is_it: bool) -> None:
    assert is_vietnamese(text) is is_it
