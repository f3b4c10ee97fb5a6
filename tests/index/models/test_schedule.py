from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from index.models.schedule import QuietHours, Rhythm, Schedule

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
BERLIN = ZoneInfo("Europe/Berlin")


def moment(text: str, zone: ZoneInfo = VIETNAM) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())


@pytest.mark.parametrize(
    ("schedule", "now", "due"),
    [
        (Schedule(), "2026-11-25 10:20:30", "2026-11-25 10:20:30"),
        (Schedule(Rhythm.HOURLY), "2026-11-25 10:20:30", "2026-11-25 11:00"),
        (Schedule(Rhythm.HOURLY), "2026-11-25 23:59:59", "2026-11-26 00:00"),
        (Schedule(Rhythm.DAILY, 7 * 60), "2026-11-25 06:59:59", "2026-11-25 07:00"),
        (Schedule(Rhythm.DAILY, 7 * 60), "2026-11-25 07:00", "2026-11-26 07:00"),
        (Schedule(Rhythm.DAILY, 0), "2026-12-31 12:00", "2027-01-01 00:00"),
        (Schedule(Rhythm.WEEKLY, 7 * 60, 2), "2026-11-25 06:00", "2026-11-25 07:00"),
        (Schedule(Rhythm.WEEKLY, 7 * 60, 2), "2026-11-25 08:00", "2026-12-02 07:00"),
        (Schedule(Rhythm.WEEKLY, 7 * 60, 0), "2026-11-25 08:00", "2026-11-30 07:00"),
    ],
)
def test_news_is_due_at_once_or_at_the_next_time_of_the_digest(
    schedule: Schedule, now: str, due: str
) -> None:
    assert schedule.due(moment(now), VIETNAM) == moment(due)


def test_a_daily_digest_keeps_its_time_of_day_when_the_clocks_change() -> None:
    daily = Schedule(Rhythm.DAILY, 8 * 60)

    before = daily.due(moment("2026-10-24 09:00", BERLIN), BERLIN)

    assert before == moment("2026-10-25 08:00", BERLIN)


@pytest.mark.parametrize(
    ("quiet", "now", "over"),
    [
        (QuietHours(22 * 60, 6 * 60 + 30), "2026-11-25 23:00", "2026-11-26 06:30"),
        (QuietHours(22 * 60, 6 * 60 + 30), "2026-11-25 22:00", "2026-11-26 06:30"),
        (QuietHours(22 * 60, 6 * 60 + 30), "2026-11-26 06:29:59", "2026-11-26 06:30"),
        (QuietHours(22 * 60, 6 * 60 + 30), "2026-11-26 06:30", None),
        (QuietHours(22 * 60, 6 * 60 + 30), "2026-11-26 12:00", None),
        (QuietHours(12 * 60, 13 * 60), "2026-11-26 12:15", "2026-11-26 13:00"),
        (QuietHours(12 * 60, 13 * 60), "2026-11-26 23:15", None),
        (QuietHours(12 * 60, 12 * 60), "2026-11-26 12:00", None),
    ],
)
def test_quiet_hours_end_in_the_morning_or_are_not_now(
    quiet: QuietHours, now: str, over: str | None
) -> None:
    assert quiet.end_of(moment(now), VIETNAM) == (moment(over) if over else None)
