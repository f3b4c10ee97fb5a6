"""The matcher: the same as trying each wish in turn, only faster; and how often it will match."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.alerts import AlertPhrase, AlertQuery, FieldScope, Frequency, FrequencyUnit
from index.alerts.frequency import frequency
from index.alerts.matcher import POSITIONS_MAX, Match, Matcher
from index.alerts.parser import parse
from index.articles.analysis import analyse
from index.language.analyser import Analyser
from tests.support.articles import CONFERENCE, FLOOD, FOOTBALL
from tests.support.matching import naive_matches

ANALYSER = Analyser()
NOW = datetime(2022, 12, 12, 9, tzinfo=UTC)

SYLLABLES = st.sampled_from(["bão", "bao", "lũ", "lu", "ma", "mà", "hà", "nội", "của", "19"])
PHRASES = st.builds(
    AlertPhrase,
    st.lists(SYLLABLES, min_size=1, max_size=4).map(tuple),
    st.sampled_from(
        [FieldScope.ANYWHERE, FieldScope.ANYWHERE, FieldScope.TITLE, FieldScope.SOURCE]
    ),
    st.sampled_from([False, False, False, True]),
    st.booleans(),
)

WISHES = st.lists(st.lists(PHRASES, max_size=3), max_size=3).map(
    lambda groups: AlertQuery.of(*groups)
)
ROWS = st.lists(
    st.lists(SYLLABLES, max_size=8).flatmap(
        lambda words: st.sampled_from([" ".join(words), "_".join(words)])
    ),
    min_size=1,
    max_size=4,
).map(tuple)
SOURCES = st.lists(st.lists(SYLLABLES, max_size=3).map(" ".join), max_size=2)


def matcher_of(*typed: str) -> Matcher:
    matcher = Matcher()
    for number, text in enumerate(typed):
        matcher.add(number, parse(text, ANALYSER))
    return matcher


def matches(matcher: Matcher, *sentences: str) -> list[Match]:
    return matcher.match([ANALYSER.analyse(sentence).text for sentence in sentences])


def test_an_article_finds_the_subscriptions_that_it_is_for() -> None:
    matcher = matcher_of(
        "lũ quét", "lu quet Muong Long", "nguồn:song thương", "", "bóng đá", "title:cầu -xăng"
    )
    found = [
        [match.id for match in matcher.match(analyse(each, ANALYSER).terms, [each.source or ""])]
        for each in (FLOOD, CONFERENCE, FOOTBALL)
    ]
    assert found == [[0, 1, 3, 5], [3], [3]]


def test_positions_are_the_sentences_with_the_most_phrases_and_then_the_first() -> None:
    matcher = matcher_of("bão lũ Hà Nội", "bão", "title:bão")
    sentences = ("Bão tan", "Trời nắng", "Hà Nội có lũ", "Bão gây lũ ở Hà Nội", "Lũ rút", "Bão")
    assert matches(matcher, *sentences) == [
        Match(0, (3, 2, 0)),
        Match(1, (0, 3, 5)),
        Match(2, (0,)),
    ]


def test_a_match_names_a_few_sentences_at_most_and_none_for_everything() -> None:
    matcher = matcher_of("bão", "", "* -lũ")
    found = matches(matcher, *["Bão"] * 10)
    assert found == [Match(0, tuple(range(POSITIONS_MAX))), Match(1, ()), Match(2, ())]


def test_a_phrase_is_of_one_sentence() -> None:
    matcher = matcher_of('"hà nội mưa to"')
    assert matches(matcher, "Hà Nội mưa", "to lắm") == []
    assert matches(matcher, "Hà Nội nội mưa to", "hà nội", "nội mưa") == []
    assert matches(matcher, "Trời", "Ở Hà Nội, mưa to") == [Match(0, (1,))]


def test_an_article_without_words_is_for_those_who_want_everything() -> None:
    assert matches(matcher_of("", "bão"), "") == [Match(0, ())]
    assert Matcher().match([]) == []


def test_an_article_is_for_a_subscription_once_however_many_alternatives_it_fits() -> None:
    matcher = matcher_of("bão lũ OR hạn hán", "bão OR lũ", "lũ OR bão", "* OR bão")
    sentences = ("Nắng", "Hạn hán", "Bão gây hạn hán", "Bão", "Lũ")
    assert matches(matcher, *sentences) == [
        Match(0, (2, 1, 3)),
        Match(1, (2, 3, 4)),
        Match(2, (2, 3, 4)),
        Match(3, ()),
    ]
    assert matches(matcher, "Bão", "Nắng") == [Match(1, (0,)), Match(2, (0,)), Match(3, ())]


def test_a_subscription_that_is_added_again_has_its_new_wish_only() -> None:
    matcher = matcher_of("bão", "bão")
    matcher.add(0, parse("lũ", ANALYSER))
    assert [match.id for match in matches(matcher, "Bão")] == [1]
    assert [match.id for match in matches(matcher, "Lũ")] == [0]
    assert len(matcher) == 2


def test_a_wish_is_filed_under_a_rare_word_and_not_under_a_crowded_one() -> None:
    matcher = matcher_of(*[f"của + lụt + zu{n}" for n in range(20)], '"hà nội" của', "của")
    crowds = {key: len(wishes) for key, wishes in vars(matcher)["_by_key"].items()}
    assert crowds.pop("lụt") == 1
    assert crowds.pop("của") == 1
    assert crowds.pop("hà nội") == 1
    assert set(crowds) == {f"zu{n}" for n in range(1, 20)}


@given(st.lists(WISHES, max_size=8), ROWS, SOURCES)
def test_the_matcher_agrees_with_trying_each_wish_in_turn(
    wishes: list[AlertQuery], terms: tuple[str, ...], sources: list[str]
) -> None:
    matcher = Matcher()
    for number, wish in enumerate(wishes):
        matcher.add(number, wish)
    found = matcher.match(terms, sources)
    assert [match.id for match in found] == naive_matches(wishes, terms, sources)
    for match in found:
        assert_positions_hold(wishes[match.id], terms, match.positions)


def assert_positions_hold(wish: AlertQuery, terms: Sequence[str], positions: Sequence[int]) -> None:
    whole = [
        group
        for group in wish.alternatives
        if naive_matches([AlertQuery.of(group)], tuple(terms), ())
    ]
    held_phrases = {phrase for group in whole for phrase in group}

    def count(position: int) -> int:
        return sum(
            bool(naive_matches([AlertQuery.of([phrase])], (terms[0], "")[position > 0 :], ()))
            if phrase.place is FieldScope.TITLE
            else bool(naive_matches([AlertQuery.of([phrase])], (terms[position],), ()))
            for phrase in held_phrases
            if phrase.place is FieldScope.ANYWHERE or position == 0
        )

    ranked = sorted(range(len(terms)), key=lambda position: (-count(position), position))
    held = [position for position in ranked if count(position)]
    assert list(positions) == held[:POSITIONS_MAX]


@given(st.lists(st.tuples(st.integers(0, 5), WISHES), max_size=12), st.permutations(range(6)))
def test_what_is_removed_leaves_nothing_behind(
    added: list[tuple[int, AlertQuery]], order: list[int]
) -> None:
    matcher = Matcher()
    for number, wish in added:
        matcher.add(number, wish)
    assert len(matcher) == len({number for number, _ in added})
    for number in order:
        matcher.remove(number)
        matcher.remove(number)
    assert len(matcher) == 0
    assert vars(matcher)["_by_key"] == vars(matcher)["_by_query"] == {}


@pytest.mark.parametrize("number", [0, 1, 7])
def test_removing_one_of_a_shared_wish_leaves_the_others(number: int) -> None:
    matcher = matcher_of(*["bão"] * 8)
    matcher.remove(number)
    assert [match.id for match in matches(matcher, "Bão")] == [n for n in range(8) if n != number]


@pytest.mark.parametrize(
    ("hours_ago", "watched_days", "expected"),
    [
        ([], None, Frequency(FrequencyUnit.NEVER, 0)),
        ([24 * 29], None, Frequency(FrequencyUnit.RARELY, 1)),
        ([24 * 31, -1], None, Frequency(FrequencyUnit.NEVER, 0)),
        (list(range(0, 240, 24)), None, Frequency(FrequencyUnit.WEEKLY, 2)),
        (list(range(0, 720, 8)), None, Frequency(FrequencyUnit.DAILY, 3)),
        ([1, 2, 3], 1, Frequency(FrequencyUnit.DAILY, 3)),
        ([1, 2, 3], 0, Frequency(FrequencyUnit.DAILY, 3)),
        ([1, 2, 3], 14, Frequency(FrequencyUnit.WEEKLY, 2)),
    ],
)
def test_past_matches_say_how_often_an_alert_is_to_be_expected(
    hours_ago: list[int], watched_days: int | None, expected: Frequency
) -> None:
    times = [NOW - timedelta(hours=hours) for hours in hours_ago]
    since = None if watched_days is None else NOW - timedelta(days=watched_days)
    assert frequency(times, NOW, since) == expected
