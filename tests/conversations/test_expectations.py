"""What is right for a message, and the lists that say so."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from index import Article
from tests.conversations.expectations import (
    FIRST_MESSAGES,
    PAGES,
    SAMPLE_QUESTIONS,
    SAYINGS,
    Message,
    Shelf,
    fault,
    parse_message,
    read_messages,
    spell,
)
from tests.conversations.news import dated_news
from tests.conversations.replies import read_reply
from tests.support.articles import VIETNAM

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=VIETNAM)
LEAST_MESSAGES = 170

FIRE = Article(
    title="Cháy rừng ở Hà Tĩnh",
    text="Rừng cháy.",
    url="https://bao.example/1",
    source="Báo Thử",
    published=NOON - timedelta(hours=1),
)
STORM = replace(
    FIRE,
    title="Bão vào Hà Tĩnh",
    url="https://bao.example/2",
    published=NOON - timedelta(days=1),
)
SHELF = Shelf.of((FIRE, STORM), NOON.date())


def _page(*articles: Article) -> str:
    rows = (
        f'<a href="{article.url}#:~:text=x">{article.title}</a>\n{article.source} · 11:00'
        for article in articles
    )
    return "\n\n".join(rows)


def _ask(replies: str) -> Message:
    return parse_message(f"any\tgì\t{replies}")


@pytest.mark.parametrize(
    ("replies", "html", "wrong"),
    [
        ("headlines: Hà Tĩnh", _page(STORM, FIRE), None),
        ("headlines: hà tĩnh", _page(FIRE), "it has 1 rows"),
        ("headlines: bão", _page(STORM, FIRE), "a row lacks the words: Cháy rừng ở Hà Tĩnh"),
        ("newest", _page(FIRE, STORM), None),
        ("newest", _page(STORM, FIRE), "it is not in order of date"),
        ("newest", _page(STORM), "it does not start with the newest"),
        ("today", _page(FIRE), None),
        ("today", _page(FIRE, STORM), "a row is of another day: Bão vào Hà Tĩnh"),
        ("yesterday: Bão", _page(STORM), None),
        ("week", _page(FIRE, STORM), None),
        ("headlines", _page(replace(FIRE, url="https://x.example")), "a headline links no article"),
        (
            "headlines",
            _page(replace(FIRE, source="ai đó"), STORM),
            "a row lacks its source or date: Cháy rừng ở Hà Tĩnh",
        ),
        ("headlines", "<blockquote>Rừng cháy.</blockquote>", "it is answer, not headlines"),
        ("answer: thuỷ + 3 m / 5", "<blockquote>Thủy cao 3 m.</blockquote>", None),
        (
            "answer: cháy",
            "<blockquote>A.</blockquote><blockquote>Cháy.</blockquote>",
            "the quote says something else",
        ),
        (
            "answer: cháy",
            "Có thể là:<blockquote>A.</blockquote><blockquote>Cháy.</blockquote>",
            None,
        ),
        (
            "answer: EU",
            "Có thể là:<blockquote>Nếu.</blockquote>",
            "the quote says something else",
        ),
        ("none ; maybe: cháy", "Có thể là:<blockquote>Cháy.</blockquote>", None),
        ("none", "Có thể là:<blockquote>Cháy.</blockquote>", "it is maybe, not none"),
        ("maybe: cháy", "<blockquote>Cháy.</blockquote>", "it is answer, not maybe"),
        ("small_talk: you're welcome", "You’re welcome.", None),
        ("small_talk: chào", "Vâng.", "it says something else"),
        ("none ; self", "Hỏi Báo là một con bot.", None),
    ],
)
def test_reply_is_judged_by_what_it_shows(replies: str, html: str, wrong: str | None) -> None:
    assert fault(_ask(replies), read_reply(html), SHELF) == wrong


def test_list_has_many_messages_of_many_kinds() -> None:
    messages = read_messages(FIRST_MESSAGES)
    texts = [(message.kind == "English", message.text) for message in messages]
    assert len(set(texts)) == len(messages) >= LEAST_MESSAGES
    named = {right.name for message in messages for right in message.replies}
    assert named == {*PAGES, *SAYINGS, "answer", "maybe"}


def test_sample_questions_are_read() -> None:
    assert all(message.replies for message in read_messages(SAMPLE_QUESTIONS))


@pytest.mark.slow
@pytest.mark.usefixtures("shared")
def test_news_holds_what_is_expected_of_it() -> None:
    articles = dated_news(NOON)
    moments = [article.published for article in articles if article.published]
    assert max(moments) < NOON
    assert moments == sorted(set(moments), reverse=True)
    texts = [spell(f"{each.title}\n{each.text}\n{each.source}") for each in articles]
    absent = [
        (message.text, right.name)
        for message in read_messages(FIRST_MESSAGES)
        for right in message.replies
        if right.name not in SAYINGS and not any(right.words.are_in_spelled(text) for text in texts)
    ]
    assert not absent
