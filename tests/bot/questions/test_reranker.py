"""A model on a server reranks the answers of the chat, and keeps nobody waiting if it fails."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.playground import Playground
from index import Article, Library
from index.search.reranker import RerankServer
from tests.support.bot import Talk, answering
from tests.support.playground import serve_playground
from tests.support.rerank_server import Reply, RerankSite, replying, rerank_site, scoring

SCHOOL = "Kỳ họp bàn việc xây trường học."
HOSPITAL = "Kỳ họp bàn việc xây bệnh viện."
AGENDA = Article(id="ky-hop", title="Kỳ họp thứ mười", text=f"{SCHOOL} {HOSPITAL}")
QUESTION = "Kỳ họp bàn gì?"
SOON = 0.2  # seconds


@asynccontextmanager
async def talking_with_model(folder: Path, site: RerankSite) -> AsyncIterator[Talk]:
    """Run the bot over one article with a rerank server."""
    with Library.open(folder, reranker=RerankServer(site.url, timeout=SOON)) as library:
        library.ingest(AGENDA)
        async with serve_playground(Playground()) as client, answering(client, library) as talk:
            yield talk


async def test_the_sentence_that_the_model_prefers_is_quoted_first(tmp_path: Path) -> None:
    with rerank_site(scoring(lambda text: float(HOSPITAL in text))) as site:
        async with talking_with_model(tmp_path, site) as talk:
            answer = await talk.ask(QUESTION)
    assert answer["text"].index(HOSPITAL) < answer["text"].index(SCHOOL)


@pytest.mark.parametrize("reply", [RerankSite.hang, replying(lambda _: b"", 500)])
async def test_while_the_server_fails_words_answer_as_ever(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, reply: Callable[..., None] | Reply
) -> None:
    with rerank_site(scoring(len)) as site:
        site.reply = site.hang if reply is RerankSite.hang else reply
        async with talking_with_model(tmp_path, site) as talk:
            answers = [await talk.ask(QUESTION) for _ in range(3)]
        assert not site.released.is_set()
    for answer in answers:
        assert answer["text"].index(SCHOOL) < answer["text"].index(HOSPITAL)
    assert caplog.text.count("The reranker at") == len(site.posted) == 1
    assert QUESTION not in caplog.text
