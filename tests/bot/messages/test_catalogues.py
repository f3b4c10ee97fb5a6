import json
import re
from enum import StrEnum
from pathlib import Path
from string import Formatter

import pytest

from bot import messages as package
from bot.conversation.usage import Outcome
from bot.messages import LANGUAGES, Language, Messages, interface_language
from bot.messages.html import Piece
from bot.playground.bot_api.html_parser import parse_html
from bot.sources.words import message_key
from index.alerts import FrequencyUnit, SubscriptionReason
from index.models.problem import Code
from index.models.schedule import Rhythm
from index.models.source_kind import SourceKind
from index.search.query import FilterReason, SmallTalk

MESSAGES = Messages.load()
PLAIN = ("button_", "notice_", "inline_", "command_", "description", "short_description")
DESCRIPTION_LIMIT = 512  # characters; Telegram: setMyDescription
SHORT_DESCRIPTION_LIMIT = 120  # characters; Telegram: setMyShortDescription
NOTICE_LIMIT = 200  # characters; Telegram: answerCallbackQuery.text
INLINE_BUTTON_LIMIT = 64  # characters that fit a line of a phone


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_all_languages_have_the_same_messages_with_the_same_placeholders() -> None:
    vietnamese, english = (MESSAGES.catalogues[language] for language in LANGUAGES)

    assert vietnamese.keys() == english.keys()
    for key in vietnamese:
        assert placeholders(vietnamese[key]) == placeholders(english[key]), key


def test_every_message_is_used_somewhere_in_the_package() -> None:
    folder = Path(package.__file__).parent.parent
    code = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    keys = MESSAGES.catalogues["vi"].keys()
    refused = set(re.findall(r'\bRefusedError\("(\w+)"', code))
    notices = {f"notice_{key}" for key in refused}

    assert composed_keys() <= keys
    assert all({key, f"notice_{key}"} & keys for key in refused)
    for key in keys - composed_keys() - notices:
        assert f'"{key}"' in code or key.startswith("command_"), key


def composed_keys() -> set[str]:
    """Return the keys that the code composes of a prefix and a value."""
    composed: dict[str, type[StrEnum]] = {
        "button": Rhythm,
        "filter": FilterReason,
        "pace": FrequencyUnit,
        "rhythm": Rhythm,
        "source_kind": SourceKind,
        "stats": Outcome,
        "wish": SubscriptionReason,
    }
    keys = {f"{prefix}_{value}" for prefix, values in composed.items() for value in values}
    fields = {f"filter_{field}" for field in ("since", "until", "source")}
    talk = set(SmallTalk) - {SmallTalk.HELP}
    return keys | fields | talk | {message_key(code) for code in Code}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_markup_that_telegram_takes_or_plain_text(language: Language) -> None:
    for key, template in MESSAGES.catalogues[language].items():
        text, entities = parse_html(template)
        assert text.strip(), key
        assert Piece.parse(template).entities == len(entities), key
        if key.startswith(PLAIN):
            assert text == template, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_outside_of_messages_keep_telegrams_limits(language: Language) -> None:
    catalogue = MESSAGES.catalogues[language]

    assert len(catalogue["description"]) <= DESCRIPTION_LIMIT
    assert len(catalogue["short_description"]) <= SHORT_DESCRIPTION_LIMIT
    for key, text in catalogue.items():
        if key.startswith("notice_"):
            assert len(text) <= NOTICE_LIMIT, key
        if key.startswith("inline_"):
            assert len(text) <= INLINE_BUTTON_LIMIT, key


def test_values_are_escaped_in_markup_but_not_in_plain_text() -> None:
    assert "&lt;b&gt;" in MESSAGES.text("en", "unknown_source", source="<b>")
    assert MESSAGES.plain("en", "button_follow_subject", subject="<b>") == "🔔 Alert me: “<b>”"


def test_a_missing_value_is_an_error_rather_than_a_gap() -> None:
    with pytest.raises(KeyError):
        MESSAGES.text("vi", "slow_down")


@pytest.mark.parametrize(
    ("chosen", "code", "expected"),
    [
        (None, None, "vi"),
        (None, "vi", "vi"),
        (None, "vi-VN", "vi"),
        (None, "en", "en"),
        (None, "fr", "en"),
        (None, "vie", "en"),
        ("en", "vi", "en"),
        ("vi", "en-GB", "vi"),
        ("xx", "en", "en"),
    ],
)
def test_the_choice_wins_over_the_users_language(
    chosen: str | None, code: str | None, expected: Language
) -> None:
    assert interface_language(chosen, code) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_stands_in_a_catalogue_twice(language: Language) -> None:
    text = (Path(package.__file__).parent / f"{language}.json").read_text(encoding="utf-8")
    pairs = json.loads(text, object_pairs_hook=list)

    assert len(pairs) == len(MESSAGES.catalogues[language])
