"""One article asked for half an hour, and questions on offer under an answer."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.questions import handlers
from index import Article
from index.errors import WorkerError
from tests.support.bot import ARTICLES, LANS_CHAT, MESSAGES, WHO, Talk, labels, talking
from tests.support.playground import GROUP, LAN, MINH

END = MESSAGES["button_about_all"]
FIRE = Article(
    title="Cháy chợ Mường Lống",
    text=(
        "Vụ cháy xảy ra lúc 2 giờ ngày 4/6 tại chợ Mường Lống. "
        "Vụ cháy làm 3 người bị thương và thiêu rụi 40 gian hàng. "
        "Nguyên nhân vụ cháy là do chập điện ở gian bán vải. "
        "Tiểu thương mong chợ sớm được dựng lại."
    ),
    url="https://bao.example/chay-cho.html",
    source="Báo Thử",
)
ABOUT_FIRE = "Đang hỏi riêng bài “Cháy chợ Mường Lống” (trong 30 phút)"


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    async with talking(tmp_path, (*ARTICLES, FIRE)) as talk:
        yield talk


async def only_the_fire(talk: Talk, **place: Any) -> dict[str, Any]:
    """Ask about the fire, and press the button that asks its article only."""
    number = next(a.number for a in talk.library.latest(9) if a.title == FIRE.title)
    answer = await talk.ask("@hoibao_bot chợ Mường Lống cháy lúc mấy giờ?", **place)
    await talk.press_data(answer["message_id"], f"1as00::{number}", **place)
    return await talk.answer(place.get("chat", LANS_CHAT), answer["reply_to"], number=2)


class TestTheMode:
    async def test_is_said_in_the_answer_with_the_button_that_ends_it(self, talk: Talk) -> None:
        scoped = await only_the_fire(talk)

        assert scoped["text"].startswith(ABOUT_FIRE)
        assert END in labels(scoped)

    async def test_goes_on_with_the_next_questions_until_it_is_ended(self, talk: Talk) -> None:
        scoped = await only_the_fire(talk)

        within = await talk.ask("bao nhiêu người bị thương?")
        assert within["text"].startswith(ABOUT_FIRE)
        assert "3 người bị thương" in within["text"]
        assert await talk.press(scoped, END) == MESSAGES["notice_about_all"]
        after = await talk.ask("bao nhiêu người bị thương?")
        assert not after["text"].startswith("Đang hỏi riêng")
        assert (await talk.message(scoped["message_id"]))["text"] == scoped["text"]

    async def test_stays_in_the_answer_when_its_context_is_opened(self, talk: Talk) -> None:
        scoped = await only_the_fire(talk)

        await talk.press(scoped, MESSAGES["button_context"])

        opened = await talk.message(scoped["message_id"])
        assert opened["text"].startswith(ABOUT_FIRE)
        assert END in labels(opened)

    async def test_answers_from_elsewhere_say_so_and_can_be_ended_too(self, talk: Talk) -> None:
        await only_the_fire(talk)

        elsewhere = await talk.ask(WHO)

        assert elsewhere["text"].startswith("Bài bạn hỏi không có câu trả lời. Ở bài khác:")
        assert "Lương Văn Cầu" in elsewhere["text"]
        assert END in labels(elsewhere)

    async def test_finds_nothing_with_the_button_too(self, talk: Talk) -> None:
        await only_the_fire(talk)

        nothing = await talk.ask("giá vàng SJC bao nhiêu?")

        assert nothing["text"].startswith(MESSAGES["nothing_anywhere"][:30])
        assert END in labels(nothing)

    async def test_gives_way_to_a_reply(self, talk: Talk) -> None:
        other = await talk.ask(WHO)
        await only_the_fire(talk)

        replied = await talk.ask("hội nghị bàn về gì?", reply_to=other["message_id"])

        assert replied["text"].startswith("Trong bài này:")
        assert END not in labels(replied)

    async def test_is_of_one_person_in_a_group(self, talk: Talk) -> None:
        await only_the_fire(talk, chat=GROUP)

        of_lan = await talk.ask("@hoibao_bot bao nhiêu người bị thương?", user=LAN, chat=GROUP)
        of_minh = await talk.ask("@hoibao_bot bao nhiêu người bị thương?", user=MINH, chat=GROUP)

        assert of_lan["text"].startswith(ABOUT_FIRE)
        assert not of_minh["text"].startswith("Đang hỏi riêng")


class TestQuestionsOnOffer:
    async def test_are_up_to_two_that_other_sentences_of_the_article_answer(
        self, talk: Talk
    ) -> None:
        answer = await only_the_fire(talk)

        on_offer = [label for label in labels(answer) if label.endswith("?")]

        assert 1 <= len(on_offer) <= 2
        assert "Vụ cháy xảy ra khi nào?" not in on_offer  # the quote has just told it

    async def test_are_asked_as_a_message_and_in_the_mode_of_the_article(
        self, tmp_path: Path
    ) -> None:
        async with talking(tmp_path / "one", (*ARTICLES, FIRE), quotes=1) as talk:
            answer = await talk.ask("chợ Mường Lống cháy lúc mấy giờ?")
            question = next(label for label in labels(answer) if label.endswith("?"))
            await talk.press(answer, question)

            asked = await talk.alert(question)
            reply = await talk.answer(LANS_CHAT, asked["message_id"])

        assert asked["text"] == question
        assert reply["text"].startswith(ABOUT_FIRE)
        assert END in labels(reply)

    async def test_are_none_in_english(self, talk: Talk) -> None:
        await talk.ask("/lang en")

        answer = await talk.ask("chợ Mường Lống cháy lúc mấy giờ?")

        assert not [label for label in labels(answer) if label.endswith("?")]

    async def test_that_are_gone_say_so(self, talk: Talk) -> None:
        answer = await talk.ask(WHO)

        notice = await talk.press_data(answer["message_id"], "1E1.z")

        assert notice == MESSAGES["notice_articles_gone"]

    @pytest.mark.parametrize("error", [WorkerError("two processes died"), IndexError("a defect")])
    async def test_are_left_out_where_they_cannot_be_found(
        self, talk: Talk, monkeypatch: pytest.MonkeyPatch, error: Exception
    ) -> None:
        def fail(*_: object) -> None:
            raise error

        monkeypatch.setattr(handlers, "questions_on_offer", fail)

        answer = await talk.ask("chợ Mường Lống cháy lúc mấy giờ?")

        assert "lúc 2 giờ ngày 4/6" in answer["text"]
