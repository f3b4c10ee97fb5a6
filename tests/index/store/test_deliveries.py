"""The outbox: what is owed is claimed, sent, tried again, dropped."""

import time
from dataclasses import replace

import time_machine

from index import Library
from index.alerts.announcer import Alert
from index.store.chats.deliveries import Backlog
from index.store.chats.delivery_rows import DropReason
from tests.support.alerts import BOT, FLOODS, GROUP, LAN, MINH, OWNER, claim_deliveries, subscribe
from tests.support.articles import CONFERENCE, FLOOD


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
            first, second, third, fourth = claim_deliveries(library)
            outbox = library.outbox

            outbox.mark_sent([first.id], now)
            outbox.drop([second.id], DropReason.REFUSED, now)
            outbox.retry([third.id], now + 100, OWNER, failed=True)

            assert claim_deliveries(library) == [fourth]
            assert [each.attempts for each in claim_deliveries(library, later=100)] == [1, 0]
            assert outbox.counts() == {"owed": 2, "sent": 1, "dropped: refused": 1}
            assert outbox.drop_old(BOT, now + 1, now) == 2
            assert outbox.counts()["dropped: too_old"] == 2
            assert outbox.purge(BOT, now + 29 * 86_400) == 0
            assert outbox.purge(BOT, now + 31 * 86_400) == 4

    def test_of_another_bot_are_neither_counted_nor_dropped_and_deleted_after_a_month(
        self, empty: Library
    ) -> None:
        with empty as library:
            subscribe(library, "*", LAN)
            library.ingest([FLOOD], alert=Alert.ALL)
            now, outbox, other = int(time.time()), library.outbox, BOT + 1
            assert outbox.backlog(other) == Backlog(0, None)
            assert outbox.drop_old(other, now + 1, now) == 0
            assert outbox.backlog(BOT).pending == 1
            assert outbox.purge(other, now + 29 * 86_400) == 0
            assert outbox.purge(BOT, now + 31 * 86_400) == 0
            assert outbox.purge(other, now + 31 * 86_400) == 1

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
            assert outbox.are_pending([first.id, second.id], OWNER)
            assert not outbox.are_pending([first.id], "another")
            outbox.mark_sent([first.id], now)
            assert not outbox.are_pending([first.id, second.id], OWNER)
            outbox.retry([second.id], now, "another")
            assert outbox.are_pending([second.id], OWNER)

    def test_knows_what_went_to_groups_lately(self, empty: Library) -> None:
        with empty as library:
            for chat in (LAN, GROUP):
                subscribe(library, "*", chat)
            library.ingest([FLOOD, CONFERENCE], alert=Alert.ALL)
            now = int(time.time())
            library.outbox.mark_sent([each.id for each in claim_deliveries(library)], now)

            assert library.outbox.recently_sent(BOT, now - 60) == [(GROUP, now)]
            assert library.outbox.recently_sent(BOT, now + 1) == []


class TestAChat:
    def test_that_cannot_be_written_to_is_owed_nothing_until_it_returns(
        self, empty: Library
    ) -> None:
        with empty as library:
            subscribe(library, "*")
            library.ingest([FLOOD], alert=Alert.ALL)
            library.chats.deactivate(LAN)
            library.ingest([CONFERENCE], alert=Alert.ALL)
            assert claim_deliveries(library) == []
            assert library.outbox.counts() == {"dropped: chat_gone": 1}

            assert library.chats.activate(LAN)
            assert not library.chats.activate(LAN)
            assert not library.chats.activate(MINH)

            library.ingest([replace(FLOOD, id="moi", url=None)], alert=Alert.ALL)
            assert len(claim_deliveries(library)) == 1

    def test_that_became_a_supergroup_keeps_everything(self, empty: Library) -> None:
        with empty as library:
            subscribe(library, "*", GROUP)
            library.chats.set_language(GROUP, "en")
            library.ingest([FLOOD], alert=Alert.ALL)

            library.chats.migrate(GROUP, -2000)

            assert [each.chat for each in claim_deliveries(library)] == [-2000]
            assert library.chats.language(-2000) == "en"
            assert len(library.subscriptions.of_chat(BOT, -2000)) == 1
            assert library.subscriptions.of_chat(BOT, GROUP) == []

    def test_that_is_not_known_is_not_remembered_for_leaving(self, empty: Library) -> None:
        with empty as library:
            library.chats.deactivate(MINH)
            assert not any(library.chats.export(MINH).values())

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

            stored = library.chats.export(LAN)

            assert {name: len(rows) for name, rows in stored.items()} == {
                "chat": 1,
                "subscriptions": 1,
                "bulletins": 0,
                "deliveries": 1,
                "feedback": 0,
                "asked": 0,
                "conversations": 0,
                "received": 0,
                "flood_control": 0,
            }
            assert library.chats.forget(LAN) == 3
            assert not any(library.chats.export(LAN).values())
            assert [each.chat for each in claim_deliveries(library)] == [MINH]
