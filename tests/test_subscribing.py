"""Subscriptions in the chat: typed, pressed, listed, changed, ended."""

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.messages import Messages
from index import Article
from index.alerting import Alert
from index.store.subscriptions import Subscription
from index.subscriptions.timing import QuietHours, Rhythm, Schedule
from tests.bot_support import ARTICLES, LANS_CHAT, STORM, VIETNAM, Person, Talk, labels, talking
from tests.playground_support import ANNA, CHANNEL, ECONOMY, FORUM, GROUP, LAN, WEATHER, until

MESSAGES = Messages.load().catalogues["vi"]
MINH: Person = {"id": 1002, "name": "Minh", "language": "vi"}


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    async with talking(tmp_path) as started:
        yield started


def of(talk: Talk, chat: int = LANS_CHAT) -> list[Subscription]:
    return talk.library.subscriptions.of_chat(talk.application.bot.id, chat)


def news(number: int, title: str = "Bão mạnh đổ bộ", **more: Any) -> Article:
    text = f"Cơn bão số {number} đổ bộ vào tỉnh Quảng Bình. Ông Đinh Văn Thảo chỉ đạo chống bão."
    article = Article(
        title=f"{title} {number}",
        text=text,
        url=f"https://bao.example/bao-{number}.html",
        published=datetime(2026, 11, number, 9, 30, tzinfo=VIETNAM),
        source="Báo Thử",
    )
    return replace(article, **more)


class TestSubscribing:
    async def test_says_what_it_matched_lately_and_how_often_to_expect_an_alert(
        self, talk: Talk
    ) -> None:
        lately = datetime.now(VIETNAM) - timedelta(days=2)
        talk.library.ingest([replace(STORM, url=None, id="moi", published=lately)])

        answer = await talk.ask("/subscribe bão Quảng Ngãi")

        assert answer["text"].startswith("Đã đăng ký: bão + quảng ngãi\n30 ngày qua có 1 bài khớp")
        assert "chưa tới một tin mỗi tuần" in answer["text"]
        assert STORM.title in answer["text"]
        assert [each.wish for each in of(talk)] == ['bão "quảng ngãi"']

    async def test_to_everything_needs_no_words(self, talk: Talk) -> None:
        answer = await talk.ask("/subscribe")

        assert answer["text"].startswith("Đã đăng ký: mọi bài")
        assert [each.wish for each in of(talk)] == ["*"]

    async def test_again_to_the_same_is_no_second_subscription(self, talk: Talk) -> None:
        await talk.ask("/subscribe bão lũ")

        answer = await talk.ask("/subscribe bão lũ")

        assert answer["text"].startswith("Bạn đã đăng ký từ trước")
        assert len(of(talk)) == 1

    @pytest.mark.parametrize(
        ("words", "key"),
        [
            ("!!!", "wish_no_words"),
            ("-bóng", "wish_only_excluded"),
            ("a" * 300, "wish_too_long"),
            (" ".join(f"từ{number}x" for number in range(40)), "wish_too_many_words"),
            ("author:x", "wish_unknown_field"),
            ("title:", "wish_no_value"),
            ("bão | lũ", "wish_alternatives"),
            ("của và", "wish_too_broad"),
        ],
    )
    async def test_that_cannot_be_understood_is_explained(
        self, talk: Talk, words: str, key: str
    ) -> None:
        answer = await talk.ask(f"/subscribe {words}")

        start = MESSAGES[key].split("{")[0].split("<")[0]
        assert answer["text"].startswith(start)
        assert of(talk) == []

    async def test_to_more_than_a_chat_may_is_refused(self, tmp_path: Path) -> None:
        async with talking(tmp_path, subscriptions_per_chat=2) as talk:
            await talk.ask("/subscribe bão")
            await talk.ask("/subscribe lũ")

            assert "đã đủ 2 đăng ký" in (await talk.ask("/subscribe hạn hán"))["text"]

    async def test_again_by_editing_the_command_replaces_it(self, talk: Talk) -> None:
        sent = await talk.client.write("/subscribe bão Quang Bình")
        await talk.answer(LANS_CHAT, sent)

        await talk.client.write("/subscribe bão Quảng Bình", edit=sent)

        async def is_replaced() -> bool:
            return [each.wish for each in of(talk)] == ['bão "quảng bình"']

        await until(is_replaced)

    async def test_in_a_group_is_for_its_administrators(self, talk: Talk) -> None:
        refused = await talk.ask("/subscribe bão", user=MINH, chat=GROUP)
        accepted = await talk.ask("/subscribe bão", user=LAN, chat=GROUP)

        assert refused["text"] == MESSAGES["only_administrators"]
        assert accepted["text"].startswith("Đã đăng ký")
        assert len(of(talk, GROUP)) == 1

    async def test_under_an_answer_follows_its_topic(self, talk: Talk) -> None:
        answer = await talk.ask("khi nao bao vao quang ngai")

        assert await talk.press(answer, "🔔 Theo dõi") == ""

        (subscription,) = of(talk)
        assert "quảng ngãi" in subscription.wish
        assert "Đã đăng ký" in (await talk.answer(LANS_CHAT, answer["message_id"]))["text"]

    async def test_under_a_nothing_found_tells_when_there_is_something(self, talk: Talk) -> None:
        answer = await talk.ask("giá vàng SJC ở Tokyo?")

        assert await talk.press(answer, "🔔 Báo cho tôi khi có tin") == ""

        (subscription,) = of(talk)
        assert "sjc" in subscription.wish or "tokyo" in subscription.wish


class TestTheList:
    async def test_is_empty_at_first_and_says_how_to_begin(self, talk: Talk) -> None:
        assert "/subscribe" in (await talk.ask("/subscriptions"))["text"]

    async def test_leads_to_each_subscription_and_what_can_be_done_with_it(
        self, talk: Talk
    ) -> None:
        await talk.ask("/subscribe bão lũ")
        shown = await talk.ask("/subscriptions")
        assert "1. bão + lũ · báo ngay" in shown["text"]
        number = shown["message_id"]

        async def press(label: str) -> str:
            await talk.press(await talk.message(number), label)
            return str((await talk.message(number))["text"])

        assert "báo ngay" in await press("⚙️ 1")
        assert "đang tạm dừng" in await press("Tạm dừng")
        assert of(talk)[0].paused_at is not None
        assert "đang tạm dừng" not in await press("Bật lại")
        assert "không chuông" in await press("Tắt chuông")
        assert "không chuông" not in await press("Bật chuông")
        assert "gộp mỗi giờ" in await press("Mỗi giờ")
        await press("Mỗi ngày")
        assert "điểm tin hằng ngày lúc 07:00" in await press("07:00")
        await press("Mỗi tuần")
        await press("thứ Sáu")
        assert "điểm tin thứ Sáu hằng tuần lúc 18:00" in await press("18:00")
        schedule = of(talk)[0].schedule
        assert (schedule.rhythm, schedule.weekday, schedule.minute) == (Rhythm.WEEKLY, 4, 1080)
        assert "1. bão + lũ" in await press("‹ Danh sách")
        await press("⚙️ 1")
        await press("Bỏ đăng ký")
        assert "Chưa có đăng ký nào" in await press("Bỏ đăng ký")
        assert of(talk) == []

    @pytest.mark.parametrize(
        ("buttons", "expected"),
        [
            (["Mỗi ngày"], Schedule(Rhythm.DAILY, 6 * 60 + 45)),
            (["Mỗi tuần", "thứ Tư"], Schedule(Rhythm.WEEKLY, 6 * 60 + 45, 2)),
        ],
        ids=["daily", "weekly"],
    )
    async def test_takes_the_time_of_a_digest_as_a_reply(
        self, talk: Talk, buttons: list[str], expected: Schedule
    ) -> None:
        card = await talk.ask("/subscribe bão")
        for label in ["Tùy chỉnh", *buttons, "Gõ giờ khác"]:
            await talk.press(await talk.message(card["message_id"]), label)
        prompt = await talk.alert("giờ nhận điểm tin")

        refused = await talk.ask("25:00", reply_to=prompt["message_id"])
        accepted = await talk.ask("6h45", reply_to=prompt["message_id"])

        assert refused["text"].startswith("Tôi chưa hiểu.")
        assert "06:45" in accepted["text"]
        assert [each.schedule for each in of(talk)] == [expected]

    async def test_of_many_has_pages(self, talk: Talk) -> None:
        for number in range(12):
            await talk.ask(f"/subscribe bão số {number}")
        shown = await talk.ask("/subscriptions")
        assert "10." in shown["text"]
        assert "11." not in shown["text"]

        await talk.press(shown, "Thêm ›")

        assert "12." in (await talk.message(shown["message_id"]))["text"]

    async def test_takes_new_words_and_names_as_replies(self, talk: Talk) -> None:
        shown = await talk.ask("/subscriptions")
        await talk.press(shown, "+ Thêm")
        prompt = await talk.alert("từ khóa muốn theo dõi")
        answer = await talk.ask("bao lu", reply_to=prompt["message_id"])
        assert answer["text"].startswith("Đã đăng ký: bao + lu")

        await talk.press(answer, "Tùy chỉnh")
        card = await talk.message(answer["message_id"])
        await talk.press(card, "Đổi tên")
        prompt = await talk.alert("ghi tên mới")
        renamed = await talk.ask("Thời tiết <xấu>", reply_to=prompt["message_id"])
        assert renamed["text"].startswith("Thời tiết <xấu>\nbao + lu\nbáo ngay")
        await talk.press(card, "Sửa từ khóa")
        prompt = await talk.alert("từ khóa thay thế")
        assert "bao + lu" in prompt["text"]
        edited = await talk.ask('"hạn hán" -phim', reply_to=prompt["message_id"])
        assert "hạn hán, trừ phim" in edited["text"]
        assert of(talk)[0].wish == '"hạn hán" -phim'

    async def test_takes_a_caption_as_a_reply_and_nothing_for_nothing(self, talk: Talk) -> None:
        shown = await talk.ask("/subscriptions")
        await talk.press(shown, "+ Thêm")
        prompt = await talk.alert("từ khóa muốn theo dõi")

        sent = await talk.client.write("", photo=True, reply_to=prompt["message_id"])
        assert (await talk.answer(LANS_CHAT, sent))["text"] == MESSAGES["not_text"]
        assert of(talk) == []
        captioned = await talk.client.write("bão lũ", photo=True, reply_to=prompt["message_id"])
        assert (await talk.answer(LANS_CHAT, captioned))["text"].startswith("Đã đăng ký: bão + lũ")
        assert (await talk.ask("!!!", reply_to=prompt["message_id"]))["text"].startswith(
            "Tôi không thấy từ nào"
        )
        assert [each.wish for each in of(talk)] == ["bão + lũ"]

    async def test_is_not_changed_by_an_article_whose_address_poses_as_a_prompt(
        self, talk: Talk
    ) -> None:
        await talk.ask("/subscribe bão")
        number = of(talk)[0].id
        posing = f"https://t.me/hoibao_bot?start=e_{number}"
        talk.library.ingest([news(1, url=posing, id="gia", title="✍️ Bài giả")])
        latest = await talk.ask("/latest")
        assert "Bài giả" in latest["text"]

        await talk.ask("ai chỉ đạo?", reply_to=latest["message_id"])

        assert [each.wish for each in of(talk)] == ["bão"]

    async def test_in_a_group_asks_whoever_pressed(self, talk: Talk) -> None:
        shown = await talk.ask("/subscriptions", chat=GROUP)
        await talk.press(shown, "+ Thêm", chat=GROUP)

        prompt = await talk.alert("từ khóa muốn theo dõi", GROUP)

        assert prompt["force_reply"]["from"] == [LAN["id"]]
        answer = await talk.ask("bão", chat=GROUP, reply_to=prompt["message_id"])
        assert answer["text"].startswith("Đã đăng ký: bão")

    async def test_of_others_cannot_be_changed(self, talk: Talk) -> None:
        await talk.ask("/subscribe bão", chat=GROUP)
        mine = of(talk, GROUP)[0]
        shown = await talk.ask("/subscriptions", chat=GROUP)
        data = shown["buttons"][0][0]["data"]

        notice = await talk.press_data(shown["message_id"], data, user=MINH, chat=GROUP)
        elsewhere = await talk.ask("/subscriptions", user=MINH)
        stolen = await talk.press_data(elsewhere["message_id"], data, user=MINH)

        assert notice == stolen == MESSAGES["notice_only_administrators"]
        assert of(talk, GROUP) == [mine]

    @pytest.mark.parametrize("data", ["1sc", "1sczz", "1sh", "1si1.1", "1sZ1.zz", "1sm", "1sq9.1"])
    async def test_does_nothing_at_buttons_that_make_no_sense(self, talk: Talk, data: str) -> None:
        shown = await talk.ask("/subscriptions")

        assert await talk.press_data(shown["message_id"], data)


class TestUnsubscribing:
    async def test_takes_words_or_a_number_and_asks_once_more(self, talk: Talk) -> None:
        await talk.ask("/subscribe bão lũ")
        await talk.ask("/subscribe hạn hán")

        by_number = await talk.ask("/unsubscribe 1")
        assert by_number["text"] == "Bỏ đăng ký bão + lũ?"
        await talk.press(by_number, "Giữ lại")
        by_words = await talk.ask("/unsubscribe hạn hán")
        assert await talk.press(by_words, "Bỏ đăng ký") == "Đã bỏ đăng ký “hạn hán”."

        assert [each.wish for each in of(talk)] == ["bão + lũ"]
        assert "không thấy" in (await talk.ask("/unsubscribe bóng đá"))["text"]
        assert "bão + lũ" in (await talk.ask("/unsubscribe"))["text"]


class TestQuietHours:
    async def test_are_typed_or_chosen_with_a_time_zone(self, talk: Talk) -> None:
        chats = talk.library.chats
        answer = await talk.ask("/quiet 22:30-6h15")
        assert "22:30–06:15 (giờ Hà Nội)" in answer["text"]
        assert chats.get(LANS_CHAT).quiet == QuietHours(1350, 375)

        await talk.press(answer, "22:00–07:00")
        assert chats.get(LANS_CHAT).quiet == QuietHours(1320, 420)
        chosen = await talk.message(answer["message_id"])
        await talk.press(chosen, "Múi giờ: Hà Nội")
        await talk.press(await talk.message(answer["message_id"]), "Berlin, Praha, Paris")
        assert chats.get(LANS_CHAT).time_zone == "Europe/Berlin"
        await talk.ask("/quiet 23-7 Europe/Warsaw")
        assert chats.get(LANS_CHAT).time_zone == "Europe/Warsaw"
        await talk.ask("/quiet tắt")
        assert chats.get(LANS_CHAT).quiet is None

    async def test_of_other_hours_are_typed_as_a_reply(self, talk: Talk) -> None:
        await talk.press(await talk.ask("/quiet"), "Gõ giờ khác")
        prompt = await talk.alert("giờ bắt đầu và giờ kết thúc")

        refused = await talk.ask("tối", reply_to=prompt["message_id"])
        accepted = await talk.ask("22g30 đến 6 giờ", reply_to=prompt["message_id"])

        assert refused["text"].startswith("Tôi chưa hiểu.")
        assert "22:30–06:00" in accepted["text"]
        assert talk.library.chats.get(LANS_CHAT).quiet == QuietHours(1350, 360)

    @pytest.mark.parametrize("words", ["tối", "25-26", "22:70-6:00", "22:00", "6-6"])
    async def test_that_are_none_are_explained(self, talk: Talk, words: str) -> None:
        answer = await talk.ask(f"/quiet {words}")

        assert answer["text"].startswith("Tôi chưa hiểu.")

    @pytest.mark.parametrize("zone", ["Mars/Olympus", "America/Argentina", "Europe"])
    async def test_in_a_zone_that_there_is_not_are_explained_and_not_kept(
        self, talk: Talk, zone: str
    ) -> None:
        answer = await talk.ask(f"/quiet 22:00-6:00 {zone}")

        assert zone in answer["text"]
        assert talk.library.chats.get(LANS_CHAT).quiet is None

    @pytest.mark.parametrize(
        ("typed", "zone"), [("asia/tokyo", "Asia/Tokyo"), ("Etc/GMT+7", "Etc/GMT+7")]
    )
    async def test_take_any_zone_in_any_case(self, talk: Talk, typed: str, zone: str) -> None:
        await talk.ask(f"/quiet 22:00-6:00 {typed}")

        assert talk.library.chats.get(LANS_CHAT).time_zone == zone

    async def test_of_an_old_button_change_nothing(self, talk: Talk) -> None:
        answer = await talk.ask("/quiet 22:00-6:00")
        data = next(b["data"] for b in answer["buttons"][0]).rsplit(".", 1)[0] + ".zz"

        assert await talk.press_data(answer["message_id"], data) == MESSAGES["notice_old_list"]
        assert talk.library.chats.get(LANS_CHAT).quiet == QuietHours(1320, 360)


class TestWhatIsStored:
    async def test_is_given_as_json_and_forgotten(self, talk: Talk) -> None:
        answer = await talk.ask("bão vào đâu?")
        await talk.press(answer, "👍")
        await talk.ask("/subscribe bão")

        exported = await talk.ask("/export")
        assert '"wish": "bão"' in exported["text"]
        assert '"is_good": true' in exported["text"]
        assert "bão vào đâu" not in exported["text"]
        asked = await talk.ask("/forget")
        assert asked["text"] == MESSAGES["forget_surely"]
        assert len(of(talk)) == 1
        await talk.press(asked, "Xóa hết")

        assert (await talk.message(asked["message_id"]))["text"] == MESSAGES["forgotten"]
        assert of(talk) == []
        assert list(talk.library.feedback.all()) == []
        assert (await talk.ask("/forget"))["text"] == MESSAGES["forgotten_nothing"]

    async def test_is_kept_if_it_was_not_meant(self, talk: Talk) -> None:
        await talk.ask("/subscribe bão")
        asked = await talk.ask("/forget")

        await talk.press(asked, "Giữ lại")

        assert (await talk.message(asked["message_id"]))["text"] == MESSAGES["not_forgotten"]
        assert len(of(talk)) == 1

    async def test_on_a_group_is_forgotten_by_its_administrators_alone(self, talk: Talk) -> None:
        await talk.ask("/subscribe bão", chat=GROUP)
        asked = await talk.ask("/forget", chat=GROUP)

        refused = await talk.press(asked, "Xóa hết", user=MINH, chat=GROUP)
        assert refused == MESSAGES["notice_only_administrators"]
        assert len(of(talk, GROUP)) == 1
        await talk.press(asked, "Xóa hết", chat=GROUP)
        assert of(talk, GROUP) == []

    async def test_on_a_group_leaves_out_who_voted(self, talk: Talk) -> None:
        answer = await talk.ask("/ask bão vào đâu?", chat=GROUP)
        await talk.press(answer, "👎", user=MINH, chat=GROUP)

        exported = await talk.ask("/export", chat=GROUP)

        assert '"is_good": false' in exported["text"]
        assert str(MINH["id"]) not in exported["text"]

    async def test_comes_as_a_file_if_it_is_long(self, talk: Talk) -> None:
        for number in range(20):
            await talk.ask(f'/subscribe "{"bão lụt lớn " * 6}" {number}x')

        exported = await talk.ask("/export")

        assert exported["document"] == "hoibao.json"
        number = exported["message_id"]
        path = f"/playground/chats/{LANS_CHAT}/messages/{number}/document"
        stored = (await talk.client.http.get(path)).json()
        assert len(stored["subscriptions"]) == 20

    async def test_of_votes_is_the_quote_and_the_last_word_of_each_person(self, talk: Talk) -> None:
        answer = await talk.ask("bão vào đâu?")

        assert await talk.press(answer, "👍") == "Cảm ơn bạn!"
        await talk.press(answer, "👎")

        (vote,) = talk.library.feedback.all()
        assert not vote.is_good
        assert vote.text in STORM.text + STORM.title
        assert vote.question is None

    async def test_of_votes_has_the_question_if_the_operator_wants_it(self, tmp_path: Path) -> None:
        async with talking(tmp_path, keep_questions=True) as talk:
            answer = await talk.ask("bão vào đâu?")
            await talk.press(answer, "👍")

            (vote,) = talk.library.feedback.all()
            assert vote.question == "bão vào đâu?"


async def test_alerts_speak_the_language_in_which_they_were_asked_for(talk: Talk) -> None:
    await talk.ask("/subscribe bão", user=ANNA)

    talk.library.ingest([news(1)], alert=Alert.ALL)

    alert = await talk.alert("Bão mạnh", ANNAS_CHAT)
    assert "Sunday, 1 November 2026" in alert["text"]


ANNAS_CHAT = 1003


class TestAlerts:
    async def test_come_with_title_sentence_source_date_and_what_for(self, talk: Talk) -> None:
        await talk.ask("/subscribe quang binh")

        talk.library.ingest([news(1), news(2, text="Tin khác hẳn, ở nơi khác.")], alert=Alert.ALL)

        alert = await talk.alert("Bão mạnh đổ bộ 1")
        assert "vào tỉnh <b>Quảng Bình</b>" in alert["html"]
        assert "https://bao.example/bao-1.html#:~:text=" in alert["html"]
        assert alert["text"].endswith("Báo Thử · Chủ Nhật, 01/11/2026 09:30\n🔔 quang binh")
        assert labels(alert) == ["Hỏi về bài này", "Bớt tin kiểu này", "Bỏ đăng ký"]

    async def test_are_asked_by_a_reply(self, talk: Talk) -> None:
        await talk.ask("/subscribe bão")
        talk.library.ingest([news(1)], alert=Alert.ALL)
        alert = await talk.alert("Bão mạnh")

        answer = await talk.ask("ai chỉ đạo?", reply_to=alert["message_id"])

        assert answer["text"].startswith("Trong bài này:")
        assert "Đinh Văn Thảo" in answer["text"]

    async def test_are_asked_about_for_a_while_at_a_button(self, talk: Talk) -> None:
        await talk.ask("/subscribe bão")
        talk.library.ingest([news(1)], alert=Alert.ALL)
        alert = await talk.alert("Bão mạnh")

        assert await talk.press(alert, "Hỏi về bài này") == ""
        said = await talk.answer(LANS_CHAT, alert["message_id"])
        first = await talk.ask("ai chỉ đạo?")
        second = await talk.ask("bão số mấy?")
        assert first["text"].startswith("Trong bài này:")
        assert second["text"].startswith("Trong bài này:")

        await talk.press(said, "Hỏi mọi bài")
        assert not (await talk.ask("bão số mấy?"))["text"].startswith("Trong bài này:")

    async def test_of_one_kind_become_fewer_at_a_button(self, talk: Talk) -> None:
        await talk.ask("/subscribe bão")
        talk.library.ingest([news(1, title="Nghệ sĩ Hoài Linh kể chuyện bão")], alert=Alert.ALL)
        alert = await talk.alert("Hoài Linh")

        await talk.press(alert, "Bớt tin kiểu này")
        offered = await talk.message(alert["message_id"])
        (label,) = [each for each in labels(offered) if "hoài linh" in each]
        assert await talk.press(offered, label) == "Từ giờ bỏ qua tin có “hoài linh”."

        assert of(talk)[0].wish == 'bão -"hoài linh"'
        assert labels(await talk.message(alert["message_id"])) == labels(alert)

    async def test_end_or_pause_at_a_button_that_asks_once_more(self, talk: Talk) -> None:
        await talk.ask("/subscribe bão")
        talk.library.ingest([news(1)], alert=Alert.ALL)
        alert = await talk.alert("Bão mạnh")
        await talk.press(alert, "Bớt tin kiểu này")
        await talk.press(await talk.message(alert["message_id"]), "Tạm dừng")
        assert of(talk)[0].paused_at

        await talk.press(alert, "Bỏ đăng ký")
        await talk.press(await talk.message(alert["message_id"]), "Giữ lại")
        await talk.press(await talk.message(alert["message_id"]), "Bỏ đăng ký")
        assert await talk.press(await talk.message(alert["message_id"]), "Bỏ đăng ký “bão”")

        assert of(talk) == []
        assert labels(await talk.message(alert["message_id"])) == ["Hỏi về bài này"]

    async def test_at_once_are_one_message(self, talk: Talk) -> None:
        await talk.ask("/subscribe bão")

        talk.library.ingest([news(number) for number in (1, 2, 3)], alert=Alert.ALL)

        alert = await talk.alert("3 bài mới")
        for number in (1, 2, 3):
            assert f"bao-{number}.html" in alert["html"]
        assert await talk.press(alert, "Quản lý đăng ký") == ""
        await talk.alert("1. bão · báo ngay")

    async def test_in_a_digest_are_one_message_by_subscription_with_counts(
        self, tmp_path: Path
    ) -> None:
        later = 0.0
        async with talking(tmp_path, clock=lambda: time.time() + later) as talk:
            answers = [await talk.ask(f"/subscribe {words}") for words in ("bão", "hạn hán")]
            for answer in answers:
                await talk.press(answer, "Tùy chỉnh")
                await talk.press(await talk.message(answer["message_id"]), "Mỗi giờ")
            dry = news(30, title="Hạn hán", text="Hạn hán kéo dài ở miền Nam.")
            talk.library.ingest([*(news(n) for n in range(1, 26)), dry], alert=Alert.ALL)

            later = 3600.0

            digest = await talk.alert("Điểm tin · 26 bài")
            assert "bão (25)" in digest["text"]
            assert "… và 5 bài nữa" in digest["text"]
            assert "hạn hán (1)" in digest["text"]
            await until(lambda: _all_sent(talk, 26))

    async def test_come_to_each_chat_once_and_to_a_group(self, talk: Talk) -> None:
        await talk.ask("/subscribe bão")
        await talk.ask("/subscribe quảng bình")
        await talk.ask("/subscribe bão", user=MINH)
        await talk.ask("/subscribe bão", chat=GROUP)

        talk.library.ingest([news(1)], alert=Alert.ALL)

        for chat in (LANS_CHAT, MINH["id"], GROUP):
            await talk.alert("Bão mạnh đổ bộ 1", chat)
        await until(lambda: _all_sent(talk, 3))
        found = [m for m in await talk.client.messages() if "Bão mạnh đổ bộ 1" in m["text"]]
        assert len(found) == 1

    async def test_stop_for_whoever_blocks_the_bot_until_start(self, talk: Talk) -> None:
        await talk.ask("/subscribe bão")
        await talk.client.post("/membership", user=LAN, chat=LANS_CHAT, status="kicked")

        async def given_up() -> bool:
            return talk.library.chats.get(LANS_CHAT).inactive_since is not None

        await until(given_up)
        talk.library.ingest([news(1)], alert=Alert.ALL)
        assert talk.library.outbox.tally() == {}
        await talk.ask("/start")
        talk.library.ingest([news(2)], alert=Alert.ALL)

        await talk.alert("Bão mạnh đổ bộ 2")


class TestTopicsAndChannels:
    async def test_an_alert_comes_to_the_topic_where_it_was_asked_for(self, talk: Talk) -> None:
        await talk.client.write("/subscribe bão", chat=FORUM, topic=WEATHER)
        await until(lambda: _subscribed(talk, FORUM))

        talk.library.ingest([news(1)], alert=Alert.ALL)

        alert = await talk.alert("Bão mạnh", FORUM)
        assert alert["topic"] == WEATHER
        await talk.client.write("/subscriptions", chat=FORUM, topic=ECONOMY)
        await until(lambda: _says(talk, FORUM, "ở chủ đề khác"))

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
        prompt = await talk.alert("từ khóa muốn theo dõi")
        answer = await talk.ask("bão", reply_to=prompt["message_id"])
        assert answer["text"].startswith("Đã đăng ký: bão")
        talk.library.ingest([news(1)], alert=Alert.ALL)

        await until(lambda: _says(talk, CHANNEL, "Bão mạnh"))
        (post,) = await talk.client.messages(CHANNEL)
        ((button,),) = post["buttons"]
        assert button["url"].startswith("https://t.me/hoibao_bot?start=a_")
        elsewhere = await talk.ask("/subscriptions", user=MINH)
        notice = await talk.press_data(elsewhere["message_id"], data, user=MINH)
        assert notice == MESSAGES["notice_only_administrators"]
        assert len(of(talk, CHANNEL)) == 1

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
        await talk.press(await talk.message(shown["message_id"]), "Gõ giờ khác")
        prompt = await talk.alert("giờ bắt đầu và giờ kết thúc")
        await talk.ask("22:30-6:15", reply_to=prompt["message_id"])
        assert talk.library.chats.get(CHANNEL).quiet == QuietHours(1350, 375)

        exported = await _chosen(talk, "/export")
        assert '"quiet_from": 1350' in (await talk.answer(LANS_CHAT, exported))["text"]
        await _chosen(talk, "/forget")
        asked = await talk.alert("Xóa mọi thứ tôi lưu về kênh Bản tin Sông Thương")
        data = asked["buttons"][0][0]["data"]
        elsewhere = await talk.ask("/subscriptions", user=MINH)
        notice = await talk.press_data(elsewhere["message_id"], data, user=MINH)
        assert notice == MESSAGES["notice_only_administrators"]
        assert talk.library.chats.get(CHANNEL).title == "Bản tin Sông Thương"
        await talk.press(asked, "Xóa hết")

        assert not any(talk.library.chats.stored(CHANNEL).values())
        assert len(of(talk)) == 1

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
        talk.library.ingest([news(1)], alert=Alert.ALL)
        await until(lambda: _channels(talk, 0))

        await talk.client.write("/subscriptions")
        offered = await talk.alert("Kênh của bạn")
        await talk.press(offered, "⚠️ Bản tin Sông Thương")
        shown = await talk.alert("Telegram không cho tôi gửi tin vào đây nữa")
        assert "báo ngay · không gửi được" in shown["text"]
        await talk.press(shown, "⚙️ 1")
        card = await talk.message(shown["message_id"])
        assert "Telegram không cho tôi gửi tin vào đây nữa" in card["text"]
        assert await talk.press(card, "Gửi lại") == MESSAGES["notice_sends_again"]

        listed = await talk.message(shown["message_id"])
        assert "không" not in listed["text"]
        assert "Gửi lại" not in labels(listed)
        talk.library.ingest([news(2)], alert=Alert.ALL)
        await until(lambda: _says(talk, CHANNEL, "Bão mạnh đổ bộ 2"))


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
    return bool(of(talk, chat))


async def _says(talk: Talk, chat: int, words: str) -> bool:
    return any(words in message["text"] for message in await talk.client.messages(chat))


async def _channels(talk: Talk, count: int) -> bool:
    channels = talk.library.chats.channels()
    return len([each for each in channels if each.inactive_since is None]) == count


async def _all_sent(talk: Talk, count: int) -> bool:
    return talk.library.outbox.tally() == {"sent": count}


async def test_articles_that_were_there_before_are_no_news(talk: Talk) -> None:
    await talk.ask("/subscribe")

    talk.library.ingest(ARTICLES)

    assert talk.library.outbox.tally() == {}
