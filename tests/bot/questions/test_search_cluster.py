"""A search cluster that fails costs readers one polite line, and answers again by itself."""

from pathlib import Path

import pytest

from bot.playground import Playground
from index import Library
from tests.support.bot import ARTICLES, MESSAGES, WHO, answering
from tests.support.opensearch_engine import fresh_address
from tests.support.opensearch_server import free_port, opensearch_folder, opensearch_server
from tests.support.playground import serve_playground


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
