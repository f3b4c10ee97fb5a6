"""`/stats`: what admins see of the use of the bot, and nobody else."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

from bot.conversation.usage import SLOW_SECONDS, Outcome, UsageCounter, counting, today_in_vietnam
from index.store.database import DATABASE_FILE
from tests.support.bot import NOBODY_KNOWS, WHO, talking
from tests.support.libraries import open_library
from tests.support.playground import ANNA, LAN

BOT = 7


async def test_an_admin_sees_people_questions_and_how_they_ended(tmp_path: Path) -> None:
    async with talking(tmp_path, admins=(LAN["id"],), keep_questions=True) as talk:
        await talk.ask(WHO)
        await talk.ask(WHO, user=ANNA)
        await talk.ask("ai tham du hoi nghi?", user=ANNA)
        await talk.ask(NOBODY_KNOWS)
        shown = (await talk.ask("/stats"))["text"]

    assert "Số người hỏi: hôm nay 2, 7 ngày 2, 30 ngày 2" in shown
    assert "Số câu hỏi: 4 (hôm nay 4)" in shown
    assert "có câu trả lời: 75%" in shown
    assert "không tìm thấy: 25%" in shown
    assert f"{NOBODY_KNOWS}: 1 lần" in shown


async def test_questions_are_not_kept_unless_the_settings_say_so(tmp_path: Path) -> None:
    async with talking(tmp_path, admins=(LAN["id"],)) as talk:
        await talk.ask(NOBODY_KNOWS)
        shown = (await talk.ask("/stats"))["text"]
        summary = talk.library.usage.summary(
            talk.application.bot.id, today_in_vietnam(), most_unanswered=10
        )

    assert summary.unanswered == ()
    assert "keep_questions = true" in shown
    assert NOBODY_KNOWS not in shown


async def test_others_see_no_statistics(tmp_path: Path) -> None:
    async with talking(tmp_path, admins=(LAN["id"],)) as talk:
        shown = (await talk.ask("/stats", user=ANNA))["text"]

    assert str(ANNA["id"]) in shown
    assert "30" not in shown.replace(str(ANNA["id"]), "")


async def test_statistics_of_an_unused_bot_are_all_zero(tmp_path: Path) -> None:
    async with talking(tmp_path, admins=(LAN["id"],), keep_questions=True) as talk:
        shown = (await talk.ask("/stats"))["text"]

    assert "Số câu hỏi: 0 (hôm nay 0)" in shown
    assert "%" not in shown


async def test_small_talk_is_no_question(tmp_path: Path) -> None:
    async with talking(tmp_path, admins=(LAN["id"],)) as talk:
        await talk.ask("cảm ơn bạn")
        shown = (await talk.ask("/stats"))["text"]

    assert "Số câu hỏi: 0" in shown


async def test_counts_are_stored_when_the_bot_stops_and_by_their_day(tmp_path: Path) -> None:
    days = [date(2026, 3, 9), date(2026, 3, 10)]
    with open_library(tmp_path) as library:
        counter = UsageCounter(library.usage, keep_questions=True, today=lambda: days[0])
        async with counting(counter, BOT):
            counter.replied(Outcome.NONE, "Giá  LÚA?", 0.1)
            counter.took(SLOW_SECONDS)
            counter.took(SLOW_SECONDS / 2)
            days.pop(0)
            counter.replied(Outcome.ANSWER, "giá lúa?", 0.1)
        summary = library.usage.summary(BOT, days[0], 10)

    assert summary.counts == {"none": 1, "answer": 1, "slow": 1}
    assert summary.today == {"answer": 1}
    assert summary.unanswered == (("giá lúa?", 1),)


async def test_what_is_too_old_is_deleted_once_a_day_also_where_nobody_asks(tmp_path: Path) -> None:
    days = [date(2026, 1, 1), date(2026, 1, 30), date(2026, 1, 31)]
    with open_library(tmp_path) as library:
        counter = UsageCounter(library.usage, keep_questions=True, today=lambda: days[0])
        counter.replied(Outcome.NONE, "giá lúa?", 0.1)
        left = []
        while days:
            await counter.store(BOT)
            left.append(library.usage.summary(BOT, date(2026, 1, 1), 10).unanswered)
            days.pop(0)
    assert left == [(("giá lúa?", 1),), (("giá lúa?", 1),), ()]


async def test_counts_that_cannot_be_stored_do_not_stop_the_bot(tmp_path: Path) -> None:
    with open_library(tmp_path) as library:
        counter = UsageCounter(library.usage, keep_questions=False)
        counter.replied(Outcome.ANSWER, WHO, 0.1)
        with closing(sqlite3.connect(tmp_path / DATABASE_FILE)) as file:
            file.execute("DROP TABLE usage_counts")
        await counter.store(BOT)

        assert library.status().articles == 0
