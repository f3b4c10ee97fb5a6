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


@pytest.mark.parametrize(
    ("published", "is_known"),
    [("1931-05-01", True), ("2026-01-07", True), ("2026-01-09", False), ("2099-01-01", False)],
)
def test_a_date_that_is_yet_to_come_is_unknown(published: str, is_known: bool) -> None:
    now = datetime(2026, 1, 5, 12, tzinfo=UTC)
    article = Article(title="x", text="x", published=datetime.fromisoformat(published))
    assert (validate(article, now).published is not None) is is_known


def test_an_article_with_a_date_to_come_is_kept_named_and_not_the_newest(library: Library) -> None:
    record = {
        "id": "99",
        "title": "Tin mai sau",
        "text": "Cầu thông xe.",
        "published": "2099-01-01",
    }
    report = library.ingest([record])
    assert (report.added, report.rejected) == (1, [])
    (undated,) = report.undated
    assert undated.input == "99"
    assert "2099-01-01T00:00:00+07:00 is yet to come" in undated.reason
    stored = library.find("99")
    assert stored is not None
    assert stored.published is None
    assert library.ingest([record]).unchanged == 1


def test_odd_references_and_dates_find_nothing_and_break_nothing(library: Library) -> None:
    from datetime import date

    assert library.find("\ud800") is None
    assert strip_unstorable("a\0b") == "a\ufffdb"
    assert library.ask("lũ \ud800 quét", until=date.max, since=date(1900, 1, 1)).quotes
    report = library.ingest([{"title": "x", "text": "x", "published": "9999-12-31T23:00:00Z"}])
    assert len(report.rejected) == 1
