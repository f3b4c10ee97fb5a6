"""Messages that go on from the last answer: more of it, more of its article, a vote against it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from index import Article
from tests.bot.questions.test_headlines import MANY
from tests.support.bot import ARTICLES, LANS_CHAT, MESSAGES, WHO, Talk, labels, talking
from tests.support.playground import ANNA, GROUP, LAN, MINH

SENTENCES = (
    "Vụ cháy xảy ra lúc 2 giờ ngày 4/6 tại chợ Mường Lống.",
    "Ngọn lửa bùng lên từ gian bán vải ở tầng một.",
    "Ảnh: Một góc chợ sau đám cháy.",
    "Vụ cháy làm 3 người bị thương và thiêu rụi 40 gian hàng.",
    "Nguyên nhân vụ cháy là do chập điện.",
    "Khi nào chợ mở lại?",
    "Tiểu thương mong chợ sớm được dựng lại.",
    "Ban quản lý hứa hỗ trợ mỗi hộ 20 triệu đồng.",
    "Hàng hóa còn lại được chuyển sang chợ huyện.",
)
TELLING = [text for at, text in enumerate(SENTENCES) if at not in (2, 5)]
FIRE = Article(
    title="Cháy chợ Mường Lống",
    text="\n".join(SENTENCES),
    url="https://bao.example/chay-cho.html",
    source="Báo Thử",
)
HURT = "bao nhiêu người bị thương trong vụ cháy chợ Mường Lống?"
ONLY = MESSAGES["button_only"]
WITHIN, MAYBE_WITHIN = "Trong bài này:", "Trong bài này, có thể là:"
NO_MORE = MESSAGES["notice_no_more"]


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    async with talking(tmp_path, (*ARTICLES, *MANY, FIRE)) as talk:
        yield talk


def told(answer: dict[str, Any]) -> list[str]:
    return [text for text in TELLING if text in answer["text"]]


async def untold(talk: Talk, text: str, answer: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Go on from an answer, and check that nothing of it is repeated."""
    further = await talk.ask(text, **more)
    assert not set(told(further)) & set(told(answer))
    return further


class TestWhatElse:
    @pytest.mark.parametrize(
        "text",
        ["còn gì nữa", "Còn gì nữa không?", "gì nữa", "con gi nua", "what else?", "anything else"],
    )
    async def test_in_reply_to_an_answer_tells_its_article_further(
        self, talk: Talk, text: str
    ) -> None:
        answer = await talk.ask(HURT)
        assert SENTENCES[3] in told(answer)

        further = await untold(talk, text, answer, reply_to=answer["message_id"])

        assert further["text"].startswith(WITHIN)
        assert told(further) == [text for text in TELLING if text not in told(answer)][:3]

    async def test_goes_on_until_every_telling_sentence_was_told(self, talk: Talk) -> None:
        answer = await talk.ask(HURT)
        await talk.press(answer, ONLY)
        within = await talk.answer(LANS_CHAT, answer["reply_to"], number=2)
        all_told = told(within)

        for _ in SENTENCES:
            further = await talk.ask("còn gì nữa")
            if further["text"] == NO_MORE:
                break
            assert further["text"].startswith("Đang hỏi riêng bài “Cháy chợ Mường Lống”")
            assert MESSAGES["button_about_all"] in labels(further)
            assert told(further)
            all_told += told(further)

        assert sorted(all_told) == sorted(TELLING)

    async def test_goes_on_after_its_context_was_opened_and_closed(self, talk: Talk) -> None:
        answer = await talk.ask(HURT)
        further = await talk.ask("còn gì nữa", reply_to=answer["message_id"])

        await talk.press(further, MESSAGES["button_context"])
        opened = await talk.message(further["message_id"])
        await talk.press(opened, MESSAGES["button_close"])
        last = await talk.ask("còn gì nữa", reply_to=further["message_id"])

        assert not set(told(last)) & {*told(answer), *told(further)}

    async def test_in_reply_to_one_article_tells_what_it_does_not_show(self, talk: Talk) -> None:
        number = next(a.number for a in talk.library.latest(20) if a.title == FIRE.title)
        opened = await talk.ask(f"/start a_{number}")
        assert FIRE.title in opened["text"]

        further = await talk.ask("còn gì nữa", reply_to=opened["message_id"])

        assert told(opened) == TELLING[:2]
        assert told(further) == TELLING[2:5]

    async def test_elsewhere_turns_the_page_of_the_last_answer(self, talk: Talk) -> None:
        await talk.ask("bóng đá")

        further = await talk.ask("còn gì nữa không?")

        assert "Trang 2" in further["text"]

    @pytest.mark.parametrize("text", ["còn gì nữa", "gì nữa", "what else"])
    async def test_without_an_answer_says_what_to_do(self, talk: Talk, text: str) -> None:
        assert (await talk.ask(text))["text"].startswith("Bạn muốn biết thêm về bài nào?")

    async def test_of_something_is_a_question(self, talk: Talk) -> None:
        await talk.ask(HURT)

        answer = await talk.ask("Hội nghị bàn về gì nữa?")

        assert "Hội nghị bàn về nhiệm vụ phát triển kinh tế" in answer["text"]


class TestNextPage:
    @pytest.mark.parametrize("text", ["xem thêm", "tiếp", "nữa", "Xem tiep di", "more", "next"])
    async def test_is_shown_below_with_the_buttons_of_the_same_question(
        self, talk: Talk, text: str
    ) -> None:
        first = await talk.ask("bóng đá")

        second = await talk.ask(text)
        await talk.press(second, MESSAGES["button_more"])

        assert second["message_id"] != first["message_id"]
        assert "Các bài về bóng đá" in second["text"]
        assert "Trang 2" in second["text"]
        assert "Trang 3" in (await talk.message(second["message_id"]))["text"]
        assert (await talk.ask("xem thêm"))["text"] == MESSAGES["notice_no_more_articles"]

    async def test_of_quotes(self, tmp_path: Path) -> None:
        async with talking(tmp_path, (*ARTICLES, FIRE), quotes=1) as talk:
            answer = await talk.ask(HURT)
            assert MESSAGES["button_further"] in labels(answer)

            further = await untold(talk, "xem thêm", answer)

        assert further["text"].startswith("Các câu khác (2)")

    async def test_of_no_answer_is_what_may_answer(self, talk: Talk) -> None:
        nothing = await talk.ask("giá lương thực ở các địa phương năm 1990?")
        assert labels(nothing)[0] == MESSAGES["button_nearest"]

        assert (await talk.ask("xem thêm"))["text"].startswith("Tôi không chắc")

    async def test_tells_the_article_further_after_the_last_page(self, talk: Talk) -> None:
        answer = await talk.ask(HURT)
        while MESSAGES["button_further"] in labels(answer):
            answer = await talk.ask("xem thêm")

        further = await untold(talk, "xem thêm", answer)

        assert further["text"].startswith(WITHIN)

    async def test_in_a_group_keeps_the_question_of_each_person(self, talk: Talk) -> None:
        of_lan = await talk.ask("@hoibao_bot bóng đá", chat=GROUP)
        await talk.ask(f"@hoibao_bot {WHO}", user=MINH, chat=GROUP)

        second = await talk.ask("/ask xem thêm", user=LAN, chat=GROUP)
        await talk.press(second, MESSAGES["button_more"], chat=GROUP)
        third = await talk.message(second["message_id"], GROUP)

        assert "Trang 2" in second["text"]
        assert "Trang 3" in third["text"]
        await talk.press(third, MESSAGES["button_back"], chat=GROUP)
        assert "Trang 2" in (await talk.message(second["message_id"], GROUP))["text"]
        assert of_lan["message_id"] < second["message_id"]

    async def test_of_nothing_says_what_to_do(self, talk: Talk) -> None:
        await talk.ask("/settings")

        assert (await talk.ask("xem thêm"))["text"].startswith("Chưa có câu trả lời nào")

    async def test_is_forgotten_with_the_chat(self, talk: Talk) -> None:
        await talk.ask("sai rồi", reply_to=(await talk.ask(HURT))["message_id"])
        surely = await talk.ask("/forget")
        await talk.ask(HURT)
        await talk.press(surely, MESSAGES["button_forget"])

        assert (await talk.ask("còn gì nữa"))["text"].startswith("Bạn muốn biết thêm về bài nào?")


class TestWrong:
    @pytest.mark.parametrize(
        "text", ["sai rồi", "Không đúng!", "sai roi ban oi", "wrong", "that's wrong", "chưa đúng"]
    )
    async def test_is_a_vote_against_the_last_answer(self, talk: Talk, text: str) -> None:
        answer = await talk.ask(HURT)

        reply = await talk.ask(text)

        assert reply["text"] == MESSAGES["wrong_noted"]
        (vote,) = talk.library.chats.export(LANS_CHAT)["feedback"]
        assert (vote["message"], vote["is_good"]) == (answer["message_id"], False)
        assert vote["text"] in answer["text"]

    async def test_is_about_the_answer_replied_to(self, talk: Talk) -> None:
        first = await talk.ask(WHO)
        await talk.ask(HURT)

        await talk.ask("sai rồi", reply_to=first["message_id"])

        (vote,) = talk.library.chats.export(LANS_CHAT)["feedback"]
        assert vote["message"] == first["message_id"]

    @pytest.mark.parametrize("before", ["", "bóng đá", "giá vàng SJC bao nhiêu?"])
    async def test_without_a_quote_says_what_to_do(self, talk: Talk, before: str) -> None:
        if before:
            await talk.ask(before)

        assert (await talk.ask("sai rồi"))["text"] == MESSAGES["wrong"]

    async def test_in_english(self, talk: Talk) -> None:
        await talk.ask("/lang en", user=ANNA)

        assert (await talk.ask("wrong", user=ANNA))["text"].startswith("Press 👎")


class TestIncompleteQuestions:
    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("khi nào?", 0),
            ("thế lúc mấy giờ vậy", 0),
            ("o dau", 0),
            ("where?", 0),
            ("vì sao?", 4),
            ("có bao nhiêu người?", 3),
            ("vụ này xảy ra lúc nào?", 0),
            ("họ được hỗ trợ bao nhiêu tiền?", 7),
        ],
    )
    async def test_are_asked_of_the_article_that_answered_last(
        self, talk: Talk, text: str, sentence: int
    ) -> None:
        await talk.ask(HURT)
        answer = await talk.ask(text)
        assert answer["text"].startswith((WITHIN, MAYBE_WITHIN))
        assert SENTENCES[sentence] in answer["text"]

    async def test_go_on_with_that_article(self, talk: Talk) -> None:
        await talk.ask(HURT)
        await talk.ask("khi nào?")
        assert SENTENCES[4] in (await talk.ask("tại sao vậy?"))["text"]

    async def test_are_asked_of_the_best_quote_of_the_page_that_is_shown(
        self, tmp_path: Path
    ) -> None:
        async with talking(tmp_path, (*ARTICLES, FIRE), quotes=1) as talk:
            answer = await talk.ask(HURT)
            await talk.press(answer, MESSAGES["button_further"])
            assert (await talk.ask("khi nào?"))["text"].startswith((WITHIN, MAYBE_WITHIN))

    async def test_go_on_after_one_that_it_does_not_answer(self, talk: Talk) -> None:
        await talk.ask(HURT)
        assert not told(await talk.ask("ông ấy là ai?"))
        assert SENTENCES[3] in (await talk.ask("có bao nhiêu người?"))["text"]

    @pytest.mark.parametrize("text", ["khi nào?", "ông ấy là ai?", "có bao nhiêu người"])
    async def test_find_nothing_where_nothing_answered_before(self, talk: Talk, text: str) -> None:
        assert not told(await talk.ask(text))

    async def test_of_another_person_are_not_asked_of_it(self, talk: Talk) -> None:
        await talk.ask(HURT)
        assert not told(await talk.ask("khi nào?", user=MINH))

    async def test_what_names_its_subject_is_asked_everywhere(self, talk: Talk) -> None:
        await talk.ask(HURT)
        answer = await talk.ask(WHO)
        assert "Lương Văn Cầu" in answer["text"]
        assert not answer["text"].startswith(WITHIN)
