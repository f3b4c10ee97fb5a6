"""Abbreviations that a collection explains itself: stored, trusted, and found by questions."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from index import Article, Library
from index.articles.abbreviations import definitions_in_article
from index.articles.analysis import analyse
from index.language.analyser import VERSION, Analyser
from index.search.query.collection_abbreviations import (
    DEFINITIONS_MAX,
    CollectionAbbreviations,
    filter_definitions,
)
from index.search.query.phrases import known_abbreviations, with_definitions
from index.store import AbbreviationDefinitions, Articles, Database
from index.store.articles.abbreviations import DefinitionCount
from index.store.database import sqlite_address
from tests.support.articles import FLOOD
from tests.support.libraries import open_library

ANALYSER = Analyser()
FOREST = Article(
    id="rung",
    title="Trồng mới 40 ha rừng ven biển",
    text="Ban quản lý rừng phòng hộ (BQLRPH) đã trồng mới 40 ha rừng ven biển.",
)
SEEDLINGS = Article(
    id="cay-giong",
    title="Cấp cây giống cho các xã",
    text="Ba xã nhận cây giống trong tháng này. BQLRPH cấp 12.000 cây đước.",
)
GUARDS = Article(
    id="tuan-tra",
    title="Tuần tra ban đêm",
    text="Tổ tuần tra có chín người. Ban quản lý rừng phòng hộ trả lương cho cả tổ.",
)
GIVEN = "BQLRPH cấp 12.000 cây đước."
PAID = "Ban quản lý rừng phòng hộ trả lương cho cả tổ."
FORESTS = (FOREST, SEEDLINGS, GUARDS)
PAIR = ("bqlrph", "ban quản lý rừng phòng hộ")


def stored(folder: Path) -> list[DefinitionCount]:
    database = Database(sqlite_address(folder / "hoibao.db"))
    try:
        return AbbreviationDefinitions(database).most_common(DEFINITIONS_MAX)
    finally:
        database.close()


def ids(library: Library, question: str) -> set[str]:
    return {str(quote.article.id) for quote in library.ask(question, limit=9).quotes}


def first(library: Library, question: str) -> str:
    answer = library.ask(question, limit=1)
    assert answer.confident
    return answer.quotes[0].text


def test_an_article_is_read_for_what_its_title_and_its_text_define() -> None:
    title, body = "Ban quản lý (BQL) chợ", "quỹ Cây Xanh (CX) và Sở Giáo dục và Đào tạo (GD&ĐT)."
    assert definitions_in_article(title, body) == (
        ("bql", "ban quản lý"),
        ("cx", "cây xanh"),
        ("gd đt", "giáo dục và đào tạo"),
    )


def test_one_article_cannot_fill_the_table() -> None:
    names = [f"Quỹ {first}a {second}a" for first in "BCDGHKLM" for second in "BCDGHKLM"]
    body = "\n".join(f"{name} (Q{name[4]}{name[7]})" for name in names)
    assert len(definitions_in_article("", body)) == 50


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("BQLRPH trả lương cho ai?", PAID),
        ("bqlrph tra luong cho ai", PAID),
        ("Ban quản lý rừng phòng hộ cấp bao nhiêu cây đước?", GIVEN),
        ("ban quan ly rung phong ho cap bao nhieu cay duoc", GIVEN),
    ],
)
def test_a_question_with_either_form_finds_a_sentence_with_the_other(
    question: str, expected: str, tmp_path: Path
) -> None:
    with open_library(tmp_path / "data", (*FORESTS, FLOOD)) as library:
        assert first(library, question) == expected


def test_without_the_article_that_explains_it_an_abbreviation_is_a_word(tmp_path: Path) -> None:
    with open_library(tmp_path / "data", (SEEDLINGS, GUARDS)) as library:
        assert ids(library, "BQLRPH") == {"cay-giong"}
        library.ingest([FOREST])
        assert ids(library, "BQLRPH") == {"rung", "cay-giong", "tuan-tra"}


def test_the_long_form_is_highlighted_for_the_abbreviation(tmp_path: Path) -> None:
    with open_library(tmp_path / "data", FORESTS) as library:
        best = library.ask("BQLRPH trả lương", limit=1).quotes[0]
        again = library.quote(best.article.number, best.position, "BQLRPH trả lương")
    assert again is not None
    for quote in (best, again):
        bold = [quote.text[start:end] for start, end in quote.highlights]
        assert bold == ["Ban quản lý rừng phòng hộ trả lương"]


def test_definitions_follow_the_article_that_they_stand_in(tmp_path: Path) -> None:
    with open_library(tmp_path / "data", (FOREST, replace(FOREST, id="rung-2"))) as library:
        assert stored(library.folder) == [DefinitionCount(*PAIR, 2)]
        library.ingest([FOREST])
        assert stored(library.folder) == [DefinitionCount(*PAIR, 2)]
        library.ingest([replace(FOREST, text="Câu lạc bộ rừng (CLBR) trồng 40 ha.")])
        expected = [DefinitionCount(*PAIR, 1), DefinitionCount("clbr", "câu lạc bộ rừng", 1)]
        assert stored(library.folder) == expected
        library.ingest([replace(FOREST, text="Không ai trồng rừng.")])
        assert stored(library.folder) == [DefinitionCount(*PAIR, 1)]


def test_reindexing_reads_the_articles_of_an_older_version(tmp_path: Path) -> None:
    with open_library(tmp_path / "data", FORESTS) as library:
        database = Database(sqlite_address(library.folder / "hoibao.db"))
        with database.writing() as connection:
            connection.execute(text("DELETE FROM definitions"))
        database.close()
        assert ids(library, "BQLRPH") == {"rung", "cay-giong"}
        library.index_sync.rebuild()
        assert stored(library.folder) == [DefinitionCount(*PAIR, 1)]
        assert ids(library, "BQLRPH") == {"rung", "cay-giong", "tuan-tra"}


def test_articles_that_are_analysed_anew_are_read_anew(tmp_path: Path) -> None:
    with open_library(tmp_path / "data", FORESTS) as library:
        database = Database(sqlite_address(library.folder / "hoibao.db"))
        with database.writing() as connection:
            connection.execute(text("DELETE FROM definitions"))
        articles = Articles(database, VERSION + 1)
        for batch in articles.outdated():
            articles.renew({each.number: analyse(each, ANALYSER) for each in batch})
        database.close()
        assert stored(library.folder) == [DefinitionCount(*PAIR, 1)]


def test_articles_are_read_anew_in_portions(tmp_path: Path) -> None:
    with open_library(tmp_path / "data", FORESTS) as library:
        library.ingest([replace(FOREST, id=f"rung-{number}") for number in range(4)])
        database = Database(sqlite_address(library.folder / "hoibao.db"))
        with database.writing() as connection:
            connection.execute(text("DELETE FROM definitions"))
        AbbreviationDefinitions(database).renew(batch=2)
        database.close()
        assert stored(library.folder) == [DefinitionCount(*PAIR, 5)]


def test_abbreviations_are_read_again_when_a_hundredth_of_the_collection_changed(
    tmp_path: Path,
) -> None:
    with open_library(tmp_path / "data", FORESTS) as library:
        database = Database(sqlite_address(library.folder / "hoibao.db"))
    own = CollectionAbbreviations(AbbreviationDefinitions(database))
    read = own.at(1_000)
    assert own.at(1_000) is read
    assert own.at(1_010) is read
    assert own.at(1_011) is not read
    assert own.at(1_000) is not read  # a database that was restored
    few = own.at(50)
    assert own.at(51) is not few
    database.close()


@pytest.mark.parametrize(
    ("usual", "expected"),
    [
        ([DefinitionCount("bqlrph", "ban quản lý rừng", 1)], [("bqlrph", "ban quản lý rừng")]),
        ([DefinitionCount("zqk", "quỹ a", 1), DefinitionCount("zqk", "quỹ b", 1)], []),
        (
            [DefinitionCount("zqk", "quỹ a", 2), DefinitionCount("zqk", "quỹ b", 1)],
            [("zqk", "quỹ a")],
        ),
        (
            [DefinitionCount("zqk", "quỹ a", 90), DefinitionCount("zqk", "quỹ b", 2)],
            [("zqk", "quỹ a")],
        ),
        ([DefinitionCount("ca", "công an", 90)], []),  # `ca` is a word
        ([DefinitionCount("ubnd", "ủy ban nước dừa", 1)], []),  # the table knows better
        ([DefinitionCount("gd đt", "giáo dục đặc thù", 1)], []),
    ],
)
def test_what_one_article_says_counts_only_if_none_says_otherwise(
    usual: list[DefinitionCount], expected: list[tuple[str, str]]
) -> None:
    assert list(filter_definitions(usual)) == expected


def test_the_table_stays_beside_what_the_collection_defines() -> None:
    both = with_definitions([("gd đt", "giáo dục đặc thù")])
    (known,) = known_abbreviations().stretches(["gd", "đt"])
    (found,) = both.stretches(["gd", "đt"])
    assert found.others == (*known.others, ("giáo", "dục", "đặc", "thù"))
    assert both.stretches(["gdđt"])[0].others[-1] == ("giáo", "dục", "đặc", "thù")
    (long_form,) = both.stretches("giáo dục đặc thù".split())
    assert long_form.others == (("gd", "đt"), ("gdđt",))
