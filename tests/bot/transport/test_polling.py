"""Updates that the library cannot parse: each is skipped, the others are answered."""

from pathlib import Path
from typing import Any

import pytest
from telegram import Update

from bot.transport.polling import parsable
from tests.support.bot import WHO, talking

LAN = {"id": 1001, "is_bot": False, "first_name": "Lan"}
MESSAGE = {
    "message_id": 7,
    "date": 1_600_000_000,
    "chat": {"id": 1001, "type": "private"},
    "from": LAN,
    "text": "bí mật",
}
UNPARSABLE: list[tuple[str, dict[str, Any]]] = [
    ("message", {"poll": {"id": "1", "question": "bí mật"}, **MESSAGE}),
    ("message", {"text": "bí mật"}),
    ("message", MESSAGE | {"date": 10**30}),
    ("message", MESSAGE | {"date": "bí mật"}),
    ("message", MESSAGE | {"date": None}),
    ("message", MESSAGE | {"entities": [{}]}),
    ("message", MESSAGE | {"chat": "bí mật"}),
    ("message", MESSAGE | {"text": ["bí mật"]}),
    ("message", MESSAGE | {"message_id": []}),
    ("message", MESSAGE | {"chat": {"id": 1 << 63, "type": "private"}}),
    ("message", MESSAGE | {"entities": [{"type": "bold", "offset": 0, "length": "bí mật"}]}),
    ("message", MESSAGE | {"reply_to_message": MESSAGE | {"from": LAN | {"id": "bí mật"}}}),
    ("callback_query", {"id": "1", "chat_instance": "1", "data": "bí mật"}),  # pressed by nobody
    ("callback_query", {"data": "bí mật"}),
    ("inline_query", {}),
]


@pytest.mark.parametrize(("kind", "content"), UNPARSABLE)
def test_an_update_that_cannot_be_parsed_keeps_its_number_only(
    kind: str, content: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    assert parsable({"update_id": 5, kind: content}) == {"update_id": 5}
    assert [record.getMessage().partition(" (")[0] for record in caplog.records] == [
        "Update 5 cannot be parsed and is skipped"
    ]
    assert "bí mật" not in caplog.text


def test_other_updates_stay_as_they_are() -> None:
    update = {"update_id": 5, "message": MESSAGE, "of_a_newer_telegram": {"a": 1}}
    assert parsable(update) == update
    parsed = Update.de_json(parsable(update), None)
    assert parsed.message is not None
    assert parsed.message.text == "bí mật"


@pytest.mark.parametrize("update", [None, 5, "5", [], {}, {"update_id": "5"}, {"update_id": True}])
def test_an_update_without_number_cannot_be_skipped(update: object) -> None:
    with pytest.raises(TypeError, match="update"):
        parsable(update)


async def test_the_questions_beside_broken_updates_are_answered(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with talking(tmp_path) as talk:
        updates = talk.client.playground.updates
        for kind, content in UNPARSABLE:
            updates.put(kind, content)
        assert "Lương Văn Cầu" in (await talk.ask(WHO))["text"]
        for kind, content in UNPARSABLE:
            updates.put(kind, content)
        assert "Lương Văn Cầu" in (await talk.ask(WHO))["text"]
    assert len(caplog.messages) == 2 * len(UNPARSABLE), caplog.text


async def test_answers_that_are_no_updates_are_asked_for_ever_more_seldom(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line each, without the content, and no traceback; afterwards all goes on."""
    async with talking(tmp_path) as talk:
        updates = talk.client.playground.updates
        updates._pending.append({"update_id": True, "message": MESSAGE})
        updates.wake()
        while not caplog.messages:
            await talk.client.messages()
        updates._pending.clear()
        assert "Lương Văn Cầu" in (await talk.ask(WHO))["text"]
    assert "bí mật" not in caplog.text
    assert "Traceback" not in caplog.text
    assert len(caplog.messages) <= 2
