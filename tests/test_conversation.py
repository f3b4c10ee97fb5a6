import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from threading import Event
from time import sleep
from typing import Any

import pytest

from bot.asking import Finding
from bot.buttons import Heading, Press, Verb, View, only
from bot.conversation import _found as found
from bot.memory import Recent
from bot.messages import Messages
from bot.playground import Playground
from bot.profile import COMMANDS
from index import Library
from tests.bot_support import ARTICLES, CONFERENCE, LANS_CHAT, Talk, answering, labels, talking
from tests.playground_support import ANNA, FORUM, GROUP, LAN, WEATHER, served, until

MESSAGES = Messages.load().catalogues["vi"]
WHO = "ai tham dự hội nghị?"
NOBODY_KNOWS = "giá vàng hôm nay?"
NEAR = "Hội nghị có bán vé xem bóng đá không?"
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
# The library itself warns of a type that will change.
SLOW = pytest.mark.filterwarnings("ignore:.*retry_after:DeprecationWarning")
TEXT_LIMIT = 4096  # characters; Telegram: sendMessage.text


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    async with talking(tmp_path) as started:
        yield started


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
        assert labels(answer)[0] == "Context"

    async def test_that_nothing_answers_are_told_so_with_advice(self, talk: Talk) -> None:
        answer = await talk.ask(NOBODY_KNOWS)

        assert answer["text"].startswith("Tôi không tìm thấy bài nào trả lời câu hỏi này.")
        assert "ví dụ" in answer["text"]

    async def test_that_nothing_answers_offer_the_nearest_quotes(self, talk: Talk) -> None:
        answer = await talk.ask(NEAR)
        assert labels(answer) == ["Câu gần đúng nhất", "🔔 Báo cho tôi khi có tin"]

        assert await talk.press(answer, "Câu gần đúng nhất") == ""

        shown = await talk.message(answer["message_id"])
        assert shown["text"].startswith("Không câu nào chắc chắn trả lời được.")
        assert "<blockquote>" in shown["html"]

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
        assert len(await replies(talk, question)) == 1

    async def test_are_answered_anew_if_the_answer_was_deleted_before_the_edit(
        self, talk: Talk
    ) -> None:
        question = await talk.client.write(NOBODY_KNOWS)
        answer = await talk.answer(LANS_CHAT, question)
        await delete(talk, answer["message_id"])

        await talk.client.write(WHO, edit=question)

        assert "Lương Văn Cầu" in (await talk.answer(LANS_CHAT, question))["text"]

    @SLOW
    async def test_of_one_chat_are_answered_in_order_though_the_first_is_slow(
        self, talk: Talk
    ) -> None:
        await talk.client.post("/faults", method="sendMessage", error=429, retry_after=1, times=1)
        questions = [await talk.client.write(f"{WHO} {number}") for number in range(12)]

        await talk.answer(LANS_CHAT, questions[-1])

        order = [
            message["reply_to"]
            for message in await talk.client.messages()
            if message["reply_to"] is not None
        ]
        assert order == questions

    @SLOW
    async def test_of_one_chat_do_not_keep_other_chats_waiting(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bot.ordering.CONCURRENT_UPDATES", 2)
        async with talking(tmp_path) as talk:
            await refuse_for_now(talk, LANS_CHAT)
            questions = [await talk.client.write(WHO) for _ in range(4)]

            assert "Lương Văn Cầu" in (await talk.ask(WHO, user=ANNA))["text"]

            assert not await replies(talk, questions[0])
            await talk.answer(LANS_CHAT, questions[-1])

    async def test_are_answered_once_although_telegrams_reply_is_lost(
        self, talk: Talk, caplog: pytest.LogCaptureFixture
    ) -> None:
        await talk.client.post("/faults", method="sendMessage", error="reply lost", times=1)
        question = await talk.client.write(WHO)

        await talk.answer(LANS_CHAT, question)
        await talk.ask("/help")

        texts = [message["text"] for message in await replies(talk, question)]
        assert len([text for text in texts if "Lương Văn Cầu" in text]) == 1
        assert "An update was not answered" in caplog.text

    async def test_to_an_empty_library_are_told_so(self, tmp_path: Path) -> None:
        async with talking(tmp_path, articles=()) as talk:
            assert (await talk.ask(WHO))["text"] == MESSAGES["empty_library"]
            assert (await talk.ask("/latest"))["text"] == MESSAGES["empty_library"]
            assert (await talk.ask("/sources"))["text"] == MESSAGES["empty_library"]

    @SLOW
    async def test_are_answered_after_telegram_asked_to_wait(self, talk: Talk) -> None:
        await talk.client.post("/faults", method="sendMessage", error=429, retry_after=1, times=1)

        assert "Lương Văn Cầu" in (await talk.ask(WHO))["text"]

    async def test_are_answered_after_a_server_error(self, talk: Talk) -> None:
        await talk.client.post("/faults", method="sendMessage", error=502, times=1)

        assert "Lương Văn Cầu" in (await talk.ask(WHO))["text"]

    async def test_are_answered_although_typing_cannot_be_shown(self, talk: Talk) -> None:
        await talk.client.post("/faults", method="sendChatAction", error=400, times=1)

        assert "Lương Văn Cầu" in (await talk.ask(WHO))["text"]

    async def test_show_that_an_answer_comes_if_it_takes_long(
        self, talk: Talk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen = Event()
        monkeypatch.setattr(
            "bot.conversation._found", lambda *given: seen.wait(5) and found(*given)
        )

        with talk.client.playground.events.subscribed() as events:
            await talk.client.write(WHO)
            async with asyncio.timeout(5):
                while (event := await events.get()) is None or event.kind != "action":
                    pass
        seen.set()

        assert event.data == {"chat": LANS_CHAT, "action": "typing"}

    async def test_are_answered_at_once_although_showing_that_hangs(
        self, talk: Talk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bot.turns.TYPING_PAUSE_SECONDS", 0)
        monkeypatch.setattr("bot.conversation._found", slowly)
        await talk.client.post("/faults", method="sendChatAction", error="timeout", times=1)

        async with asyncio.timeout(3):  # the library waits 5 s for a reply
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
            assert "Context" in labels(await talk.ask(WHO, user=ANNA))
            assert [len(await replies(talk, question)) for question in questions] == [
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
        assert "Chỉ hỏi bài này" not in labels(follow_up)

    async def test_ask_everywhere_and_say_so_if_the_article_does_not_answer(
        self, talk: Talk
    ) -> None:
        answer = await talk.ask(WHO)

        follow_up = await talk.ask("bão số 9 đổ bộ vào tỉnh nào?", reply_to=answer["message_id"])

        assert follow_up["text"].startswith("Trong bài được hỏi không có câu trả lời. Ở bài khác:")
        assert "Quảng Ngãi" in follow_up["text"]

    async def test_that_nothing_answers_say_that_both_were_asked(self, talk: Talk) -> None:
        answer = await talk.ask(WHO)

        follow_up = await talk.ask(NOBODY_KNOWS, reply_to=answer["message_id"])

        assert follow_up["text"].startswith("Trong bài được hỏi và các bài khác")

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


class TestButtons:
    async def test_open_the_context_and_close_it_again(self, tmp_path: Path) -> None:
        async with talking(tmp_path, quotes=1) as talk:
            answer = await talk.ask(WHO)

            assert await talk.press(answer, "Ngữ cảnh") == ""
            opened = await talk.message(answer["message_id"])
            assert "<b>Tham dự hội nghị tại điểm cầu Hải Dương" in opened["html"]
            assert "vốn đầu tư công." in opened["text"]

            assert await talk.press(opened, "Thu gọn") == ""
            closed = await talk.message(answer["message_id"])
            assert closed["html"] == answer["html"]
            assert closed["buttons"] == answer["buttons"]

    async def test_turn_to_more_quotes_and_back(self, tmp_path: Path) -> None:
        async with talking(tmp_path, quotes=1) as talk:
            answer = await talk.ask(WHO)

            await talk.press(answer, "Thêm ›")
            second = await talk.message(answer["message_id"])
            assert second["text"].startswith("Trang 2")
            assert second["html"] != answer["html"]

            await talk.press(second, "‹ Trước")
            assert (await talk.message(answer["message_id"]))["html"] == answer["html"]

    async def test_ask_within_one_article_in_a_new_answer(self, talk: Talk) -> None:
        question = await talk.client.write(WHO)
        answer = await talk.answer(LANS_CHAT, question)
        data = only(1).encode()
        assert data is not None

        assert await talk.press_data(answer["message_id"], data) == ""

        scoped = await talk.answer(LANS_CHAT, question, number=2)
        assert scoped["text"].startswith("Trong bài này:")

    async def test_ask_within_one_article_and_nowhere_else(self, talk: Talk) -> None:
        question = await talk.client.write("bão số 9 đổ bộ vào tỉnh nào?")
        answer = await talk.answer(LANS_CHAT, question)
        data = only(1).encode()
        assert data is not None

        await talk.press_data(answer["message_id"], data)

        scoped = await talk.answer(LANS_CHAT, question, number=2)
        assert scoped["text"] == MESSAGES["nothing_here"]

    async def test_work_after_a_restart(self, tmp_path: Path) -> None:
        with Library.open(tmp_path) as library:
            library.ingest(ARTICLES)
            async with served(Playground()) as client:
                async with answering(client, library) as before:
                    answer, gone = await before.ask(WHO), await before.ask(WHO)
                async with answering(client, library) as after:
                    assert await after.press(answer, "Ngữ cảnh") == ""
                    opened = await after.message(answer["message_id"])
                    assert "vốn đầu tư công" in opened["text"]

                    await delete(after, gone["message_id"])
                    notice = await after.press(gone, "Ngữ cảnh")
                    assert notice == MESSAGES["notice_message_gone"]

    async def test_open_the_context_without_bold_words_if_the_question_is_gone(
        self, talk: Talk
    ) -> None:
        question = await talk.client.write(WHO)
        answer = await talk.answer(LANS_CHAT, question)
        await delete(talk, question)

        assert await talk.press(answer, "Ngữ cảnh") == ""

        opened = await talk.message(answer["message_id"])
        await talk.press(opened, "Thu gọn")
        closed = await talk.message(answer["message_id"])
        assert "Lương Văn Cầu" in closed["text"]
        assert "<b>" not in closed["html"]

    @pytest.mark.parametrize("verb", [Verb.PAGE, Verb.ONLY])
    async def test_ask_to_ask_again_if_the_question_is_gone(self, talk: Talk, verb: Verb) -> None:
        question = await talk.client.write(WHO)
        answer = await talk.answer(LANS_CHAT, question)
        await delete(talk, question)
        data = Press(verb, View(heading=Heading.SCOPED, scope=(1,))).encode()
        assert data is not None

        assert await talk.press_data(answer["message_id"], data) == MESSAGES["notice_question_gone"]

    async def test_of_deleted_messages_are_explained(self, talk: Talk) -> None:
        answer = await talk.ask(WHO)
        await delete(talk, answer["message_id"])

        assert await talk.press(answer, "Ngữ cảnh") == MESSAGES["notice_message_gone"]

    @pytest.mark.parametrize("data", ["context", "0c:1.2", "1lxx", "1ox00:1.2:,"])
    async def test_of_older_versions_are_explained(self, talk: Talk, data: str) -> None:
        answer = await talk.ask(WHO)

        assert await talk.press_data(answer["message_id"], data) == MESSAGES["notice_old_button"]

    @pytest.mark.parametrize(
        ("view", "notice"),
        [
            (View(quotes=((99, 1),)), "notice_articles_gone"),
            (View(quotes=((1, 99),)), "notice_articles_gone"),
            (View(quotes=((2**60, 1),)), "notice_articles_gone"),
            (View(), "notice_articles_gone"),
        ],
    )
    async def test_of_articles_that_are_gone_are_explained(
        self, talk: Talk, view: View, notice: str
    ) -> None:
        answer = await talk.ask(WHO)
        data = Press(Verb.OPEN, view).encode()
        assert data is not None

        assert await talk.press_data(answer["message_id"], data) == MESSAGES[notice]

    async def test_beyond_the_last_page_say_so(self, talk: Talk) -> None:
        answer = await talk.ask(WHO)
        data = Press(Verb.PAGE, View(page=30)).encode()
        assert data is not None

        assert await talk.press_data(answer["message_id"], data) == MESSAGES["notice_no_more"]

    async def test_pressed_twice_change_nothing_and_stop_spinning(self, talk: Talk) -> None:
        answer = await talk.ask(WHO)

        assert await talk.press(answer, "Ngữ cảnh") == ""
        assert await talk.press(answer, "Ngữ cảnh") == ""

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

        assert await talk.press(answer, "Ngữ cảnh") == MESSAGES[notice]

        assert log in caplog.text
        assert await talk.press(answer, "Ngữ cảnh") == ""

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

            notices = [await talk.press(answer, "Ngữ cảnh") for _ in range(4)]

            assert notices[0] == ""
            assert notices[1] == MESSAGES["notice_slow_down"].format(seconds=30)
            assert notices[3].startswith("Bạn bấm chậm lại nhé")


class TestCommands:
    async def test_start_greets_in_the_language_of_the_user(self, talk: Talk) -> None:
        assert "trả lời câu hỏi về tin tức" in (await talk.ask("/start"))["text"]
        assert "ask the newspaper" in (await talk.ask("/start", user=ANNA))["text"]

    async def test_start_opens_the_article_of_a_deep_link(self, talk: Talk) -> None:
        card = await talk.ask("/start a_1")

        assert card["text"].startswith(CONFERENCE.title)
        assert "Sáng 5/1, Chính phủ tổ chức" in card["text"]
        assert MESSAGES["article_invitation"] in card["text"]
        assert "https://bao.example/hoi-nghi.html" in card["html"]

    @pytest.mark.parametrize("payload", ["a_99", "a_999999999999999999"])
    async def test_start_says_that_an_article_is_gone(self, talk: Talk, payload: str) -> None:
        assert (await talk.ask(f"/start {payload}"))["text"] == MESSAGES["article_gone"]

    @pytest.mark.parametrize("payload", ["inline", "a_0", "a_x", "' OR 1"])
    async def test_start_greets_whatever_else_it_is_given(self, talk: Talk, payload: str) -> None:
        assert (await talk.ask(f"/start {payload}"))["text"].startswith("Hỏi Báo")

    async def test_ask_without_a_question_explains(self, talk: Talk) -> None:
        assert "/ask Ai tham dự" in (await talk.ask("/ask"))["text"]

    async def test_latest_lists_the_newest_articles_first(self, talk: Talk) -> None:
        newest = (await talk.ask("/latest"))["text"]

        assert newest.index("Hội nghị") < newest.index("Bão số 9") < newest.index("Thư viện")
        assert "Thư viện <mới> & cũ" in newest
        assert "không rõ ngày" in newest

    async def test_latest_lists_those_of_one_source(self, talk: Talk) -> None:
        of_one = (await talk.ask("/latest Bản tin xã"))["text"]

        assert "Thư viện" in of_one
        assert "Bão số 9" not in of_one

    async def test_latest_says_that_there_is_no_such_source(self, talk: Talk) -> None:
        answer = await talk.ask("/latest <Báo & Lạ>")

        assert "Tôi không có nguồn <Báo & Lạ>" in answer["text"]

    async def test_latest_names_the_source_as_it_names_itself(self, talk: Talk) -> None:
        answer = await talk.ask("/latest BÁO THỬ")

        assert answer["text"].startswith("Bài mới nhất · Báo Thử\n")

    async def test_sources_are_listed_with_their_numbers(self, talk: Talk) -> None:
        answer = (await talk.ask("/sources"))["text"]

        assert "• Báo Thử: 2 bài · mới nhất: Thứ Ba, 05/01/2021 14:23" in answer
        assert "• Bản tin xã: 1 bài" in answer

    async def test_lang_changes_the_language_of_the_chat_by_name(self, talk: Talk) -> None:
        assert "I will use English" in (await talk.ask("/lang en"))["text"]
        assert "ask the newspaper" in (await talk.ask("/start"))["text"]
        assert "tiếng Việt" in (await talk.ask("/lang vi"))["text"]

    async def test_lang_changes_the_language_of_the_chat_by_button(self, talk: Talk) -> None:
        answer = await talk.ask("/lang")
        assert labels(answer) == ["✓ Tiếng Việt", "English"]

        assert await talk.press(answer, "English") == ""

        chosen = await talk.message(answer["message_id"])
        assert chosen["text"] == "I will use English from now on."
        assert labels(chosen) == ["Tiếng Việt", "✓ English"]
        assert talk.library.chats.language(LANS_CHAT) == "en"

    async def test_lang_names_what_the_bot_speaks(self, talk: Talk) -> None:
        assert "/lang vi" in (await talk.ask("/lang fr"))["text"]

    async def test_unknown_commands_get_a_hint(self, talk: Talk) -> None:
        assert (await talk.ask("/weather Hà Nội"))["text"] == MESSAGES["unknown_command"]

    async def test_are_registered_in_both_languages(self, talk: Talk) -> None:
        async def registered() -> bool:
            english = await talk.client.call("getMyCommands", language_code="en")
            return bool(english["result"])

        await until(registered)
        default = (await talk.client.call("getMyCommands"))["result"]
        assert default[0] == {"command": "ask", "description": "Hỏi về tin tức"}
        assert [command["command"] for command in default] == list(COMMANDS)


class TestGroups:
    @pytest.mark.parametrize(
        "text",
        [f"/ask {WHO}", f"/ask@hoibao_bot {WHO}", f"@hoibao_bot {WHO}", f"{WHO} @HoiBao_bot"],
    )
    async def test_get_answers_to_what_is_meant_for_the_bot(self, talk: Talk, text: str) -> None:
        assert "Lương Văn Cầu" in (await talk.ask(text, chat=GROUP))["text"]

    async def test_get_answers_to_replies_to_the_bot(self, talk: Talk) -> None:
        answer = await talk.ask(f"/ask {WHO}", chat=GROUP)

        follow_up = await talk.ask(
            "bàn về nhiệm vụ gì?", chat=GROUP, reply_to=answer["message_id"], user=ANNA
        )

        assert follow_up["text"].startswith("In this article:")

    async def test_hear_nothing_when_people_talk_with_each_other(self, talk: Talk) -> None:
        await talk.client.post("/membership", user=LAN, chat=GROUP, status="administrator")
        talked = [
            await talk.client.write(text, chat=GROUP)
            for text in (WHO, "/ask@other_bot ai?", "/weather", "@other_bot ai?", "a@hoibao_bot.vn")
        ]
        talked.append(await talk.client.write("", chat=GROUP, sticker=True))

        await talk.ask(f"/ask {WHO}", chat=GROUP)

        for message in talked:
            assert await replies(talk, message, GROUP) == []

    async def test_get_a_hint_for_unknown_commands_with_the_bots_name(self, talk: Talk) -> None:
        answer = await talk.ask("/weather@hoibao_bot", chat=GROUP)

        assert answer["text"] == MESSAGES["unknown_command"]

    async def test_get_an_explanation_when_only_the_bot_is_named(self, talk: Talk) -> None:
        assert (await talk.ask("@hoibao_bot", chat=GROUP))["text"].startswith("Tôi không thấy")

    async def test_get_an_answer_to_the_message_that_the_bot_is_named_under(
        self, talk: Talk
    ) -> None:
        await talk.client.post("/membership", user=LAN, chat=GROUP, status="administrator")
        for naming in ("@hoibao_bot", "/ask"):
            question = await talk.client.write(WHO, user=ANNA, chat=GROUP)
            await talk.client.write(naming, chat=GROUP, reply_to=question)

            answer = await talk.answer(GROUP, question)

            assert "Lương Văn Cầu" in answer["text"]
            assert await talk.press(answer, "Ngữ cảnh", chat=GROUP) == ""

    async def test_get_an_explanation_when_only_the_bot_is_named_in_a_topic(
        self, talk: Talk
    ) -> None:
        sent = await talk.client.write("@hoibao_bot", chat=FORUM, topic=WEATHER)

        assert (await talk.answer(FORUM, sent))["text"].startswith("Tôi không thấy câu hỏi")

    async def test_that_became_supergroups_are_answered_there(self, talk: Talk) -> None:
        old, question = -4321, f"/ask {WHO}"
        await talk.client.post("/chats", id=old, type="group", title="Nhóm cũ")
        await talk.client.post(
            "/faults", method="sendMessage", error="migrate_to_chat_id", chat=old, times=1
        )
        sent = await talk.client.post("/messages", user=LAN, chat=old, text=question)

        async def arrived() -> bool:
            new = (await talk.client.post("/messages", user=LAN, chat=old, text="xin chào"))["chat"]
            found = await talk.client.messages(new)
            return any("Lương Văn Cầu" in message["text"] for message in found)

        assert sent["chat"] == old
        await until(arrived)

    async def test_choose_their_own_language(self, talk: Talk) -> None:
        await talk.ask("/lang en", chat=GROUP)

        assert labels(await talk.ask(f"/ask {WHO}", chat=GROUP))[0] == "Context"
        assert labels(await talk.ask(WHO))[0] == "Ngữ cảnh"


class TestPicturesAndStickers:
    @pytest.mark.parametrize("kind", ["sticker", "photo"])
    async def test_get_a_short_explanation_in_private(self, talk: Talk, kind: str) -> None:
        sent = await talk.client.write("", **{kind: True})

        assert (await talk.answer(LANS_CHAT, sent))["text"] == MESSAGES["not_text"]

    async def test_with_a_question_below_are_answered(self, talk: Talk) -> None:
        sent = await talk.client.write(WHO, photo=True)

        assert "Lương Văn Cầu" in (await talk.answer(LANS_CHAT, sent))["text"]


class TestInline:
    async def test_questions_give_quotes_to_send(self, talk: Talk) -> None:
        asked = await talk.client.post("/inline", user=LAN, chat=GROUP, query=WHO, wait=10)
        assert asked["results"]
        first = asked["results"][0]
        assert "Lương Văn Cầu" in first["description"]

        await talk.client.post(
            "/inline/choices",
            user=LAN,
            chat=GROUP,
            query_id=asked["query_id"],
            result_id=first["id"],
        )

        sent = (await talk.client.messages(GROUP))[-1]
        assert "<blockquote>" in sent["html"]
        assert "Thứ Ba, 05/01/2021 14:23" in sent["text"]

    @pytest.mark.parametrize("query", ["", "😀", NOBODY_KNOWS])
    async def test_without_quotes_nothing_is_offered(self, talk: Talk, query: str) -> None:
        asked = await talk.client.post("/inline", user=LAN, query=query, wait=10)

        assert asked["results"] == []

    async def test_that_fails_is_answered_with_nothing(self, talk: Talk) -> None:
        await talk.client.post("/faults", method="answerInlineQuery", error=400, times=1)

        asked = await talk.client.post("/inline", user=LAN, query=WHO, wait=10)

        assert asked["results"] == []

    async def test_that_is_answered_too_late_is_no_error(
        self, talk: Talk, caplog: pytest.LogCaptureFixture
    ) -> None:
        await talk.client.post("/faults", method="answerInlineQuery", error=TOO_OLD, times=1)

        await talk.client.post("/inline", user=LAN, query=WHO, wait=0)
        await talk.client.post("/inline", user=LAN, query=WHO, wait=10)

        assert "not answered" not in caplog.text

    async def test_what_was_sent_inline_is_not_taken_for_a_question(self, talk: Talk) -> None:
        asked = await talk.client.post("/inline", user=LAN, query=WHO, wait=10)
        chosen = await talk.client.post(
            "/inline/choices",
            user=LAN,
            query_id=asked["query_id"],
            result_id=asked["results"][0]["id"],
        )

        await talk.ask("/help")

        assert await replies(talk, chosen["message_id"]) == []
        follow_up = await talk.ask("bàn về nhiệm vụ gì?", reply_to=chosen["message_id"])
        assert follow_up["text"].startswith("Trong bài này:")


def slowly(*given: Any) -> tuple[Finding, tuple[int, ...]]:
    """Find as the bot does, but so slowly that it shows that it is at work."""
    sleep(0.3)
    return found(*given)


async def replies(talk: Talk, number: int, chat: int = LANS_CHAT) -> list[dict[str, Any]]:
    return [
        message for message in await talk.client.messages(chat) if message["reply_to"] == number
    ]


async def delete(talk: Talk, number: int, chat: int = LANS_CHAT) -> None:
    response = await talk.client.http.delete(f"/playground/chats/{chat}/messages/{number}")
    assert response.status_code == 200


async def refuse_for_now(talk: Talk, chat: int) -> None:
    """Let a chat's next message wait for two seconds."""
    await talk.client.post(
        "/faults", method="sendMessage", chat=chat, error=429, retry_after=2, times=1
    )


@SLOW
async def test_people_are_answered_side_by_side(talk: Talk) -> None:
    await refuse_for_now(talk, LANS_CHAT)
    question = await talk.client.write(WHO)

    answer = await talk.ask(WHO, user=ANNA)

    assert not await replies(talk, question)
    assert labels(answer)[0] == "Context"
    assert labels(await talk.answer(LANS_CHAT, question))[0] == "Ngữ cảnh"


def test_what_was_done_last_is_remembered_within_bounds() -> None:
    recent: Recent[int, str] = Recent(limit=2)
    for number in (1, 2, 1, 3):
        recent.set(number, str(number))

    assert len(recent) == 2
    assert (recent.get(1), recent.get(2), recent.get(3)) == ("1", None, "3")
