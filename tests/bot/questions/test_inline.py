"""The bot inline, in any chat."""

import pytest

from tests.support.bot import NOBODY_KNOWS, TOO_OLD, WHO, Talk
from tests.support.playground import GROUP, LAN
from tests.support.waiting import PATIENCE_SECONDS


class TestInline:
    async def test_questions_give_quotes_to_send(self, talk: Talk) -> None:
        asked = await talk.client.post(
            "/inline", user=LAN, chat=GROUP, query=WHO, wait=PATIENCE_SECONDS
        )
        assert asked["results"]
        first = asked["results"][0]
        assert first["title"].startswith("Tham dự hội nghị tại điểm cầu Hải Dương có đồng chí")
        assert first["description"].startswith("Báo Thử · Thứ Ba, 05/01/2021 14:23 · Hội nghị")

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
        asked = await talk.client.post("/inline", user=LAN, query=query, wait=PATIENCE_SECONDS)

        assert asked["results"] == []

    async def test_that_fails_is_answered_with_nothing(self, talk: Talk) -> None:
        await talk.client.post("/faults", method="answerInlineQuery", error=400, times=1)

        asked = await talk.client.post("/inline", user=LAN, query=WHO, wait=PATIENCE_SECONDS)

        assert asked["results"] == []

    async def test_that_is_answered_too_late_is_no_error(
        self, talk: Talk, caplog: pytest.LogCaptureFixture
    ) -> None:
        await talk.client.post("/faults", method="answerInlineQuery", error=TOO_OLD, times=1)

        await talk.client.post("/inline", user=LAN, query=WHO, wait=0)
        await talk.client.post("/inline", user=LAN, query=WHO, wait=PATIENCE_SECONDS)

        assert "not answered" not in caplog.text

    async def test_what_was_sent_inline_is_not_taken_for_a_question(self, talk: Talk) -> None:
        asked = await talk.client.post("/inline", user=LAN, query=WHO, wait=PATIENCE_SECONDS)
        chosen = await talk.client.post(
            "/inline/choices",
            user=LAN,
            query_id=asked["query_id"],
            result_id=asked["results"][0]["id"],
        )

        await talk.ask("/help")

        assert await talk.replies(chosen["message_id"]) == []
        follow_up = await talk.ask("bàn về nhiệm vụ gì?", reply_to=chosen["message_id"])
        assert follow_up["text"].startswith("Trong bài này:")
