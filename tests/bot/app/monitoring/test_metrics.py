"""What the metrics of a bot count, and what is in none of them."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.app.monitoring.measured_pool import MeasuredAnswerPool
from bot.conversation.answer_pool import answer_pool
from bot.conversation.usage import Outcome
from bot.questions.service import find_inline
from bot.settings import Role
from index import Article
from index.alerts.announcer import Alert
from index.errors import UnavailableError
from index.store.database import DATABASE_FILE
from index.store.sharing import Received
from index.store.sources import SourceState
from tests.support.alerts import subscribe
from tests.support.bot import (
    ARTICLES,
    FLOODED,
    LANS_CHAT,
    NOBODY_KNOWS,
    WHO,
    waiting_is_over_when_set,
)
from tests.support.errands import niceness, search_and_fail
from tests.support.follower import FLOOD, feed, item
from tests.support.libraries import open_library
from tests.support.monitoring import MonitoredTalk, monitored_talk
from tests.support.web_site import web_site

LABELS = {
    "grade": set(map(str, Outcome)),
    "state": set(map(str, SourceState)),
    "change": {"new", "updated", "removed"},
    "result": {"sent", "refused", "expired"},
    "role": set(map(str, Role)),
    "part": {"database", "index", "telegram"},
}
"""All values of the labels that tell something; `le` and `version` are those of numbers."""


async def test_questions_are_counted_by_grade_with_the_time_that_they_took(tmp_path: Path) -> None:
    async with monitored_talk(tmp_path) as talk:
        before = await talk.value("hoibao_question_seconds_count", grade="answer")
        for question in (WHO, WHO, NOBODY_KNOWS, "Quảng Ngãi"):
            await talk.ask(question)

        counted = {
            grade: await talk.value("hoibao_question_seconds_count", grade=grade)
            for grade in LABELS["grade"]
        }
        seconds = await talk.value("hoibao_question_seconds_sum", grade="answer")
        within = await talk.value("hoibao_question_seconds_bucket", grade="answer", le="+Inf")
        searches = await talk.value("hoibao_engine_seconds_count")
        engine = await talk.value("hoibao_engine_seconds_sum")
        database = await talk.value("hoibao_database_seconds_sum")

    assert before == 0
    assert counted == {"answer": 2, "none": 1, "articles": 1, "maybe": 0}
    assert seconds > 0
    assert within == 2
    assert searches >= 4
    assert engine > 0
    assert database > 0


async def test_the_times_of_searches_come_from_the_process_that_answers(tmp_path: Path) -> None:
    with open_library(tmp_path, ARTICLES) as library:
        async with answer_pool(library, 1, MeasuredAnswerPool) as pool:
            assert isinstance(pool, MeasuredAnswerPool)
            certainty, quotes = await pool.run(find_inline, WHO, 1)

    assert certainty == "answer"
    assert len(quotes) == 1
    assert sum(pool.engine.counts()) == sum(pool.database.counts()) == 1
    assert pool.engine.sum > 0
    assert pool.database.sum > 0


async def test_only_searches_are_timed_and_those_that_fail_too(tmp_path: Path) -> None:
    with open_library(tmp_path, ARTICLES) as library:
        async with answer_pool(library, 1, MeasuredAnswerPool) as pool:
            assert isinstance(pool, MeasuredAnswerPool)
            await pool.run(niceness)
            assert sum(pool.engine.counts()) == sum(pool.database.counts()) == 0
            with pytest.raises(UnavailableError):
                await pool.run(search_and_fail)
    assert sum(pool.engine.counts()) == sum(pool.database.counts()) == 1


async def test_sources_are_counted_by_state_and_their_articles_by_what_changed(
    tmp_path: Path,
) -> None:
    async with web_site() as site, monitored_talk(tmp_path) as talk:
        site.page("/lu", FLOOD)
        site.page("/tin.rss", feed(item(site, "/lu", "Lũ quét")))
        talk.add(site, "/tin.rss", "Báo A", is_due=True)
        talk.add(site, "/hong.rss", "Báo B", is_due=True)
        talk.followed.pause(talk.add(site, "/nghi.rss", "Báo C").id)

        await talk.reaches(1, "hoibao_articles_total", change="new")
        await talk.reaches(1, "hoibao_sources", state="read")
        await talk.reaches(1, "hoibao_sources", state="failing")
        await talk.reaches(1, "hoibao_sources", state="paused")
        await talk.reaches(0, "hoibao_sources", state="new")
        stored = await talk.value("hoibao_store_revision")
        assert stored == await talk.value("hoibao_index_revision") > 0


async def test_updates_that_wait_for_a_worker_are_counted_with_the_longest_wait(
    tmp_path: Path,
) -> None:
    async with monitored_talk(tmp_path) as talk:
        for name in ("hoibao_updates_waiting", "hoibao_updates_late_seconds"):
            assert await talk.value(name) == 0
        bot, inbox = talk.application.bot.id, talk.library.inbox
        inbox.put(bot, [Received(1, "5", "{}"), Received(2, "5", "{}")])
        inbox.put(bot + 1, [Received(3, "5", "{}")])
        assert await talk.value("hoibao_updates_waiting") == 2
        with closing(sqlite3.connect(tmp_path / DATABASE_FILE)) as file, file:
            file.execute("UPDATE updates SET received_at = received_at - 100 WHERE id = 2")
        assert 100 <= await talk.value("hoibao_updates_late_seconds") < 1_000


async def test_workers_are_counted_by_role(tmp_path: Path) -> None:
    async with monitored_talk(tmp_path) as talk:
        workers = talk.library.workers
        with workers.joined("one", ["bot", "answer"]), workers.joined("two", ["answer"]):
            counted = {role: await talk.value("hoibao_workers", role=role) for role in Role}
        assert counted == {Role.BOT: 1, Role.ANSWER: 2, Role.FOLLOW: 0, Role.SEND: 0}


@FLOODED
async def test_deliveries_are_counted_as_pending_sent_and_refused(tmp_path: Path) -> None:
    async with monitored_talk(tmp_path) as talk:
        await order(talk, error=429, retry_after=1)
        publish(talk, 1)
        await talk.reaches(1, "hoibao_telegram_limited_total")
        await talk.reaches(1, "hoibao_deliveries_total", result="sent")

        await order(talk, error="message is too long")
        publish(talk, 2)
        await talk.reaches(1, "hoibao_deliveries_total", result="refused")
        await talk.reaches(0, "hoibao_deliveries_pending")

        # Telegram holds back the third one.
        await order(talk, error=429, retry_after=50)
        publish(talk, 3)
        await talk.reaches(2, "hoibao_telegram_limited_total")
        assert await talk.value("hoibao_deliveries_pending") == 1
        assert await talk.value("hoibao_deliveries_late_seconds") >= 0


@FLOODED
async def test_answers_that_telegram_limits_are_counted_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = waiting_is_over_when_set(monkeypatch)
    async with monitored_talk(tmp_path) as talk:
        await order(talk, error=429, retry_after=50)
        await talk.client.write(WHO)
        await talk.reaches(1, "hoibao_telegram_limited_total")
        assert await talk.value("hoibao_updates_in_progress") == 1
        over.set()


async def test_no_label_holds_a_person_a_question_or_an_address(tmp_path: Path) -> None:
    async with web_site() as site, monitored_talk(tmp_path) as talk:
        site.page("/lu", FLOOD)
        site.page("/tin.rss", feed(item(site, "/lu", "Lũ quét")))
        talk.add(site, "/tin.rss", "Báo A", is_due=True)
        publish(talk, 1)
        await talk.ask(WHO)
        await talk.reaches(1, "hoibao_deliveries_total", result="sent")
        await talk.reaches(1, "hoibao_articles_total", change="new")
        text = (await talk.pages.get("/metrics")).text
        samples = await talk.samples()

    for sample in samples:
        for label, value in sample.labels.items():
            is_number = value.replace(".", "").isdecimal() or value == "+Inf"
            assert value in LABELS.get(label, set()) or is_number, (sample.name, label, value)
    hidden = (talk.client.playground.token, site.url(), "Báo A", "hội nghị", BULLETIN, "Lan")
    assert not [words for words in hidden if words in text]


BULLETIN = "đài khí tượng"


def publish(talk: MonitoredTalk, number: int) -> None:
    """Take in an article that Lan has subscribed to."""
    if not talk.library.subscriptions.of_chat(talk.application.bot.id, LANS_CHAT):
        subscribe(talk.library, "*", LANS_CHAT, bot=talk.application.bot.id)
    article = Article(
        id=f"tin-{number}", title=f"Tin {number}", text=f"Tin số {number}, {BULLETIN}."
    )
    talk.library.ingest([article], alert=Alert.ALL)


async def order(talk: MonitoredTalk, **fault: object) -> None:
    """Let Telegram fail at the next message to Lan."""
    await talk.client.post("/faults", method="sendMessage", chat=LANS_CHAT, **fault)
