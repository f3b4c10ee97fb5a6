"""Questions are answered by processes: none is lost, they keep their order, the queue ends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from multiprocessing import active_children
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from bot.conversation.answer_pool import WAITING_LIMIT, AnswerPool, answer_pool
from bot.playground import Playground
from bot.questions.service import find_answer
from bot.transport.update_order import CONCURRENT_UPDATES, WAITING_UPDATES
from index.errors import WorkerError
from index.workers import InlineExecutor
from tests.support.bot import ARTICLES, MESSAGES, WHO, Person, Talk, answering
from tests.support.errands import UnsendableError, find_but_die_once, find_or_fail
from tests.support.libraries import open_library
from tests.support.load import measure
from tests.support.playground import ANNA, LAN, MINH, serve_playground
from tests.support.waiting import PATIENCE_SECONDS, START_SECONDS, until

ENGLISH_NOTICE = "Many people are asking right now. Please try again in a minute."
ENGLISH_BUSY = "Many people are asking right now. Please ask again in a minute."


@asynccontextmanager
async def answered_by_processes(folder: Path) -> AsyncIterator[Talk]:
    with open_library(folder, ARTICLES) as library:
        async with (
            serve_playground(Playground()) as client,
            answer_pool(library, 1) as processes,
            answering(client, library, answer_pool=processes) as talk,
        ):
            yield talk


async def asked(talk: Talk, who: Person) -> dict[str, Any]:
    """The answer to a question, however long a process takes to start on a busy machine."""
    question = await talk.client.write(WHO, user=who, chat=who["id"])
    return (await until(lambda: talk.replies(question, who["id"]), START_SECONDS))[0]


@pytest.mark.slow
async def test_a_process_killed_at_a_question_loses_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with answered_by_processes(tmp_path / "data") as talk:
        first = await asked(talk, LAN)
        monkeypatch.setattr(
            "bot.questions.handlers.find_answer", partial(find_but_die_once, tmp_path / "sign")
        )

        answers = await asyncio.gather(*(asked(talk, who) for who in (LAN, MINH, ANNA)))

        assert all("Lương Văn Cầu" in answer["text"] for answer in (first, *answers))
        assert (tmp_path / "sign").exists()
        assert await talk.press(first, MESSAGES["button_context"]) == ""
        opened = await talk.message(first["message_id"])
        assert "đầu tư công" in opened["text"]
    assert active_children() == []


async def test_an_error_at_one_question_leaves_the_others_answered(tmp_path: Path) -> None:
    with open_library(tmp_path, ARTICLES) as library:
        async with answer_pool(library, 1) as processes:
            for pool in (processes, AnswerPool.of_threads(library)):
                questions = [WHO, "lỗi", WHO, "lỗi lạ", WHO, "lỗi", WHO]
                given = await asyncio.gather(
                    *(pool.run(find_or_fail, question) for question in questions),
                    return_exceptions=True,
                )
                assert len({*given[::2]}) == 1
                assert isinstance(given[0], int)
                assert isinstance(given[1], OverflowError)
                assert isinstance(given[3], UnsendableError | WorkerError)
                assert isinstance(given[5], OverflowError)
                assert pool.room == WAITING_LIMIT


@asynccontextmanager
async def released(event: Event) -> AsyncIterator[None]:
    """Let go of what waits for an event when the context ends, in any case."""
    try:
        yield
    finally:
        event.set()


async def test_when_too_many_wait_the_bot_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_library(tmp_path, ARTICLES) as library:
        free = Event()
        one = AnswerPool([InlineExecutor(library)], waiting=1)
        async with (
            serve_playground(Playground()) as client,
            answering(client, library, answer_pool=one) as talk,
            released(free),
        ):
            earlier = await talk.ask(WHO, user=ANNA)
            monkeypatch.setattr(
                "bot.questions.handlers.find_answer",
                lambda *given: free.wait(START_SECONDS) and find_answer(*given),
            )
            questions = [await client.write(WHO, user=who, chat=who["id"]) for who in (LAN, MINH)]
            await until(lambda: is_full(one))
            assert (await talk.ask(WHO, user=ANNA))["text"] == ENGLISH_BUSY
            assert (
                await talk.press(earlier, MESSAGES["button_context"], user=ANNA) == ENGLISH_NOTICE
            )
            inline = await client.post("/inline", user=ANNA, query=WHO, wait=PATIENCE_SECONDS)
            assert inline["results"] == []

            free.set()
            for question, who in zip(questions, (LAN, MINH), strict=True):
                assert "Lương" in (await talk.answer(who["id"], question))["text"]
            assert "Lương" in (await talk.ask(WHO, user=ANNA))["text"]


def test_the_queue_is_full_before_updates_wait_elsewhere() -> None:
    assert WAITING_LIMIT < CONCURRENT_UPDATES < WAITING_UPDATES


async def is_full(one: AnswerPool) -> bool:
    return one.room == 0


@pytest.mark.slow
async def test_many_who_ask_at_once_are_all_answered_in_order(tmp_path: Path) -> None:
    with open_library(tmp_path, ARTICLES):
        pass
    figures = await measure(tmp_path, 8, (WHO, "who attended the conference?"), processes=2)

    assert len(figures.answered) == len(figures.asked) == 32
    assert (figures.disordered, figures.refused) == (0, 0)
