"""The card of a subscription lets single words be left out; the last one stays."""

from typing import Any

from bot.subscriptions.views import droppable
from index.alerts.parser import parse
from index.language.analyser import Analyser
from tests.support.bot import LANS_CHAT, MESSAGES, Talk, labels
from tests.support.playground import GROUP, MINH
from tests.support.subscriptions import subscriptions_of

ANALYSER = Analyser()


async def card_of(talk: Talk, words: str, chat: int = LANS_CHAT) -> dict[str, Any]:
    added = await talk.ask(f"/subscribe {words}", chat=chat)
    await talk.press(added, "Tùy chỉnh", chat=chat)
    return await talk.message(added["message_id"], chat)


def drops(message: dict[str, Any]) -> list[str]:
    return [label for label in labels(message) if label.startswith("✕")]


class TestDropping:
    async def test_leaves_out_a_word_until_one_is_left(self, talk: Talk) -> None:
        card = await card_of(talk, "bão lũ Quảng Ngãi")
        assert drops(card) == ["✕ bão", "✕ lũ", "✕ Quảng Ngãi"]

        await talk.press(card, "✕ lũ")
        card = await talk.message(card["message_id"])
        assert card["text"].startswith("bão Quảng Ngãi\n")
        assert drops(card) == ["✕ bão", "✕ Quảng Ngãi"]
        await talk.press(card, "✕ bão")

        card = await talk.message(card["message_id"])
        assert drops(card) == []
        assert [each.wish for each in subscriptions_of(talk)] == ['"Quảng Ngãi"']

    async def test_names_sources_and_excluded_words(self, talk: Talk) -> None:
        card = await card_of(talk, "bão nguồn:Báo -phim")

        assert drops(card) == ["✕ bão", "✕ nguồn: Báo", "✕ trừ phim"]

    async def test_of_an_alternative_leaves_the_others(self, talk: Talk) -> None:
        card = await card_of(talk, "bão OR hạn hán")

        await talk.press(card, "✕ bão")

        assert [each.wish for each in subscriptions_of(talk)] == ['"hạn hán"']

    async def test_keeps_what_alone_is_in_every_article(self, talk: Talk) -> None:
        card = await card_of(talk, "của bão")

        assert await talk.press(card, "✕ bão") == MESSAGES["notice_would_be_too_broad"]
        assert [each.wish for each in subscriptions_of(talk)] == ["của + bão"]

    async def test_by_a_button_of_other_words_changes_nothing(self, talk: Talk) -> None:
        card = await card_of(talk, "bão lũ")
        await talk.press(card, "✕ lũ")

        assert await talk.press(card, "✕ bão") == MESSAGES["notice_old_list"]
        assert [each.wish for each in subscriptions_of(talk)] == ["bão"]

    async def test_in_a_group_is_for_its_administrators(self, talk: Talk) -> None:
        card = await card_of(talk, "bão lũ", GROUP)

        notice = await talk.press(card, "✕ lũ", user=MINH, chat=GROUP)

        assert notice == MESSAGES["notice_only_administrators"]
        assert [each.wish for each in subscriptions_of(talk, GROUP)] == ["bão + lũ"]


def test_a_word_or_source_stays() -> None:
    def phrases(typed: str) -> list[str]:
        return list(map(str, droppable(parse(typed, ANALYSER))))

    assert phrases("bão") == phrases("nguồn:a") == phrases("* -phim") == []
    assert phrases("bão -phim") == ["-phim"]
    assert phrases("bão nguồn:a") == ["bão", "source:a"]
