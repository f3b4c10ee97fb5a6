"""The button that subscribes to the words that it names: under answers, and where none is found."""

from pathlib import Path

import pytest

from bot.messages import Messages
from bot.messages.voice import Translator
from bot.questions.follow_button import follow_button
from index.alerts.parser import parse
from index.language.analyser import Analyser
from tests.support.bot import MESSAGES, Talk, labels, talking
from tests.support.playground import ANNA, GROUP, LAN, MINH
from tests.support.subscriptions import subscriptions_of

ANALYSER = Analyser()
VOICE = Translator(Messages.load(), "vi", "hoibao_bot")


def offers(message: dict[str, object]) -> list[str]:
    return [label for label in labels(message) if label.startswith("🔔")]


class TestFollowButton:
    async def test_names_whole_names_with_their_capitals(self, talk: Talk) -> None:
        answer = await talk.ask("van cau du hoi nghi nao")

        (offer,) = offers(answer)
        assert "Lương Văn Cầu" in offer
        await talk.press(answer, offer)
        added = await talk.answer(LAN["id"], answer["message_id"])
        (subscription,) = subscriptions_of(talk)
        assert '"Lương Văn Cầu"' in subscription.wish
        assert "Lương Văn Cầu" in added["text"].split("\n")[0]

    async def test_subscribes_to_its_words_though_the_question_is_deleted(self, talk: Talk) -> None:
        question = await talk.client.write("khi nào bão vào Quảng Ngãi?")
        answer = await talk.answer(LAN["id"], question)
        await talk.delete(question)

        await talk.press(answer, "🔔 Nhận tin “bão Quảng Ngãi”")

        assert [each.wish for each in subscriptions_of(talk)] == ['bão "Quảng Ngãi"']

    async def test_stays_the_same_on_other_pages_and_beside_the_context(
        self, tmp_path: Path
    ) -> None:
        async with talking(tmp_path, quotes=1) as talk:
            answer = await talk.ask("khi nào bão vào Quảng Ngãi?")
            await talk.press(answer, MESSAGES["button_context"])
            opened = await talk.message(answer["message_id"])
            await talk.press(opened, MESSAGES["button_close"])
            closed = await talk.message(answer["message_id"])

        assert offers(answer) == offers(opened) == offers(closed) != []

    async def test_in_english_is_in_english(self, talk: Talk) -> None:
        answer = await talk.ask("where did the storm hit Quảng Ngãi?", user=ANNA)

        assert all(offer.startswith("🔔 Alert me: “") for offer in offers(answer))
        assert "Quảng Ngãi" in offers(answer)[0]

    async def test_in_a_group_is_for_its_administrators(self, talk: Talk) -> None:
        answer = await talk.ask("/ask khi nào bão vào Quảng Ngãi?", chat=GROUP)
        (offer,) = offers(answer)

        refused = await talk.press(answer, offer, user=MINH, chat=GROUP)
        await talk.press(answer, offer, chat=GROUP)

        assert refused == MESSAGES["notice_only_administrators"]
        assert len(subscriptions_of(talk, GROUP)) == 1

    @pytest.mark.parametrize(
        "text",
        [
            "chào bạn",
            "cảm ơn nhé",
            "đồ ngu",
            "sao mày ngu thế, trả lời sai hết rồi",
            "bạn là ai",
            "bạn bao nhiêu tuổi",
            "mày có người yêu chưa",
            "bot biết hát không",
            "do you like cats?",
            "ai đó ở đâu thế nào",
        ],
    )
    async def test_is_not_offered_after_what_is_no_subject(self, talk: Talk, text: str) -> None:
        answer = await talk.ask(text)

        assert offers(answer) == []


def test_leaves_out_phrases_that_do_not_fit_a_phone() -> None:
    topic = parse('"Nguyễn Thị Thanh Hương" "Sở Giáo dục và Đào tạo"', ANALYSER)

    button = follow_button(VOICE, topic)

    assert button is not None
    assert button.text == "🔔 Nhận tin “Nguyễn Thị Thanh Hương”"
    assert button.callback_data == '1sW"Nguyễn Thị Thanh Hương"'


@pytest.mark.parametrize("words", ["", "đ" * 70])
def test_is_not_there_where_it_has_no_words_or_too_many(words: str) -> None:
    assert follow_button(VOICE, parse(words, ANALYSER)) is None
