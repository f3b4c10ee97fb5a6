import time
from pathlib import Path

import httpx
from telegram.error import NetworkError, TelegramError

from bot.alerts.composer import AlertMessage
from bot.alerts.failures import SendFailures
from bot.messages.rendered import Rendered
from bot.transport.send_queue import SendQueue
from index import Library
from index.store.chats.deliveries import ChatBatch, Delivery
from tests.support.bot import LANS_CHAT

NOW = 1_000.0


class TestSendFailures:
    def judged(self, folder: Path, times: int, error: TelegramError) -> SendQueue:
        pace, started = SendQueue(clock=lambda: NOW), time.monotonic()
        with Library.open(folder) as library:
            failures = SendFailures(library, pace, "one", jitter=lambda: 0.5)
            for _ in range(times):
                failures.handle(batch(), message(), error, started)
        return pace

    def test_a_volley_that_fails_together_is_one_failure(self, tmp_path: Path) -> None:
        error = NetworkError("down")
        error.__cause__ = httpx.ConnectError("down")

        pace = self.judged(tmp_path, 30, error)

        assert pace.is_held()
        assert pace._held_until - NOW < 3

    def test_a_sender_is_cut_off_after_three_failures_that_were_waited_out(
        self, tmp_path: Path
    ) -> None:
        error = NetworkError("down")
        error.__cause__ = httpx.ConnectError("down")
        with Library.open(tmp_path) as library:
            failures = SendFailures(library, SendQueue(), "one")
            for expected in (False, False, True):
                failures.handle(batch(), message(), error, failures._held_until)
                assert failures.is_cut_off is expected
            failures.reset()
            assert not failures.is_cut_off

    def test_one_chat_with_which_telegram_fails_holds_no_other(self, tmp_path: Path) -> None:
        pace = self.judged(tmp_path, 3, NetworkError("Internal Server Error"))

        assert not pace.is_held()


def batch() -> ChatBatch:
    return ChatBatch(LANS_CHAT, None, (delivery(),))


def delivery() -> Delivery:
    return Delivery(
        id=1,
        chat=LANS_CHAT,
        thread=None,
        article=1,
        subscription=1,
        positions=(),
        due_at=0,
        attempts=0,
        created_at=0,
    )


def message() -> AlertMessage:
    return AlertMessage(Rendered("x"), (1,), is_silent=False)
