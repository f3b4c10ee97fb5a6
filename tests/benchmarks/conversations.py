"""How many first messages get the right kind of reply: `python -m tests.benchmarks.conversations`.

Each message is the first one of a person in a private chat with the real bot, under the embedded
Telegram, over 2,000 articles of the shared news or over the samples. What comes is judged by what
it shows, against the lists of `tests/conversations`.
"""

import argparse
import asyncio
import json
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.playground import samples
from index import Article
from index.articles.readers.json_lines import parse_record
from tests.benchmarks._news import require_news
from tests.conversations.asking import first_replies
from tests.conversations.expectations import (
    FIRST_MESSAGES,
    SAMPLE_QUESTIONS,
    Message,
    Shelf,
    fault,
    read_messages,
)
from tests.conversations.news import dated_news
from tests.conversations.replies import Reply
from tests.support.articles import VIETNAM

SHOWN = 160
"""Characters of a wrong reply that are printed."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--faults", action="store_true", help="print each wrong reply too")
    parser.add_argument("--samples", action="store_true", help="ask the samples only")
    arguments = parser.parse_args()
    now = datetime.now(VIETNAM)
    console = Console()
    lists = [(SAMPLE_QUESTIONS, _sample_articles())]
    if not arguments.samples:
        require_news()
        lists.append((FIRST_MESSAGES, dated_news(now)))
    for path, articles in lists:
        shelf = Shelf.of(articles, now.date())
        messages = read_messages(path)
        with tempfile.TemporaryDirectory() as folder:
            replies = asyncio.run(first_replies(Path(folder), articles, messages))
        faults = [
            fault(message, reply, shelf) for message, reply in zip(messages, replies, strict=True)
        ]
        console.print(_table(path.stem, messages, faults))
        if arguments.faults:
            for line in _wrong(messages, replies, faults):
                console.print(line, markup=False, highlight=False, soft_wrap=True)


def _sample_articles() -> tuple[Article, ...]:
    lines = samples.path().read_text(encoding="utf-8").splitlines()
    return tuple(parse_record(json.loads(line)) for line in lines)


def _table(title: str, messages: Sequence[Message], faults: Sequence[str | None]) -> Table:
    """Return the table of right replies by kind of message."""
    outcomes: dict[str, list[bool]] = defaultdict(list)
    for message, wrong in zip(messages, faults, strict=True):
        outcomes[message.kind].append(wrong is None)
        outcomes["all"].append(wrong is None)
    outcomes["all"] = outcomes.pop("all")
    table = Table("kind of message", "right", "of", "%", title=title.replace("_", " "))
    for kind, rights in outcomes.items():
        share = sum(rights) / len(rights)
        table.add_row(kind, str(sum(rights)), str(len(rights)), f"{share:.0%}")
    return table


def _wrong(
    messages: Sequence[Message], replies: Sequence[Reply], faults: Sequence[str | None]
) -> Iterator[str]:
    """Yield a line for each wrong reply: what was asked, what is wrong, and what came."""
    for message, reply, wrong in zip(messages, replies, faults, strict=True):
        if wrong is not None:
            shown = " ".join(reply.text.split())[:SHOWN]
            yield f"[{message.kind}] {message.text} -> {wrong} | {shown}"


if __name__ == "__main__":
    main()
