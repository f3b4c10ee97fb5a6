"""`hoibao ask --explain` as people and programs see it."""

import pytest

from bot.cli.explanation import QUOTES_A_TABLE, explanation_lines, explanation_values
from index.models.answer import Answer, Certainty, Quote, Share
from index.models.article import StoredArticle
from tests.support.commands import Commands, answers

ARTICLE = StoredArticle(number=1, id="1", title="Tin", text="Có mưa.")


def quote(*shares: Share) -> Quote:
    score = sum(share.points for share in shares)
    return Quote(
        text="Có mưa.", start=0, end=7, score=score, article=ARTICLE, position=1, shares=shares
    )


def answer(*quotes: Quote, evidence: tuple[Share, ...] = ()) -> Answer:
    return Answer(
        question="mưa?",
        quotes=quotes,
        milliseconds=1,
        confidence=0.62,
        certainty=Certainty.ANSWER,
        evidence=evidence,
    )


def test_what_weighs_most_comes_first_with_a_column_for_each_quote() -> None:
    first = quote(Share("near", 1.0), Share("article", 7.5), Share("late", -0.25))
    second = quote(Share("near", 9.0), Share("dates", 2.0))
    rows = [line.split() for line in explanation_lines(answer(first, second))]

    assert rows[1:7] == [
        ["Score", "of", "quote", "1", "2"],
        ["near", "1.00", "9.00"],
        ["article", "7.50"],
        ["dates", "2.00"],
        ["late", "-0.25"],
        ["sum", "8.25", "11.00"],
    ]


def test_what_speaks_for_an_answer_comes_before_what_speaks_against_it() -> None:
    evidence = (Share("intercept", -2.0), Share("small", 0.0), Share("telling", 2.5))
    *_, heading, most, least, total = explanation_lines(answer(quote(), evidence=evidence))

    assert heading == "Confidence 0.62: answer"
    assert most.split() == ["telling", "+2.50", "for"]
    assert least.split() == ["intercept", "-2.00", "against"]
    assert total.split() == ["log-odds", "+0.50"]


def test_many_quotes_are_told_in_several_tables() -> None:
    many = answer(*(quote(Share("near", float(number))) for number in range(QUOTES_A_TABLE + 1)))
    lines = list(explanation_lines(many))

    headings = [line.split()[3:] for line in lines if "Score of quote" in line]
    assert headings == [[f"{number}" for number in range(1, QUOTES_A_TABLE + 1)], ["9"]]
    assert all(len(line) <= 82 for line in lines)


def test_shares_of_one_name_are_added_and_nothing_is_told_of_no_quotes() -> None:
    twice = answer(quote(Share("near", 1.0), Share("near", 2.0)))
    assert explanation_values(twice) == {"quotes": [{"near": 3.0}], "confidence": {}}
    assert list(explanation_lines(answer())) == []


def test_ask_explains_an_answer(filled: Commands) -> None:
    shown = filled("ask", "bao nhiêu hộ dân bị cô lập?", "--explain").stdout
    plain = filled("ask", "bao nhiêu hộ dân bị cô lập?").stdout

    assert shown.startswith(plain)
    rows = [line.split() for line in shown.removeprefix(plain).splitlines()]
    assert any(row[:1] == ["how_many.number"] for row in rows)
    assert rows[-1][:1] == ["log-odds"]


def test_ask_explains_as_json_and_changes_nothing_else(filled: Commands) -> None:
    question = "bao nhiêu hộ dân bị cô lập?"
    (plain,) = answers(filled("ask", question, "--json"))
    (explained,) = answers(filled("ask", question, "--json", "--explain"))
    explanation = explained.pop("explanation")

    for each in (plain, explained):
        del each["milliseconds"]
    assert explained == plain
    for shares, shown in zip(explanation["quotes"], plain["quotes"], strict=True):
        assert sum(shares.values()) == pytest.approx(shown["score"], abs=1e-3)
    assert sum(explanation["confidence"].values()) > 0


def test_ask_explains_each_line_of_standard_input(filled: Commands) -> None:
    first, failed = answers(filled("ask", "--explain", text="ai thắng?\n{broken\n"))
    assert first["explanation"]["quotes"]
    assert "explanation" not in failed


def test_ask_explains_quotes_where_it_would_list_articles(filled: Commands) -> None:
    assert "Score of quote" not in filled("ask", "mường lống").stdout
    assert "Score of quote" in filled("ask", "mường lống", "--explain").stdout
