"""What a button says to the bot: callback data, written and read.

Nothing is kept between an answer and a press of its buttons, so that questions
are not stored and buttons outlive a restart: the question is read back from the
message that the answer replies to, and all else is in the data. Its form is

    1c2m1:5.2,5.a,9.1:5,9:w    version, verb, view; quotes; scope; days, if any

with numbers in base 36, which leaves room for some hundred million articles.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

CALLBACK_LIMIT = 64  # bytes; Telegram: InlineKeyboardButton.callback_data
VERSION = "1"

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_NUMBER = "[0-9a-z]{1,12}"  # fits into 63 bits
_PAIRS = rf"(?:{_NUMBER}\.{_NUMBER}(?:,{_NUMBER}\.{_NUMBER})*)?"
_NUMBERS = rf"(?:{_NUMBER}(?:,{_NUMBER})*)?"
_FORM = re.compile(
    rf"{VERSION}(?P<verb>[a-z])(?P<heading>[a-z])(?P<page>[0-9a-z])(?P<more>[01])"
    rf":(?P<quotes>{_PAIRS}):(?P<scope>{_NUMBERS})(?::(?P<days>[wfm]))?"
)
_LANGUAGE_FORM = re.compile(rf"{VERSION}l(?P<language>[a-z]{{2}})")


class Verb(StrEnum):
    """What a button does."""

    OPEN = "o"  # show the neighbouring sentences
    CLOSE = "c"  # hide them
    PAGE = "p"  # show another page of quotes
    ONLY = "a"  # ask within one article


class Days(StrEnum):
    """What became of the days that a question asks for."""

    NONE = ""  # none are asked for
    WITHIN = "w"  # all quotes were published then
    FAVOURED = "f"  # quotes of those days came first
    MISSED = "m"  # nothing was found of them


class Heading(StrEnum):
    """What is said above the quotes."""

    PLAIN = "x"
    SCOPED = "s"
    WIDENED = "w"
    NEAREST = "n"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What an answer shows: enough to show it again, or another page of it.

    `quotes` are article numbers with sentence positions, `scope` the numbers of
    the articles that were asked (none for all), `more` whether another page
    follows, `days` what became of the days asked for, which the question tells.
    """

    heading: Heading = Heading.PLAIN
    page: int = 0
    more: bool = False
    quotes: tuple[tuple[int, int], ...] = ()
    scope: tuple[int, ...] = ()
    days: Days = Days.NONE


@dataclass(frozen=True, slots=True)
class Press:
    """A button of an answer: what to do, and with which view."""

    verb: Verb
    view: View

    def encode(self) -> str | None:
        """Return the callback data, or None if it would be longer than Telegram takes."""
        view = self.view
        quotes = ",".join(f"{base36(number)}.{base36(place)}" for number, place in view.quotes)
        scope = ",".join(map(base36, view.scope))
        page = base36(view.page)
        days = f":{view.days}" if view.days else ""
        data = f"{VERSION}{self.verb}{view.heading}{page}{int(view.more)}:{quotes}:{scope}{days}"
        return data if len(data) <= CALLBACK_LIMIT and len(page) == 1 else None

    @classmethod
    def decode(cls, data: str) -> Self | None:
        """Read callback data; None if it is not such a press, or of another version."""
        match = _FORM.fullmatch(data)
        if not match:
            return None
        try:
            verb, heading = Verb(match["verb"]), Heading(match["heading"])
        except ValueError:
            return None
        pairs = (pair.split(".") for pair in match["quotes"].split(",") if pair)
        view = View(
            heading=heading,
            page=int(match["page"], 36),
            more=match["more"] == "1",
            quotes=tuple((int(number, 36), int(place, 36)) for number, place in pairs),
            scope=tuple(int(number, 36) for number in match["scope"].split(",") if number),
            days=Days(match["days"] or ""),
        )
        return cls(verb, view)


def toggle(view: View, *, opened: bool) -> Press:
    """Return the button that opens the context of the quotes shown, or closes it."""
    return Press(Verb.CLOSE if opened else Verb.OPEN, view)


def turn(view: View, page: int) -> Press:
    """Return the button that leads to another page of the same question."""
    return Press(Verb.PAGE, replace(view, page=page, more=False, quotes=(), days=Days.NONE))


def nearest(scope: tuple[int, ...]) -> Press:
    """Return the button that shows quotes which may not answer."""
    return Press(Verb.PAGE, View(heading=Heading.NEAREST, scope=scope))


def only(number: int) -> Press:
    """Return the button that asks the question within one article."""
    return Press(Verb.ONLY, View(heading=Heading.SCOPED, scope=(number,)))


def encode_language(language: str) -> str:
    """Return the callback data of a button that chooses a language."""
    return f"{VERSION}l{language}"


def decode_language(data: str) -> str | None:
    """Return the language that a button chooses, or None if it is another button."""
    match = _LANGUAGE_FORM.fullmatch(data)
    return match["language"] if match else None


def base36(number: int) -> str:
    """Write a number of zero or more in base 36."""
    digits = ""
    while True:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
        if not number:
            return digits
