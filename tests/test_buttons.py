import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.buttons import (
    CALLBACK_LIMIT,
    Days,
    Heading,
    Press,
    Verb,
    View,
    decode_language,
    encode_language,
    nearest,
    only,
    toggle,
    turn,
)

NUMBERS = st.integers(min_value=0, max_value=2**62)
VIEWS = st.builds(
    View,
    heading=st.sampled_from(Heading),
    page=st.integers(min_value=0, max_value=60),
    more=st.booleans(),
    quotes=st.lists(st.tuples(NUMBERS, NUMBERS), max_size=4).map(tuple),
    scope=st.lists(NUMBERS, max_size=6).map(tuple),
    days=st.sampled_from(Days),
)


@given(st.builds(Press, st.sampled_from(Verb), VIEWS))
def test_what_is_encoded_fits_and_is_decoded_again(press: Press) -> None:
    data = press.encode()

    if data is not None:
        assert len(data.encode()) <= CALLBACK_LIMIT
        assert Press.decode(data) == press


@given(st.text(max_size=80))
def test_no_data_breaks_decoding(data: str) -> None:
    press = Press.decode(data)

    assert press is None or press.encode() is not None
    assert decode_language(data) is None or encode_language(data[-2:]) == data


def test_three_quotes_of_the_ten_millionth_article_fit_beside_a_scope() -> None:
    view = View(
        page=9,
        more=True,
        quotes=((10_000_000, 200), (9_999_999, 150), (9_999_998, 999)),
        scope=(10_000_000, 9_999_999, 9_999_998),
    )

    assert toggle(view, opened=False).encode() is not None


def test_what_does_not_fit_makes_no_button() -> None:
    assert toggle(View(quotes=((2**60, 1),) * 5), opened=True).encode() is None
    assert turn(View(), 36).encode() is None


@pytest.mark.parametrize(
    "data", ["", "1", "context", "0ox00::", "1zx00::", "1oz00::", "1ox00:1:", "1ox00:1.2:,", "1l"]
)
def test_data_of_other_versions_and_other_buttons_is_recognised(data: str) -> None:
    assert Press.decode(data) is None


def test_buttons_say_what_they_do() -> None:
    view = View(quotes=((5, 2),), scope=(5,), more=True)

    assert toggle(view, opened=False) == Press(Verb.OPEN, view)
    assert toggle(view, opened=True) == Press(Verb.CLOSE, view)
    assert turn(view, 1) == Press(Verb.PAGE, View(page=1, scope=(5,)))
    assert nearest(()) == Press(Verb.PAGE, View(heading=Heading.NEAREST))
    assert only(5) == Press(Verb.ONLY, View(heading=Heading.SCOPED, scope=(5,)))


def test_languages_are_chosen_by_name() -> None:
    assert decode_language(encode_language("vi")) == "vi"
    assert decode_language("1ox00::") is None
