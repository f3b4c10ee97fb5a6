"""Bare `/subscribe`: it asks for words and offers some, and subscribes to nothing by itself."""

from pathlib import Path
from typing import Any

import pytest

from index import Article
from tests.support.bot import ANNAS_CHAT, ARTICLES, LANS_CHAT, MESSAGES, Talk, labels, talking
from tests.support.playground import ANNA, CHANNEL, GROUP, LAN, MINH
from tests.support.subscriptions import subscriptions_of
from tests.support.waiting import until

ASKED = "Bạn muốn nhận tin về gì?"


async def offer(talk: Talk, chat: int = LANS_CHAT, asked: str = ASKED) -> dict[str, Any]:
    user = ANNA if chat == ANNAS_CHAT else LAN
    await talk.client.write("/subscribe", user=user, chat=chat)
    return await talk.alert(asked, chat)


class TestOffers:
    async def test_ask_for_words_and_subscribe_to_nothing(self, talk: Talk) -> None:
        shown = await offer(talk)

        assert subscriptions_of(talk) == []
        assert labels(shown)[-3:] == ["Mọi bài", "🗞 Bản tin hằng ngày", "Tự nhập từ khóa"]

    async def test_name_subjects_of_the_newest_titles(self, talk: Talk) -> None:
        shown = await offer(talk)

        await talk.press(shown, "🔔 Quảng Ngãi")

        added = await talk.answer(LANS_CHAT, shown["message_id"])
        assert added["text"].startswith("Đã đăng ký nhận tin: Quảng Ngãi")
        assert [each.wish for each in subscriptions_of(talk)] == ['"Quảng Ngãi"']

    async def test_of_every_article_are_accepted_by_a_button(self, talk: Talk) -> None:
        shown = await offer(talk)

        await talk.press(shown, "Mọi bài")

        assert [each.wish for each in subscriptions_of(talk)] == ["*"]

    async def test_are_answered_by_a_reply_with_words(self, talk: Talk) -> None:
        shown = await offer(talk)

        answer = await talk.ask("bão lũ", reply_to=shown["message_id"])

        assert answer["text"].startswith("Đã đăng ký nhận tin: bão lũ")

    async def test_open_a_reply_for_words_by_a_button(self, talk: Talk) -> None:
        shown = await offer(talk, GROUP)
        await talk.press(shown, "Tự nhập từ khóa", chat=GROUP)

        prompt = await talk.alert("từ khóa muốn nhận tin", GROUP)

        assert prompt["force_reply"]["from"] == [LAN["id"]]

    async def test_in_english_are_in_english(self, talk: Talk) -> None:
        shown = await offer(talk, ANNAS_CHAT, "What should I alert you about?")

        assert labels(shown)[-3:] == ["Every article", "🗞 Daily bulletin", "Type keywords"]

    async def test_in_a_group_are_for_its_administrators(self, talk: Talk) -> None:
        refused = await talk.ask("/subscribe", user=MINH, chat=GROUP)
        shown = await offer(talk, GROUP)
        notice = await talk.press(shown, "Mọi bài", user=MINH, chat=GROUP)
        nothing = subscriptions_of(talk, GROUP)
        await talk.press(shown, "Mọi bài", chat=GROUP)

        assert refused["text"] == MESSAGES["only_administrators"]
        assert notice == MESSAGES["notice_only_administrators"]
        assert nothing == []
        assert [each.wish for each in subscriptions_of(talk, GROUP)] == ["*"]

    async def test_where_nothing_is_stored_name_no_subjects(self, tmp_path: Path) -> None:
        async with talking(tmp_path, ()) as talk:
            shown = await offer(talk)

        assert labels(shown) == ["Mọi bài", "🗞 Bản tin hằng ngày", "Tự nhập từ khóa"]

    async def test_leave_out_names_that_fit_no_button(self, tmp_path: Path) -> None:
        long = " ".join(["Nguyễn"] * 12)
        article = Article(title=f"Gặp ông {long}", text="Ông kể chuyện làng. Ai cũng nghe.", id="x")
        async with talking(tmp_path, (*ARTICLES, article)) as talk:
            shown = await offer(talk)

        assert not any("Nguyễn" in label for label in labels(shown))

    async def test_for_a_channel_of_others_are_refused(self, talk: Talk) -> None:
        shown = await offer(talk)
        data = f"1sV{_base36(CHANNEL)}.*"

        notice = await talk.press_data(shown["message_id"], data)

        assert notice == MESSAGES["notice_only_administrators"]
        assert subscriptions_of(talk, CHANNEL) == []

    async def test_for_a_channel_subscribe_it_from_the_private_chat(self, talk: Talk) -> None:
        await talk.client.post("/membership", user=LAN, chat=CHANNEL, status="administrator")
        greeting = await talk.alert("lên kênh Bản tin Sông Thương")

        await talk.press_data(greeting["message_id"], f"1sV{_base36(CHANNEL)}.*")

        async def is_subscribed() -> bool:
            return [each.wish for each in subscriptions_of(talk, CHANNEL)] == ["*"]

        await until(is_subscribed)

    @pytest.mark.parametrize("words", ["của", "-phim", "!!!"])
    async def test_of_words_that_cannot_be_subscribed_to_are_refused(
        self, talk: Talk, words: str
    ) -> None:
        shown = await offer(talk)

        notice = await talk.press_data(shown["message_id"], f"1sV{_base36(LANS_CHAT)}.{words}")

        assert notice == MESSAGES["notice_no_topic"]
        assert subscriptions_of(talk) == []


def _base36(number: int) -> str:
    digits = ""
    rest = abs(number)
    while rest:
        rest, digit = divmod(rest, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return "-" * (number < 0) + digits
