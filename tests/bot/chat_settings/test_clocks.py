"""Times of day as people type them."""

import pytest

from bot.chat_settings.quiet_hours import parse_clock


@pytest.mark.parametrize(
    ("typed", "minute"),
    [
        ("6:45", 405),
        ("06h45", 405),
        ("6g", 360),
        ("18 giờ 30", 1110),
        ("7 GIO", 420),
        (" 7 ", 420),
        ("24:00", 1440),
        ("24:01", None),
        ("6:60", None),
        ("6:4", None),
        ("645", None),
        ("6:45 sáng", None),
        ("", None),
    ],
)
def test_a_typed_time_is_read_or_refused(typed: str, minute: int | None) -> None:
    assert parse_clock(typed) == minute
