import asyncio
from pathlib import Path
from threading import Event

import pytest
from telegram.ext import ExtBot

from bot.questions.service import find_answer
from tests.support.bot import (
    BOT_NAME,
    CONFERENCE,
    FLOODED,
    LANS_CHAT,
    MESSAGES,
    NOBODY_KNOWS,
    WHO,
    Talk,
    labels,
    talking,
    waiting_is_over_when_set,
)
from tests.support.playground import ANNA
from tests.support.waiting import PATIENCE_SECONDS, until

NEAR = "Hội nghị có bán vé xem bóng đá không?"
TEXT_LIMIT = 4096  # characters; Telegram: sendMessage.text


class TestQuestions:
    @pytest.mark.parametrize(
        "text",
        [
            WHO,
            "ai du hoi nghi",
            "who attended",
            "/ask ai tham dự hội nghị?",
            "/ask: ai tham dự hội nghị?",
        ],
    )
    async def test_are_answered_with_the_sentence_its_title_source_and_date(
        self, talk: Talk, text: str
    ) -> None:
        answer = await talk.ask(text)

        first, _, rest = answer["html"].partition("</blockquote>")
        assert "đồng chí Lương Văn Cầu" in first
        assert "https://bao.example/hoi-nghi.html#:~:text=" in rest
        assert CONFERENCE.title in answer["text"]
        assert "Báo Thử · Thứ Ba, 05/01/2021 14:23" in answer["text"]

    async def test_of_people_with_an_english_telegram_are_answered_in_english(
        self, talk: Talk
    ) -> None:
        answer = await talk.ask(WHO, user=ANNA)

        assert "Tuesday, 5 January 2021, 14:23" in answer["text"]

    async def test_that_nothing_answers_are_told_so_with_advice(self, talk: Talk) -> None:
        answer = await talk.ask(NOBODY_KNOWS)

        assert answer["text"].startswith("Tôi không tìm thấy bài nào trả lời câu hỏi này.")

    async def test_that_nothing_answers_offer_the_nearest_quotes(self, talk: Talk) -> None:
        answer = await talk.ask(NEAR)
        assert labels(answer) == [MESSAGES["button_nearest"], "🔔 Nhận tin “bán vé bóng đá”"]

        assert await talk.press(answer, MESSAGES["button_nearest"]) == ""

        shown = await talk.message(answer["message_id"])
        assert shown["text"].startswith("Tôi không chắc câu nào trả lời đúng.")
        assert "<blockquote>" in shown["html"]

    @pytest.mark.parametrize(
        ("text", "opening"),
        [
            ("Alo", "Chào bạn!"),
            ("cảm ơn nha", "Không có gì!"),
            ("tạm biệt", "Rất vui được giúp bạn."),
            ("ai tạo ra mày", "Hỏi Báo là bot trả lời câu hỏi về tin tức"),
            ("đồ ngu", "Tôi chưa giúp được bạn như ý"),
            ("cách dùng", "Cách hỏi"),
        ],
    )
    async def test_that_ask_nothing_of_the_news_get_a_word_back(
        self, talk: Talk, text: str, opening: str
    ) -> None:
        answer = await talk.ask(text)

        assert answer["text"].startswith(opening)
        assert "reply_markup" not in answer

    @pytest.mark.parametrize(
        "text",
        [
            "😀😀",
            "?!…",
            "<b>ai</b> dự <script>alert(1)</script> & hội nghị",
            "مرحبا بالعالم",
            "\u200fai tham dự\u200e hội nghị",
            "\u200b.\u2060",
            "a" * TEXT_LIMIT,
            "hội nghị " * (TEXT_LIMIT // 9),
            "@hoibao_bot",
            "&lt;&gt;&amp;",
            "1️⃣",
            "' OR 1=1; DROP TABLE articles; --",
            '"*:^~()[]{}\\',
        ],
    )
    async def test_of_any_kind_get_an_answer_or_a_short_explanation(
        self, talk: Talk, text: str
    ) -> None:
        answer = await talk.ask(text)

        assert answer["text"]
        assert answer["text"] not in {MESSAGES["error"], MESSAGES["slow_down"]}

    async def test_get_an_edited_answer_when_they_are_edited(self, talk: Talk) -> None:
        question = await talk.client.write(NOBODY_KNOWS)
        answer = await talk.answer(LANS_CHAT, question)

        await talk.client.write(WHO, edit=question)

        async def changed() -> bool:
            message = await talk.message(answer["message_id"])
            return "Lương Văn Cầu" in message["text"] and message["edited"]

        await until(changed)
        await talk.client.write(WHO, edit=question)
        assert "không dấu" in (await talk.ask("/help"))["text"]
        assert len(await talk.replies(question)) == 1

    async def test_are_answered_anew_if_the_answer_was_deleted_before_the_edit(
        self, talk: Talk
    ) -> None:
        question = await talk.client.write(NOBODY_KNOWS)
        answer = await talk.answer(LANS_CHAT, question)
        await talk.delete(answer["message_id"])

        await talk.client.write(WHO, edit=question)

        assert "Lương Văn Cầu" in (await talk.answer(LANS_CHAT, question))["text"]

    @FLOODED
    async def test_of_one_chat_are_answered_in_order_though_the_first_is_slow(
        self, talk: Talk
    ) -> None:
        await talk.client.post("/faults", method="sendMessage", error=429, retry_after=1, times=1)
        questions = [await talk.client.write(f"{WHO} {number}") for number in range(12)]

        await talk.answer(LANS_CHAT, questions[-1])

        order = [
            message["reply_to"] or questions[0]
            for message in await talk.client.messages()
            if message["from"] == BOT_NAME
        ]
        assert order == questions

    @FLOODED
    async def test_of_one_chat_do_not_keep_other_chats_waiting(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bot.transport.update_order.CONCURRENT_UPDATES", 2)
        async with talking(tmp_path) as talk:
            over = waiting_is_over_when_set(monkeypatch)
            await refuse_for_now(talk, LANS_CHAT)
            questions = [await talk.client.write(WHO) for _ in range(4)]

            assert "Lương Văn Cầu" in (await talk.ask(WHO, user=ANNA))["text"]

            assert not await talk.replies(questions[0])
            over.set()
            await talk.answer(LANS_CHAT, questions[-1])

    @pytest.mark.parametrize("fault", ["reply lost", 502])
    async def test_are_never_answered_twice_nor_told_of_a_failure_of_what_may_have_arrived(
        self, talk: Talk, caplog: pytest.LogCaptureFixture, fault: str | int
    ) -> None:
        await talk.client.post("/faults", method="sendMessage", error=fault, times=1)
        question = await talk.client.write(WHO)

        await talk.ask("/help")

        texts = [message["text"] for message in await talk.replies(question)]
        assert len(texts) == (1 if fault == "reply lost" else 0)
        assert all("Lương Văn Cầu" in text for text in texts)
        assert "An update was not answered, or Telegram's reply was lost" in caplog.text
        assert "Traceback" not in caplog.text

    @pytest.mark.parametrize("fault", ["reply lost", 502])
    @pytest.mark.parametrize("method", ["editMessageText", "answerCallbackQuery"])
    async def test_have_buttons_that_work_although_telegrams_reply_is_lost(
        self, talk: Talk, method: str, fault: str | int
    ) -> None:
        answer = await talk.ask(WHO)
        await talk.client.post("/faults", method=method, error=fault, times=1)

        assert await talk.press(answer, MESSAGES["button_context"]) == ""

        shown = await talk.message(answer["message_id"])
        assert shown["text"] != answer["text"]

    async def test_to_an_empty_library_are_told_so(self, tmp_path: Path) -> None:
        async with talking(tmp_path, articles=()) as talk:
            assert (await talk.ask(WHO))["text"] == MESSAGES["empty_library"]
            assert (await talk.ask("/latest"))["text"] == MESSAGES["empty_library"]
            assert (await talk.ask("/sources"))["text"] == MESSAGES["empty_library"]

    @FLOODED
    async def test_are_answered_after_telegram_asked_to_wait(self, talk: Talk) -> None:
        await talk.client.post("/faults", method="sendMessage", error=429, retry_after=1, times=1)

        assert "Lương Văn Cầu" in (await talk.ask(WHO))["text"]

    async def test_are_answered_although_typing_cannot_be_shown(self, talk: Talk) -> None:
        await talk.client.post("/faults", method="sendChatAction", error=400, times=1)

        assert "Lương Văn Cầu" in (await talk.ask(WHO))["text"]

    async def test_show_that_an_answer_comes_if_it_takes_long(
        self, talk: Talk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen = Event()
        monkeypatch.setattr(
            "bot.questions.handlers.find_answer",
            lambda *given: seen.wait(PATIENCE_SECONDS) and find_answer(*given),
        )

        with talk.client.playground.events.subscribed() as events:
            await talk.client.write(WHO)
            async with asyncio.timeout(PATIENCE_SECONDS):
                while (event := await events.get()) is None or event.kind != "action":
                    pass
        seen.set()

        assert event.data == {"chat": LANS_CHAT, "action": "typing"}

    async def test_are_answered_at_once_although_showing_that_hangs(
        self, talk: Talk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shows = Event()

        async def hang(*_: object, **__: object) -> None:
            shows.set()
            await asyncio.Event().wait()

        monkeypatch.setattr(ExtBot, "send_chat_action", hang)
        monkeypatch.setattr(
            "bot.questions.handlers.find_answer",
            lambda *given: shows.wait(PATIENCE_SECONDS) and find_answer(*given),
        )

        assert "Lương Văn Cầu" in (await talk.ask(WHO))["text"]

    async def test_that_cannot_be_answered_get_a_word_in_the_chosen_language(
        self, talk: Talk
    ) -> None:
        await talk.ask("/lang en")
        await talk.client.post("/faults", method="sendMessage", error=400, times=1)

        assert (await talk.ask(WHO))["text"].startswith("Something went wrong")

    async def test_that_cannot_be_answered_get_a_word_and_the_bot_goes_on(
        self, talk: Talk, caplog: pytest.LogCaptureFixture
    ) -> None:
        await talk.client.post("/faults", method="sendMessage", error=400, times=1)

        assert (await talk.ask(WHO))["text"] == MESSAGES["error"]
        assert "An update was not answered" in caplog.text
        assert "Lương Văn Cầu" in (await talk.ask(WHO))["text"]

    async def test_that_come_too_fast_are_slowed_down_once(self, tmp_path: Path) -> None:
        async with talking(tmp_path, per_minute=2) as talk:
            questions = [await talk.client.write(WHO) for _ in range(6)]

            warning = await talk.answer(LANS_CHAT, questions[2])

            assert warning["text"] == MESSAGES["slow_down"].format(seconds=30)
            assert "👍" in labels(await talk.ask(WHO, user=ANNA))
            assert [len(await talk.replies(question)) for question in questions] == [
                1,
                1,
                1,
                0,
                0,
                0,
            ]


class TestReplies:
    async def test_ask_within_the_article_quoted(self, talk: Talk) -> None:
        answer = await talk.ask(WHO)

        follow_up = await talk.ask("bàn về nhiệm vụ gì?", reply_to=answer["message_id"])

        assert follow_up["text"].startswith("Trong bài này:")
        assert "phát triển kinh tế năm 2021" in follow_up["text"]
        assert MESSAGES["button_only"] not in labels(follow_up)

    async def test_ask_everywhere_and_say_so_if_the_article_does_not_answer(
        self, talk: Talk
    ) -> None:
        answer = await talk.ask(WHO)

        follow_up = await talk.ask("bão số 9 đổ bộ vào tỉnh nào?", reply_to=answer["message_id"])

        assert follow_up["text"].startswith("Bài bạn hỏi không có câu trả lời. Ở bài khác:")
        assert "Quảng Ngãi" in follow_up["text"]

    async def test_that_nothing_answers_say_that_both_were_asked(self, talk: Talk) -> None:
        answer = await talk.ask(WHO)

        follow_up = await talk.ask(NOBODY_KNOWS, reply_to=answer["message_id"])

        assert follow_up["text"].startswith("Tôi không tìm thấy câu trả lời, cả trong bài bạn hỏi")

    async def test_to_an_article_without_address_ask_within_it(self, talk: Talk) -> None:
        card = await talk.ask("/start a_3")

        follow_up = await talk.ask("ai là thủ thư?", reply_to=card["message_id"])

        assert follow_up["text"].startswith("Trong bài này:")
        assert "Nguyễn Thị Hoa" in follow_up["text"]

    async def test_to_the_newest_articles_ask_within_them(self, talk: Talk) -> None:
        newest = await talk.ask("/latest")

        follow_up = await talk.ask(WHO, reply_to=newest["message_id"])

        assert follow_up["text"].startswith("Trong các bài này:")

    async def test_to_other_messages_ask_everywhere(self, talk: Talk) -> None:
        own = await talk.client.write(WHO)
        await talk.answer(LANS_CHAT, own)
        shown_help = await talk.ask("/help")

        for earlier in (own, shown_help["message_id"]):
            answer = await talk.ask(WHO, reply_to=earlier)
            assert answer["html"].startswith("<blockquote>")


class TestPicturesAndStickers:
    @pytest.mark.parametrize("kind", ["sticker", "photo"])
    async def test_get_a_short_explanation_in_private(self, talk: Talk, kind: str) -> None:
        sent = await talk.client.write("", **{kind: True})

        assert (await talk.answer(LANS_CHAT, sent))["text"] == MESSAGES["not_text"]

    async def test_with_a_question_below_are_answered(self, talk: Talk) -> None:
        sent = await talk.client.write(WHO, photo=True)

        assert "Lương Văn Cầu" in (await talk.answer(LANS_CHAT, sent))["text"]


async def refuse_for_now(talk: Talk, chat: int) -> None:
    """Let a chat's next message wait."""
    await talk.client.post(
        "/faults", method="sendMessage", chat=chat, error=429, retry_after=2, times=1
    )


@FLOODED
async def test_people_are_answered_side_by_side(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = waiting_is_over_when_set(monkeypatch)
    await refuse_for_now(talk, LANS_CHAT)
    question = await talk.client.write(WHO)

    answer = await talk.ask(WHO, user=ANNA)

    assert not await talk.replies(question)
    over.set()
    assert "Tuesday, 5 January 2021" in answer["text"]
    assert labels(await talk.answer(LANS_CHAT, question))[0] == MESSAGES["button_context"]
