"""The list of subscriptions: what can be seen, changed and ended there."""

import pytest

from index.models.schedule import Rhythm, Schedule
from tests.support.bot import LANS_CHAT, MESSAGES, Talk
from tests.support.playground import GROUP, LAN, MINH
from tests.support.subscriptions import numbered_article, subscriptions_of


class TestTheList:
    async def test_is_empty_at_first_and_says_how_to_begin(self, talk: Talk) -> None:
        assert "/subscribe" in (await talk.ask("/subscriptions"))["text"]

    async def test_leads_to_each_subscription_and_what_can_be_done_with_it(
        self, talk: Talk
    ) -> None:
        await talk.ask("/subscribe bão lũ")
        shown = await talk.ask("/subscriptions")
        assert "1. bão lũ · gửi ngay" in shown["text"]
        number = shown["message_id"]

        async def press(label: str) -> str:
            await talk.press(await talk.message(number), label)
            return str((await talk.message(number))["text"])

        assert "Gửi ngay" in await press("⚙️ 1")
        assert "đang tạm dừng" in await press("Tạm dừng")
        assert subscriptions_of(talk)[0].paused_at is not None
        assert "đang tạm dừng" not in await press("Bật lại")
        assert "không chuông" in await press("Tắt chuông")
        assert "không chuông" not in await press("Bật chuông")
        assert "Gộp mỗi giờ một lần" in await press("Mỗi giờ")
        await press("Mỗi ngày")
        assert "Điểm tin hằng ngày lúc 07:00" in await press("07:00")
        await press("Mỗi tuần")
        await press("Thứ Sáu")
        assert "Điểm tin thứ Sáu hằng tuần lúc 18:00" in await press("18:00")
        schedule = subscriptions_of(talk)[0].schedule
        assert (schedule.rhythm, schedule.weekday, schedule.minute) == (Rhythm.WEEKLY, 4, 1080)
        assert "1. bão lũ" in await press("‹ Danh sách")
        await press("⚙️ 1")
        await press("Bỏ đăng ký")
        assert "Chưa có mục đăng ký nào" in await press("Bỏ đăng ký")
        assert subscriptions_of(talk) == []

    @pytest.mark.parametrize(
        ("buttons", "expected"),
        [
            (["Mỗi ngày"], Schedule(Rhythm.DAILY, 6 * 60 + 45)),
            (["Mỗi tuần", "Thứ Tư"], Schedule(Rhythm.WEEKLY, 6 * 60 + 45, 2)),
        ],
        ids=["daily", "weekly"],
    )
    async def test_takes_the_time_of_a_digest_as_a_reply(
        self, talk: Talk, buttons: list[str], expected: Schedule
    ) -> None:
        card = await talk.ask("/subscribe bão")
        for label in ["Tùy chỉnh", *buttons, MESSAGES["button_other_hours"]]:
            await talk.press(await talk.message(card["message_id"]), label)
        prompt = await talk.alert("giờ nhận điểm tin")

        refused = await talk.ask("25:00", reply_to=prompt["message_id"])
        accepted = await talk.ask("6h45", reply_to=prompt["message_id"])

        assert refused["text"].startswith("Tôi chưa hiểu.")
        assert "06:45" in accepted["text"]
        assert [each.schedule for each in subscriptions_of(talk)] == [expected]

    async def test_of_many_has_pages(self, talk: Talk) -> None:
        for number in range(12):
            await talk.ask(f"/subscribe bão số {number}")
        shown = await talk.ask("/subscriptions")
        assert "10." in shown["text"]
        assert "11." not in shown["text"]

        await talk.press(shown, MESSAGES["button_more"])

        assert "12." in (await talk.message(shown["message_id"]))["text"]

    async def test_takes_new_words_and_names_as_replies(self, talk: Talk) -> None:
        shown = await talk.ask("/subscriptions")
        await talk.press(shown, "+ Thêm")
        prompt = await talk.alert("từ khóa muốn nhận tin")
        answer = await talk.ask("bao lu", reply_to=prompt["message_id"])
        assert answer["text"].startswith("Đã đăng ký nhận tin: bao lu")

        await talk.press(answer, "Tùy chỉnh")
        card = await talk.message(answer["message_id"])
        await talk.press(card, "Đổi tên")
        prompt = await talk.alert("tên mới cho")
        renamed = await talk.ask("Thời tiết <xấu>", reply_to=prompt["message_id"])
        assert renamed["text"].startswith("Thời tiết <xấu>\nbao lu\nGửi ngay")
        await talk.press(card, "Sửa từ khóa")
        prompt = await talk.alert("từ khóa mới")
        assert "bao + lu" in prompt["text"]
        edited = await talk.ask('"hạn hán" -phim', reply_to=prompt["message_id"])
        assert "hạn hán, trừ phim" in edited["text"]
        assert subscriptions_of(talk)[0].wish == '"hạn hán" -phim'

    async def test_takes_what_is_asked_in_a_reply_to_a_prompt_as_that_reply(
        self, talk: Talk
    ) -> None:
        shown = await talk.ask("/subscriptions")
        await talk.press(shown, "+ Thêm")
        prompt = await talk.alert("từ khóa muốn nhận tin")

        answer = await talk.ask("/ask bão lũ", reply_to=prompt["message_id"])
        empty = await talk.ask("/ask", reply_to=prompt["message_id"])

        assert answer["text"].startswith("Đã đăng ký nhận tin: bão lũ")
        assert empty["text"].startswith(MESSAGES["ask"].splitlines()[0])

    async def test_takes_a_caption_as_a_reply_and_nothing_for_nothing(self, talk: Talk) -> None:
        shown = await talk.ask("/subscriptions")
        await talk.press(shown, "+ Thêm")
        prompt = await talk.alert("từ khóa muốn nhận tin")

        sent = await talk.client.write("", photo=True, reply_to=prompt["message_id"])
        assert (await talk.answer(LANS_CHAT, sent))["text"] == MESSAGES["not_text"]
        assert subscriptions_of(talk) == []
        captioned = await talk.client.write("bão lũ", photo=True, reply_to=prompt["message_id"])
        assert (await talk.answer(LANS_CHAT, captioned))["text"].startswith(
            "Đã đăng ký nhận tin: bão lũ"
        )
        assert (await talk.ask("!!!", reply_to=prompt["message_id"]))["text"].startswith(
            MESSAGES["reply_no_words"]
        )
        assert [each.wish for each in subscriptions_of(talk)] == ["bão + lũ"]

    async def test_is_not_changed_by_an_article_whose_address_poses_as_a_prompt(
        self, talk: Talk
    ) -> None:
        await talk.ask("/subscribe bão")
        number = subscriptions_of(talk)[0].id
        posing = f"https://t.me/hoibao_bot?start=e_{number}"
        talk.library.ingest([numbered_article(1, url=posing, id="gia", title="✍️ Bài giả")])
        latest = await talk.ask("/latest")
        assert "Bài giả" in latest["text"]

        await talk.ask("ai chỉ đạo?", reply_to=latest["message_id"])

        assert [each.wish for each in subscriptions_of(talk)] == ["bão"]

    async def test_in_a_group_asks_whoever_pressed(self, talk: Talk) -> None:
        shown = await talk.ask("/subscriptions", chat=GROUP)
        await talk.press(shown, "+ Thêm", chat=GROUP)

        prompt = await talk.alert("từ khóa muốn nhận tin", GROUP)

        assert prompt["force_reply"]["from"] == [LAN["id"]]
        answer = await talk.ask("bão", chat=GROUP, reply_to=prompt["message_id"])
        assert answer["text"].startswith("Đã đăng ký nhận tin: bão")

    async def test_of_others_cannot_be_changed(self, talk: Talk) -> None:
        await talk.ask("/subscribe bão", chat=GROUP)
        mine = subscriptions_of(talk, GROUP)[0]
        shown = await talk.ask("/subscriptions", chat=GROUP)
        data = shown["buttons"][0][0]["data"]

        notice = await talk.press_data(shown["message_id"], data, user=MINH, chat=GROUP)
        elsewhere = await talk.ask("/subscriptions", user=MINH)
        stolen = await talk.press_data(elsewhere["message_id"], data, user=MINH)

        assert notice == stolen == MESSAGES["notice_only_administrators"]
        assert subscriptions_of(talk, GROUP) == [mine]

    @pytest.mark.parametrize("data", ["1sc", "1sczz", "1sh", "1si1.1", "1sZ1.zz", "1sm", "1sq9.1"])
    async def test_does_nothing_at_buttons_that_make_no_sense(self, talk: Talk, data: str) -> None:
        shown = await talk.ask("/subscriptions")

        assert await talk.press_data(shown["message_id"], data)
