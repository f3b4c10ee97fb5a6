"""What may go into the store, and what is turned away by name."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest

from index import Article, InputError, Library
from index.articles.validation import strip_unstorable, validate


@pytest.mark.parametrize(
    ("article", "reason"),
    [
        (Article(title="\ud800", text="x"), "title: it holds half a character"),
        (Article(title="x", text="a\0b"), "text: it holds half a character or a NUL"),
        (Article(title="x", text="x", id="a" * 201), "id: more than 200 characters"),
        (Article(title="x", text="x", url="https://x.example/" + "a" * 2000), "url: more than"),
        (Article(title="x", text="x", url="https://x.example/" + "ệ" * 300), "url: more than"),
        (
            Article(title="x", text="x", published=datetime(9999, 12, 31, 20, tzinfo=UTC)),
            "published: 9999-12-31T20:00:00+00:00 is out of range",
        ),
    ],
)
def test_what_cannot_be_stored_is_named(article: Article, reason: str) -> None:
    with pytest.raises(InputError, match=re.escape(reason)):
        validate(article)


def test_what_can_be_mended_is() -> None:
    odd = timezone(timedelta(hours=7, seconds=1))
    article = validate(
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
    article = validate(Article(title="x", text="x", published=naive))
    assert article.published is not None
    assert article.published.isoformat() == "2021-01-05T00:00:00+07:00"


def test_odd_references_and_dates_find_nothing_and_break_nothing(library: Library) -> None:
    from datetime import date

    assert library.find("\ud800") is None
    assert strip_unstorable("a\0b") == "a\ufffdb"
    assert library.ask("lũ \ud800 quét", until=date.max, since=date(1900, 1, 1)).quotes
    report = library.ingest([{"text": "x", "published": "9999-12-31T23:00:00Z"}])
    assert len(report.rejected) == 1
