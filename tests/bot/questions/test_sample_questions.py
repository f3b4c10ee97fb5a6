"""Questions over the samples of the playground that were once answered wrongly, in a chat."""

import json
from datetime import datetime
from pathlib import Path

from bot.playground import samples
from index.articles.readers.json_lines import parse_record
from tests.conversations.asking import first_replies
from tests.conversations.expectations import SAMPLE_QUESTIONS, Shelf, fault, read_messages
from tests.support.articles import VIETNAM


async def test_the_questions_over_the_samples_get_the_sentence_that_answers(
    tmp_path: Path,
) -> None:
    lines = samples.path().read_text(encoding="utf-8").splitlines()
    articles = tuple(parse_record(json.loads(line)) for line in lines)
    messages = [m for m in read_messages(SAMPLE_QUESTIONS) if m.replies[0].name == "answer"]

    replies = await first_replies(tmp_path, articles, messages)

    shelf = Shelf.of(articles, datetime.now(VIETNAM).date())
    wrong = {
        message.text: reply.text
        for message, reply in zip(messages, replies, strict=True)
        if fault(message, reply, shelf)
    }
    assert wrong == {}
