"""Callback data: what is encoded is decoded again, and nothing else is."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import InlineKeyboardMarkup

from bot.chat_settings.language import LanguageAction
from bot.chat_settings.views import ChatAction
from bot.conversation.callback_data import CALLBACK_LIMIT, Action, CallbackData, CallbackDataError
from bot.messages import LANGUAGES, Messages
from bot.messages.voice import Translator
from bot.questions.keyboards import AnswerAction, answer_keyboard, nearest_keyboard
from bot.questions.page_state import DateOutcome, Heading, PageState
from bot.questions.quotes.sharing import SharedQuote
from bot.subscriptions.views import SubscriptionAction
from tests.support.paths import DATA
from tests.support.rendering import one_quote

ACTIONS = [action for feature in Action.__subclasses__() for action in feature]
RECORDED = json.loads((DATA / "callback_data.json").read_text("utf-8"))
NUMBERS = st.integers(min_value=0, max_value=2**62)
VIEWS = st.builds(
    PageState,
    heading=st.sampled_from(Heading),
    page=st.integers(min_value=0, max_value=60),
    more=st.booleans(),
    quotes=st.lists(st.tuples(NUMBERS, NUMBERS), max_size=4).map(tuple),
    scope=st.lists(NUMBERS, max_size=6).map(tuple),
    days=st.sampled_from(DateOutcome),
    in_mode=st.booleans(),
)

VOICE = Translator(Messages.load(), "vi", "hoibao_bot")


def only_decoded(data: str) -> CallbackData | None:
    """Return what the one action that takes some data reads in it, or None if none does."""
    decoded = [each for action in ACTIONS if (each := CallbackData.decode(data, [action]))]
    assert len(decoded) <= 1
    return decoded[0] if decoded else None


@pytest.mark.parametrize("record", RECORDED["chat"] + RECORDED["sources"], ids=lambda r: r["data"])
def test_what_was_recorded_is_read_by_one_action_and_written_the_same(
    record: dict[str, str],
) -> None:
    decoded = only_decoded(record["data"])

    assert decoded is not None
    assert decoded.encode() == record["data"]


def test_every_action_was_recorded() -> None:
    recorded = [only_decoded(each["data"]) for each in RECORDED["chat"] + RECORDED["sources"]]

    assert {each.action for each in recorded if each} == set(ACTIONS) - set(SharedQuote)


@given(st.sampled_from([AnswerAction.OPEN, AnswerAction.PAGE, AnswerAction.ONLY]), VIEWS)
def test_a_view_that_fits_is_decoded_again(action: Action, view: PageState) -> None:
    try:
        data = CallbackData(action, view.values).encode()
    except CallbackDataError:
        return

    assert len(data.encode()) <= CALLBACK_LIMIT
    decoded = CallbackData.decode(data, AnswerAction)
    assert decoded is not None
    assert (decoded.action, PageState.of(*decoded.values)) == (action, view)


@given(NUMBERS.flatmap(lambda number: st.sampled_from([number, -number])))
def test_a_chat_may_have_a_negative_number(chat: int) -> None:
    data = CallbackData(ChatAction.QUIET, (chat,))

    assert CallbackData.decode(data.encode(), ChatAction) == data


@given(st.one_of(st.text(max_size=80), st.from_regex(r"1[a-zA-Z]{1,2}[0-9a-z.:,-]{0,30}")))
def test_no_data_breaks_decoding(data: str) -> None:
    decoded = only_decoded(data)

    assert decoded is None or decoded.encode() == data


@pytest.mark.parametrize(
    "data",
    [
        *"1 context 0ox00:: 1zx00:: 1oz00:: 1ox00:1: 1ox00:1.2:, 1l 1lxx".split(),
        *"1ox100:: 1ox02:: 1ox0a0:: 1ox00:01.2:".split(),
        *"1sc 1sc1.2 1sc-1 1sc01 1sczzzzzzzzzzzzz 1sk1.7 1sk1.-1 1sZ1.8 1sfx".split(),
        *"1si1.4.0.0 1si1.0.7.0 1si1.0.0.140 1sq1.2 1sHrt.5 1sh-0".split(),
        *"1S 1Sx:0 1Sd:0 1So5 1Sl5.3:0".split(),
        "",
        "1ox00::\n",
    ],
)
def test_malformed_data_and_values_out_of_bounds_are_rejected(data: str) -> None:
    assert only_decoded(data) is None


@pytest.mark.parametrize(
    ("action", "values"),
    [
        (SubscriptionAction.WEEKDAY, (1, 7)),
        (SubscriptionAction.WEEKDAY, (1, -1)),
        (LanguageAction.CHOOSE, ("fr",)),
        (AnswerAction.PAGE, PageState(page=36).values),
        (AnswerAction.OPEN, PageState(quotes=((2**60, 1),) * 5).values),
    ],
)
def test_values_that_do_not_fit_are_not_encoded(action: Action, values: tuple[int, ...]) -> None:
    with pytest.raises(CallbackDataError):
        CallbackData(action, values).encode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_can_be_chosen(language: str) -> None:
    assert CallbackData(LanguageAction.CHOOSE, (language,)).encode() == f"1l{language}"


def test_three_quotes_of_the_ten_millionth_article_fit_beside_a_scope() -> None:
    view = PageState(
        page=9,
        more=True,
        quotes=((10_000_000, 200), (9_999_999, 150), (9_999_998, 999)),
        scope=(10_000_000, 9_999_999, 9_999_998),
    )

    assert CallbackData(AnswerAction.OPEN, view.values).encode()


def test_buttons_of_an_answer_say_what_they_do() -> None:
    view = PageState(quotes=((5, 2),), page=1, more=True, days=DateOutcome.WITHIN)
    best = replace(one_quote("Câu.", number=5), position=2)

    closed = answer_keyboard(VOICE, view, best, opened=False)
    opened = answer_keyboard(VOICE, view, best, opened=True)

    toggled = ["1px00::", "1ox11:5.2::w", "1as00::5", "1sg5.2", "1sj5.2", "1px20::"]
    assert data_of(closed) == toggled
    assert data_of(opened) == [toggled[0], "1cx11:5.2::w", *toggled[2:]]


def test_a_button_whose_data_does_not_fit_is_left_out() -> None:
    view = PageState(quotes=((2**60, 1),) * 5, page=35, more=True)

    keyboard = answer_keyboard(VOICE, view, one_quote("Câu.", number=5), opened=False)

    assert data_of(keyboard)[:2] == ["1pxy0::", "1as00::5"]


def test_the_nearest_quotes_are_offered_of_all_articles_if_the_scope_does_not_fit() -> None:
    scopes: list[tuple[int, ...]] = [(), (5, 6), (2**60,) * 5]
    keyboards = [nearest_keyboard(VOICE, PageState(scope=scope)) for scope in scopes]

    assert [data_of(each)[0] for each in keyboards] == ["1pn00::", "1pn00::5,6", "1pn00::"]


def data_of(keyboard: InlineKeyboardMarkup | None) -> list[str | object]:
    rows = keyboard.inline_keyboard if keyboard else ()
    return [button.callback_data for row in rows for button in row if button.callback_data]
