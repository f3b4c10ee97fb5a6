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
    ChangedSince,
    Field,
    Origin,
    SentenceAddress,
    TermSearch,
    WeightedTerm,
)
from index.engine.tantivy_engine import TantivyEngine
from index.engine.tantivy_index import VERSION
from index.errors import StorageError
from index.models.article import ArticleFilter, IndexableArticle
from tests.support.articles import FLOOD

ONE = IndexableArticle(1, 1, 1_000, ("Báo A",), ("lũ quét", "cầu bị cuốn_trôi", "bộ_đội đến"))
TWO = IndexableArticle(2, 2, 2_000, ("Báo B", "Báo C"), ("bóng_đá", "đội bóng thắng"))
ORIGIN = Origin("test", 1)
RAIN = SentenceAddress(3, 0)


def after(*articles: IndexableArticle) -> ChangedSince:
    """What gives those of some articles that changed after a revision."""

    def changed(revision: int) -> Iterator[Sequence[IndexableArticle]]:
        if later := [article for article in articles if article.revision > revision]:
            yield later

    return changed


@pytest.fixture
def engine(tmp_path: Path) -> TantivyEngine:
    engine = TantivyEngine(tmp_path / "engine")
    engine.rebuild(after(ONE, TWO), ORIGIN)
    return engine


def find(
    engine: TantivyEngine, text: str, wanted: ArticleFilter | None = None
) -> list[SentenceAddress]:
    terms = [WeightedTerm(Field.SYLLABLES, syllable) for syllable in text.split()]
    filters = [wanted or ArticleFilter()]
    ((sentences, _),) = engine.snapshot().best(TermSearch(terms, 10), TermSearch(), filters)
    return list(sentences)


def test_sentences_are_found_by_their_terms(engine: TantivyEngine) -> None:
    assert find(engine, "cuốn trôi") == [SentenceAddress(1, 1)]
    words = TermSearch([WeightedTerm(Field.WORDS, "bộ_đội")], 10)
    (hits,) = engine.snapshot().best(words, TermSearch(), [ArticleFilter()])
    assert hits == ([SentenceAddress(1, 2)], [])


def test_articles_are_found_as_a_whole(engine: TantivyEngine) -> None:
    terms = [WeightedTerm(Field.ARTICLE, "quét"), WeightedTerm(Field.ARTICLE, "đội")]
    (hits,) = engine.snapshot().best(TermSearch(), TermSearch(terms, 10), [ArticleFilter()])
    assert hits == ([], [1, 2])


def test_several_filters_are_searched_at_once(engine: TantivyEngine) -> None:
    filters = [ArticleFilter(), ArticleFilter(until=1_000), ArticleFilter(since=2_001)]
    of_articles = TermSearch([WeightedTerm(Field.ARTICLE, "đội")], 10)
    of_sentences = TermSearch([WeightedTerm(Field.SYLLABLES, "thắng")], 10)
    found = engine.snapshot().best(of_sentences, of_articles, filters)
    assert [sentences for sentences, _ in found] == [[(2, 1)], [], []]
    assert [set(articles) for _, articles in found] == [{1, 2}, {1}, set()]


def test_filters_keep_what_is_wanted(engine: TantivyEngine) -> None:
    for name in ("Báo B", "Báo C"):
        assert find(engine, "đội", ArticleFilter(sources=(name,))) == [SentenceAddress(2, 1)]
    assert find(engine, "đội", ArticleFilter(until=1_000)) == [SentenceAddress(1, 2)]
    assert find(engine, "đội", ArticleFilter(since=1_001)) == [SentenceAddress(2, 1)]
    assert find(engine, "đội", ArticleFilter(since=2_001)) == []


def test_statistics_are_those_of_the_collection(engine: TantivyEngine) -> None:
    snapshot = engine.snapshot()
    wanted = {Field.SYLLABLES: ["đội", "mưa", "đội"], Field.BIGRAMS: ["cuốn_trôi"]}
    found = snapshot.document_frequencies(wanted)
    assert (found[Field.SYLLABLES]["đội"], found[Field.SYLLABLES]["mưa"]) == (2, 0)
    assert found[Field.BIGRAMS]["cuốn_trôi"] == 1
    assert snapshot.totals(Field.SYLLABLES).documents == 5
    assert snapshot.totals(Field.SYLLABLES).average_length == pytest.approx(14 / 5)
    assert snapshot.totals(Field.WORDS).average_length == pytest.approx(11 / 5)
    assert snapshot.totals(Field.ARTICLE).average_length == pytest.approx(14 / 2)


def test_a_replaced_article_is_found_by_its_new_terms_only(engine: TantivyEngine) -> None:
    engine.update(after(replace(ONE, revision=3, terms=("hạn_hán", "nắng nóng"))))
    assert find(engine, "quét") == []
    assert find(engine, "hạn") == [SentenceAddress(1, 0)]
    assert engine.revision() == 3


def test_an_interrupted_run_leaves_the_last_commit(engine: TantivyEngine) -> None:
    def broken(_: int) -> Iterator[Sequence[IndexableArticle]]:
        yield [replace(ONE, number=3, revision=3)]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.update(broken)
    assert engine.revision() == 2
    assert find(engine, "quét") == [SentenceAddress(1, 0)]


def test_another_process_sees_what_was_committed(engine: TantivyEngine, tmp_path: Path) -> None:
    reader = TantivyEngine(tmp_path / "engine")
    assert find(reader, "mưa") == []
    engine.update(after(replace(TWO, number=3, revision=3, terms=("mưa lớn",))))
    assert find(reader, "mưa") == [SentenceAddress(3, 0)]


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


def test_an_index_is_built_beside_the_one_that_answers(
    engine: TantivyEngine, tmp_path: Path
) -> None:
    reader = TantivyEngine(tmp_path / "engine")
    rain = replace(TWO, number=3, revision=3, terms=("mưa lớn",))
    seen: list[list[SentenceAddress]] = []

    def changed(revision: int) -> Iterator[Sequence[IndexableArticle]]:
        if revision == 0:
            yield [ONE]
            seen.append(find(reader, "thắng"))
            # Others go on following what answers, and nothing of that is lost.
            TantivyEngine(tmp_path / "engine").update(after(rain))
            seen.append(find(reader, "mưa"))
        else:
            yield from after(ONE, rain)(revision)

    engine.rebuild(changed, replace(ORIGIN, analyser=2))
    assert seen == [[SentenceAddress(2, 1)], [RAIN]]
    for each in (engine, reader):
        assert (each.origin(), each.revision()) == (Origin("test", 2), 3)
        assert find(each, "mưa") == [RAIN]
        assert find(each, "bóng") == []
    assert len(list((tmp_path / "engine").glob("tantivy-*"))) == 1


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


def bigrams(*pairs: str) -> list[list[list[WeightedTerm]]]:
    """Requirements of sentences that hold each of some pairs of syllables."""
    return [[[WeightedTerm(Field.BIGRAMS, pair)]] for pair in pairs]


def test_sentences_hold_every_requirement_in_one_of_its_ways(engine: TantivyEngine) -> None:
    engine.rebuild(after(ONE, TWO), ORIGIN)
    snapshot, anything = engine.snapshot(), ArticleFilter()

    either = [[[WeightedTerm(Field.SYLLABLES, "quét")], [WeightedTerm(Field.WORDS, "bóng_đá")]]]
    both = [*bigrams("đội_bóng"), [[WeightedTerm(Field.SYLLABLES, "thắng")]]]
    assert set(snapshot.sentences_holding(either, 9, anything)) == {(1, 0), (2, 0)}
    assert snapshot.sentences_holding(both, 9, anything) == [(2, 1)]
    assert snapshot.sentences_holding([*both, *bigrams("lũ_quét")], 9, anything) == []
    assert snapshot.sentences_holding(either, 9, ArticleFilter(sources=("Báo C",))) == [(2, 0)]


def test_preferred_terms_put_a_sentence_first(engine: TantivyEngine) -> None:
    engine.rebuild(after(ONE, TWO), ORIGIN)
    team = [[[WeightedTerm(Field.SYLLABLES, "đội")]]]

    for preferred, first in (("thắng", (2, 1)), ("đến", (1, 2))):
        terms = [WeightedTerm(Field.SYLLABLES, preferred, 9.0)]
        found = engine.snapshot().sentences_holding(team, 9, ArticleFilter(), preferred=terms)
        assert len(found) == 2
        assert found[0] == first


def test_the_newest_come_first_and_undated_articles_last(engine: TantivyEngine) -> None:
    undated = replace(ONE, number=3, revision=3, published=None)
    engine.rebuild(after(ONE, TWO, undated), ORIGIN)
    snapshot, anything = engine.snapshot(), ArticleFilter()
    syllable = [[[WeightedTerm(Field.ARTICLE, "đội")]]]

    assert snapshot.articles_holding([], 9, anything, newest=True) == [2, 1, 3]
    assert snapshot.articles_holding(syllable, 2, anything, newest=True) == [2, 1]
    assert snapshot.articles_holding([], 9, ArticleFilter(until=1_500), newest=True) == [1]
    found = snapshot.sentences_holding(bigrams("lũ_quét"), 9, anything, newest=True)
    assert found == [(1, 0), (3, 0)]
