"""Questions are answered in the order that words and a model on a server give together."""

import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from index import Answer, Article, Library
from index.search.pipeline import AskOptions, answer
from index.search.reranker import RemoteReranker, RerankServer
from index.search.reranker.circuit_breaker import FIRST_PAUSE_SECONDS
from index.search.reranker.remote import LONGEST_PASSAGE, LONGEST_QUESTION
from tests.index.search.ranking.test_model_scores import candidates
from tests.index.search.reranker.test_circuit_breaker import Clock
from tests.support.libraries import open_library
from tests.support.rerank_server import (
    Reply,
    RerankSite,
    replying,
    rerank_site,
    scoring,
    scoring_as_list,
    scoring_as_results,
)

SOON, LONG = 0.2, 30.0  # seconds; the long one only guards against hanging

SCHOOL = "Kỳ họp bàn việc xây trường học."
HOSPITAL = "Kỳ họp bàn việc xây bệnh viện."
AGENDA = Article(id="ky-hop", title="Kỳ họp thứ mười", text=f"{SCHOOL} {HOSPITAL}")
QUESTION = "Kỳ họp bàn gì?"
SHIPS = Article(
    title="Nga bán 4 tàu hộ vệ cho Ấn Độ",
    text="Nga ký hợp đồng bán 4 tàu hộ vệ cho Ấn Độ ngày 7/5. Tàu đầu tiên được giao năm sau.",
    id="tau",
)
ROADS = Article(
    id="duong",
    title="Sửa đường",
    text=" ".join(f"Tỉnh sửa đường số {n} trong năm nay." for n in range(1, 61)),
)


def likes_hospitals(text: str) -> float:
    return float("bệnh viện" in text)


@pytest.fixture
def words(tmp_path: Path) -> Iterator[Library]:
    """A library that words alone rank."""
    with open_library(tmp_path / "data", (AGENDA, ROADS)) as opened:
        yield opened


@contextmanager
def reranked(words: Library, server: RerankServer) -> Iterator[Library]:
    """Open the same library with a server."""
    with Library.open(words.folder, reranker=server) as opened:
        yield opened


@contextmanager
def asking(words: Library, server: RerankServer, clock: Clock) -> Iterator[Callable[[], str]]:
    """Ask the question with a server and a clock set by hand; return the first quote's text."""
    reranker = RemoteReranker(server, clock)
    context = replace(words.search_context, reranker=reranker)
    yield lambda: first(answer(QUESTION, AskOptions(), context))
    reranker.close()


def first(answered: Answer) -> str:
    return answered.quotes[0].text


@pytest.mark.parametrize("form", [scoring, scoring_as_results, scoring_as_list])
def test_the_order_is_as_the_server_says(words: Library, form: Callable[..., Reply]) -> None:
    assert first(words.ask(QUESTION)) == SCHOOL
    with rerank_site(form(likes_hospitals)) as site, reranked(words, RerankServer(site.url)) as it:
        assert first(it.ask(QUESTION)) == HOSPITAL
        site.reply = form(lambda text: -likes_hospitals(text))
        assert first(it.ask(QUESTION)) == SCHOOL


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_the_scale_of_the_scores_does_not_matter(words: Library, scale: float) -> None:
    reply = scoring(lambda text: scale * (likes_hospitals(text) - 5))
    with rerank_site(reply) as site, reranked(words, RerankServer(site.url)) as library:
        assert first(library.ask(QUESTION)) == HOSPITAL


def test_scores_that_are_all_the_same_change_nothing(words: Library) -> None:
    with (
        rerank_site(scoring(lambda _: 0.5)) as site,
        reranked(words, RerankServer(site.url)) as library,
    ):
        alike = library.ask(QUESTION, limit=10).quotes
    plain = words.ask(QUESTION, limit=10).quotes
    assert [quote.text for quote in alike] == [quote.text for quote in plain]


def test_quotes_are_exact_and_their_scores_fall(words: Library) -> None:
    with (
        rerank_site(scoring(lambda text: hash(text) % 7)) as site,
        reranked(words, RerankServer(site.url)) as library,
    ):
        quotes = library.ask("Tỉnh sửa đường nào?", limit=10).quotes
    for quote in quotes:
        assert quote.start is not None
        assert quote.text == quote.article.text[quote.start : quote.end]
    assert [quote.score for quote in quotes] == sorted(
        (quote.score for quote in quotes), reverse=True
    )


def test_the_server_gets_the_question_and_each_sentence_with_its_title(words: Library) -> None:
    with (
        rerank_site(scoring(likes_hospitals)) as site,
        reranked(words, RerankServer(site.url)) as library,
    ):
        library.ask("ky hop ban gi?")
    (posted,) = site.posted
    assert posted.body["query"] == QUESTION.lower()
    assert sorted(posted.texts) == sorted(
        [AGENDA.title, f"{AGENDA.title}. {SCHOOL}", f"{AGENDA.title}. {HOSPITAL}"]
    )


@pytest.mark.parametrize("limit", [3, 10, 50])
def test_no_more_candidates_are_read_than_the_budget_says(words: Library, limit: int) -> None:
    with (
        rerank_site(scoring(len)) as site,
        reranked(words, RerankServer(site.url, candidates=7)) as library,
    ):
        library.ask("Tỉnh sửa đường nào?", limit=limit)
    assert sum(len(posted.texts) for posted in site.posted) == 7


def test_more_quotes_begin_with_the_same(words: Library) -> None:
    by_number = scoring(lambda text: float(text.split()[-4]) if text[-1] == "." else 0.0)
    with rerank_site(by_number) as site, reranked(words, RerankServer(site.url)) as library:
        few, many = (
            [quote.text for quote in library.ask("Tỉnh sửa đường nào?", limit=n).quotes]
            for n in (3, 25)
        )
    assert many[:3] == few


def test_long_texts_are_cut_and_half_characters_replaced(words: Library) -> None:
    long = " ".join(["đường"] * 900) + " \ud83d\0 hết."
    words.ingest(Article(id="dai", title="Con đường", text=long.replace("\ud83d\0", "")))
    with rerank_site(scoring(len)) as site, reranked(words, RerankServer(site.url)) as library:
        library.ask("đường \ud83d\0 " * 500)
    (posted,) = site.posted
    assert len(posted.body["query"]) == LONGEST_QUESTION
    assert max(map(len, posted.texts)) == LONGEST_PASSAGE


def test_within_an_article_only_its_sentences_are_sent(words: Library) -> None:
    agenda = words.find(AGENDA.id or "")
    assert agenda
    with (
        rerank_site(scoring(likes_hospitals)) as site,
        reranked(words, RerankServer(site.url)) as library,
    ):
        assert first(library.ask("bàn gì?", scope=[agenda.number])) == HOSPITAL
    assert all(text.startswith(AGENDA.title) for posted in site.posted for text in posted.texts)


def test_both_searches_of_a_dated_question_are_read(words: Library) -> None:
    today = datetime(2026, 11, 25, 12, tzinfo=UTC)
    words.ingest(replace(AGENDA, id="hom-nay", title="Kỳ họp khai mạc", published=today))
    with (
        rerank_site(scoring(len)) as site,
        reranked(words, RerankServer(site.url, candidates=2)) as library,
    ):
        library.ask("Hôm nay bầu cử ở đâu có kỳ họp?", today=date(2026, 11, 25))
    of_the_day, of_any = site.posted
    assert {text.partition(".")[0] for text in of_the_day.texts} == {"Kỳ họp khai mạc"}
    assert len(of_any.texts) == 2


def test_searches_of_one_question_share_its_budget(words: Library) -> None:
    roads = words.find(ROADS.id or "")
    assert roads
    articles = words.search_context.articles.get([roads.number])
    ranked = candidates(*range(50, 0, -1), article=roads.number)
    with rerank_site(scoring(len)) as site:
        reranker = RemoteReranker(RerankServer(site.url, candidates=7))
        reading = reranker.start()
        for first_of in (0, 5, 20):
            reading.rerank("đường?", ranked[first_of:], frozenset(), articles)
        reranker.close()
    assert sum(len(posted.texts) for posted in site.posted) == 7


FAULTS: dict[str, Reply] = {
    "500": replying(lambda _: b"", 500),
    "redirect": replying(lambda _: b"", 302, {"Location": "http://127.0.0.1:9/"}),
    "no JSON": replying(lambda _: b"<html>"),
    "no number": replying(lambda texts: b"[" + b",".join([b"NaN"] * len(texts)) + b"]"),
    "too few": replying(lambda texts: texts[1:] and [1.0] * (len(texts) - 1)),
    "too large": replying(lambda _: b" " * 3_000_000),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_whatever_the_server_does_words_answer_with_one_line_in_the_log(
    words: Library, caplog: pytest.LogCaptureFixture, fault: Reply
) -> None:
    with rerank_site(fault) as site, reranked(words, RerankServer(site.url)) as library:
        answers = [library.ask(QUESTION, limit=10).quotes for _ in range(3)]
    assert answers == [words.ask(QUESTION, limit=10).quotes] * 3
    (line,) = caplog.messages
    assert site.host in line
    assert len(site.posted) == 1


@pytest.mark.parametrize("fault", [RerankSite.hang, RerankSite.drip])
def test_nobody_waits_longer_than_the_time_out_and_the_next_not_at_all(
    words: Library, caplog: pytest.LogCaptureFixture, fault: Callable[..., None]
) -> None:
    with (
        rerank_site(scoring(len)) as site,
        reranked(words, RerankServer(site.url, timeout=SOON)) as library,
    ):
        site.reply = lambda posted, handler: fault(site, posted, handler)
        answers = [first(library.ask(QUESTION)) for _ in range(5)]
        assert not site.released.is_set()  # the server is still at the first
    assert answers == [SCHOOL] * 5
    assert len(site.posted) == len(caplog.messages) == 1


def test_a_server_that_is_not_there_costs_nothing(
    words: Library, caplog: pytest.LogCaptureFixture
) -> None:
    with reranked(words, RerankServer("http://127.0.0.1:9/rerank")) as library:
        assert [first(library.ask(QUESTION)) for _ in range(3)] == [SCHOOL] * 3
    assert "127.0.0.1:9 cannot be reached" in caplog.messages[0]
    assert len(caplog.messages) == 1


def test_a_server_that_works_again_is_used_again_after_the_pause(
    words: Library, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    with (
        rerank_site(replying(lambda _: b"", 503)) as site,
        asking(words, RerankServer(site.url), clock) as ask,
    ):
        assert ask() == SCHOOL
        site.reply = scoring(likes_hospitals)
        clock.now += FIRST_PAUSE_SECONDS - 1
        assert ask() == SCHOOL
        clock.now += 1
        assert ask() == ask() == HOSPITAL
    fails, works = caplog.messages
    assert "answers 503" in fails
    assert works.endswith("works again")


def test_many_who_ask_at_once_get_the_scores_of_their_own_question(words: Library) -> None:
    with (
        rerank_site(scoring(likes_hospitals)) as site,
        reranked(words, RerankServer(site.url, timeout=LONG)) as library,
        ThreadPoolExecutor(8) as people,
    ):
        roads = [f"Tỉnh sửa đường số {n}?" for n in range(1, 17)]
        answers = people.map(library.ask, [QUESTION, *roads] * 2)
        found = [first(each) for each in answers]
    assert found[0] == found[17] == HOSPITAL
    assert found[1:17] == [f"Tỉnh sửa đường số {n} trong năm nay." for n in range(1, 17)]


def test_many_who_ask_a_server_that_hangs_are_all_answered(
    words: Library, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        rerank_site(scoring(len)) as site,
        reranked(words, RerankServer(site.url, timeout=SOON)) as library,
        ThreadPoolExecutor(8) as people,
    ):
        site.reply = site.hang
        answers = list(people.map(library.ask, [QUESTION] * 40))
        assert not site.released.is_set()
    assert {first(each) for each in answers} == {SCHOOL}
    assert len(site.posted) <= 8
    assert len(caplog.messages) == 1


def test_another_process_asks_the_server_too_unless_it_needs_no_models(words: Library) -> None:
    with rerank_site(scoring(likes_hospitals)) as site:
        server = RerankServer(site.url, token="t0ken", candidates=5)
        with reranked(words, server) as library:
            openers = [library.opener(), library.opener(models=False)]
        texts = []
        for opener in openers:
            with pickle.loads(pickle.dumps(opener))() as other:
                texts.append(first(other.ask(QUESTION)))
    assert texts == [HOSPITAL, SCHOOL]
    assert [posted.headers["authorization"] for posted in site.posted] == ["Bearer t0ken"]


def test_questions_on_an_article_at_hand_are_tried_by_words_alone(words: Library) -> None:
    words.ingest(SHIPS)
    ships = words.find(SHIPS.id or "")
    assert ships
    with rerank_site(scoring(len)) as site, reranked(words, RerankServer(site.url)) as library:
        assert list(library.examples(ships.number, within=True))
        assert site.posted == []
        list(library.examples(ships.number))
        assert site.posted


def test_the_token_is_in_no_representation() -> None:
    assert "t0ken" not in repr(RerankServer("http://127.0.0.1:9/", token="t0ken"))
