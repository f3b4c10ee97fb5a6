"""One quote a fact: which sentences of several articles are one, and where it is said to stand."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from index import Answer, Article, Library
from index.models.answer import Quote
from tests.support.articles import VIETNAM
from tests.support.libraries import open_library

PUBLISHED = datetime(2022, 12, 12, 8, 0, tzinfo=VIETNAM)
FIRST = (
    "Sáng 12/12/2022, ông Trần Văn Khải, Phó Chủ tịch UBND tỉnh, dự lễ khánh thành cầu Mường Lống "
    "dài 315 m, cùng đông đảo bà con trong xã và lãnh đạo ngành thủy lợi."
)
UNDATED = FIRST.removeprefix("Sáng 12/12/2022, ")
QUESTION = "ai dự lễ khánh thành cầu Mường Lống?"


def article(
    name: str, sentence: str, *, days: int = 0, source: str | None = None, more: str = ""
) -> Article:
    return Article(
        id=name,
        title=f"Bản tin {name}",
        text=f"{sentence}\n{more or f'Phóng viên {name} đưa tin từ hiện trường miền núi.'}",
        published=PUBLISHED + timedelta(days=days),
        source=source,
    )


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path) as opened:
        yield opened


def told(answer: Answer, beginning: str) -> list[Quote]:
    return [quote for quote in answer.quotes if quote.text.startswith(beginning)]


def asked(library: Library, one: str, other: str, *, days: int = 0) -> list[tuple[str, list[str]]]:
    """The articles that hold either sentence as a quote, each with those that it stands for."""
    library.ingest([article("một", one), article("hai", other, days=days)])
    found = library.ask(one, limit=10).quotes
    return [
        (quote.article.id, [each.id for each in quote.also_in])
        for quote in found
        if quote.text in {one, other}
    ]


@pytest.mark.parametrize(
    "other",
    [
        FIRST,
        FIRST.replace("Phó Chủ tịch", "phó chủ tịch").replace("thủy", "thuỷ"),
        FIRST.replace(" cùng đông đảo", " cùng với đông đảo"),
        FIRST.replace("ông Trần", "đồng chí Trần"),
        FIRST.replace("lãnh đạo ngành", "các lãnh đạo ngành"),
    ],
)
def test_one_wording_in_two_articles_is_one_quote(library: Library, other: str) -> None:
    (found,) = asked(library, FIRST, other, days=30)
    assert sorted([found[0], *found[1]]) == ["hai", "một"]


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("315 m", "317 m"),
        ("12/12/2022", "13/12/2022"),
        ("Trần Văn Khải", "Trần Văn Bình"),
        ("dự lễ", "không dự lễ"),
        ("Mường Lống dài", "Mường Lống và Huồi Tụ dài"),
        ("và lãnh đạo", "và hai lãnh đạo"),
        ("cùng đông đảo bà con trong xã", "trong tiếng reo hò vang dội khắp núi rừng hôm ấy"),
    ],
)
def test_another_number_name_or_denial_is_another_fact(
    library: Library, here: str, there: str
) -> None:
    other = FIRST.replace(here, there)
    assert other != FIRST
    assert sorted(asked(library, FIRST, other)) == [("hai", []), ("một", [])]


@pytest.mark.parametrize(("days", "quotes"), [(1, 1), (30, 2)])
def test_words_that_name_nothing_are_of_the_event_of_their_days(
    library: Library, days: int, quotes: int
) -> None:
    sentence = "Nguyên nhân vụ việc đang được cơ quan chức năng điều tra, làm rõ."
    assert len(asked(library, sentence, sentence, days=days)) == quotes


def test_short_sentences_are_left_alone(library: Library) -> None:
    assert len(asked(library, "Trời mưa to lắm.", "Trời mưa to lắm.")) == 2


def test_sentences_of_one_article_are_one_only_if_they_are_the_same(library: Library) -> None:
    nearly = FIRST.replace(" cùng đông đảo", " cùng với đông đảo")
    library.ingest([article("một", f"{FIRST}\n{nearly}\n{FIRST}")])

    quotes = told(library.ask(QUESTION, limit=10), "Sáng 12/12/2022")

    assert sorted(quote.text for quote in quotes) == sorted([FIRST, nearly])
    assert all(quote.also_in == () for quote in quotes)


COPIED = "Cầu Mường Lống dài 315 m, bắc qua sông Nậm Mộ."


def test_of_copies_the_newest_stands_for_the_fact(library: Library) -> None:
    library.ingest(
        [
            article(name, FIRST, days=days, more=COPIED)
            for name, days in (("a", 1), ("b", 3), ("c", 2))
        ]
    )

    (quote,) = told(library.ask(QUESTION, limit=10), "Sáng")

    assert quote.article.id == "b"
    assert sorted(each.id for each in quote.also_in) == ["a", "c"]


def test_of_copies_the_most_complete_stands_for_the_fact(library: Library) -> None:
    longer = FIRST.replace("cùng đông đảo", "cùng với rất đông đảo")
    library.ingest(
        [article("dài", longer, more=COPIED), article("ngắn", FIRST, days=1, more=COPIED)]
    )

    answer = library.ask(QUESTION, limit=10)

    (quote,) = told(answer, "Sáng")
    assert (quote.text, quote.article.id) == (longer, "dài")
    assert [each.id for each in quote.also_in] == ["ngắn"]
    assert [each.score for each in answer.quotes] == sorted(
        (each.score for each in answer.quotes), reverse=True
    )


def test_an_article_on_something_else_does_not_stand_for_the_fact(library: Library) -> None:
    about = "Cầu Mường Lống nối hai bờ; lễ khánh thành cầu Mường Lống đông vui."
    library.ingest(
        [
            article("sớm", f"{FIRST}\n{FIRST}", days=-2, more="Giá lúa giữ nguyên ở đồng bằng."),
            article("đúng", FIRST, more=about),
            article("muộn", FIRST, days=2, more="Đội bóng nghỉ một ngày trước trận tới. " * 3),
        ]
    )

    (quote,) = told(library.ask(QUESTION, limit=10), "Sáng")

    assert quote.article.id == "đúng"
    assert sorted(each.id for each in quote.also_in) == ["muộn", "sớm"]


def test_there_are_as_many_quotes_as_are_wanted_though_most_sentences_are_one(
    library: Library,
) -> None:
    library.ingest(
        [Article(id=f"{n}", title=UNDATED, text=f"{UNDATED}\nBản tin số {n}.") for n in range(60)]
    )

    answer = library.ask(UNDATED, limit=4)

    assert len(answer.quotes) == 4
    assert len(told(answer, UNDATED)) == 1
