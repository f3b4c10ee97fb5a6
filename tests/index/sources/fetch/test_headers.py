from datetime import UTC, datetime

import pytest
import time_machine

from index.sources.fetch.headers import caching_seconds, charset, retry_after


def test_retry_after_is_read_in_both_forms() -> None:
    now = datetime(2021, 1, 5, 7, 0, tzinfo=UTC)
    assert retry_after({"retry-after": "90"}, now) == 90
    assert retry_after({"retry-after": "Tue, 05 Jan 2021 07:10:00 GMT"}, now) == 600
    assert retry_after({"retry-after": "Tue, 05 Jan 2021 06:10:00 GMT"}, now) == 0
    assert retry_after({"retry-after": "99999999999999999"}, now) == 7 * 24 * 3600
    for text in ("", "soon", "-5", "٣", "9" * 5000):
        assert retry_after({"retry-after": text}, now) is None


@time_machine.travel(datetime(2021, 1, 5, 7, 0, tzinfo=UTC), tick=False)
def test_a_retry_date_counts_from_the_present() -> None:
    assert retry_after({"retry-after": "Tue, 05 Jan 2021 07:00:30 GMT"}) == 30


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Text/HTML; Charset = 'windows-1258'", "windows-1258"),
        ("text/html; charset*=a; charset*0=utf-8", None),
        ("text/html; charset=é", "é"),
        ("text/html", None),
    ],
)
def test_a_charset_is_read_from_any_header(header: str, name: str | None) -> None:
    assert charset({"content-type": header}) == name


def test_caching_is_read_from_its_headers() -> None:
    now = datetime(2021, 1, 5, 7, 0, tzinfo=UTC)
    expires = "Tue, 05 Jan 2021 07:05:00 GMT"
    cases: list[tuple[dict[str, str], float | None]] = [
        ({}, None),
        ({"cache-control": "max-age=60"}, 60),
        ({"cache-control": 'private,max-age="60"', "age": "50"}, 10),
        ({"cache-control": "max-age=60", "age": "500"}, 0),
        ({"cache-control": "no-store, max-age=60"}, 0),
        ({"cache-control": "max-age=99999999999"}, 7 * 24 * 3600),
        ({"expires": expires}, 300),
        ({"expires": expires, "date": "Tue, 05 Jan 2021 07:04:00 GMT"}, 60),
        ({"expires": "0"}, None),
    ]
    for headers, seconds in cases:
        assert caching_seconds(headers, now) == seconds, headers
