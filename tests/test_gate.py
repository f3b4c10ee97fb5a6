"""What may go into the store, and what is turned away by name."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest

from index import Article, InputError, Library
from index.chat_language import is_courtesy, without_courtesies
from index.gate import checked, storable


@pytest.mark.parametrize(
    ("article", "reason"),
    [
        (Article(title="\ud800", text="x"), "title: it holds half a character"),
        (Article(title="x", text="a\0b"), "text: it holds half a character or a NUL"),
        (Article(title="x", text="x", id="a" * 201), "id: more than 200 characters"),
        (Article(title="x", text="x", url="https://x.example/" + "a" * 2000), "url: more than"),
        (
            Article(title="x", text="x", published=datetime(9999, 12, 31, 20, tzinfo=UTC)),
            "published: 9999-12-31T20:00:00+00:00 is out of range",
        ),
    ],
)
def test_what_cannot_be_stored_is_named(article: Article, reason: str) -> None:
    with pytest.raises(InputError, match=re.escape(reason)):
        checked(article)


def test_what_can_be_mended_is() -> None:
    odd = timezone(timedelta(hours=7, seconds=1))
    article = checked(
        Article(
            title="a\u0301",
            text="e\u0302",
            source="b\udce0i.txt",
            published=datetime(2021, 1, 5, 14, 23, 1, 5, tzinfo=odd),
        )
    )
    assert (article.title, article.text, article.source) == ("á", "ê", "b\ufffdi.txt")
    assert article.published == datetime(2021, 1, 5, 7, 23, tzinfo=UTC)


def test_a_time_without_an_offset_is_vietnams() -> None:
    naive = datetime.fromisoformat("2021-01-05")
    article = checked(Article(title="x", text="x", published=naive))
    assert article.published is not None
    assert article.published.isoformat() == "2021-01-05T00:00:00+07:00"


def test_odd_references_and_dates_find_nothing_and_break_nothing(library: Library) -> None:
    from datetime import date

    assert library.find("\ud800") is None
    assert storable("a\0b") == "a\ufffdb"
    assert library.ask("lũ \ud800 quét", until=date.max, since=date(1900, 1, 1)).quotes
    report = library.ingest([{"text": "x", "published": "9999-12-31T23:00:00Z"}])
    assert len(report.rejected) == 1


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Chào bạn, bạn có thể cho tôi biết ai khánh thành cầu được không?", "ai khánh thành cầu"),
        ("cho tôi hỏi giá cà phê hôm nay bao nhiêu ạ", "giá cà phê hôm nay bao nhiêu"),
        ("cho toi hoi gia lua bao nhieu", "gia lua bao nhieu"),
        ("giá lúa thế nào vậy ạ?", "giá lúa thế nào"),
        ("ad oi cho minh hoi ai du hoi nghi v ban", "ai du hoi nghi"),
        ("ad cho mik hỏi cháy ở đâu vậy mn", "cháy ở đâu"),
        ("hoi nghi o dau the", "hoi nghi o dau"),
        ("ai la giam doc vay ad?", "ai la giam doc"),
        ("ai duoc cho vay", "ai duoc cho vay"),
        ("ai cho ban vay", "ai cho ban vay"),
        ("ngan hang cho vay ban nao", "ngan hang cho vay ban nao"),
        ("noi cu the", "noi cu the"),
        ("ai la the anh", "ai la the anh"),
        ("Ai là Thế Anh", "Ai là Thế Anh"),
        ("đại hội V", "đại hội V"),
        ("Can you please tell me who attended?", "who attended?"),
        ("Hi, do you know who won?", "who won?"),
        ("Ông Khải nói gì?", "Ông Khải nói gì?"),
        ("giá lúa bao nhiêu nha", "giá lúa bao nhiêu"),
        ("xin chào bạn", ""),
        ("ạ", ""),
    ],
)
def test_courtesies_are_not_looked_for(question: str, expected: str) -> None:
    assert " ".join(without_courtesies(question).replace(",", " ").split()) == expected


@pytest.mark.parametrize(
    "message",
    [
        *("alo", "Alô alô!", "hi", "hello there", "Xin chào Hỏi Báo", "good morning", "dạ vâng ạ"),
        *("cảm ơn nha", "cam on ban nhieu", "Thank you very much!", "tks", "thank u", "ok"),
        *("bye bye", "Tạm biệt nhé", "chúc ngủ ngon", "hihi 😄", "Chúc bạn một ngày vui vẻ"),
    ],
)
def test_a_message_may_be_courtesy_alone(message: str) -> None:
    assert is_courtesy(message)


@pytest.mark.parametrize(
    "message",
    [
        *("", "👍", "ai chào", "Nha Trang", "hi vọng gì", "chào mừng ngày 20/11", "cảm ơn ai"),
        *("bạn là ai", "ok bác sĩ", "hoa kỳ", "Alo Vũng Tàu", "dạ chào " * 2_000 + "x"),
    ],
)
def test_a_message_that_says_more_is_none(message: str) -> None:
    assert not is_courtesy(message)
