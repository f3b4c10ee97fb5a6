"""Subscriptions of forum topics, and of channels, which are tended from a private chat."""

from typing import Any

from index.alerts.announcer import Alert
from index.models.schedule import QuietHours
from tests.support.bot import LANS_CHAT, MESSAGES, Talk, labels
from tests.support.playground import CHANNEL, ECONOMY, FORUM, LAN, MINH, WEATHER
from tests.support.subscriptions import chat_shows, numbered_article, subscriptions_of
from tests.support.waiting import until


class TestTopicsAndChannels:
    async def test_an_alert_comes_to_the_topic_where_it_was_asked_for(self, talk: Talk) -> None:
        await talk.client.write("/subscribe bão", chat=FORUM, topic=WEATHER)
        await until(lambda: _subscribed(talk, FORUM))

        talk.library.ingest([numbered_article(1)], alert=Alert.ALL)

        alert = await talk.alert("Bão mạnh", FORUM)
        assert alert["topic"] == WEATHER
        await talk.client.write("/subscriptions", chat=FORUM, topic=ECONOMY)
        await until(lambda: chat_shows(talk, FORUM, "ở chủ đề khác"))

    async def test_a_channel_is_managed_from_the_private_chat_of_its_administrator(
        self, talk: Talk
    ) -> None:
        await talk.ask("/start")
        await talk.client.post("/membership", user=LAN, chat=CHANNEL, status="administrator")
        greeting = await talk.alert("lên kênh Bản tin Sông Thương")

        await talk.press(greeting, "Bản tin Sông Thương")
        shown = await talk.alert("Đăng ký nhận tin · Bản tin Sông Thương")
        data = shown["buttons"][0][0]["data"]
        await talk.press(shown, "+ Thêm")
        prompt = await talk.alert("từ khóa muốn nhận tin")
        answer = await talk.ask("bão", reply_to=prompt["message_id"])
        assert answer["text"].startswith("Đã đăng ký nhận tin: bão")
        talk.library.ingest([numbered_article(1)], alert=Alert.ALL)

        await until(lambda: chat_shows(talk, CHANNEL, "Bão mạnh"))
        (post,) = await talk.client.messages(CHANNEL)
        ((button,),) = post["buttons"]
        assert button["url"].startswith("https://t.me/hoibao_bot?start=a_")
        elsewhere = await talk.ask("/subscriptions", user=MINH)
        notice = await talk.press_data(elsewhere["message_id"], data, user=MINH)
        assert notice == MESSAGES["notice_only_administrators"]
        assert len(subscriptions_of(talk, CHANNEL)) == 1

    async def test_of_a_channel_the_quiet_hours_are_typed_and_all_is_shown_and_forgotten(
        self, talk: Talk
    ) -> None:
        await talk.client.post("/membership", user=LAN, chat=CHANNEL, status="administrator")
        await until(lambda: _channels(talk, 1))
        await talk.ask("/subscribe bão")
        await talk.client.write("/subscriptions")
        await talk.press(await talk.alert("Kênh của bạn"), "Bản tin Sông Thương")
        shown = await talk.alert("Đăng ký nhận tin · Bản tin Sông Thương")
        await talk.press(shown, "Giờ yên tĩnh")
        await talk.press(await talk.message(shown["message_id"]), MESSAGES["button_other_hours"])
        prompt = await talk.alert("giờ bắt đầu và giờ kết thúc")
        await talk.ask("22:30-6:15", reply_to=prompt["message_id"])
        assert talk.library.chats.get(CHANNEL).quiet == QuietHours(1350, 375)

        exported = await _chosen(talk, "/export")
        assert '"quiet_from": 1350' in (await talk.answer(LANS_CHAT, exported))["text"]
        await _chosen(talk, "/forget")
        asked = await talk.alert("Xóa toàn bộ dữ liệu tôi lưu về kênh Bản tin Sông Thương")
        data = asked["buttons"][0][0]["data"]
        elsewhere = await talk.ask("/subscriptions", user=MINH)
        notice = await talk.press_data(elsewhere["message_id"], data, user=MINH)
        assert notice == MESSAGES["notice_only_administrators"]
        assert talk.library.chats.get(CHANNEL).title == "Bản tin Sông Thương"
        await talk.press(asked, "Xóa hết")

        assert not any(talk.library.chats.export(CHANNEL).values())
        assert len(subscriptions_of(talk)) == 1

    async def test_a_channel_that_removes_the_bot_is_given_up(self, talk: Talk) -> None:
        await talk.client.post("/membership", user=LAN, chat=CHANNEL, status="administrator")
        await until(lambda: _channels(talk, 1))

        await talk.client.post("/membership", user=LAN, chat=CHANNEL, status="left")

        await until(lambda: _channels(talk, 0))

    async def test_a_channel_that_cannot_be_written_to_says_so_until_it_can(
        self, talk: Talk
    ) -> None:
        await talk.client.post("/membership", user=LAN, chat=CHANNEL, status="administrator")
        await until(lambda: _channels(talk, 1))
        talk.library.subscriptions.add(
            bot=talk.application.bot.id, chat=CHANNEL, thread=None, wish="*", now=0, most=1
        )
        error = "need administrator rights in the channel chat"
        await talk.client.post("/faults", method="sendMessage", chat=CHANNEL, error=error)
        talk.library.ingest([numbered_article(1)], alert=Alert.ALL)
        await until(lambda: _channels(talk, 0))

        await talk.client.write("/subscriptions")
        offered = await talk.alert("Kênh của bạn")
        await talk.press(offered, "⚠️ Bản tin Sông Thương")
        shown = await talk.alert("Telegram không cho tôi gửi những tin này nữa")
        assert "gửi ngay · không gửi được" in shown["text"]
        await talk.press(shown, "⚙️ 1")
        card = await talk.message(shown["message_id"])
        assert "Telegram không cho tôi gửi những tin này nữa" in card["text"]
        assert (
            await talk.press(card, MESSAGES["button_send_again"]) == MESSAGES["notice_sends_again"]
        )

        listed = await talk.message(shown["message_id"])
        assert "không" not in listed["text"]
        assert MESSAGES["button_send_again"] not in labels(listed)
        talk.library.ingest([numbered_article(2)], alert=Alert.ALL)
        await until(lambda: chat_shows(talk, CHANNEL, "Bão mạnh đổ bộ 2"))


async def _chosen(talk: Talk, command: str) -> int:
    """Give a command, choose the channel of those offered beside its answer; the offer's number."""
    sent = await talk.client.write(command)

    async def offers() -> list[dict[str, Any]]:
        found = await talk.client.messages(LANS_CHAT)
        return [
            message
            for message in found
            if message["message_id"] > sent and message["text"] == MESSAGES["your_channels"]
        ]

    (offer,) = await until(offers)
    await talk.press(offer, "Bản tin Sông Thương")
    return int(offer["message_id"])


async def _subscribed(talk: Talk, chat: int) -> bool:
    return bool(subscriptions_of(talk, chat))


async def _channels(talk: Talk, count: int) -> bool:
    channels = talk.library.chats.channels()
    return len([each for each in channels if each.inactive_since is None]) == count
