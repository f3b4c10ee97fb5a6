"""Quiet hours of a chat, typed and pressed."""

import unicodedata
from typing import Literal

import pytest

from bot.chat_settings.quiet_hours import parse_clock
from index.models.schedule import QuietHours
from tests.support.bot import LANS_CHAT, MESSAGES, Talk


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
        await talk.press(await talk.ask("/quiet"), MESSAGES["button_other_hours"])
        prompt = await talk.alert("giờ bắt đầu và giờ kết thúc")

        refused = await talk.ask("tối", reply_to=prompt["message_id"])
        accepted = await talk.ask("22g30 đến 6 giờ", reply_to=prompt["message_id"])

        assert refused["text"].startswith("Tôi chưa hiểu.")
        assert "22:30–06:00" in accepted["text"]
        assert talk.library.chats.get(LANS_CHAT).quiet == QuietHours(1350, 360)

    @pytest.mark.parametrize(
        ("words", "hours"),
        [
            ("22 giờ đến 6 giờ", QuietHours(1320, 360)),
            ("10 giờ tối - 6 giờ sáng", QuietHours(1320, 360)),
            ("tắt", None),
        ],
    )
    @pytest.mark.parametrize("form", ["NFC", "NFD"])
    async def test_are_read_in_both_forms_of_unicode(
        self, talk: Talk, words: str, hours: QuietHours | None, form: Literal["NFC", "NFD"]
    ) -> None:
        await talk.ask("/quiet 21:00-5:00")

        await talk.ask(unicodedata.normalize(form, f"/quiet {words}"))
        assert talk.library.chats.get(LANS_CHAT).quiet == hours

        await talk.press(await talk.ask("/quiet 21:00-5:00"), MESSAGES["button_other_hours"])
        await talk.alert("giờ bắt đầu và giờ kết thúc")
        await talk.ask(unicodedata.normalize(form, words))
        assert talk.library.chats.get(LANS_CHAT).quiet == hours

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


@pytest.mark.parametrize(
    ("typed", "minute"),
    [
        ("6:45", 405),
        ("06h45", 405),
        ("6g", 360),
        ("18 giờ 30", 1110),
        ("7 GIO", 420),
        (" 7 ", 420),
        ("24:00", 1440),
        ("24:01", None),
        ("6:60", None),
        ("6:4", None),
        ("645", None),
        ("6:45 sáng", 405),
        ("7h sang", 420),
        ("8 giờ tối", 1200),
        ("3 gio chieu", 900),
        ("12h trưa", 720),
        ("11h trưa", 660),
        ("1h trưa", 780),
        ("19h tối", 1140),
        ("7:30 PM", 1170),
        ("7am", 420),
        ("12h tối", None),
        ("12am", 0),
        ("12:30 AM", 30),
        ("12pm", 720),
        ("12:15pm", 735),
        ("13am", None),
        ("7 giờ nữa", None),
        ("", None),
    ],
)
def test_a_typed_time_is_read_or_refused(typed: str, minute: int | None) -> None:
    assert parse_clock(typed) == minute
