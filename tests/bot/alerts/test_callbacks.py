"""Alerts as people get them, and what their buttons do."""

import time
from pathlib import Path

from index.alerts.announcer import Alert
from tests.support.bot import ANNAS_CHAT, LANS_CHAT, Talk, labels, talking
from tests.support.playground import ANNA, GROUP, LAN, MINH
from tests.support.subscriptions import all_sent, numbered_article, subscriptions_of
from tests.support.waiting import until


async def test_alerts_speak_the_language_in_which_they_were_asked_for(talk: Talk) -> None:
    await talk.ask("/subscribe bão", user=ANNA)

    talk.library.ingest([numbered_article(1)], alert=Alert.ALL)

    alert = await talk.alert("Bão mạnh", ANNAS_CHAT)
    assert "Sunday, 1 November 2026" in alert["text"]


class TestAlerts:
    async def test_come_with_title_sentence_source_date_and_what_for(self, talk: Talk) -> None:
        await talk.ask("/subscribe quang binh")

        talk.library.ingest(
            [numbered_article(1), numbered_article(2, text="Tin khác hẳn, ở nơi khác.")],
            alert=Alert.ALL,
        )

        alert = await talk.alert("Bão mạnh đổ bộ 1")
        assert "vào tỉnh <b>Quảng Bình</b>" in alert["html"]
        assert "https://bao.example/bao-1.html#:~:text=" in alert["html"]
        assert alert["text"].endswith("Báo Thử · Chủ nhật, 01/11/2026 09:30\n🔔 quang binh")
        assert labels(alert) == ["Hỏi về bài này", "Bớt tin kiểu này", "Bỏ đăng ký"]

    async def test_are_asked_by_a_reply(self, talk: Talk) -> None:
        await talk.ask("/subscribe bão")
        talk.library.ingest([numbered_article(1)], alert=Alert.ALL)
        alert = await talk.alert("Bão mạnh")

        answer = await talk.ask("ai chỉ đạo?", reply_to=alert["message_id"])

        assert answer["text"].startswith("Trong bài này:")
        assert "Đinh Văn Thảo" in answer["text"]

    async def test_are_asked_about_for_a_while_at_a_button(self, talk: Talk) -> None:
        await talk.ask("/subscribe bão")
        talk.library.ingest([numbered_article(1)], alert=Alert.ALL)
        alert = await talk.alert("Bão mạnh")

        assert await talk.press(alert, "Hỏi về bài này") == ""
        said = await talk.answer(LANS_CHAT, alert["message_id"])
        first = await talk.ask("ai chỉ đạo?")
        second = await talk.ask("bão số mấy?")
        assert first["text"].startswith("Đang hỏi riêng bài “Bão mạnh đổ bộ 1”")
        assert second["text"].startswith("Đang hỏi riêng bài “Bão mạnh đổ bộ 1”")

        await talk.press(said, "Hỏi mọi bài")
        assert not (await talk.ask("bão số mấy?"))["text"].startswith("Đang hỏi riêng")

    async def test_of_one_kind_become_fewer_at_a_button(self, talk: Talk) -> None:
        await talk.ask("/subscribe bão")
        talk.library.ingest(
            [numbered_article(1, title="Nghệ sĩ Hoài Linh kể chuyện bão")], alert=Alert.ALL
        )
        alert = await talk.alert("Hoài Linh")

        await talk.press(alert, "Bớt tin kiểu này")
        offered = await talk.message(alert["message_id"])
        (label,) = [each for each in labels(offered) if "Hoài Linh" in each]
        assert await talk.press(offered, label) == "Từ giờ tôi bỏ qua tin có “Hoài Linh”."

        assert subscriptions_of(talk)[0].wish == 'bão -"Hoài Linh"'
        assert labels(await talk.message(alert["message_id"])) == labels(alert)

    async def test_end_or_pause_at_a_button_that_asks_once_more(self, talk: Talk) -> None:
        await talk.ask("/subscribe bão")
        talk.library.ingest([numbered_article(1)], alert=Alert.ALL)
        alert = await talk.alert("Bão mạnh")
        await talk.press(alert, "Bớt tin kiểu này")
        await talk.press(await talk.message(alert["message_id"]), "Tạm dừng")
        assert subscriptions_of(talk)[0].paused_at

        await talk.press(alert, "Bỏ đăng ký")
        await talk.press(await talk.message(alert["message_id"]), "Giữ lại")
        await talk.press(await talk.message(alert["message_id"]), "Bỏ đăng ký")
        assert await talk.press(await talk.message(alert["message_id"]), "Bỏ đăng ký “bão”")

        assert subscriptions_of(talk) == []
        assert labels(await talk.message(alert["message_id"])) == ["Hỏi về bài này"]

    async def test_at_once_are_one_message(self, talk: Talk) -> None:
        await talk.ask("/subscribe bão")

        talk.library.ingest([numbered_article(number) for number in (1, 2, 3)], alert=Alert.ALL)

        alert = await talk.alert("3 bài mới")
        for number in (1, 2, 3):
            assert f"bao-{number}.html" in alert["html"]
        assert await talk.press(alert, "Quản lý đăng ký") == ""
        await talk.alert("1. bão · gửi ngay")

    async def test_in_a_digest_are_one_message_by_subscription_with_counts(
        self, tmp_path: Path
    ) -> None:
        later = 0.0
        async with talking(tmp_path, clock=lambda: time.time() + later) as talk:
            answers = [await talk.ask(f"/subscribe {words}") for words in ("bão", "hạn hán")]
            for answer in answers:
                await talk.press(answer, "Tùy chỉnh")
                await talk.press(await talk.message(answer["message_id"]), "Mỗi giờ")
            dry = numbered_article(30, title="Hạn hán", text="Hạn hán kéo dài ở miền Nam.")
            talk.library.ingest(
                [*(numbered_article(n) for n in range(1, 26)), dry], alert=Alert.ALL
            )

            later = 3600.0

            digest = await talk.alert("Điểm tin · 26 bài")
            assert "bão (25)" in digest["text"]
            assert "… và 5 bài nữa" in digest["text"]
            assert "hạn hán (1)" in digest["text"]
            await until(lambda: all_sent(talk, 26))

    async def test_come_to_each_chat_once_and_to_a_group(self, talk: Talk) -> None:
        await talk.ask("/subscribe bão")
        await talk.ask("/subscribe quảng bình")
        await talk.ask("/subscribe bão", user=MINH)
        await talk.ask("/subscribe bão", chat=GROUP)

        talk.library.ingest([numbered_article(1)], alert=Alert.ALL)

        for chat in (LANS_CHAT, MINH["id"], GROUP):
            await talk.alert("Bão mạnh đổ bộ 1", chat)
        await until(lambda: all_sent(talk, 3))
        found = [m for m in await talk.client.messages() if "Bão mạnh đổ bộ 1" in m["text"]]
        assert len(found) == 1

    async def test_stop_for_whoever_blocks_the_bot_until_start(self, talk: Talk) -> None:
        await talk.ask("/subscribe bão")
        await talk.client.post("/membership", user=LAN, chat=LANS_CHAT, status="kicked")

        async def given_up() -> bool:
            return talk.library.chats.get(LANS_CHAT).inactive_since is not None

        await until(given_up)
        talk.library.ingest([numbered_article(1)], alert=Alert.ALL)
        assert talk.library.outbox.counts() == {}
        await talk.ask("/start")
        talk.library.ingest([numbered_article(2)], alert=Alert.ALL)

        await talk.alert("Bão mạnh đổ bộ 2")
