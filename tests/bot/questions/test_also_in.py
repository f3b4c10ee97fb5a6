"""A fact that several articles have, in the chat."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from index import Article
from tests.support.bot import LANS_CHAT, MESSAGES, Talk, talking

FACT = "Sáng 5/1, ông Trần Văn Khải dự lễ khánh thành cầu Mường Lống."
QUESTION = "ai dự lễ khánh thành cầu Mường Lống?"
LINE = "Cũng có trong: "


@pytest.fixture
async def bridge(tmp_path: Path) -> AsyncIterator[Talk]:
    """Lan talking with a bot that has one fact from two papers."""
    async with talking(tmp_path, quotes=1) as talk:
        mores = ("Trời mưa từ tối hôm trước.", "Cầu Mường Lống nối hai bờ, lễ khánh thành vui.")
        talk.library.ingest(
            [
                Article(
                    title=f"Tin {name}",
                    text=f"{FACT} {more}",
                    url=f"https://{name}.example/",
                    source=f"Báo {name}",
                )
                for name, more in zip(("an", "binh"), mores, strict=True)
            ]
        )
        yield talk


async def test_is_one_quote_that_names_the_other_article_with_its_context_open_too(
    bridge: Talk,
) -> None:
    answer = await bridge.ask(QUESTION)
    assert answer["text"].count(FACT) == 1
    assert LINE in answer["text"]

    assert await bridge.press(answer, MESSAGES["button_context"]) == ""
    opened = await bridge.message(answer["message_id"])
    assert opened["text"].splitlines()[-1] == answer["text"].splitlines()[-1]

    assert await bridge.press(opened, MESSAGES["button_close"]) == ""
    assert (await bridge.message(answer["message_id"]))["html"] == answer["html"]


async def test_a_reply_asks_the_article_that_is_quoted_and_not_the_others(bridge: Talk) -> None:
    answer = await bridge.ask(QUESTION)

    follow_up = await bridge.ask(QUESTION, reply_to=answer["message_id"], chat=LANS_CHAT)

    assert follow_up["text"].startswith("Trong bài này:")
    assert LINE not in follow_up["text"]
