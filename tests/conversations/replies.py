"""Read a reply as a reader sees it: its headlines, its quotes, and what kind of reply it is."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from typing import Literal
from urllib.parse import urldefrag

Kind = Literal[
    "headlines", "answer", "maybe", "none", "small_talk", "self", "help", "error", "silence"
]

_DOUBT = re.compile(
    r"có thể|có lẽ|gần đúng|không (?:câu nào )?chắc|maybe|perhaps|nearest|closest|not sure", re.I
)
_NOT_FOUND = re.compile(
    r"(?:không|chưa) (?:tìm )?thấy (?:bài|câu trả lời|tin)|found no|find no", re.I
)
_TROUBLE = re.compile(
    r"trục trặc|chậm lại|quá nhiều người|went wrong|slower, please|try again", re.I
)
_COMMAND = re.compile(r"(?<!\S)/[a-z]{3,}")
_NAME = re.compile(r"Hỏi Báo")
HELP_COMMANDS = 4
"""Commands that a message names if it is about how to use the bot."""


@dataclass(slots=True)
class Row:
    """Headline with its link, and all that stands under it until the next one."""

    address: str
    headline: str
    below: str = ""

    @property
    def text(self) -> str:
        return f"{self.headline}\n{self.below}"


@dataclass
class Reply:
    """What a message shows: text, quotes, headlines, and what stands before these."""

    text: str
    quotes: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    opening: str = ""
    has_headline_first: bool = False

    @cached_property
    def kind(self) -> Kind:
        """The kind of reply.

        A page of articles starts with a headline, an answer with a quote that stands above the
        headline of its article. Quotes in doubt have words of doubt above them.
        """
        if self.has_headline_first:
            return "headlines"
        if self.quotes:
            return "maybe" if _DOUBT.search(self.opening) else "answer"
        if not self.text.strip():
            return "silence"
        if _TROUBLE.search(self.text):
            return "error"
        if _NOT_FOUND.search(self.text):
            return "none"
        if len(set(_COMMAND.findall(self.text))) >= HELP_COMMANDS:
            return "help"
        return "self" if _NAME.search(self.text) else "small_talk"


def read_reply(html: str) -> Reply:
    """Read the HTML that the chat page shows for a message of the bot."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.reply


class _Reader(HTMLParser):
    """Reader of a message: text between its links and block quotes, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.reply = Reply(text="")
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.handle_data("\n")
            return
        self._open.append(tag)
        if tag == "blockquote":
            self.reply.quotes.append("")
        elif tag == "a" and self._is_headline():
            if not self.reply.quotes and not self.reply.rows:
                self.reply.has_headline_first = True
            address = urldefrag(dict(attrs).get("href") or "").url
            self.reply.rows.append(Row(address, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            self._open.remove(tag)

    def handle_data(self, data: str) -> None:
        reply = self.reply
        reply.text += data
        if "blockquote" in self._open:
            reply.quotes[-1] += data
        if not reply.quotes and not reply.rows:
            reply.opening += data
        elif reply.rows and "a" in self._open and self._is_headline():
            reply.rows[-1].headline += data
        elif reply.rows:
            reply.rows[-1].below += data

    def _is_headline(self) -> bool:
        """Tell whether a link is a headline: others stand in quotes, or in italics with repeats."""
        return not {"blockquote", "i", "em"} & set(self._open)
