"""The buttons under an answer."""

from pathlib import Path

import pytest

from bot.chat_settings import quiet_hours
from bot.conversation.callback_data import CallbackData
from bot.playground import Playground
from bot.questions.keyboards import AnswerAction
from bot.questions.page_state import Heading, PageState
from tests.support.bot import ARTICLES, LANS_CHAT, MESSAGES, TOO_OLD, WHO, Talk, answering, talking
from tests.support.libraries import open_library
from tests.support.playground import GROUP, LAN, serve_playground

ONLY_THE_FIRST = "1as00::1"
LANS_CHAT_36 = "rt"  # in base 36


def data_of(action: AnswerAction, view: PageState) -> str:
    return CallbackData(action, view.values).encode()


class TestButtons:
    async def test_open_the_context_and_close_it_again(self, tmp_path: Path) -> None:
        async with talking(tmp_path, quotes=1) as talk:
            answer = await talk.ask(WHO)

            assert await talk.press(answer, MESSAGES["button_context"]) == ""
            opened = await talk.message(answer["message_id"])
            assert "<b>Tham dự hội nghị tại điểm cầu Hải Dương" in opened["html"]
            assert "vốn đầu tư công." in opened["text"]

            assert await talk.press(opened, MESSAGES["button_close"]) == ""
            closed = await talk.message(answer["message_id"])
            assert closed["html"] == answer["html"]
            assert closed["buttons"] == answer["buttons"]

    async def test_turn_to_more_quotes_and_back(self, tmp_path: Path) -> None:
        async with talking(tmp_path, quotes=1) as talk:
            answer = await talk.ask(WHO)

            await talk.press(answer, MESSAGES["button_further"])
            second = await talk.message(answer["message_id"])
            assert second["text"].startswith("Các câu khác (2)")
            assert second["html"] != answer["html"]

            await talk.press(second, MESSAGES["button_earlier"])
            assert (await talk.message(answer["message_id"]))["html"] == answer["html"]

    async def test_ask_within_one_article_in_a_new_answer(self, talk: Talk) -> None:
        question = await talk.client.write(WHO)
        answer = await talk.answer(LANS_CHAT, question)

        assert await talk.press_data(answer["message_id"], ONLY_THE_FIRST) == ""

        scoped = await talk.answer(LANS_CHAT, question, number=2)
        assert scoped["text"].startswith("Đang hỏi riêng bài “Hội nghị trực tuyến")

    async def test_ask_within_one_article_and_nowhere_else(self, talk: Talk) -> None:
        question = await talk.client.write("bão số 9 đổ bộ vào tỉnh nào?")
        answer = await talk.answer(LANS_CHAT, question)

        await talk.press_data(answer["message_id"], ONLY_THE_FIRST)

        scoped = await talk.answer(LANS_CHAT, question, number=2)
        assert scoped["text"] == MESSAGES["nothing_here"]

    async def test_work_after_a_restart(self, tmp_path: Path) -> None:
        with open_library(tmp_path, ARTICLES) as library:
            async with serve_playground(Playground()) as client:
                async with answering(client, library) as before:
                    answer, gone = await before.ask(WHO), await before.ask(WHO)
                async with answering(client, library) as after:
                    assert await after.press(answer, MESSAGES["button_context"]) == ""
                    opened = await after.message(answer["message_id"])
                    assert "vốn đầu tư công" in opened["text"]

                    await after.delete(gone["message_id"])
                    notice = await after.press(gone, MESSAGES["button_context"])
                    assert notice == MESSAGES["notice_message_gone"]

    async def test_open_the_context_without_bold_words_if_the_question_is_gone(
        self, talk: Talk
    ) -> None:
        answer = await talk.ask(f"/ask {WHO}", chat=GROUP)
        await talk.delete(answer["reply_to"], GROUP)

        assert await talk.press(answer, MESSAGES["button_context"], chat=GROUP) == ""

        opened = await talk.message(answer["message_id"], GROUP)
        await talk.press(opened, MESSAGES["button_close"], chat=GROUP)
        closed = await talk.message(answer["message_id"], GROUP)
        assert "Lương Văn Cầu" in closed["text"]
        assert "<b>" not in closed["html"]

    @pytest.mark.parametrize("action", [AnswerAction.PAGE, AnswerAction.ONLY])
    async def test_ask_to_ask_again_if_the_question_is_gone(
        self, talk: Talk, action: AnswerAction
    ) -> None:
        answer = await talk.ask(f"/ask {WHO}", chat=GROUP)
        await talk.delete(answer["reply_to"], GROUP)
        data = data_of(action, PageState(heading=Heading.SCOPED, scope=(1,)))

        notice = await talk.press_data(answer["message_id"], data, chat=GROUP)
        assert notice == MESSAGES["notice_question_gone"]

    async def test_of_deleted_messages_are_explained(self, talk: Talk) -> None:
        answer = await talk.ask(WHO)
        await talk.delete(answer["message_id"])

        assert (
            await talk.press(answer, MESSAGES["button_context"]) == MESSAGES["notice_message_gone"]
        )

    @pytest.mark.parametrize("data", ["context", "0c:1.2", "1lxx", "1ox00:1.2:,"])
    async def test_of_older_versions_are_explained(self, talk: Talk, data: str) -> None:
        answer = await talk.ask(WHO)

        assert await talk.press_data(answer["message_id"], data) == MESSAGES["notice_old_button"]

    async def test_without_data_are_no_error(
        self, talk: Talk, caplog: pytest.LogCaptureFixture
    ) -> None:
        person = {"id": LAN["id"], "is_bot": False, "first_name": "Lan"}
        chat = {"id": LANS_CHAT, "type": "private"}
        message = {"message_id": 1, "date": 1, "chat": chat}
        query = {"id": "1", "from": person, "chat_instance": "1", "message": message}
        talk.client.playground.updates.put("callback_query", query)
        await talk.ask(WHO)  # after it, since it is in the same chat

        assert not caplog.messages

    @pytest.mark.parametrize(
        ("view", "notice"),
        [
            (PageState(quotes=((99, 1),)), "notice_articles_gone"),
            (PageState(quotes=((1, 99),)), "notice_articles_gone"),
            (PageState(quotes=((2**60, 1),)), "notice_articles_gone"),
            (PageState(), "notice_articles_gone"),
        ],
    )
    async def test_of_articles_that_are_gone_are_explained(
        self, talk: Talk, view: PageState, notice: str
    ) -> None:
        answer = await talk.ask(WHO)
        data = data_of(AnswerAction.OPEN, view)

        assert await talk.press_data(answer["message_id"], data) == MESSAGES[notice]

    async def test_beyond_the_last_page_say_so(self, talk: Talk) -> None:
        answer = await talk.ask(WHO)
        data = data_of(AnswerAction.PAGE, PageState(page=30))

        assert await talk.press_data(answer["message_id"], data) == MESSAGES["notice_no_more"]

    async def test_pressed_twice_change_nothing_and_stop_spinning(self, talk: Talk) -> None:
        answer = await talk.ask(WHO)

        assert await talk.press(answer, MESSAGES["button_context"]) == ""
        assert await talk.press(answer, MESSAGES["button_context"]) == ""

    @pytest.mark.parametrize(
        ("error", "notice", "log"),
        [
            (400, "notice_error", "An update was not answered"),
            ("can't parse entities: Unsupported start tag", "notice_error", "parse entities"),
            (403, "notice_error", ""),
            ("message to edit not found", "notice_message_gone", ""),
            ("message can't be edited", "notice_message_gone", ""),
        ],
    )
    async def test_that_fail_are_answered_and_the_bot_goes_on(
        self,
        talk: Talk,
        caplog: pytest.LogCaptureFixture,
        error: int | str,
        notice: str,
        log: str,
    ) -> None:
        answer = await talk.ask(WHO)
        await talk.client.post("/faults", method="editMessageText", error=error, times=1)

        assert await talk.press(answer, MESSAGES["button_context"]) == MESSAGES[notice]

        assert log in caplog.text
        assert await talk.press(answer, MESSAGES["button_context"]) == ""

    async def test_that_are_answered_too_late_are_no_error(
        self, talk: Talk, caplog: pytest.LogCaptureFixture
    ) -> None:
        answer = await talk.ask(WHO)
        await talk.client.post("/faults", method="answerCallbackQuery", error=TOO_OLD, times=1)
        response = await talk.client.post(
            "/buttons",
            user=LAN,
            chat=LANS_CHAT,
            message_id=answer["message_id"],
            data=answer["buttons"][0][0]["data"],
            wait=0,
        )

        assert response["answer"] is None
        await talk.ask("/help")
        assert "not answered" not in caplog.text

    async def test_pressed_too_fast_are_slowed_down(self, tmp_path: Path) -> None:
        async with talking(tmp_path, per_minute=2) as talk:
            answer = await talk.ask(WHO)

            notices = [await talk.press(answer, MESSAGES["button_context"]) for _ in range(4)]

            assert notices[0] == ""
            assert notices[1] == MESSAGES["notice_slow_down"].format(seconds=30)
            assert notices[3].startswith("Bạn bấm chậm lại nhé")

    async def test_that_fail_by_a_mistake_of_the_program_are_not_taken_for_old_ones(
        self, talk: Talk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shown = await talk.ask("/quiet")
        monkeypatch.setattr(quiet_hours, "ZONES", ())

        notice = await talk.press_data(shown["message_id"], f"1sZ{LANS_CHAT_36}.0")

        assert notice == MESSAGES["notice_error"]
        assert "IndexError" in caplog.text
