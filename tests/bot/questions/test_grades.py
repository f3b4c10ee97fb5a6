"""The three grades of an answer in a chat: an answer, a possible one, nothing found."""

import re
from pathlib import Path
from typing import Any

import pytest
from telegram.ext import ExtBot

from index.alerts.announcer import Alert
from tests.support.bot import MESSAGES, WHO, Talk, labels, talking
from tests.support.playground import ANNA, GROUP, LAN
from tests.support.subscriptions import numbered_article
from tests.support.waiting import PATIENCE_SECONDS

HOW_MANY = "bao nhiêu đại biểu dự hội nghị?"
WHO_MOVED = "who moved the people to safety?"
SCHOOLS = "bão làm sập bao nhiêu trường học ở Bình Sơn?"
HOW_LONG = "hội nghị kéo dài bao lâu?"
WHO_PLAYED = "Did the conference sell football tickets?"
STORM_HIT = "bão số 9 đổ bộ vào tỉnh nào?"


def opening(message: dict[str, Any]) -> str:
    """Return what stands over the quotes of a message."""
    return re.sub("<[^>]+>", "", str(message["html"]).split("<blockquote")[0])


class TestGrades:
    @pytest.mark.parametrize(
        ("text", "person"), [(WHO, LAN), ("who attended the conference?", ANNA)]
    )
    async def test_answer_is_quoted_without_a_word_of_doubt(
        self, talk: Talk, text: str, person: dict[str, Any]
    ) -> None:
        answer = await talk.ask(text, user=person)

        assert answer["text"].startswith("Tham dự hội nghị tại điểm cầu Hải Dương")

    @pytest.mark.parametrize(
        ("text", "person", "heading"),
        [(HOW_MANY, LAN, "Có thể là:"), (WHO_MOVED, ANNA, "Perhaps:")],
    )
    async def test_possible_answer_is_quoted_at_once_and_in_doubt(
        self, talk: Talk, text: str, person: dict[str, Any], heading: str
    ) -> None:
        answer = await talk.ask(text, user=person)

        assert opening(answer) == heading
        assert answer["html"].count("<blockquote>") > 1
        assert "expandable" not in answer["html"]
        assert {"👍", "👎"} < set(labels(answer))

    @pytest.mark.parametrize(
        ("text", "person", "heading", "nearest"),
        [
            (HOW_LONG, LAN, "Tôi không tìm thấy bài nào", "Xem câu gần nhất"),
            (WHO_PLAYED, ANNA, "I found no article", "Closest quotes"),
        ],
    )
    async def test_nothing_found_offers_the_nearest_quotes(
        self, talk: Talk, text: str, person: dict[str, Any], heading: str, nearest: str
    ) -> None:
        answer = await talk.ask(text, user=person)

        assert opening(answer).startswith(heading)
        assert "<blockquote>" not in answer["html"]
        assert nearest in labels(answer)

    @pytest.mark.parametrize("text", ["tổ hội", "to hoi", "Tốc Độ", "khi nào?", "vì sao vậy"])
    async def test_syllables_in_other_words_and_words_that_only_ask_find_nothing(
        self, talk: Talk, text: str
    ) -> None:
        """Articles hold `tổ chức hội nghị`, `tốc mái` and `đổ bộ`."""
        answer = await talk.ask(text)

        assert opening(answer).startswith("Tôi không tìm thấy bài nào")

    async def test_possible_answer_of_a_named_day_says_both(self, talk: Talk) -> None:
        answer = await talk.ask(f"ngày 28/10/2020 {SCHOOLS}")

        assert opening(answer) == "Có thể là:\nTrong các bài đăng ngày 28/10/2020:"

    async def test_possible_answers_are_counted_by_themselves(self, tmp_path: Path) -> None:
        async with talking(tmp_path, admins=(LAN["id"],)) as talk:
            await talk.ask(HOW_MANY)
            shown = (await talk.ask("/stats"))["text"]

        assert "có thể là: 100%" in shown


class TestButtonsUnderAPossibleAnswer:
    async def test_turn_pages_and_open_the_context_in_doubt(self, tmp_path: Path) -> None:
        async with talking(tmp_path, quotes=1) as talk:
            answer = await talk.ask(HOW_MANY)

            await talk.press(answer, MESSAGES["button_context"])
            opened = await talk.message(answer["message_id"])
            await talk.press(opened, MESSAGES["button_further"])
            second = await talk.message(answer["message_id"])

        assert opening(opened) == "Có thể là:"
        assert opening(second) == "Có thể là:\nCác câu khác (2)"

    async def test_ask_one_article_in_doubt(self, talk: Talk) -> None:
        question = await talk.client.write(WHO_MOVED, user=ANNA)
        answer = await talk.answer(ANNA["id"], question)

        await talk.press_data(answer["message_id"], "1as00::2", user=ANNA, chat=ANNA["id"])

        within = await talk.answer(ANNA["id"], question, number=2)
        assert opening(within).split("\n")[1] == "In this article, perhaps:"


class TestGradesOfFollowUps:
    async def test_possible_answer_of_the_article_is_said_to_be_of_it(self, talk: Talk) -> None:
        answer = await talk.ask(WHO)

        follow_up = await talk.ask(HOW_MANY, reply_to=answer["message_id"])

        assert opening(follow_up) == "Trong bài này, có thể là:"

    async def test_possible_answer_of_another_article_is_said_to_be_of_another(
        self, talk: Talk
    ) -> None:
        answer = await talk.ask(WHO)

        follow_up = await talk.ask(SCHOOLS, reply_to=answer["message_id"])

        assert opening(follow_up) == ("Bài bạn hỏi không có câu trả lời. Ở bài khác, có thể là:")

    async def test_answer_of_another_article_goes_before_a_possible_one(self, talk: Talk) -> None:
        answer = await talk.ask(WHO)

        follow_up = await talk.ask(STORM_HIT, reply_to=answer["message_id"])

        assert opening(follow_up) == "Bài bạn hỏi không có câu trả lời. Ở bài khác:"

    async def test_answer_that_only_all_articles_make_sure_is_still_of_the_article(
        self, talk: Talk
    ) -> None:
        answer = await talk.ask("who is the librarian of Tân Lập?", user=ANNA)

        follow_up = await talk.ask(
            "how old is the librarian?", user=ANNA, reply_to=answer["message_id"]
        )

        assert opening(follow_up) == "In this article:"

    async def test_article_of_an_alert_may_answer(self, talk: Talk) -> None:
        await talk.ask("/subscribe bão")
        talk.library.ingest([numbered_article(1)], alert=Alert.ALL)
        await talk.press(await talk.alert("Bão mạnh"), "Hỏi về bài này")

        answer = await talk.ask("ông Thảo họp với ai?")

        assert opening(answer).split("\n")[1] == "Trong bài này, có thể là:"


class TestGradesElsewhere:
    async def test_question_in_a_group_may_be_answered(self, talk: Talk) -> None:
        answer = await talk.ask(f"/ask {HOW_MANY}", chat=GROUP)

        assert opening(answer) == "Có thể là:"

    async def test_message_of_a_group_that_asks_nothing_of_the_bot_is_not_answered(
        self, talk: Talk
    ) -> None:
        unasked = await talk.client.write(HOW_MANY, chat=GROUP)
        await talk.ask(f"/ask {WHO}", chat=GROUP)

        assert await talk.replies(unasked, GROUP) == []

    @pytest.mark.parametrize(
        ("query", "person", "hint"),
        [
            (WHO, LAN, None),
            (HOW_MANY, LAN, "Tôi không chắc, có thể là…"),
            (WHO_MOVED, ANNA, "Not sure, but perhaps…"),
            (HOW_LONG, LAN, "Không tìm thấy câu trả lời"),
        ],
    )
    async def test_inline_results_in_doubt_say_so(
        self,
        talk: Talk,
        monkeypatch: pytest.MonkeyPatch,
        query: str,
        person: dict[str, Any],
        hint: str | None,
    ) -> None:
        hints = []
        answer_inline_query = ExtBot.answer_inline_query

        async def record_hint(bot: ExtBot[Any], *args: Any, **kwargs: Any) -> bool:
            hints.append(kwargs["button"].text if kwargs["button"] else None)
            return await answer_inline_query(bot, *args, **kwargs)

        monkeypatch.setattr(ExtBot, "answer_inline_query", record_hint)
        asked = await talk.client.post("/inline", user=person, query=query, wait=PATIENCE_SECONDS)

        assert bool(asked["results"]) is (query != HOW_LONG)
        assert hints == [hint]
