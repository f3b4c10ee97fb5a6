"""What admins are told of sources, and when: the comparison without chats."""

from dataclasses import replace

import pytest

from bot.sources.changes import (
    FAILURES,
    ReportedSources,
    SourceChange,
    assume_pauses_reported,
    compare_sources,
)
from index.models.source_kind import SourceKind
from index.store.sources.sources import PAUSED_BY_COMMAND, Source

NOW = 1_700_000_000
ERROR = "a.example: there is no host of this name"


def read(number: int) -> Source:
    """A source that was read when it was checked last."""
    return Source(
        id=number,
        name=f"Báo {number}",
        given=f"https://a.example/{number}",
        kind=SourceKind.FEED,
        address=f"https://a.example/{number}",
        pattern=None,
        paused=None,
        added_at=NOW,
        checked_at=NOW,
        next_check_at=NOW + 900,
        interval=900,
        failures=0,
        last_error=None,
        etag=None,
        last_modified=None,
        first_read_at=NOW,
    )


def failing(number: int, failures: int = FAILURES) -> Source:
    return replace(read(number), failures=failures, last_error=ERROR)


def gave_out(number: int, at: int = NOW) -> Source:
    return replace(failing(number, 10), paused="it failed 10 times in a row", checked_at=at)


def resumed(source: Source) -> Source:
    return replace(source, paused=None, failures=0)


def told(
    *sources: Source, by: ReportedSources | None = None
) -> tuple[SourceChange, ReportedSources]:
    return compare_sources(sources, by or ReportedSources())


def test_sources_that_are_read_are_no_news() -> None:
    news, known = told(read(1), read(2))
    assert not news
    assert known == ReportedSources()


def test_a_pause_is_told_once_and_once_that_the_source_is_read_again() -> None:
    news, known = told(gave_out(1), read(2))
    assert news == SourceChange(paused=(gave_out(1),))
    assert told(gave_out(1), read(2), by=known) == (SourceChange(), known)
    assert told(resumed(gave_out(1)), read(2), by=known) == (SourceChange(), known)
    news, known = told(read(1), read(2), by=known)
    assert news == SourceChange(readable=(read(1),))
    assert told(read(1), read(2), by=known) == (SourceChange(), ReportedSources())


def test_a_source_that_is_paused_anew_is_told_anew() -> None:
    _, known = told(gave_out(1), read(2))
    news, _ = told(gave_out(1, at=NOW + 5000), read(2), by=known)
    assert news.paused == (gave_out(1, at=NOW + 5000),)


def test_what_somebody_pauses_is_no_news() -> None:
    by_hand = replace(failing(1, 10), paused=PAUSED_BY_COMMAND)
    assert told(by_hand, read(2)) == (SourceChange(), ReportedSources())


def test_a_source_that_is_removed_is_forgotten() -> None:
    _, known = told(gave_out(1), read(2))
    assert told(read(2), by=known) == (SourceChange(), ReportedSources())
    other = replace(gave_out(1), added_at=NOW + 1)
    assert told(other, read(2), by=known)[0].paused == (other,)


def test_several_pauses_are_told_together() -> None:
    assert told(gave_out(1), gave_out(2), read(3))[0].paused == (gave_out(1), gave_out(2))


def test_that_none_can_be_read_is_told_once_and_in_place_of_pauses() -> None:
    news, known = told(failing(1), failing(2), gave_out(3))
    assert news == SourceChange(unreadable=(failing(1), failing(2), gave_out(3)))
    assert told(failing(1, 7), gave_out(2), gave_out(3), by=known) == (SourceChange(), known)
    news, known = told(read(1), gave_out(2), gave_out(3), by=known)
    assert news == SourceChange(online=True, paused=(gave_out(2), gave_out(3)))
    assert not known.offline
    assert not told(read(1), gave_out(2), gave_out(3), by=known)[0]


def test_trying_all_again_does_not_make_them_readable() -> None:
    _, known = told(failing(1), failing(2))
    assert told(resumed(failing(1)), resumed(failing(2)), by=known) == (SourceChange(), known)


def test_that_none_is_left_to_be_tried_is_told_by_their_pauses() -> None:
    _, known = told(failing(1), failing(2))
    news, known = told(gave_out(1), gave_out(2), by=known)
    assert news == SourceChange(paused=(gave_out(1), gave_out(2)))
    assert not known.offline


@pytest.mark.parametrize(
    "sources",
    [
        (failing(1), failing(2, FAILURES - 1)),
        (failing(1), read(2)),
        (failing(1),),
        (failing(1), replace(failing(2), kind=SourceKind.FOLDER)),
        (failing(1), replace(failing(2), paused=PAUSED_BY_COMMAND)),
        (),
    ],
)
def test_that_none_can_be_read_is_not_told_of_fewer_than_all(sources: tuple[Source, ...]) -> None:
    assert told(*sources) == (SourceChange(), ReportedSources())


def test_a_source_that_is_added_meanwhile_does_not_end_it() -> None:
    _, known = told(failing(1), failing(2))
    new = replace(read(3), checked_at=None)
    assert told(failing(1), failing(2), new, by=known) == (SourceChange(), known)
    assert told(by=known) == (SourceChange(), ReportedSources())


def test_what_was_paused_before_there_were_admins_is_known() -> None:
    known = assume_pauses_reported([gave_out(1), read(2)])
    assert told(gave_out(1), read(2), by=known) == (SourceChange(), known)


def test_what_is_known_is_written_and_read() -> None:
    _, known = told(gave_out(1), read(2), by=ReportedSources(offline=True))
    assert ReportedSources.from_json(known.to_json()) == known
