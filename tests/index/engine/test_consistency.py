"""What is wrong with a data folder is found, said in a line, and mended by what the line says."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from index import Article, Library
from index.articles.analysis_pool import analyse_all
from index.engine.consistency import ConsistencyReport, Inconsistency, Remedy
from index.engine.protocol import Engine
from index.models.article import IndexableArticle
from tests.support.articles import FLOOD
from tests.support.commands import Commands, is_one_line

SENTENCES, ARTICLES = 12, 3


def problems(library: Library, *, sentences: bool = True) -> list[Inconsistency]:
    return list(library.index_sync.check(ConsistencyReport(), sentences=sentences))


def change(library: Library, statement: str) -> None:
    with closing(sqlite3.connect(library.folder / "hoibao.db")) as connection, connection:
        connection.execute(statement)


def engine_of(library: Library) -> Engine:
    return library._engine


def test_a_sound_library_has_no_problem(library: Library) -> None:
    checked = ConsistencyReport()
    assert list(library.index_sync.check(checked, sentences=True)) == []
    assert (checked.articles, checked.sentences) == (ARTICLES, SENTENCES)


@pytest.mark.parametrize(
    ("statement", "sentences", "remedy"),
    [
        ("DELETE FROM analyses WHERE article = 2", False, Remedy.RESTORE),
        ("UPDATE copy_keys SET article = 9", False, Remedy.RESTORE),
        ("UPDATE articles SET text = 'Lũ.' WHERE number = 2", False, Remedy.ANALYSE),
        ("UPDATE analyses SET terms = terms || char(10) || 'a'", False, Remedy.ANALYSE),
        ("UPDATE analyses SET terms = replace(terms, 'cầu', 'cẩu')", True, Remedy.REINDEX),
        ("UPDATE analyses SET terms = replace(terms, 'cầu', 'cẩu')", True, Remedy.ANALYSE),
        ("UPDATE analyses SET codes = x'0000000000000000'", True, Remedy.ANALYSE),
    ],
)
def test_what_is_wrong_in_the_database_is_found(
    library: Library, statement: str, sentences: bool, remedy: Remedy
) -> None:
    library.ingest(replace(FLOOD, id="x", url="https://songthuong.example/x", is_fetched=True))
    change(library, statement)
    assert remedy in {each.remedy for each in problems(library, sentences=sentences)}


def test_a_damaged_database_file_is_found(library: Library) -> None:
    change(library, "DROP INDEX articles_by_source")
    change(library, "CREATE INDEX articles_by_source ON articles (source)")
    with closing(sqlite3.connect(library.folder / "hoibao.db")) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_schema SET sql = replace(sql, '(source)', '(origin)') "
            "WHERE name = 'articles_by_source'"
        )
    library.close()
    with Library.open(library.folder) as opened:
        found = problems(opened, sentences=False)
    assert found
    assert {each.remedy for each in found} == {Remedy.RESTORE}


def test_a_changed_byte_of_any_file_of_the_engine_is_found(library: Library) -> None:
    library.ingest(replace(FLOOD, text="Lũ rút."))  # the sentences before are deleted ones now
    assert problems(library) == []  # and the index is loaded before any file of it is damaged
    (folder,) = (library.folder / "engine").glob("tantivy-*")
    files = [path for path in folder.rglob("*.*") if path.suffix not in {".json", ".lock"}]
    assert ".del" in {path.suffix for path in files}
    for path in files:
        whole = path.read_bytes()
        path.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
        assert f"{path} is damaged" in {each.what for each in problems(library, sentences=False)}
        path.write_bytes(whole)
    assert problems(library) == []


def test_damage_that_a_search_has_noticed_is_found(library: Library) -> None:
    (folder,) = (library.folder / "engine").glob("tantivy-*")
    before = set(folder.rglob("*.fast"))
    with Library.open(library.folder) as other:
        other.ingest(replace(FLOOD, text="Lũ rút."))
    for path in set(folder.rglob("*.fast")) - before:
        path.write_bytes(bytes(path.stat().st_size))
    assert library.ask("lũ quét ở đâu?").quotes  # by what is in memory
    assert any(each.what.endswith(".fast is damaged") for each in problems(library))


def test_what_a_killed_process_left_half_written_is_no_damage(library: Library) -> None:
    (folder,) = (library.folder / "engine").glob("tantivy-*")
    for name in (".tmpQ1w2e3", f"{'0a' * 16}.store"):
        (folder / "sentences" / name).write_bytes(b"half of it")
    assert problems(library) == []


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda article: replace(article, number=9, revision=2), id="in excess"),
        pytest.param(lambda article: replace(article, terms=article.terms[:-1]), id="shorter"),
        pytest.param(lambda article: replace(article, terms=(*article.terms, "a")), id="longer"),
    ],
)
def test_an_engine_that_has_something_else_is_found(
    library: Library, harm: Callable[[IndexableArticle], IndexableArticle]
) -> None:
    (first, *rest), *_ = library._articles.changed_since(0)
    engine, revision = engine_of(library), library._articles.revision()
    origin = engine.origin()
    assert origin is not None
    harmed = [harm(first), *rest]
    engine.rebuild(lambda after: [] if after else [harmed], origin)
    assert engine.revision() == revision
    found = problems(library, sentences=False)
    assert {each.remedy for each in found} == {Remedy.REINDEX}
    library.index_sync.rebuild()
    assert problems(library) == []


@pytest.mark.parametrize("command", [("check",), ("backup", "x.gz")])
def test_a_folder_where_nothing_is_stored_is_told(
    hoibao: Commands, tmp_path: Path, command: tuple[str, ...]
) -> None:
    assert is_one_line(hoibao("--data", "mistyped", *command), "mistyped", "nothing is stored")
    assert not (tmp_path / "mistyped").exists()


def test_analysing_anew_mends_what_was_analysed_otherwise(library: Library) -> None:
    change(library, "UPDATE analyses SET terms = replace(terms, 'cầu', 'cẩu'), spans = x''")
    assert problems(library)
    library.index_sync.rebuild(sentences=True)
    assert problems(library) == []


def test_what_changes_during_a_check_is_no_problem(library: Library) -> None:
    checking = library.index_sync.check(ConsistencyReport(), sentences=True)
    library.ingest([replace(FLOOD, text="Voi về bản."), replace(FLOOD, id="moi", url=None)])
    assert list(checking) == []


def store_only(library: Library, *articles: Article) -> None:
    """Store articles as an ingest does before it syncs the index."""
    analyses = analyse_all(articles, library._analyser)
    library._articles.upsert(articles, analyses, None)


def test_what_is_stored_and_not_indexed_is_counted(library: Library) -> None:
    new = [replace(FLOOD, id=name, url=None, text=f"Voi {name} về bản.") for name in "ab"]
    store_only(library, *new, replace(FLOOD, text="Lũ rút."))
    for sentences in (False, True):
        (found,) = problems(library, sentences=sentences)
        assert found.what.startswith("3 articles are stored and not indexed")
        assert found.remedy is Remedy.REINDEX
    library.index_sync.rebuild()
    assert problems(library) == []


def test_an_ingest_that_ends_during_a_check_is_no_problem(library: Library) -> None:
    store_only(library, replace(FLOOD, id="a", url=None, text="Voi về bản."))
    checking = library.index_sync.check(ConsistencyReport())
    library.index_sync.sync()
    assert list(checking) == []


def test_an_article_stored_during_a_check_is_no_problem(library: Library) -> None:
    checking = library.index_sync.check(ConsistencyReport())
    store_only(library, replace(FLOOD, id="a", url=None, text="Voi về bản."))
    assert list(checking) == []


def test_a_missing_index_is_no_agreement(library: Library) -> None:
    shutil.rmtree(library.folder / "engine")
    with Library.open(library.folder, indexing=False) as opened:
        assert problems(opened)[-1].what.startswith(f"{ARTICLES} articles are stored and not")


def test_the_command_fails_if_not_all_could_be_indexed(filled: Commands, tmp_path: Path) -> None:
    """As after a disk was full: the articles are stored, and the index cannot be written."""
    with Library.open(tmp_path / "data") as library:
        store_only(library, replace(FLOOD, id="a", url=None, text="Voi về bản."))
    with FileLock(tmp_path / "data" / "engine" / "writer.lock"):
        result = filled("check")
        report = json.loads(filled("check", "--json").stdout)
    assert result.returncode == 1
    assert "1 article is stored and not indexed" in result.stdout
    assert "hoibao reindex" in result.stdout
    assert (report["articles"], report["problems"]) == (2, 1)
    assert filled("check").returncode == 0  # the next start indexed it


@pytest.mark.slow
def test_the_command_says_what_is_wrong_and_what_helps(filled: Commands, tmp_path: Path) -> None:
    assert filled("check", "--sentences").returncode == 0
    with closing(sqlite3.connect(tmp_path / "data" / "hoibao.db")) as connection, connection:
        connection.execute("UPDATE articles SET text = 'Lũ.' WHERE id = 'lu'")
    result = filled("check")
    assert result.returncode == 1
    assert "article lu: sentences lie outside of its text" in result.stdout
    assert "hoibao reindex --sentences" in result.stdout
    report = json.loads(filled("check", "--json").stdout)
    assert (report["articles"], report["problems"]) == (2, 1)
    assert filled("reindex", "--sentences").returncode == 0
    assert filled("check", "--sentences").returncode == 0
