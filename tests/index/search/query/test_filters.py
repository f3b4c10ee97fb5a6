"""Filters typed within a question. Today is 25 November 2026."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language.spelling import nfc
from index.search.query.filters import (
    FilterError,
    FilterReason,
    ParsedFilters,
    parse_filters,
    remove_filters,
)

TODAY = date(2026, 11, 25)
FIFTH = date(2021, 1, 5)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("ai dự? since:2021-01-05", ParsedFilters("ai dự?", since=FIFTH)),
        ("since:5/1/2021 ai dự?", ParsedFilters("ai dự?", since=FIFTH)),
        ("ai until:5/1/2021 dự?", ParsedFilters("ai dự?", until=FIFTH)),
        ("ai dự, since:5.1.2021, ở đâu", ParsedFilters("ai dự, , ở đâu", since=FIFTH)),
        ("ai dự UNTIL: 05-01-2021?", ParsedFilters("ai dự ?", until=FIFTH)),
        ('ai dự since:"5/1/2021"', ParsedFilters("ai dự", since=FIFTH)),
        ("ai dự since\uff1a5/1/2021", ParsedFilters("ai dự", since=FIFTH)),
        ("ai dự since:2021", ParsedFilters("ai dự", since=date(2021, 1, 1))),
        ("ai dự until:2021", ParsedFilters("ai dự", until=date(2021, 12, 31))),
        ("ai dự until:2/2021", ParsedFilters("ai dự", until=date(2021, 2, 28))),
        ("ai dự since:2021-02", ParsedFilters("ai dự", since=date(2021, 2, 1))),
        ("ai dự since:5/1", ParsedFilters("ai dự", since=date(2026, 1, 5))),
        ("ai dự since:26/11", ParsedFilters("ai dự", since=date(2025, 11, 26))),
        ("ai dự từ:5/1/2021", ParsedFilters("ai dự", since=FIFTH)),
        ("ai du tu:5/1/2021 den:2021-01-05", ParsedFilters("ai du", since=FIFTH, until=FIFTH)),
        ("source:VnExpress ai dự", ParsedFilters("ai dự", sources=("VnExpress",))),
        ('ai dự nguồn:"Tuổi  Trẻ"?', ParsedFilters("ai dự ?", sources=("Tuổi Trẻ",))),
        ("ai dự nguon: “Tuổi Trẻ”", ParsedFilters("ai dự", sources=("Tuổi Trẻ",))),
        ("ai dự source:A source:B source:A", ParsedFilters("ai dự", sources=("A", "B"))),
    ],
)
def test_filters_are_parted_from_the_question(question: str, expected: ParsedFilters) -> None:
    assert parse_filters(question, TODAY) == expected
    assert remove_filters(question) == expected.question


@pytest.mark.parametrize(
    "question",
    [
        "ai dự hội nghị?",
        "",
        "open source: ai làm?",
        "theo nguồn: Bộ Y tế, ai dự?",
        "ever since: what happened",
        "giải nghĩa từ:hội nghị",
        "danh sách từ:5 đội",
        "xem https://bao.example/?source:a",
        "Ai resource:x dự",
        "tiêu đề:bão",
    ],
)
def test_other_words_are_left_as_they_are(question: str) -> None:
    assert parse_filters(question, TODAY) == ParsedFilters(question)
    assert remove_filters(question) == question


@pytest.mark.parametrize(
    ("question", "reason", "words"),
    [
        ("ai dự since:hôm", FilterReason.NOT_A_DATE, "since: 'hôm' is not a date; write 2021"),
        ("ai dự until:31/2/2021", FilterReason.NOT_A_DATE, "until: '31/2/2021' is not a date"),
        ("ai dự since:2021-13", FilterReason.NOT_A_DATE, "is not a date"),
        ("ai dự since:0000", FilterReason.NOT_A_DATE, "is not a date"),
        ("ai dự since:", FilterReason.NO_VALUE, "since: a value is missing"),
        ('ai dự source:""', FilterReason.NO_VALUE, "source: a value"),
        ("since:2021 ai dự since:2020", FilterReason.TWICE, "since: given twice"),
        ("source:A since:2021 ?!", FilterReason.NO_QUESTION, "there are only filters"),
    ],
)
def test_a_filter_that_cannot_be_understood_is_named(
    question: str, reason: FilterReason, words: str
) -> None:
    with pytest.raises(FilterError, match=words) as raised:
        parse_filters(question, TODAY)
    assert raised.value.reason is reason


PIECES = st.sampled_from(
    'since: until: source: từ: nguồn: 5/1/2021 29/2 2021 " “ ” x ? ai , ; : - 9999-12-31 ('.split()
)


@given(st.lists(PIECES | st.sampled_from([" ", "\n"]), max_size=12).map("".join) | st.text())
def test_any_text_is_parted_or_refused_in_one_line(question: str) -> None:
    refusals = []
    try:
        parse_filters(question, TODAY)
    except FilterError as error:
        refusals.append(str(error))
    assert all(line.isprintable() for line in refusals)
    assert all(word in nfc(question) for word in remove_filters(nfc(question)).split())
