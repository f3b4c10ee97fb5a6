"""Each process does its part of the work alone, and one of several what is done once."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from bot.app import runner
from bot.app.application import BotApplication
from bot.app.examples import ExampleRenewal, renewing_examples
from bot.app.workers.sharing import Sharing, shared
from bot.playground import Playground
from bot.settings import Role, Settings
from index import Library
from tests.support.bot import ARTICLES
from tests.support.playground import Client, serve_playground
from tests.support.waiting import until

pytestmark = pytest.mark.postgresql


@asynccontextmanager
async def worker(
    client: Client, library: Library, *roles: Role
) -> AsyncIterator[tuple[BotApplication, Sharing]]:
    values = {"token": client.playground.token, "api_url": client.address, "roles": roles}
    settings = Settings.model_validate(values | {"answering_processes": 0})
    with shared(library, settings) as sharing:
        assert sharing is not None
        async with runner._running_bot(library, settings, sharing) as application:
            yield application, sharing


@pytest.fixture
def shared_library(postgresql_address: URL, tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "data", database=postgresql_address) as library:
        library.ingest(ARTICLES)
        yield library


async def test_examples_and_the_profile_are_made_where_answers_are_given(
    shared_library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    renewals: list[ExampleRenewal] = []

    def note(renewal: ExampleRenewal) -> AbstractAsyncContextManager[None]:
        renewals.append(renewal)
        return renewing_examples(renewal)

    monkeypatch.setattr(runner, "renewing_examples", note)
    async with serve_playground(Playground()) as client:
        async with worker(client, shared_library, Role.BOT, Role.FOLLOW, Role.SEND):
            assert renewals == []
            assert (await client.result("getMyDescription"))["description"] == ""
        async with worker(client, shared_library, Role.ANSWER):

            async def is_described() -> bool:
                return bool((await client.result("getMyDescription"))["description"])

            await until(is_described)


async def test_one_of_those_that_answer_keeps_the_profile(shared_library: Library) -> None:
    async with (
        serve_playground(Playground()) as client,
        worker(client, shared_library, Role.SEND) as (_, sending),
    ):
        async with (
            worker(client, shared_library, Role.ANSWER) as (_, first),
            worker(client, shared_library, Role.ANSWER) as (_, second),
        ):
            keeping = [runner._answers_longest(each) for each in (sending, first, second)]
            assert keeping == [False, True, False]
        async with worker(client, shared_library, Role.ANSWER) as (_, next_one):
            assert runner._answers_longest(next_one)
