"""Link previews of articles: under alerts and headlines, as each chat wants it."""

from typing import Any

import pytest

from index import Article
from index.alerts.announcer import Alert
from tests.support.bot import LANS_CHAT, MESSAGES, STORM, Talk
from tests.support.playground import ANNA, CHANNEL, GROUP, LAN
from tests.support.subscriptions import numbered_article

NEWS = numbered_article(7)
SMALL = {"is_disabled": False, "prefer_small_media": True}
NONE = {"is_disabled": True}


def preview(talk: Talk, message: dict[str, Any], chat: int = LANS_CHAT) -> dict[str, Any] | None:
    """Return the link preview options of a message of the bot."""
    found = talk.client.playground.world.message(chat, message["message_id"])
    assert found is not None
    return found.preview


async def alerted(talk: Talk, chat: int = LANS_CHAT) -> dict[str, Any]:
    talk.library.ingest([NEWS], alert=Alert.ALL)
    return await talk.alert(NEWS.title, chat)


async def test_are_small_cards_of_the_article_under_its_alert(talk: Talk) -> None:
    await talk.ask("/subscribe bão")

    alert = await alerted(talk)

    assert preview(talk, alert) == SMALL | {"url": NEWS.url}


async def test_are_those_of_the_first_article_under_headlines(talk: Talk) -> None:
    answer = await talk.ask("Quảng Ngãi")

    assert preview(talk, answer) == SMALL | {"url": STORM.url}


async def test_are_not_under_answers(talk: Talk) -> None:
    assert preview(talk, await talk.ask("ai tham dự hội nghị?")) == NONE


async def test_are_not_under_alerts_of_articles_without_an_address(talk: Talk) -> None:
    await talk.ask("/subscribe sông Lam")
    article = Article(title="Lũ trên sông Lam", text="Nước sông Lam lên nhanh.")
    talk.library.ingest([article], alert=Alert.ALL)

    assert preview(talk, await talk.alert(article.title)) == NONE


async def test_are_hidden_and_shown_again_by_a_button(talk: Talk) -> None:
    await talk.ask("/subscribe bão")
    choice = await talk.ask("/settings")
    assert MESSAGES["settings_previews"] in choice["text"]

    await talk.press(choice, MESSAGES["button_hide_previews"])

    hidden = await talk.message(choice["message_id"])
    assert MESSAGES["settings_no_previews"] in hidden["text"]
    assert preview(talk, await talk.ask("Quảng Ngãi")) == NONE
    assert preview(talk, await alerted(talk)) == NONE

    await talk.press(hidden, MESSAGES["button_show_previews"])
    assert preview(talk, await talk.ask("Quảng Ngãi")) == SMALL | {"url": STORM.url}


@pytest.mark.parametrize(("chat", "shown"), [(LANS_CHAT, True), (GROUP, False)])
async def test_are_shown_by_default_except_in_groups(talk: Talk, chat: int, shown: bool) -> None:
    assert talk.library.chats.get(chat).shows_previews is shown
    talk.library.chats.set_channel(CHANNEL, "Bản tin")
    assert talk.library.chats.get(CHANNEL).shows_previews


async def test_are_for_administrators_to_choose_in_groups(talk: Talk) -> None:
    await talk.client.post("/membership", user=LAN, chat=GROUP, status="administrator")
    refused = await talk.ask("/settings@hoibao_bot", chat=GROUP, user=ANNA)
    assert "for administrators only" in refused["text"]

    choice = await talk.ask("/settings@hoibao_bot", chat=GROUP)
    await talk.press(choice, MESSAGES["button_show_previews"], chat=GROUP)

    answer = await talk.ask("/ask Quảng Ngãi", chat=GROUP)
    assert preview(talk, answer, GROUP) == SMALL | {"url": STORM.url}


async def test_are_forgotten_and_exported_with_the_chat(talk: Talk) -> None:
    talk.library.chats.set_previews(LANS_CHAT, shown=False)
    (exported,) = talk.library.chats.export(LANS_CHAT)["chat"]
    assert exported["previews"] is False

    talk.library.chats.forget(LANS_CHAT)
    assert talk.library.chats.get(LANS_CHAT).previews is None


def test_choices_move_with_a_group_to_its_supergroup(talk: Talk) -> None:
    talk.library.chats.set_previews(-5, shown=True)
    talk.library.chats.migrate(-5, GROUP)
    assert talk.library.chats.get(GROUP).previews is True
