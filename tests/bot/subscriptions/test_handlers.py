"""Subscriptions in the chat: typed, pressed, listed, changed, ended."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from index.alerts.announcer import Alert
from tests.support.articles import VIETNAM
from tests.support.bot import (
    ANNAS_CHAT,
    ARTICLES,
    LANS_CHAT,
    MESSAGES,
    STORM,
    Talk,
    labels,
    talking,
)
from tests.support.playground import ANNA, GROUP, LAN, MINH
from tests.support.subscriptions import numbered_article, subscriptions_of
from tests.support.waiting import until


class TestSubscribing:
    async def test_says_what_it_matched_lately_and_how_often_to_expect_an_alert(
        self, talk: Talk
    ) -> None:
        lately = datetime.now(VIETNAM) - timedelta(days=2)
        talk.library.ingest([replace(STORM, url=None, id="moi", published=lately)])

        answer = await talk.ask("/subscribe bão Quảng Ngãi")

        assert answer["text"].startswith(
            "Đã đăng ký nhận tin: bão Quảng Ngãi\nTrong 30 ngày qua có 1 bài phù hợp"
        )
        assert "chưa tới một bài mỗi tuần" in answer["text"]
        assert STORM.title in answer["text"]
        assert [each.wish for each in subscriptions_of(talk)] == ['bão "Quảng Ngãi"']

    @pytest.mark.parametrize(
        ("text", "wish"),
        [
            ("subscribe to storm news", "storm OR bão"),
            ("/subscribe gold prices", 'gold + prices OR "giá vàng"'),
            ("/subscribe storm or flood", "storm OR bão OR flood OR lũ"),
            ("/subscribe Trump", "Trump"),
            ('/subscribe "gold price"', '"gold price"'),
        ],
    )
    async def test_in_english_is_for_articles_in_vietnamese(
        self, talk: Talk, text: str, wish: str
    ) -> None:
        await talk.ask(text, user=ANNA)
        (subscription,) = talk.library.subscriptions.of_chat(talk.application.bot.id, ANNAS_CHAT)
        assert subscription.wish == wish

    @pytest.mark.parametrize(
        "text", ["đăng ký nhận tin bão", "dang ky nhan tin bao", "subscribe to storm news"]
    )
    async def test_in_words_is_the_same(self, talk: Talk, text: str) -> None:
        answer = await talk.ask(text)

        (subscription,) = subscriptions_of(talk)
        assert answer["text"].startswith(f"Đã đăng ký nhận tin: {subscription.wish}")
        assert subscription.wish in ("bão", "bao", "storm")

    async def test_in_words_is_the_same_in_reply_to_an_alert(self, talk: Talk) -> None:
        await talk.ask("/subscribe bão")
        talk.library.ingest([numbered_article(2)], alert=Alert.ALL)
        alert = (await talk.alert("Bão mạnh đổ bộ 2"))["message_id"]

        answer = await talk.ask("thôi đừng gửi tin bão nữa", reply_to=alert)
        assert (answer["text"], labels(answer)) == await _asked(talk, "/unsubscribe bão")
        answer = await talk.ask("hủy nhận tin", reply_to=alert)  # there is no other one
        assert (answer["text"], labels(answer)) == await _asked(talk, "/unsubscribe bão")
        await talk.ask("/subscribe lũ quét")
        answer = await talk.ask("hủy nhận tin", reply_to=alert)
        assert (answer["text"], labels(answer)) == await _asked(talk, "/subscriptions")

    async def test_words_that_may_end_alerts_are_searched_where_there_are_none_of_them(
        self, talk: Talk
    ) -> None:
        await talk.ask("/subscribe bão")
        answer = await talk.ask("hủy đăng ký bão")
        assert (answer["text"], labels(answer)) == await _asked(talk, "/unsubscribe bão")
        searched = await talk.ask("hủy đăng ký kết hôn")
        assert "kết hôn" not in searched["text"]
        assert searched["text"].startswith(MESSAGES["nothing"].partition("{")[0][:20])

    async def test_in_words_is_for_managers_of_a_group(self, talk: Talk) -> None:
        answer = await talk.ask("@hoibao_bot đăng ký nhận tin bão", user=MINH, chat=GROUP)

        assert answer["text"] == (await talk.ask("/subscribe bão", user=MINH, chat=GROUP))["text"]
        assert subscriptions_of(talk, GROUP) == []

    async def test_to_everything_is_typed_as_a_star(self, talk: Talk) -> None:
        answer = await talk.ask("/subscribe *")

        assert answer["text"].startswith("Đã đăng ký nhận tin: mọi bài")
        assert [each.wish for each in subscriptions_of(talk)] == ["*"]

    async def test_again_to_the_same_is_no_second_subscription(self, talk: Talk) -> None:
        await talk.ask("/subscribe bão lũ")

        answer = await talk.ask("/subscribe Bão LŨ")

        assert answer["text"].startswith("Bạn đã đăng ký nhận tin này từ trước")
        assert len(subscriptions_of(talk)) == 1

    @pytest.mark.parametrize(
        ("words", "key"),
        [
            ("!!!", "wish_no_words"),
            ("-bóng", "wish_only_excluded"),
            ("a" * 300, "wish_too_long"),
            (" ".join(f"từ{number}x" for number in range(40)), "wish_too_many_words"),
            ("author:x", "wish_unknown_field"),
            ("title:", "wish_no_value"),
            ("|", "wish_no_words"),
            ("bão | của", "wish_too_broad"),
            ("của và", "wish_too_broad"),
        ],
    )
    async def test_that_cannot_be_understood_is_explained(
        self, talk: Talk, words: str, key: str
    ) -> None:
        answer = await talk.ask(f"/subscribe {words}")

        start = MESSAGES[key].split("{")[0].split("<")[0]
        assert answer["text"].startswith(start)
        assert subscriptions_of(talk) == []

    async def test_to_more_than_a_chat_may_is_refused(self, tmp_path: Path) -> None:
        async with talking(tmp_path, subscriptions_per_chat=2) as talk:
            await talk.ask("/subscribe bão")
            await talk.ask("/subscribe lũ")

            assert "đã có 2 mục đăng ký" in (await talk.ask("/subscribe hạn hán"))["text"]

    async def test_again_by_editing_the_command_replaces_it(self, talk: Talk) -> None:
        sent = await talk.client.write("/subscribe bão Quang Bình")
        await talk.answer(LANS_CHAT, sent)

        await talk.client.write("/subscribe bão Quảng Bình", edit=sent)

        async def is_replaced() -> bool:
            return [each.wish for each in subscriptions_of(talk)] == ['bão "Quảng Bình"']

        await until(is_replaced)

    async def test_in_a_group_is_for_its_administrators(self, talk: Talk) -> None:
        refused = await talk.ask("/subscribe bão", user=MINH, chat=GROUP)
        accepted = await talk.ask("/subscribe bão", user=LAN, chat=GROUP)

        assert refused["text"] == MESSAGES["only_administrators"]
        assert accepted["text"].startswith("Đã đăng ký")
        assert len(subscriptions_of(talk, GROUP)) == 1

    async def test_under_an_answer_follows_its_topic(self, talk: Talk) -> None:
        answer = await talk.ask("khi nao bao vao quang ngai")

        (offer,) = [label for label in labels(answer) if label.startswith("🔔")]
        assert "Quảng Ngãi" in offer
        assert await talk.press(answer, offer) == ""

        (subscription,) = subscriptions_of(talk)
        assert "Quảng Ngãi" in subscription.wish
        assert "Đã đăng ký" in (await talk.answer(LANS_CHAT, answer["message_id"]))["text"]

    async def test_under_a_nothing_found_tells_when_there_is_something(self, talk: Talk) -> None:
        answer = await talk.ask("giá vàng SJC ở Tokyo?")

        assert await talk.press(answer, "🔔 Nhận tin “SJC Tokyo”") == ""

        (subscription,) = subscriptions_of(talk)
        assert subscription.wish == "SJC + Tokyo"


class TestUnsubscribing:
    async def test_takes_words_or_a_number_and_asks_once_more(self, talk: Talk) -> None:
        await talk.ask("/subscribe bão lũ")
        await talk.ask("/subscribe hạn hán")

        by_number = await talk.ask("/unsubscribe 1")
        assert by_number["text"] == "Bỏ đăng ký bão lũ?"
        await talk.press(by_number, "Giữ lại")
        by_words = await talk.ask("/unsubscribe hạn hán")
        assert await talk.press(by_words, "Bỏ đăng ký") == "Đã bỏ đăng ký “hạn hán”."

        assert [each.wish for each in subscriptions_of(talk)] == ["bão + lũ"]
        assert "không thấy" in (await talk.ask("/unsubscribe bóng đá"))["text"]
        assert "bão lũ" in (await talk.ask("/unsubscribe"))["text"]

    async def test_takes_some_of_the_words_where_one_subscription_has_them(
        self, talk: Talk
    ) -> None:
        for words in ("lũ quét Bắc Giang", "bão Quảng Ngãi", "sạt lở Quảng Ngãi"):
            await talk.ask(f"/subscribe {words}")

        assert "Bắc Giang?" in (await talk.ask("đừng gửi tin bac giang nữa"))["text"]
        assert "bão" in (await talk.ask("/unsubscribe bão"))["text"]
        for words in ("Quảng Ngãi", "bao gia", "quét Giang"):
            assert "không thấy" in (await talk.ask(f"/unsubscribe {words}"))["text"]


async def test_articles_that_were_there_before_are_no_news(talk: Talk) -> None:
    await talk.ask("/subscribe *")

    talk.library.ingest(ARTICLES)

    assert talk.library.outbox.counts() == {}


async def _asked(talk: Talk, text: str) -> tuple[str, list[str]]:
    answer = await talk.ask(text)
    return answer["text"], labels(answer)
