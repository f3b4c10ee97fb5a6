"""Whom an article is owed to: decided in the transaction that stores it."""

import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine

from index import Library
from index.alerting import Alert
from index.store.outcomes import Reason
from index.store.subscriptions import LimitError
from index.subscriptions.timing import QuietHours, Rhythm, Schedule
from tests.alerting_support import (
    BOT,
    FLOODS,
    GROUP,
    LAN,
    MINH,
    OTHER_BOT,
    OWNER,
    number_of,
    owed,
    subscribe,
)
from tests.conftest import CONFERENCE, FLOOD, VIETNAM


@pytest.fixture
def empty(tmp_path: Path) -> Library:
    return Library.open(tmp_path / "data")


def test_a_new_article_is_owed_to_each_chat_that_asked_for_it(empty: Library) -> None:
    with empty as library:
        wanted = subscribe(library, FLOODS)
        subscribe(library, "bóng + đá", MINH)
        topic = subscribe(library, '"mường lống"', GROUP, thread=5)

        library.ingest([FLOOD, CONFERENCE], alert=Alert.ALL)

        found = {each.chat: each for each in owed(library)}
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

        (delivery,) = owed(library)
        assert delivery.subscription == at_once.id


def test_the_same_article_again_owes_nothing_new(empty: Library) -> None:
    with empty as library:
        subscribe(library, "*")
        library.ingest([FLOOD], alert=Alert.ALL)
        assert len(owed(library)) == 1

        library.ingest([FLOOD], alert=Alert.ALL)
        library.ingest([replace(FLOOD, text=FLOOD.text + " Nước đã rút.")], alert=Alert.ALL)

        assert len(owed(library)) == 1


def test_a_text_that_changes_while_it_is_news_is_owed_to_whom_it_now_concerns(
    empty: Library,
) -> None:
    with empty as library:
        subscribe(library, "thuyền + máy", MINH)
        library.ingest([FLOOD], alert=Alert.ALL)
        assert owed(library) == []

        library.ingest([replace(FLOOD, text=FLOOD.text + " Có thêm hai thuyền máy.")])

        assert [each.chat for each in owed(library)] == [MINH]


def test_a_text_that_changes_when_it_is_news_no_more_concerns_nobody(empty: Library) -> None:
    with empty as library:
        subscribe(library, "thuyền + máy", MINH)
        library.ingest([FLOOD], alert=Alert.ALL)
        with time_machine.travel(time.time() + 2 * 86_400):
            library.ingest([replace(FLOOD, text=FLOOD.text + " Có thêm hai thuyền máy.")])
            assert owed(library) == []


def test_of_a_back_catalogue_nobody_is_alerted(empty: Library) -> None:
    with empty as library:
        subscribe(library, "*")
        library.ingest([FLOOD], alert=Alert.NONE)
        library.ingest([replace(FLOOD, text=FLOOD.text + " Nước đã rút.")], alert=Alert.ALL)

        assert owed(library) == []


def test_by_itself_only_what_was_published_lately_is_news(empty: Library) -> None:
    now = datetime.now(VIETNAM)
    with empty as library:
        subscribe(library, "*")
        recent = replace(FLOOD, published=now - timedelta(hours=30))
        undated = replace(CONFERENCE, published=None)
        old = replace(FLOOD, id="cu", url=None, published=now - timedelta(days=3))

        library.ingest([recent, undated, old])

        assert [each.article for each in owed(library)] == [number_of(library, FLOOD)]


def test_paused_ended_and_other_bots_subscriptions_are_owed_nothing(empty: Library) -> None:
    with empty as library:
        now = int(time.time())
        paused, ended = subscribe(library, FLOODS), subscribe(library, FLOODS, MINH)
        subscribe(library, FLOODS, GROUP, bot=OTHER_BOT)
        library.subscriptions.pause(paused.id, now)
        library.subscriptions.remove(ended.id, now)

        library.ingest([FLOOD], alert=Alert.ALL)

        assert owed(library) == []
        assert [each.chat for each in owed(library, OTHER_BOT)] == [GROUP]


def test_what_is_owed_is_dropped_when_the_subscription_ends(empty: Library) -> None:
    with empty as library:
        ended = subscribe(library, FLOODS)
        library.ingest([FLOOD], alert=Alert.ALL)

        library.subscriptions.remove(ended.id, int(time.time()))

        assert owed(library) == []
        assert library.outbox.tally() == {"dropped: unsubscribed": 1}


def test_a_changed_wish_counts_from_now_on_in_another_process_too(
    empty: Library, tmp_path: Path
) -> None:
    with empty as library, Library.open(tmp_path / "data") as other:
        wanted = subscribe(library, '"bóng đá"')
        other.ingest([CONFERENCE], alert=Alert.ALL)
        library.subscriptions.set_wish(wanted.id, FLOODS)

        other.ingest([FLOOD], alert=Alert.ALL)

        assert [each.subscription for each in owed(library)] == [wanted.id]


def test_ended_subscriptions_are_held_no_longer_in_another_process_either(
    empty: Library, tmp_path: Path
) -> None:
    with empty as library, Library.open(tmp_path / "data") as other:
        ended, kept = subscribe(library, FLOODS), subscribe(library, "quét")
        subscribe(library, "*", MINH)
        for each in (library, other):
            each.ingest([FLOOD], alert=Alert.ALL)
            assert len(each._alerts._matcher) == 3

        library.subscriptions.remove(ended.id, int(time.time()))
        library.chats.forget(MINH)
        subscribe(library, '"mường lống"')

        for each in (library, other):
            each.ingest([CONFERENCE], alert=Alert.ALL)
            assert set(each._alerts._matcher._by_id) == {kept.id, kept.id + 2}


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

        assert owed(library, later=6.99 * 3600) == []
        assert [each.chat for each in owed(library, later=7 * 3600)] == [LAN]
        due = {each.chat: each.due_at for each in owed(library, later=40 * 3600)}
        assert due[MINH] == datetime(2026, 11, 27, 9, 0, tzinfo=zone).timestamp()

        library.chats.set_quiet(LAN, None)
        library.subscriptions.reschedule(LAN, int(time.time()))

        assert [each.chat for each in owed(library)] == [LAN]


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

        assert [each.chat for each in owed(library)] == [LAN]


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


class TestTheOutbox:
    def test_gives_each_delivery_to_one_sender_until_its_lease_is_over(
        self, empty: Library
    ) -> None:
        with empty as library:
            subscribe(library, "*")
            library.ingest([FLOOD, CONFERENCE], alert=Alert.ALL)
            now = int(time.time())
            outbox = library.outbox

            (parcel,) = outbox.claim(BOT, OWNER, now, seconds=60, most=10, at_once=10)

            assert len(parcel.deliveries) == 2
            assert outbox.claim(BOT, OWNER, now, seconds=60, most=10, at_once=10) == []
            again = outbox.claim(BOT, OWNER, now + 60, seconds=60, most=10, at_once=10)
            assert again == [parcel]

    def test_has_one_sender_whom_another_replaces_when_it_is_silent(self, empty: Library) -> None:
        with empty as library:
            subscribe(library, "*")
            library.ingest([FLOOD], alert=Alert.ALL)
            now = int(time.time())
            outbox = library.outbox

            assert outbox.take_over(BOT, "one", now, 5)
            assert outbox.take_over(BOT, "one", now + 1, 5)
            assert not outbox.take_over(BOT, "two", now + 5.9, 5)
            claimed = outbox.claim(BOT, "one", now, seconds=600, most=10, at_once=10)
            assert len(claimed) == 1
            assert outbox.take_over(BOT, "two", now + 6, 5)
            assert outbox.claim(BOT, "two", now + 6, seconds=600, most=10, at_once=10) == claimed
            assert not outbox.take_over(BOT, "one", now + 7, 5)
            outbox.resign(BOT, "two")
            assert outbox.take_over(BOT, "one", now + 7, 5)
            assert outbox.claim(BOT, "one", now + 7, seconds=60, most=10, at_once=10) == claimed

    def test_gives_no_more_of_a_chat_than_a_message_holds_and_leaves_busy_chats(
        self, empty: Library
    ) -> None:
        with empty as library:
            subscribe(library, "*")
            subscribe(library, FLOODS, MINH)
            library.ingest([FLOOD, CONFERENCE], alert=Alert.ALL)
            now = int(time.time())
            outbox = library.outbox

            first = outbox.claim(BOT, OWNER, now, seconds=60, most=10, at_once=1)
            rest = outbox.claim(BOT, OWNER, now, seconds=60, most=10, at_once=1, besides=[LAN])

            assert [(each.chat, len(each.deliveries)) for each in first] == [(LAN, 1), (MINH, 1)]
            assert rest == []

    def test_remembers_what_was_sent_dropped_and_put_off(self, empty: Library) -> None:
        with empty as library:
            for chat in (1, 2, 3, 4):
                subscribe(library, "*", chat)
            library.ingest([FLOOD], alert=Alert.ALL)
            now = int(time.time())
            first, second, third, fourth = owed(library)
            outbox = library.outbox

            outbox.sent([first.id], now)
            outbox.drop([second.id], Reason.REFUSED, now)
            outbox.retry([third.id], now + 100, OWNER, failed=True)

            assert owed(library) == [fourth]
            assert [each.attempts for each in owed(library, later=100)] == [1, 0]
            assert outbox.tally() == {"owed": 2, "sent": 1, "dropped: refused": 1}
            assert outbox.drop_old(now + 1, now) == 2
            assert outbox.tally()["dropped: too_old"] == 2
            assert outbox.purge(now + 29 * 86_400) == 0
            assert outbox.purge(now + 31 * 86_400) == 4

    def test_claims_chats_however_many_deliveries_each_has(self, empty: Library) -> None:
        with empty as library:
            for chat in (1, 2, 3):
                subscribe(library, "*", chat)
            for number in range(5):
                with time_machine.travel(time.time() - 100 + number, tick=False):
                    library.ingest([replace(FLOOD, id=f"{number}", url=None)], alert=Alert.ALL)
            now = int(time.time())

            claimed = library.outbox.claim(BOT, OWNER, now, seconds=60, most=3, at_once=2)

            assert [(each.chat, len(each.deliveries)) for each in claimed] == [
                (1, 2),
                (2, 2),
                (3, 2),
            ]
            (first, *_), (second, *_), _ = (each.deliveries for each in claimed)
            outbox = library.outbox
            assert outbox.are_owed([first.id, second.id], OWNER)
            assert not outbox.are_owed([first.id], "another")
            outbox.sent([first.id], now)
            assert not outbox.are_owed([first.id, second.id], OWNER)
            outbox.retry([second.id], now, "another")
            assert outbox.are_owed([second.id], OWNER)

    def test_knows_what_went_to_groups_lately(self, empty: Library) -> None:
        with empty as library:
            for chat in (LAN, GROUP):
                subscribe(library, "*", chat)
            library.ingest([FLOOD, CONFERENCE], alert=Alert.ALL)
            now = int(time.time())
            library.outbox.sent([each.id for each in owed(library)], now)

            assert library.outbox.lately(BOT, now - 60) == [(GROUP, now)]
            assert library.outbox.lately(BOT, now + 1) == []


class TestAChat:
    def test_that_cannot_be_written_to_is_owed_nothing_until_it_returns(
        self, empty: Library
    ) -> None:
        with empty as library:
            subscribe(library, "*")
            library.ingest([FLOOD], alert=Alert.ALL)
            library.chats.deactivate(LAN)
            library.ingest([CONFERENCE], alert=Alert.ALL)
            assert owed(library) == []
            assert library.outbox.tally() == {"dropped: chat_gone": 1}

            assert library.chats.activate(LAN)
            assert not library.chats.activate(LAN)
            assert not library.chats.activate(MINH)

            library.ingest([replace(FLOOD, id="moi", url=None)], alert=Alert.ALL)
            assert len(owed(library)) == 1

    def test_that_became_a_supergroup_keeps_everything(self, empty: Library) -> None:
        with empty as library:
            subscribe(library, "*", GROUP)
            library.chats.set_language(GROUP, "en")
            library.ingest([FLOOD], alert=Alert.ALL)

            library.chats.migrate(GROUP, -2000)

            assert [each.chat for each in owed(library)] == [-2000]
            assert library.chats.language(-2000) == "en"
            assert len(library.subscriptions.of_chat(BOT, -2000)) == 1
            assert library.subscriptions.of_chat(BOT, GROUP) == []

    def test_that_is_not_known_is_not_remembered_for_leaving(self, empty: Library) -> None:
        with empty as library:
            library.chats.deactivate(MINH)
            assert not any(library.chats.stored(MINH).values())

    def test_that_was_given_up_returns_as_a_supergroup(self, empty: Library) -> None:
        with empty as library:
            subscribe(library, "*", GROUP)
            library.chats.deactivate(GROUP)

            library.chats.migrate(GROUP, -2000)

            assert library.chats.get(-2000).inactive_since is None

    def test_is_given_all_that_is_stored_on_it_and_forgotten(self, empty: Library) -> None:
        with empty as library:
            subscribe(library, "*")
            subscribe(library, "*", MINH)
            library.ingest([FLOOD], alert=Alert.ALL)

            stored = library.chats.stored(LAN)

            assert {name: len(rows) for name, rows in stored.items()} == {
                "chat": 1,
                "subscriptions": 1,
                "deliveries": 1,
                "feedback": 0,
            }
            assert library.chats.forget(LAN) == 3
            assert not any(library.chats.stored(LAN).values())
            assert [each.chat for each in owed(library)] == [MINH]
