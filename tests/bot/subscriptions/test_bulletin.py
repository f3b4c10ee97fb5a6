"""The daily bulletin: chosen, sent once a day, changed and ended; with a clock that is set."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.chat_settings import bulletin
from bot.playground import Playground
from index.models.schedule import QuietHours
from index.store.chats import Bulletin
from tests.support.bot import LANS_CHAT, Talk, labels, talking
from tests.support.news_of_day import DAY, DAY_OF_NEWS, HARVEST, HOUR, NOW, other_news
from tests.support.playground import ANNA, CHANNEL, ECONOMY, FORUM, GROUP, LAN, MINH, WEATHER
from tests.support.subscriptions import chat_shows
from tests.support.waiting import until

EVENING = NOW
MORNING = (NOW + DAY).replace(hour=7)
HEADING = "🗞 Bản tin hằng ngày\nTừ "


@dataclass
class Clock:
    """Clock of the bot and of its Telegram."""

    moment: datetime

    def __call__(self) -> float:
        return self.moment.timestamp()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock(EVENING)
    monkeypatch.setattr(bulletin, "time", SimpleNamespace(time=made))
    return made


@asynccontextmanager
async def talking_with(folder: Path, clock: Clock, *articles: Any) -> AsyncIterator[Talk]:
    playground = Playground(clock=clock)
    news = articles or DAY_OF_NEWS
    async with talking(folder / "data", news, playground, clock=clock) as talk:
        yield talk


@pytest.fixture
async def talk(tmp_path: Path, clock: Clock) -> AsyncIterator[Talk]:
    async with talking_with(tmp_path, clock) as talk:
        yield talk


def bulletin_of(talk: Talk, chat: int = LANS_CHAT) -> Bulletin | None:
    return talk.library.bulletins.get(talk.application.bot.id, chat)


async def sent(talk: Talk, count: int, **others: int) -> None:
    """Wait until so many deliveries were sent, and none is pending."""
    wanted = {"sent": count, **others}

    async def is_so() -> bool:
        counts = talk.library.outbox.counts()
        return counts == {state: number for state, number in wanted.items() if number}

    await until(is_so)


async def bulletins(talk: Talk, chat: int = LANS_CHAT) -> list[dict[str, Any]]:
    return [each for each in await talk.client.messages(chat) if each["text"].startswith(HEADING)]


async def queued(talk: Talk, clock: Clock) -> bool:
    """Tell whether nothing is due any more."""
    return talk.library.bulletins.queue_due(talk.application.bot.id, int(clock())) == 0


class TestTheBulletin:
    async def test_comes_once_a_day_at_its_hour(self, talk: Talk, clock: Clock) -> None:
        chosen = await talk.ask("/today 7h")
        assert "Mỗi ngày lúc 07:00 (giờ Hà Nội)" in chosen["text"]

        clock.moment = MORNING
        await sent(talk, 1)
        (first,) = await bulletins(talk)
        clock.moment = MORNING + 12 * HOUR
        assert await queued(talk, clock)

        assert "Từ 23 bài đăng trong 24 giờ qua. Xếp theo số nguồn đưa tin." in first["text"]
        assert "3 nguồn: Báo " in first["text"]
        assert labels(first) == ["Tiếp ›", "Đổi giờ hoặc bỏ bản tin"]
        assert len(await bulletins(talk)) == 1
        await talk.press(first, "Tiếp ›")
        second = await talk.message(first["message_id"])
        assert "Trang 2" in second["text"]
        assert "Đổi giờ hoặc bỏ bản tin" in labels(second)

    async def test_says_the_next_day_that_there_is_nothing_new(
        self, talk: Talk, clock: Clock
    ) -> None:
        await talk.ask("/today 7h")
        clock.moment = MORNING + 2 * DAY  # nothing ran for two days
        await until(lambda: _is_next(talk, MORNING + 3 * DAY))
        clock.moment = MORNING + 3 * DAY
        await sent(talk, 1)

        (message,) = [
            each
            for each in await talk.client.messages(LANS_CHAT)
            if each["text"] == "🗞 24 giờ qua không có bài nào mới."
        ]
        assert labels(message) == ["Đổi giờ hoặc bỏ bản tin"]

    async def test_is_chosen_changed_and_ended_by_buttons(self, talk: Talk, clock: Clock) -> None:
        answer = await talk.ask("/today")
        await talk.press(answer, "🗞 Nhận mỗi ngày")
        card = await talk.alert("Bạn muốn nhận lúc mấy giờ (giờ Hà Nội)?")
        notice = await talk.press(card, "06:00")

        card = await talk.message(card["message_id"])
        assert notice == "Từ giờ tôi gửi bản tin lúc 06:00 mỗi ngày."
        assert "✓ 06:00" in labels(card)
        assert bulletin_of(talk) == Bulletin(
            talk.application.bot.id,
            LANS_CHAT,
            None,
            360,
            int(MORNING.replace(hour=6).timestamp()),
        )
        await talk.press(card, "‹ Danh sách")
        listed = await talk.message(card["message_id"])
        assert "Bản tin hằng ngày: 06:00." in listed["text"]
        await talk.press(listed, "🗞 Bản tin hằng ngày")
        card = await talk.message(card["message_id"])
        assert await talk.press(card, "Bỏ bản tin") == "Đã bỏ bản tin hằng ngày."
        assert bulletin_of(talk) is None
        assert "Bỏ bản tin" not in labels(await talk.message(card["message_id"]))
        clock.moment = MORNING
        assert await queued(talk, clock)
        assert await bulletins(talk) == []

    @pytest.mark.parametrize("words", ["tắt", "ta\u0306\u0301t", "TAT", "0"])
    async def test_is_ended_by_what_ends_quiet_hours(self, talk: Talk, words: str) -> None:
        await talk.ask("/today 7h sáng")
        assert bulletin_of(talk) is not None

        assert (await talk.ask(f"/today {words}"))["text"] == "Đã bỏ bản tin hằng ngày."
        assert bulletin_of(talk) is None

    async def test_is_offered_only_to_who_has_none(self, talk: Talk) -> None:
        offered = await talk.ask("/today")
        assert "🗞 Nhận mỗi ngày" in labels(offered)
        await talk.ask("/today 7h")

        shown = await talk.ask("/today")
        await talk.press(shown, "Đổi giờ hoặc bỏ bản tin")

        assert "✓ 07:00" in labels(await talk.alert("Mỗi ngày lúc 07:00"))

    async def test_is_ended_by_words(self, talk: Talk) -> None:
        await talk.ask("/today 6h45")
        known = bulletin_of(talk)
        assert known is not None
        assert known.minute == 6 * 60 + 45

        assert (await talk.ask("/today tắt"))["text"] == "Đã bỏ bản tin hằng ngày."
        assert bulletin_of(talk) is None
        assert "không có bản tin" in (await talk.ask("/today off"))["text"]

    async def test_is_in_the_language_of_its_chat(self, talk: Talk, clock: Clock) -> None:
        chosen = await talk.ask("/today 7:00", user=ANNA)
        assert "Every day at 07:00 (Hanoi time)" in chosen["text"]

        clock.moment = MORNING
        await sent(talk, 1)

        message = await talk.alert("🗞 Daily bulletin\nArticles published in", ANNA["id"])
        assert labels(message) == ["Next ›", "Change the time or turn off"]

    async def test_waits_for_the_end_of_quiet_hours(self, talk: Talk, clock: Clock) -> None:
        await talk.ask("/today 7h")
        talk.library.chats.set_quiet(LANS_CHAT, QuietHours(22 * 60, 8 * 60))

        clock.moment = MORNING
        await sent(talk, 0, owed=1)
        assert await bulletins(talk) == []
        clock.moment = MORNING + HOUR
        await sent(talk, 1)

        assert len(await bulletins(talk)) == 1

    async def test_survives_a_restart_and_comes_once(self, tmp_path: Path, clock: Clock) -> None:
        async with talking_with(tmp_path, clock) as talk:
            await talk.ask("/today 7h")
            bot = talk.application.bot.id
        clock.moment = MORNING + HOUR
        async with talking_with(tmp_path, clock) as talk:
            assert talk.application.bot.id == bot
            await sent(talk, 1)
            assert len(await bulletins(talk)) == 1
        async with talking_with(tmp_path, clock) as talk:
            assert await queued(talk, clock)
            assert await bulletins(talk) == []

    async def test_of_a_group_is_for_its_administrators(self, talk: Talk) -> None:
        refused = await talk.ask("/today 7h", user=MINH, chat=GROUP)
        assert "quản trị viên" in refused["text"]
        shown = await talk.ask("/today", user=MINH, chat=GROUP)
        notice = await talk.press(shown, "🗞 Nhận mỗi ngày", user=MINH, chat=GROUP)
        assert "quản trị viên" in notice
        assert bulletin_of(talk, GROUP) is None

        await talk.ask("/today 7h", user=LAN, chat=GROUP)
        assert bulletin_of(talk, GROUP) is not None

    async def test_comes_to_the_topic_where_it_was_asked_for(
        self, talk: Talk, clock: Clock
    ) -> None:
        await talk.client.write("/today 7h", chat=FORUM, topic=WEATHER)
        await until(lambda: _has_bulletin(talk, FORUM))

        clock.moment = MORNING
        await sent(talk, 1)

        (message,) = await bulletins(talk, FORUM)
        assert message["topic"] == WEATHER

    async def test_of_a_closed_topic_ends(self, talk: Talk, clock: Clock) -> None:
        await talk.client.write("Chào cả nhà", chat=FORUM)
        await talk.client.write("/today 7h", chat=FORUM, topic=ECONOMY)
        await until(lambda: chat_shows(talk, FORUM, "Mỗi ngày lúc 07:00"))
        await talk.client.post("/faults", method="sendMessage", error="TOPIC_CLOSED", chat=FORUM)

        clock.moment = MORNING
        await until(lambda: _dropped(talk, "refused"))

        assert bulletin_of(talk, FORUM) is None
        await talk.alert("Tòa soạn")

    async def test_of_a_channel_is_set_by_its_list_and_has_no_buttons(
        self, talk: Talk, clock: Clock
    ) -> None:
        await talk.ask("/start")
        await talk.client.post("/membership", user=LAN, chat=CHANNEL, status="administrator")
        greeting = await talk.alert("lên kênh Bản tin Sông Thương")
        await talk.press(greeting, "Bản tin Sông Thương")
        listed = await talk.alert("Đăng ký nhận tin · Bản tin Sông Thương")
        await talk.press(listed, "🗞 Bản tin hằng ngày")
        await talk.press(await talk.message(listed["message_id"]), "07:00")

        clock.moment = MORNING
        await sent(talk, 1)

        (post,) = await bulletins(talk, CHANNEL)
        assert labels(post) == []

    async def test_ends_for_a_person_who_blocks_the_bot_until_they_return(
        self, talk: Talk, clock: Clock
    ) -> None:
        await talk.ask("/today 7h")
        await talk.client.post("/faults", method="sendMessage", error=403, chat=LANS_CHAT)
        clock.moment = MORNING
        await until(lambda: _dropped(talk, "chat_gone"))

        clock.moment = MORNING + DAY
        assert await queued(talk, clock)
        await talk.ask("/start")
        clock.moment = MORNING + 2 * DAY
        talk.library.ingest([other_news(1, clock.moment - HOUR)])
        await until(lambda: _count(talk, 1))

    async def test_is_exported_and_forgotten(self, talk: Talk, clock: Clock) -> None:
        await talk.ask("/today 7h")
        assert '"bulletins"' in (await talk.ask("/export"))["text"]

        asked = await talk.ask("/forget")
        await talk.press(asked, "Xóa hết")

        assert bulletin_of(talk) is None
        assert not any(talk.library.chats.export(LANS_CHAT).values())
        clock.moment = MORNING
        assert await queued(talk, clock)

    async def test_shows_the_newest_stories_at_the_time_of_sending(
        self, tmp_path: Path, clock: Clock
    ) -> None:
        async with talking_with(tmp_path, clock, *HARVEST) as talk:
            await talk.ask("/today 7h")
            talk.library.ingest([other_news(1, MORNING - HOUR)])
            clock.moment = MORNING
            await sent(talk, 1)

            (message,) = await bulletins(talk)
        assert "Từ 3 bài đăng trong 24 giờ qua" in message["text"]


async def _has_bulletin(talk: Talk, chat: int) -> bool:
    return bulletin_of(talk, chat) is not None


async def _is_next(talk: Talk, moment: datetime) -> bool:
    known = bulletin_of(talk)
    return known is not None and known.next_at == int(moment.timestamp())


async def _dropped(talk: Talk, reason: str) -> bool:
    return talk.library.outbox.counts().get(f"dropped: {reason}") == 1


async def _count(talk: Talk, count: int) -> bool:
    return len(await bulletins(talk)) == count
