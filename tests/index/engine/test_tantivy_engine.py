"""The tantivy engine in a real folder, fed from a real store."""

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from filelock import FileLock

from index import Library
from index.engine import tantivy_engine as embedded
from index.engine.protocol import (
    SentenceAddress,
)
from index.engine.tantivy_engine import TantivyEngine
from index.engine.tantivy_index import VERSION
from index.errors import StorageError
from index.models.article import IndexableArticle
from tests.support.articles import FLOOD
from tests.support.engines import ONE, ORIGIN, TWO, after, find


@pytest.fixture
def engine(tmp_path: Path) -> TantivyEngine:
    engine = TantivyEngine(tmp_path / "engine")
    engine.rebuild(after(ONE, TWO), ORIGIN)
    return engine


def test_an_index_that_is_damaged_as_it_is_built_replaces_none(
    engine: TantivyEngine, tmp_path: Path
) -> None:
    before = set(tmp_path.rglob("*.store"))

    def changed(revision: int) -> Iterator[Sequence[IndexableArticle]]:
        if revision == 0:
            yield [ONE]
        else:
            for path in set(tmp_path.rglob("*.store")) - before:
                path.write_bytes(bytes(path.stat().st_size))

    with pytest.raises(StorageError, match=r"\.store: it is damaged .* stays in use"):
        engine.rebuild(changed, ORIGIN)
    assert find(TantivyEngine(tmp_path / "engine"), "thắng") == [SentenceAddress(2, 1)]


def test_an_interrupted_build_leaves_the_old_index_and_is_swept_away(
    engine: TantivyEngine, tmp_path: Path
) -> None:
    def broken(_: int) -> Iterator[Sequence[IndexableArticle]]:
        yield [TWO]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.rebuild(broken, ORIGIN)
    assert find(engine, "quét") == [SentenceAddress(1, 0)]
    assert len(list((tmp_path / "engine").glob("tantivy-*"))) == 2
    assert find(TantivyEngine(tmp_path / "engine"), "quét") == [SentenceAddress(1, 0)]
    assert len(list((tmp_path / "engine").glob("tantivy-*"))) == 1


def test_an_index_that_cannot_be_asked_any_more_counts_as_none(
    engine: TantivyEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "VERSION", VERSION + 1)
    assert TantivyEngine(tmp_path / "engine").is_outdated()
    monkeypatch.setattr(embedded, "READABLE", {VERSION + 1})
    later = TantivyEngine(tmp_path / "engine")
    assert (later.origin(), later.revision(), find(later, "quét")) == (None, 0, [])


@pytest.mark.parametrize("damage", ["missing", "emptied", "garbled"])
def test_a_damaged_engine_is_built_again_from_the_store(library: Library, damage: str) -> None:
    folder = library.folder / "engine"
    library.close()
    files = [path for path in folder.rglob("*") if path.is_file()]
    if damage == "missing":
        shutil.rmtree(folder)
    for path in files if damage != "missing" else []:
        path.write_bytes(b"" if damage == "emptied" else b"garbage" * 9)
    with Library.open(folder.parent) as opened:
        assert "cuốn trôi" in opened.ask("cầu nào bị cuốn trôi?").quotes[0].text


@pytest.mark.parametrize("name", ["mark.json", "*/sentences", "*/articles", "*/*/meta.json"])
def test_a_missing_part_of_the_engine_is_noticed(library: Library, name: str) -> None:
    library.close()
    part = next((library.folder / "engine").glob(name))
    shutil.rmtree(part) if part.is_dir() else part.unlink()
    with Library.open(library.folder) as opened:
        assert opened.status().sentences == 12
        assert "cuốn trôi" in opened.ask("cầu nào bị cuốn trôi?").quotes[0].text


@pytest.mark.parametrize(
    "mark", ["[]", '{"folder": 1}', '{"folder": "../x"}', "{}", '{"signature": 1}', "garbage", ""]
)
def test_a_mark_that_makes_no_sense_counts_as_none(library: Library, mark: str) -> None:
    library.close()
    path = library.folder / "engine" / "mark.json"
    path.write_text(mark)
    with Library.open(library.folder) as opened:
        assert opened.status().sentences == 12


def test_an_older_database_put_back_is_indexed_anew(library: Library) -> None:
    copy = library.folder.parent / "copy"
    library.close()
    shutil.copytree(library.folder, copy)
    with Library.open(library.folder) as later:
        later.ingest([replace(FLOOD, text="Bản mới nhất về voi."), replace(FLOOD, text="Bò.")])
    for file in library.folder.glob("hoibao.db*"):
        file.unlink()
    for file in copy.glob("hoibao.db*"):
        shutil.copy(file, library.folder)
    with Library.open(library.folder) as opened:
        assert opened.status().behind == 0
        opened.ingest([replace(FLOOD, id="moi", url=None, text="Đàn trâu về bản.")])
        assert opened.ask("đàn trâu").quotes[0].article.id == "moi"


def test_opening_does_not_wait_for_somebody_elses_indexing(library: Library) -> None:
    lock = FileLock(library.folder / "engine" / "writer.lock")
    database = library.folder / "hoibao.db"
    with lock, closing(sqlite3.connect(database)) as other:
        other.execute("UPDATE collection SET value = '99' WHERE name = 'revision'")
        other.commit()
        other.execute("BEGIN IMMEDIATE")
        with Library.open(library.folder) as opened:
            assert opened.ask("lũ quét").quotes
            assert opened.status().behind > 0


def test_the_engine_catches_up_with_the_store_at_start(library: Library) -> None:
    folder = library.folder
    library.close()
    shutil.rmtree(folder / "engine")
    with Library.open(folder) as opened:
        assert opened.status().behind == 0
        assert opened.ask("lũ quét", since=date(2023, 9, 4)).quotes[0].article.id == FLOOD.id
