from datetime import UTC, datetime

import pytest

from index.sources.feeds.dates import puts_month_first, read_date
from index.sources.feeds.rss import parse_feed

NOW = datetime(2021, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stamp", "moment"),
    [
        ("1602471600", "2020-10-12T03:00:00+00:00"),
        ("Mon Oct 12 10:00:00 ICT 2020", "2020-10-12T10:00:00+07:00"),
        ("Mon Oct 12 10:00:00 UTC 2020", "2020-10-12T10:00:00+00:00"),
        ("Mon Oct 12 10:00:00 +0700 2020", "2020-10-12T10:00:00+07:00"),
        ("Mon Oct 12 10:00:00 2020", "2020-10-12T10:00:00+07:00"),
        ("12 Thg10 2020", "2020-10-12T00:00:00+07:00"),
        ("12 Thg 10, 2020", "2020-10-12T00:00:00+07:00"),
        ("12 Tháng Mười 2020", "2020-10-12T00:00:00+07:00"),
        ("12 tháng mười một năm 2020 08:30", "2020-11-12T08:30:00+07:00"),
        ("12 Tháng Năm 2020", "2020-05-12T00:00:00+07:00"),
        ("12 tháng năm năm 2020", "2020-05-12T00:00:00+07:00"),
        ("3 Tháng Tư, 2020", "2020-04-03T00:00:00+07:00"),
        ("1/2/2021 5:00 PM", "2021-02-01T17:00:00+07:00"),
    ],
)
def test_dates_that_feeds_write(stamp: str, moment: str) -> None:
    assert read_date(stamp, NOW) == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    "stamp", ["", "9999999999", "Mon Oct 12 10:00:00 PST 2020", "31/2/2021", "x" * 10**6]
)
def test_what_is_no_plausible_date_is_none(stamp: str) -> None:
    assert read_date(stamp, NOW) is None


@pytest.mark.parametrize(
    ("stamps", "is_month_first"),
    [
        (["1/2/2021 5:00 AM", "2/28/2021 5:00 AM"], True),
        (["1/2/2021", "28/2/2021"], False),
        (["1/2/2021", "3/4/2021"], False),
        (["28/2/2021", "2/28/2021"], False),
        (["2021-02-28", ""], False),
        ([], False),
    ],
)
def test_the_order_of_a_feed_is_told_by_all_of_its_dates(
    stamps: list[str], is_month_first: bool
) -> None:
    assert puts_month_first(stamps) is is_month_first


def feed_of(*stamps: str) -> str:
    items = "".join(
        f"<item><title>Tin số {number}</title><link>https://bao.example/{number}</link>"
        f"<pubDate>{stamp}</pubDate></item>"
        for number, stamp in enumerate(stamps)
    )
    return f"<rss><channel><title>Báo</title>{items}</channel></rss>"


def days_of(feed: str) -> list[str | None]:
    items = parse_feed(feed, "https://bao.example/rss", NOW).items
    return [item.published.date().isoformat() if item.published else None for item in items]


def test_the_dates_of_a_feed_are_read_in_one_order() -> None:
    month_first = feed_of("3/9/2021 8:00:00 AM", "2/25/2021 9:30:00 PM")
    assert days_of(month_first) == ["2021-03-09", "2021-02-25"]
    day_first = feed_of("3/9/2020 8:00:00 AM", "25/2/2021 9:30:00 PM")
    assert days_of(day_first) == ["2020-09-03", "2021-02-25"]


def test_seconds_since_1970_are_a_date() -> None:
    assert days_of(feed_of("1602471600")) == ["2020-10-12"]


def test_a_json_feed_has_one_order_too() -> None:
    feed = (
        '{"items": [{"url": "https://bao.example/1", "date_published": "3/9/2021 8:00 AM"},'
        ' {"url": "https://bao.example/2", "date_published": "2/25/2021 8:00 AM"}]}'
    )
    assert days_of(feed) == ["2021-03-09", "2021-02-25"]


def test_a_link_with_spaces_is_followed_as_browsers_do() -> None:
    feed = feed_of("").replace("https://bao.example/0", "\n https://bao.example/tin moi\n.html ")
    (item,) = parse_feed(feed, "https://bao.example/rss", NOW).items
    assert item.url == "https://bao.example/tin%20moi.html"
