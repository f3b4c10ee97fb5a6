"""Synonyms: the table, and where a row of syllables holds one."""

import unicodedata
from collections import Counter
from itertools import combinations

import pytest

from index.language.analyser import Analyser
from index.language.data import rows
from index.language.spelling import place_tones
from index.search.query.phrases import known_synonyms

ANALYSER = Analyser()
GROUPS = [column.split("|") for (column,) in rows("synonyms.tsv")]


def others(text: str) -> dict[str, list[str]]:
    syllables = ANALYSER.analyse(text).syllables
    return {
        " ".join(syllables[stretch.start : stretch.end]): [" ".join(way) for way in stretch.others]
        for stretch in known_synonyms().stretches(syllables)
    }


@pytest.mark.parametrize(
    ("text", "stretch", "other"),
    [
        ("mấy người chết", "chết", "tử vong"),
        ("bao người thiệt mạng", "thiệt mạng", "chết"),
        ("ai tham dự", "tham dự", "có mặt"),
        ("công an bắt giữ ai", "bắt giữ", "tạm giữ"),
        ("xe hơi rơi", "xe hơi", "ô tô"),
        ("phi cơ nào", "phi cơ", "máy bay"),
        ("ông về hưu khi nào", "về hưu", "nghỉ hưu"),
        ("giá xăng", "giá", "mức giá"),
        ("mấy người bỏ mạng", "bỏ mạng", "thiệt mạng"),
        ("sao bị đuổi việc", "bị đuổi việc", "bị sa thải"),
        ("ai lên thay ông ấy", "lên thay", "kế nhiệm"),
        ("bé bị phỏng", "bị phỏng", "bỏng"),
        ("ông cụ té xuống hồ", "té", "ngã"),
        ("heo chết", "heo", "lợn"),
        ("quốc hội bấm nút", "bấm nút", "biểu quyết"),
        ("mười năm qua", "mười năm", "thập niên"),
        ("lính thủy", "lính thủy", "hải quân"),
        ("Sài Gòn ngập", "sài gòn", "hồ chí minh"),
        ("lễ Noel", "noel", "giáng sinh"),
    ],
)
def test_a_word_has_those_that_mean_the_same(text: str, stretch: str, other: str) -> None:
    assert other in others(text)[stretch]


def test_a_longer_word_hides_those_within_it() -> None:
    assert list(others("dự báo giá cả")) == ["dự báo", "giá cả"]


def test_a_form_of_two_groups_has_the_others_of_both_once() -> None:
    found = others("thiệt mạng")["thiệt mạng"]
    assert {"chết", "tử nạn"} <= set(found)
    assert len(set(found)) == len(found)
    assert "thiệt mạng" not in found


def test_the_table_is_well_formed() -> None:
    assert len(GROUPS) >= 1_800
    for group in GROUPS:
        assert len(group) >= 2, group
        assert len(set(group)) == len(group), group
    groups_of = Counter(form for group in GROUPS for form in group)
    assert max(groups_of.values()) <= 2


def test_a_form_is_written_as_it_is_analysed() -> None:
    for form in {form for group in GROUPS for form in group}:
        assert unicodedata.is_normalized("NFC", form)
        assert form == place_tones(form.lower())
        assert form.split(" ") == ANALYSER.analyse(form).syllables
        assert 1 <= len(form.split(" ")) <= 4


def test_two_groups_share_one_form_at_most() -> None:
    pairs = Counter(frozenset(pair) for group in GROUPS for pair in combinations(group, 2))
    assert not [set(pair) for pair, groups in pairs.items() if groups > 1]
