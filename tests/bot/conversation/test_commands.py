"""What people type with a slash; subscriptions and sources have files of their own."""

import pytest

from bot.app.profile import COMMANDS
from tests.support.bot import CONFERENCE, LANS_CHAT, MESSAGES, Talk, labels
from tests.support.playground import ANNA
from tests.support.waiting import until


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
        assert "/ask câu hỏi của bạn" in (await talk.ask("/ask"))["text"]

    async def test_latest_lists_the_newest_articles_first(self, talk: Talk) -> None:
        newest = (await talk.ask("/latest"))["text"]

        assert newest.index("Hội nghị") < newest.index("Bão số 9") < newest.index("Thư viện")
        assert "Thư viện <mới> & cũ" in newest
        assert "không rõ" not in newest
        assert "\nBản tin xã · nhận lúc " in newest

    async def test_latest_lists_those_of_one_source(self, talk: Talk) -> None:
        of_one = (await talk.ask("/latest Bản tin xã"))["text"]

        assert "Thư viện" in of_one
        assert "Bão số 9" not in of_one

    async def test_latest_finds_a_paper_without_the_word_for_paper(self, talk: Talk) -> None:
        answer = await talk.ask("/latest thu")

        assert answer["text"].startswith("Bài mới nhất · Báo Thử")

    async def test_latest_says_that_there_is_no_such_source(self, talk: Talk) -> None:
        answer = await talk.ask("/latest <Báo & Lạ>")

        assert "Tôi không có nguồn <Báo & Lạ>" in answer["text"]

    async def test_latest_names_the_source_as_it_names_itself(self, talk: Talk) -> None:
        answer = await talk.ask("/latest BÁO THỬ")

        assert answer["text"].startswith("Bài mới nhất · Báo Thử\n")

    async def test_sources_are_listed_with_their_numbers(self, talk: Talk) -> None:
        answer = (await talk.ask("/sources"))["text"]

        assert "• Báo Thử: 2 bài · mới nhất: 5/1/2021" in answer
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
