"""A search cluster that fails costs readers one polite line, and answers again by itself."""

import asyncio
from pathlib import Path

import pytest

from bot.app.reindexing import reindexing_in_background
from bot.playground import Playground
from index import Library
from tests.support.bot import ARTICLES, MESSAGES, WHO, answering
from tests.support.opensearch_engine import fresh_address
from tests.support.opensearch_server import free_port, opensearch_folder, opensearch_server
from tests.support.playground import serve_playground
from tests.support.waiting import until


@pytest.mark.slow
@pytest.mark.opensearch
async def test_a_stopped_cluster_is_said_in_one_line_and_answers_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    port = free_port()
    cluster = fresh_address(f"http://127.0.0.1:{port}")
    with opensearch_folder() as folder:
        with opensearch_server(folder, port):
            library = Library.open(tmp_path, cluster=cluster)
            library.ingest(ARTICLES)
        async with serve_playground(Playground()) as client, answering(client, library) as talk:
            caplog.clear()
            refused = await talk.ask(WHO)
            lines = [each for each in caplog.records if each.levelname != "DEBUG"]
            with opensearch_server(folder, port):
                answer = await talk.ask(WHO)
        library.close()
    assert refused["text"] == MESSAGES["error"]
    assert len([each for each in lines if each.levelname == "ERROR"]) == 1
    assert "does not answer now" in caplog.text
    assert "Traceback" not in caplog.text
    assert "Lương Văn Cầu" in answer["text"]


@pytest.mark.slow
@pytest.mark.opensearch
async def test_a_bot_that_starts_before_its_cluster_answers_once_that_is_there(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    port = free_port()
    cluster = fresh_address(f"http://127.0.0.1:{port}")
    with opensearch_folder() as folder, Library.open(tmp_path, cluster=cluster) as library:
        assert library.ingest(ARTICLES).added == len(ARTICLES)

        async def is_indexed() -> bool:
            return "answers again" in caplog.text

        async with (
            serve_playground(Playground()) as client,
            answering(client, library) as talk,
            reindexing_in_background(library, pause=0.1),
        ):
            refused = await talk.ask(WHO)
            with opensearch_server(folder, port):
                await until(is_indexed)
                answer = await talk.ask(WHO)
                said = [each.message for each in caplog.records if "searchable" in each.message]
    assert refused["text"] == MESSAGES["error"]
    assert "Lương Văn Cầu" in answer["text"]
    assert len(said) == 2
    assert "not all articles are searchable" in said[0]


@pytest.mark.slow
async def test_articles_of_a_stopped_cluster_are_stored_and_their_source_is_not_at_fault(
    tmp_path: Path,
) -> None:
    cluster = fresh_address(f"http://127.0.0.1:{free_port()}")
    library = await asyncio.to_thread(Library.open, tmp_path, cluster=cluster)
    report = await asyncio.to_thread(library.ingest, ARTICLES)
    assert report.added == len(ARTICLES)
    assert library.latest(1)
    library.close()
