"""What a button under an alert or a list of subscriptions says: callback data, written and read.

All that a press needs is in the data, as for the buttons of answers (`bot.buttons`):

    1sp4.2u      version, "s", deed; numbers in base 36, a minus before negative ones
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from bot.buttons import CALLBACK_LIMIT, VERSION, base36

_NUMBER = "-?[0-9a-z]{1,12}"  # fits into 63 bits
_FORM = re.compile(rf"{VERSION}s(?P<deed>[a-zA-Z])(?P<numbers>(?:{_NUMBER}(?:\.{_NUMBER})*)?)")


class Deed(StrEnum):
    """What a button does; behind each, the numbers that go with it."""

    FOLLOW_TOPIC = "f"  # subscribe to what the question above is about
    FOLLOW_QUESTION = "F"  # tell when something answers the question above

    GOOD = "g"  # article, position: the quote answers
    BAD = "j"  # article, position: it does not

    ABOUT = "a"  # article: ask it from now on
    ABOUT_ALL = "A"  # ask all articles again
    LESS = "m"  # subscription, article: offer ways to get less like it
    EXCLUDE = "w"  # subscription, article, place: exclude a word of its title
    ASK_STOP = "u"  # subscription, article: offer to end it
    STOP = "U"  # subscription: end it, under an alert
    PAUSE_HERE = "P"  # subscription: pause it, under an alert
    BACK = "b"  # subscription, article: show the alert's own buttons again

    LIST = "l"  # chat, page: the list
    OPEN = "s"  # chat: the list as a message of its own
    CARD = "c"  # subscription: what it is, and what can be done
    PAUSE = "p"  # subscription
    RESUME = "r"  # subscription
    RENAME = "n"  # subscription: ask for a name
    EDIT = "e"  # subscription: ask for other words
    SILENCE = "q"  # subscription, 0 or 1
    ASK_DELETE = "d"  # subscription: ask whether to end it
    DELETE = "x"  # subscription
    RHYTHM = "t"  # subscription, place among the rhythms: set it, or ask for the time
    WEEKDAY = "k"  # subscription, weekday: ask for the time
    TIME = "i"  # subscription, place among the rhythms, weekday, minute: set it
    SEND_AGAIN = "S"  # chat that was given up: try again
    ADD = "N"  # chat: ask for what to subscribe to
    QUIET = "h"  # chat: offer quiet hours
    SET_QUIET = "H"  # chat, start, end; without them none
    ZONE = "z"  # chat: offer time zones
    SET_ZONE = "Z"  # chat, place among the zones
    TYPE_QUIET = "y"  # chat: ask for quiet hours
    TYPE_TIME = "o"  # subscription, place among the rhythms, weekday: ask for the time

    EXPORT = "E"  # chat: give what is stored
    ASK_FORGET = "D"  # chat: ask whether to delete what is stored
    FORGET = "X"  # chat: delete what is stored
    KEEP = "K"  # chat: delete nothing


@dataclass(frozen=True, slots=True)
class Touch:
    """A pressed button: its deed, and what it is about."""

    deed: Deed
    numbers: tuple[int, ...] = ()

    def encode(self) -> str:
        """Return the callback data.

        Raises:
            ValueError: If it is longer than Telegram takes.
        """
        signs = ("-" if number < 0 else "" for number in self.numbers)
        digits = (base36(abs(number)) for number in self.numbers)
        data = f"{VERSION}s{self.deed}" + ".".join(map("".join, zip(signs, digits, strict=True)))
        if len(data) > CALLBACK_LIMIT:
            raise ValueError(f"callback data {data!r} is longer than {CALLBACK_LIMIT} bytes")
        return data

    @classmethod
    def decode(cls, data: str) -> Self | None:
        """Read callback data; None if it is another button's, or of another version."""
        match = _FORM.fullmatch(data)
        if not match or match["deed"] not in set(Deed):
            return None
        numbers = (int(number, 36) for number in match["numbers"].split(".") if number)
        return cls(Deed(match["deed"]), tuple(numbers))
