"""What several subscriptions of a chat want comes once, whichever of them ends."""

import time

from index import Library
from index.alerts.announcer import Alert
from index.models.schedule import Rhythm, Schedule
from index.store.chats.delivery_rows import DropReason
from tests.support.alerts import BOT, FLOODS, OWNER, claim_deliveries, subscribe
from tests.support.articles import FLOOD


def test_what_several_want_stays_owed_when_the_one_that_it_is_filed_under_ends(
    empty: Library,
) -> None:
    with empty as library:
        first, second = subscribe(library, FLOODS), subscribe(library, "*", thread=4)
        library.ingest([FLOOD], alert=Alert.ALL)
        (before,) = claim_deliveries(library)
        assert before.subscription == first.id

        library.subscriptions.remove(first.id, int(time.time()))

        (after,) = claim_deliveries(library)
        assert (after.id, after.subscription) == (before.id, second.id)
        assert (before.thread, before.positions) == (None, (0, 1))
        assert (after.thread, after.positions) == (4, ())


def test_what_several_want_is_dropped_when_all_of_them_end_or_pause(empty: Library) -> None:
    with empty as library:
        now = int(time.time())
        first, second, third = (subscribe(library, wish) for wish in (FLOODS, "*", "quét"))
        library.ingest([FLOOD], alert=Alert.ALL)

        library.subscriptions.pause(first.id, now)
        library.subscriptions.remove(second.id, now)
        assert [each.subscription for each in claim_deliveries(library)] == [third.id]
        library.subscriptions.pause(third.id, now)

        assert claim_deliveries(library) == []
        assert library.outbox.counts() == {"dropped: unsubscribed": 1}


def test_what_several_want_comes_at_once_when_its_own_subscription_becomes_a_digest(
    empty: Library,
) -> None:
    with empty as library:
        now = int(time.time())
        first, second = subscribe(library, FLOODS), subscribe(library, "*")
        library.ingest([FLOOD], alert=Alert.ALL)

        library.subscriptions.set_schedule(first.id, Schedule(Rhythm.WEEKLY), now)
        assert [each.subscription for each in claim_deliveries(library)] == [second.id]
        library.subscriptions.remove(second.id, now)

        assert claim_deliveries(library) == []
        assert [each.subscription for each in claim_deliveries(library, later=8 * 86_400)] == [
            first.id
        ]


def test_what_several_want_is_claimed_anew_when_it_is_filed_anew(empty: Library) -> None:
    with empty as library:
        first = subscribe(library, FLOODS)
        subscribe(library, "*")
        library.ingest([FLOOD], alert=Alert.ALL)
        now = int(time.time())
        (parcel,) = library.outbox.claim(BOT, OWNER, now, seconds=600, most=1, at_once=1)
        written = [each.id for each in parcel.deliveries]

        library.subscriptions.remove(first.id, now)

        assert not library.outbox.are_pending(written, OWNER)
        library.outbox.drop(written, DropReason.REFUSED, now, OWNER)
        assert [each.id for each in claim_deliveries(library)] == written
