"""The bot among people who talk with each other."""

import pytest

from tests.support.bot import MESSAGES, WHO, Talk
from tests.support.playground import ANNA, FORUM, GROUP, LAN, WEATHER
from tests.support.waiting import until, until_logged


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
            assert await talk.replies(message, GROUP) == []

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
            assert await talk.press(answer, MESSAGES["button_context"], chat=GROUP) == ""

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
        await talk.client.post("/membership", user=LAN, chat=GROUP, status="administrator")
        await talk.ask("/lang en", chat=GROUP)

        assert "January 2021" in (await talk.ask(f"/ask {WHO}", chat=GROUP))["text"]
        assert "Thứ Ba, 05/01/2021" in (await talk.ask(WHO))["text"]

    async def test_have_their_language_changed_by_administrators_only(self, talk: Talk) -> None:
        for words in ("/lang", "/lang en"):
            refused = await talk.ask(words, chat=GROUP, user=ANNA)
            assert "for administrators only" in refused["text"]
        await talk.client.post("/membership", user=LAN, chat=GROUP, status="administrator")
        choice = await talk.ask("/lang", chat=GROUP)

        notice = await talk.press(choice, "English", chat=GROUP, user=ANNA)

        assert notice == "Only administrators can use this button."
        assert "Thứ Ba, 05/01/2021" in (await talk.ask(f"/ask {WHO}", chat=GROUP))["text"]
        assert await talk.press(choice, "English", chat=GROUP) == ""

    async def test_that_are_closed_cost_one_line_of_the_log(
        self, talk: Talk, caplog: pytest.LogCaptureFixture
    ) -> None:
        await talk.client.post("/faults", method="sendMessage", error="TOPIC_CLOSED", times=9)
        await talk.client.write(f"/ask {WHO}", chat=GROUP)
        await until_logged(caplog, "TOPIC_CLOSED")
        await talk.client.http.delete("/playground/faults")
        await talk.ask(f"/ask {WHO}", chat=GROUP)
        assert len(caplog.messages) == 1
        assert "Traceback" not in caplog.text

    async def test_that_refuse_a_background_task_cost_one_line_of_the_log(
        self, talk: Talk, caplog: pytest.LogCaptureFixture
    ) -> None:
        talk.application.create_task(talk.application.bot.send_message(-1, "x"))
        await until_logged(caplog, "chat not found")
        assert len(caplog.messages) == 1
        assert "Traceback" not in caplog.text
