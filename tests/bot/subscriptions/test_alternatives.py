"""Subscriptions to any of several things: typed with `OR`, shown, matched, ended."""

import pytest

from index.alerts.announcer import Alert
from tests.support.bot import ANNAS_CHAT, LANS_CHAT, Talk
from tests.support.playground import ANNA, CHANNEL, GROUP, LAN
from tests.support.subscriptions import chat_shows, numbered_article, subscriptions_of
from tests.support.waiting import until


class TestAlternatives:
    @pytest.mark.parametrize("typed", ["hạn hán OR bão", "hạn hán | bão", "hạn hán hoặc bão"])
    async def test_are_shown_back_and_alert_of_either(self, talk: Talk, typed: str) -> None:
        added = await talk.ask(f"/subscribe {typed}")
        listed = await talk.ask("/subscriptions")
        await talk.press(listed, "⚙️ 1")
        card = await talk.message(listed["message_id"])

        talk.library.ingest([numbered_article(1)], alert=Alert.ALL)

        assert added["text"].startswith("Đã đăng ký nhận tin: hạn hán hoặc bão\n")
        assert "1. hạn hán hoặc bão · gửi ngay" in listed["text"]
        assert card["text"].startswith("hạn hán hoặc bão\n")
        assert [each.wish for each in subscriptions_of(talk)] == ['"hạn hán" OR bão']
        assert "🔔 hạn hán hoặc bão" in (await talk.alert("Bão mạnh"))["text"]

    async def test_in_english_may_be_typed_in_small_letters(self, talk: Talk) -> None:
        added = await talk.ask("/subscribe hạn hán or bão", user=ANNA)

        assert added["text"].startswith("Subscribed to: hạn hán OR bão\n")
        assert [each.wish for each in subscriptions_of(talk, ANNAS_CHAT)] == ['"hạn hán" OR bão']

    async def test_in_quotes_are_words_and_shown_so(self, talk: Talk) -> None:
        added = await talk.ask('/subscribe "sống hoặc chết"')

        assert added["text"].startswith("Đã đăng ký nhận tin: “sống hoặc chết”\n")

    async def test_in_another_order_are_the_same_subscription(self, talk: Talk) -> None:
        await talk.ask("/subscribe Hạn hán OR bão lũ", chat=GROUP)

        again = await talk.ask("/subscribe lũ bão | hạn hán", chat=GROUP)
        ended = await talk.ask("/unsubscribe bão lũ hoặc hạn hán", chat=GROUP)

        assert again["text"].startswith("Bạn đã đăng ký nhận tin này từ trước: lũ bão hoặc hạn hán")
        assert ended["text"] == "Bỏ đăng ký Hạn hán hoặc bão lũ?"
        await talk.press(ended, "Bỏ đăng ký", chat=GROUP)
        assert subscriptions_of(talk, GROUP) == []

    async def test_of_a_channel_are_asked_for_in_private(self, talk: Talk) -> None:
        await talk.client.post("/membership", user=LAN, chat=CHANNEL, status="administrator")
        greeting = await talk.alert("lên kênh Bản tin Sông Thương")
        await talk.press(greeting, "Bản tin Sông Thương")
        await talk.press(await talk.alert("Đăng ký nhận tin · Bản tin"), "+ Thêm")
        prompt = await talk.alert("từ khóa muốn nhận tin")

        await talk.ask("hạn hán hoặc bão", reply_to=prompt["message_id"])
        talk.library.ingest([numbered_article(1)], alert=Alert.ALL)

        await until(lambda: chat_shows(talk, CHANNEL, "🔔 hạn hán hoặc bão"))

    async def test_stored_by_an_older_version_are_read_as_they_were_meant(self, talk: Talk) -> None:
        library = talk.library
        library.subscriptions.add(
            bot=talk.application.bot.id,
            chat=LANS_CHAT,
            thread=None,
            wish="hạn + hoặc + bão",
            now=0,
            most=1,
        )

        library.ingest([numbered_article(1)], alert=Alert.ALL)

        async def is_sent() -> bool:
            return library.outbox.counts() == {"sent": 1}

        await until(is_sent)
        assert "1. hạn hoặc bão" in (await talk.ask("/subscriptions"))["text"]
