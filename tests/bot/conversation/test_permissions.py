"""Who may post, as Telegram tells it."""

import pytest
from telegram import ChatMember

from bot.conversation.permissions import may_post
from bot.playground.world.shapes import ADMINISTRATOR_RIGHTS

BOT = {"id": 7, "is_bot": True, "first_name": "Hỏi Báo"}


@pytest.mark.parametrize(
    ("status", "rights", "expected"),
    [
        ("administrator", {"can_post_messages": True}, True),
        ("administrator", {"can_post_messages": False}, False),
        ("administrator", {}, True),  # of a group, which has no such right
        ("member", {}, False),
    ],
)
def test_an_administrator_may_post_unless_the_right_to_is_missing(
    status: str, rights: dict[str, bool], expected: bool
) -> None:
    has = dict.fromkeys([*ADMINISTRATOR_RIGHTS, "can_be_edited", "is_anonymous"], False) | rights
    member = ChatMember.de_json({"user": BOT, "status": status} | has, None)

    assert may_post(member) is expected
