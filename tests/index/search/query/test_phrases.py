"""Abbreviations and their long forms: the table, and where a row of syllables holds one."""

import unicodedata
from collections import Counter
from collections.abc import Sequence

import pytest

from index.language.analyser import Analyser
from index.language.data import rows
from index.language.word_frequency import word_frequency
from index.search.query.phrases import Stretch, known_abbreviations

ANALYSER = Analyser()
ROWS = rows("abbreviations.tsv")


def abbreviated(syllables: Sequence[str]) -> list[Stretch]:
    return known_abbreviations().stretches(syllables)


def others(text: str) -> dict[str, list[str]]:
    syllables = ANALYSER.analyse(text).syllables
    return {
        " ".join(syllables[stretch.start : stretch.end]): [" ".join(way) for way in stretch.others]
        for stretch in abbreviated(syllables)
    }


@pytest.mark.parametrize(
    ("text", "stretch", "other"),
    [
        ("UBND xã họp", "ubnd", "ủy ban nhân dân"),
        ("Uỷ ban nhân dân xã họp", "ủy ban nhân dân", "ubnd"),
        ("dân TP.HCM", "tp hcm", "thành phố hồ chí minh"),
        ("dân TPHCM", "tphcm", "thành phố hồ chí minh"),
        ("dân TPHCM", "tphcm", "tp hcm"),
        ("Sở GD&ĐT", "gd đt", "giáo dục và đào tạo"),
        ("Sở GDĐT", "gdđt", "giáo dục và đào tạo"),
        ("Sở Giáo dục - Đào tạo", "giáo dục đào tạo", "gd đt"),
        ("Bộ LĐ-TB&XH", "lđ tb xh", "lao động thương binh và xã hội"),
        ("BS Hoa", "bs", "bác sĩ"),
        ("QL1A sạt lở", "ql1a", "quốc lộ 1a"),
        ("ở Q.3", "q 3", "quận 3"),
        ("5km", "", ""),
        ("vài km", "km", "ki lô mét"),
    ],
)
def test_an_abbreviation_and_its_long_form_are_each_other(
    text: str, stretch: str, other: str
) -> None:
    found = others(text)
    assert list(found) == ([stretch] if stretch else [])
    assert other in found.get(stretch, [""])


def test_the_longest_form_wins_and_none_overlap() -> None:
    found = others("Bộ Tài chính và Hội đồng nhân dân tỉnh, đại biểu Hội đồng nhân dân")
    assert list(found) == ["bộ tài chính", "hội đồng nhân dân", "đại biểu hội đồng nhân dân"]


def test_an_abbreviation_of_several_meanings_has_them_all_and_they_are_not_each_other() -> None:
    assert others("TTCP")["ttcp"] == ["thanh tra chính phủ", "thủ tướng chính phủ"]
    assert others("Thủ tướng Chính phủ")["thủ tướng chính phủ"] == ["ttcp"]


@pytest.mark.parametrize("text", ["", "ai dự hội nghị", "an ca ban tan tư bà đc ai"])
def test_other_text_holds_none(text: str) -> None:
    assert abbreviated(text.split()) == []


def test_the_table_is_well_formed() -> None:
    assert len(ROWS) >= 200
    assert all(len(row) == 2 for row in ROWS)
    assert max(Counter(abbreviation for abbreviation, _ in ROWS).values()) == 1
    for abbreviation, column in ROWS:
        line = f"{abbreviation}\t{column}"
        forms = column.split("|")
        assert unicodedata.is_normalized("NFC", line)
        assert len(set(forms)) == len(forms)
        assert all(form == form.strip() for form in (abbreviation, *forms))


def test_what_is_looked_up_is_what_the_analyser_gives() -> None:
    for abbreviation, column in ROWS:
        for form in (abbreviation, *column.split("|")):
            syllables = ANALYSER.analyse(form).syllables
            assert 1 <= len(syllables) <= 9
            (stretch,) = abbreviated(syllables)
            assert (stretch.start, stretch.end) == (0, len(syllables)), form


def test_no_phrase_is_its_own_other_way_or_a_common_word() -> None:
    for phrase, forms in known_abbreviations().others.items():
        assert forms
        assert phrase not in forms
        assert len(set(forms)) == len(forms)
        assert len(phrase) > 1 or phrase in TELLING or word_frequency(phrase[0]) == 0, phrase


TELLING = {(syllable,) for syllable in "ubnd hcm tp usd km triệu".split()}
"""Common, and no word but this."""
