"""Whom an article is owed to: decided in the transaction that stores it."""

import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine

from index import Library
from index.alerts.announcer import Alert
from index.models.schedule import QuietHours, Rhythm, Schedule
from index.store.chats.subscriptions import LimitError
from tests.support.alerts import (
    BOT,
    FLOODS,
    GROUP,
    LAN,
    MINH,
    OTHER_BOT,
    claim_deliveries,
    number_of,
    subscribe,
)
from tests.support.articles import CONFERENCE, FLOOD, VIETNAM


def test_a_new_article_is_owed_to_each_chat_that_asked_for_it(empty: Library) -> None:
    with empty as library:
        wanted = subscribe(library, FLOODS)
        subscribe(library, "bóng + đá", MINH)
        topic = subscribe(library, '"mường lống"', GROUP, thread=5)

        library.ingest([FLOOD, CONFERENCE], alert=Alert.ALL)

        found = {each.chat: each for each in claim_deliveries(library)}
        assert set(found) == {LAN, GROUP}
        assert found[LAN].subscription == wanted.id
        assert found[LAN].article == number_of(library, FLOOD)
        assert found[LAN].positions[0] == 0
        assert (found[GROUP].thread, found[GROUP].subscription) == (5, topic.id)


def test_an_article_is_owed_to_a_chat_once_by_the_subscription_that_tells_it_soonest(
    empty: Library,
) -> None:
    with empty as library:
        digest = subscribe(library, FLOODS)
        library.subscriptions.set_schedule(digest.id, Schedule(Rhythm.DAILY), int(time.time()))
        at_once = subscribe(library, "*")

        library.ingest([FLOOD], alert=Alert.ALL)

        (delivery,) = claim_deliveries(library)
        assert delivery.subscription == at_once.id


def test_the_same_article_again_owes_nothing_new(empty: Library) -> None:
    with empty as library:
        subscribe(library, "*")
        library.ingest([FLOOD], alert=Alert.ALL)
        assert len(claim_deliveries(library)) == 1

        library.ingest([FLOOD], alert=Alert.ALL)
        library.ingest([replace(FLOOD, text=FLOOD.text + " Nước đã rút.")], alert=Alert.ALL)

        assert len(claim_deliveries(library)) == 1


def test_a_text_that_changes_while_it_is_news_is_owed_to_whom_it_now_concerns(
    empty: Library,
) -> None:
    with empty as library:
        subscribe(library, "thuyền + máy", MINH)
        library.ingest([FLOOD], alert=Alert.ALL)
        assert claim_deliveries(library) == []

        library.ingest([replace(FLOOD, text=FLOOD.text + " Có thêm hai thuyền máy.")])

        assert [each.chat for each in claim_deliveries(library)] == [MINH]


def test_a_text_that_changes_when_it_is_news_no_more_concerns_nobody(empty: Library) -> None:
    with empty as library:
        subscribe(library, "thuyền + máy", MINH)
        library.ingest([FLOOD], alert=Alert.ALL)
        with time_machine.travel(time.time() + 2 * 86_400):
            library.ingest([replace(FLOOD, text=FLOOD.text + " Có thêm hai thuyền máy.")])
            assert claim_deliveries(library) == []


def test_of_a_back_catalogue_nobody_is_alerted(empty: Library) -> None:
    with empty as library:
        subscribe(library, "*")
        library.ingest([FLOOD], alert=Alert.NONE)
        library.ingest([replace(FLOOD, text=FLOOD.text + " Nước đã rút.")], alert=Alert.ALL)

        assert claim_deliveries(library) == []


def test_by_itself_only_what_was_published_lately_is_news(empty: Library) -> None:
    now = datetime.now(VIETNAM)
    with empty as library:
        subscribe(library, "*")
        recent = replace(FLOOD, published=now - timedelta(hours=30))
        undated = replace(CONFERENCE, published=None)
        old = replace(FLOOD, id="cu", url=None, published=now - timedelta(days=3))

        library.ingest([recent, undated, old])

        assert [each.article for each in claim_deliveries(library)] == [number_of(library, FLOOD)]


def test_paused_ended_and_other_bots_subscriptions_are_owed_nothing(empty: Library) -> None:
    with empty as library:
        now = int(time.time())
        paused, ended = subscribe(library, FLOODS), subscribe(library, FLOODS, MINH)
        subscribe(library, FLOODS, GROUP, bot=OTHER_BOT)
        library.subscriptions.pause(paused.id, now)
        library.subscriptions.remove(ended.id, now)

        library.ingest([FLOOD], alert=Alert.ALL)

        assert claim_deliveries(library) == []
        assert [each.chat for each in claim_deliveries(library, OTHER_BOT)] == [GROUP]


def test_what_is_owed_is_dropped_when_the_subscription_ends(empty: Library) -> None:
    with empty as library:
        ended = subscribe(library, FLOODS)
        library.ingest([FLOOD], alert=Alert.ALL)

        library.subscriptions.remove(ended.id, int(time.time()))

        assert claim_deliveries(library) == []
        assert library.outbox.counts() == {"dropped: unsubscribed": 1}


def test_a_changed_wish_counts_from_now_on_in_another_process_too(
    empty: Library, tmp_path: Path
) -> None:
    data, address = tmp_path / "data", empty.address
    with empty as library, Library.open(data, database=address) as other:
        wanted = subscribe(library, '"bóng đá"')
        other.ingest([CONFERENCE], alert=Alert.ALL)
        library.subscriptions.set_query(wanted.id, FLOODS)

        other.ingest([FLOOD], alert=Alert.ALL)

        assert [each.subscription for each in claim_deliveries(library)] == [wanted.id]


def test_ended_subscriptions_are_held_no_longer_in_another_process_either(
    empty: Library, tmp_path: Path
) -> None:
    data, address = tmp_path / "data", empty.address
    with empty as library, Library.open(data, database=address) as other:
        ended, kept = subscribe(library, FLOODS), subscribe(library, "quét")
        subscribe(library, "*", MINH)
        for each in (library, other):
            each.ingest([FLOOD], alert=Alert.ALL)
            assert len(each._matcher._matcher) == 3

        library.subscriptions.remove(ended.id, int(time.time()))
        library.chats.forget(MINH)
        subscribe(library, '"mường lống"')

        for each in (library, other):
            each.ingest([CONFERENCE], alert=Alert.ALL)
            assert set(each._matcher._matcher._by_id) == {kept.id, kept.id + 2}


def test_a_digest_and_quiet_hours_put_alerts_off(empty: Library) -> None:
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    with (
        empty as library,
        time_machine.travel(datetime(2026, 11, 25, 23, 0, tzinfo=zone), tick=False),
    ):
        subscribe(library, FLOODS)
        library.chats.set_quiet(LAN, QuietHours(22 * 60, 6 * 60))
        digest = subscribe(library, FLOODS, MINH)
        weekly = Schedule(Rhythm.WEEKLY, 9 * 60, 4)
        library.subscriptions.set_schedule(digest.id, weekly, int(time.time()))

        library.ingest([FLOOD], alert=Alert.ALL)

        assert claim_deliveries(library, later=6.99 * 3600) == []
        assert [each.chat for each in claim_deliveries(library, later=7 * 3600)] == [LAN]
        due = {each.chat: each.due_at for each in claim_deliveries(library, later=40 * 3600)}
        assert due[MINH] == datetime(2026, 11, 27, 9, 0, tzinfo=zone).timestamp()

        library.chats.set_quiet(LAN, None)
        library.subscriptions.reschedule(LAN, int(time.time()))

        assert [each.chat for each in claim_deliveries(library)] == [LAN]


def test_a_digest_that_is_due_is_not_moved_to_the_next_day_with_the_quiet_hours(
    empty: Library,
) -> None:
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    evening = datetime(2026, 11, 25, 20, 0, tzinfo=zone)
    with empty as library, time_machine.travel(evening, tick=False) as traveller:
        digest = subscribe(library, FLOODS)
        now = int(time.time())
        library.subscriptions.set_schedule(digest.id, Schedule(Rhythm.DAILY, 7 * 60), now)
        library.chats.set_quiet(LAN, QuietHours(22 * 60, 8 * 60))
        library.ingest([FLOOD], alert=Alert.ALL)

        traveller.move_to(datetime(2026, 11, 26, 7, 30, tzinfo=zone))
        library.chats.set_quiet(LAN, QuietHours(22 * 60, 7 * 60))
        library.subscriptions.reschedule(LAN, int(time.time()))

        assert [each.chat for each in claim_deliveries(library)] == [LAN]


def test_a_chat_has_each_wish_once_and_so_many_at_most(empty: Library) -> None:
    with empty as library:
        first = subscribe(library, "a")
        assert subscribe(library, "a") == first
        assert subscribe(library, "a", thread=3) != first
        for wish in "bcd":
            subscribe(library, wish)
        with pytest.raises(LimitError, match="5 subscriptions"):
            subscribe(library, "e")
        assert len(library.subscriptions.of_chat(BOT, LAN)) == 5
