"""`/settings`: one card for language, quiet hours, the time of digests and sound."""

from typing import Any

from index.alerts.announcer import Alert
from index.models.schedule import QuietHours, Rhythm, Schedule
from tests.support.bot import ANNAS_CHAT, LANS_CHAT, MESSAGES, Talk, labels
from tests.support.playground import ANNA, CHANNEL, GROUP, LAN, MINH
from tests.support.subscriptions import numbered_article, subscriptions_of


async def after(
    talk: Talk, card: dict[str, Any], label: str, chat: int = LANS_CHAT
) -> dict[str, Any]:
    """Press a button of a card, and return the card as it is then."""
    await talk.press(card, label, chat=chat)
    return await talk.message(card["message_id"], chat)


class TestSettingsCard:
    async def test_shows_what_is_set(self, talk: Talk) -> None:
        card = await talk.ask("/settings")

        assert card["text"] == (
            "Cài đặt\n\nNgôn ngữ: Tiếng Việt.\nChưa đặt giờ yên tĩnh.\n"
            "Giờ điểm tin: 07:00, cho điểm tin hằng ngày và hằng tuần.\nTin gửi có chuông.\n"
            "Tin và danh sách bài có ảnh xem trước."
        )
        assert labels(card) == [
            "✓ Tiếng Việt",
            "English",
            "Giờ yên tĩnh",
            "Giờ điểm tin",
            "🗞 Bản tin hằng ngày",
            "Tắt chuông",
            "Tắt ảnh xem trước",
            "Đăng ký nhận tin",
        ]

    async def test_changes_the_language_and_shows_itself_in_it(self, talk: Talk) -> None:
        card = await after(talk, await talk.ask("/settings"), "English")

        assert card["text"].startswith("Settings\n\nLanguage: English.")
        assert talk.library.chats.language(LANS_CHAT) == "en"
        card = await after(talk, card, "Tiếng Việt")
        assert card["text"].startswith("Cài đặt\n\nNgôn ngữ: Tiếng Việt.")

    async def test_leads_to_the_quiet_hours_and_back(self, talk: Talk) -> None:
        card = await after(talk, await talk.ask("/settings"), "Giờ yên tĩnh")
        card = await after(talk, card, "22:00–07:00")
        card = await after(talk, card, "‹ Cài đặt")

        assert "Giờ yên tĩnh: 22:00–07:00 (giờ Hà Nội)." in card["text"]
        assert talk.library.chats.get(LANS_CHAT).quiet == QuietHours(1320, 420)

    async def test_sets_the_time_of_digests_that_are_and_come(self, talk: Talk) -> None:
        stored = talk.library.subscriptions
        await talk.ask("/subscribe bão")
        number = subscriptions_of(talk)[0].id
        stored.set_schedule(number, Schedule(Rhythm.DAILY), 0)

        card = await after(talk, await talk.ask("/settings"), "Giờ điểm tin")
        assert "✓ 07:00" in labels(card)
        card = await after(talk, card, "18:00")
        await talk.ask("/subscribe lũ")

        assert "Giờ điểm tin: 18:00" in card["text"]
        minutes = [each.schedule.minute for each in subscriptions_of(talk)]
        assert minutes == [18 * 60, 18 * 60]

    async def test_silences_the_subscriptions_that_are_and_come(self, talk: Talk) -> None:
        await talk.ask("/subscribe bão")

        card = await after(talk, await talk.ask("/settings"), "Tắt chuông")
        await talk.ask("/subscribe lũ")
        talk.library.ingest([numbered_article(1)], alert=Alert.ALL)

        assert "Tin gửi không chuông." in card["text"]
        assert [each.is_silent for each in subscriptions_of(talk)] == [True, True]
        assert (await talk.alert("Bão mạnh"))["silent"] is True
        card = await after(talk, card, "Bật chuông")
        assert [each.is_silent for each in subscriptions_of(talk)] == [False, False]

    async def test_in_a_group_is_for_its_administrators(self, talk: Talk) -> None:
        refused = await talk.ask("/settings", user=MINH, chat=GROUP)
        card = await talk.ask("/settings", chat=GROUP)
        notice = await talk.press(card, "English", user=MINH, chat=GROUP)
        await talk.press(card, "English", chat=GROUP)

        assert refused["text"] == MESSAGES["only_administrators"]
        assert notice == MESSAGES["notice_only_administrators"]
        assert talk.library.chats.language(GROUP) == "en"

    async def test_of_a_channel_is_opened_in_the_private_chat(self, talk: Talk) -> None:
        await talk.client.post("/membership", user=LAN, chat=CHANNEL, status="administrator")
        await talk.alert("lên kênh Bản tin Sông Thương")
        await talk.client.write("/settings")
        offered = await talk.alert("Kênh của bạn")
        await talk.press(offered, "Bản tin Sông Thương")
        card = await talk.alert("Cài đặt · Bản tin Sông Thương")

        card = await after(talk, card, "English")
        card = await after(talk, card, "Tắt chuông")

        assert card["text"].startswith("Cài đặt · Bản tin Sông Thương\n\nNgôn ngữ: English.")
        assert talk.library.chats.get(CHANNEL).language == "en"
        assert talk.library.chats.get(CHANNEL).is_silent
        assert talk.library.chats.language(LANS_CHAT) != "en"

    async def test_is_forgotten_with_all_else(self, talk: Talk) -> None:
        card = await talk.ask("/settings", user=ANNA)
        await talk.press(card, "Mute", user=ANNA)
        asked = await talk.ask("/forget", user=ANNA)
        await talk.press(asked, "Delete all", user=ANNA)

        assert not talk.library.chats.get(ANNAS_CHAT).is_silent

    async def test_moves_with_a_group_that_becomes_a_supergroup(self, talk: Talk) -> None:
        await talk.press(await talk.ask("/settings", chat=GROUP), "Tắt chuông", chat=GROUP)

        talk.library.chats.migrate(GROUP, -100999)

        assert talk.library.chats.get(-100999).is_silent
