"""Callback data of inline keyboard buttons: encode and decode.

No state is kept for a button, so that buttons outlive a restart: its callback data holds all
that its handler needs. Each feature lists its buttons as an `Action`, by templates
like the paths of a web router; the field behind a code is a number in base 36:

    TIME = "si{subscription}.{rhythm:4}.{weekday:7}.{minute:1440}"    1si5.2.0.a0

The type of a field follows its colon: `7` a number below seven, `-` a number of either
sign, `list` comma-separated numbers, `pairs` pairs of numbers, `vi|en` one of these words, `text`
any text on one line, the last field.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from functools import cache, partial
from itertools import chain, zip_longest
from string import Formatter
from typing import Any, Self

from telegram import InlineKeyboardButton

CALLBACK_LIMIT = 64  # bytes; Telegram: InlineKeyboardButton.callback_data
VERSION = "1"

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_NUMBER = "[0-9a-z]{1,12}"  # fits into 63 bits
_PAIR = rf"{_NUMBER}\.{_NUMBER}"

Value = int | str | tuple[int, ...] | tuple[tuple[int, int], ...]


class CallbackDataError(ValueError):
    """Values do not fit into callback data."""


class Action(Enum):
    """Actions of a feature's buttons; each value is the template of their callback data."""


@dataclass(frozen=True, slots=True)
class CallbackData:
    """Action of a button, and the values of its template's fields."""

    action: Action
    values: tuple[Value, ...] = ()

    def encode(self) -> str:
        """Return the callback data.

        Raises:
            CallbackDataError: If a value is out of bounds, or all are longer than Telegram takes.
        """
        literals, fields = _parse(self.action)
        written = (field.write(value) for field, value in zip(fields, self.values, strict=True))
        data = VERSION + _join(literals, written)
        if len(data.encode()) > CALLBACK_LIMIT:
            raise CallbackDataError(f"{data!r} is longer than {CALLBACK_LIMIT} bytes")
        return data

    @classmethod
    def decode(cls, data: str, actions: Iterable[Action]) -> Self | None:
        """Read the callback data of one of these actions; None if it is malformed or another's."""
        for action in actions:
            if match := _pattern(action).fullmatch(data):
                _, fields = _parse(action)
                read = (
                    field.read(text) for field, text in zip(fields, match.groups(), strict=True)
                )
                decoded = cls(action, tuple(read))
                with suppress(CallbackDataError):
                    return decoded if decoded.encode() == data else None  # else not canonical
        return None


def button(label: str, action: Action, *values: Value) -> InlineKeyboardButton:
    """Return an inline keyboard button.

    Raises:
        CallbackDataError: If the values do not fit into its callback data.
    """
    return InlineKeyboardButton(label, callback_data=CallbackData(action, values).encode())


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of a template: the form of its text, and how to read and write it."""

    form: str
    read: Callable[[str], Value]
    write: Callable[[Any], str]


@cache
def _parse(action: Action) -> tuple[list[str], list[_Field]]:
    """Return the literals of a template, and the field behind each, or none behind the last."""
    parts = list(Formatter().parse(action.value))
    fields = [_field(spec or "") for _, name, spec, _ in parts if name is not None]
    return [literal for literal, *_ in parts], fields


@cache
def _pattern(action: Action) -> re.Pattern[str]:
    literals, fields = _parse(action)
    forms = (f"({field.form})" for field in fields)
    return re.compile(VERSION + _join(map(re.escape, literals), forms))


def _join(literals: Iterable[str], fields: Iterable[str]) -> str:
    return "".join(chain.from_iterable(zip_longest(literals, fields, fillvalue="")))


def _field(spec: str) -> _Field:
    """Return the field that a template describes."""
    match spec:
        case "":
            return _Field(_NUMBER, _read_number, _base36)
        case "-":
            return _Field(f"-?{_NUMBER}", _read_number, _write_signed)
        case "list":
            return _Field(f"(?:{_NUMBER}(?:,{_NUMBER})*)?", _read_list, _write_list)
        case "pairs":
            return _Field(f"(?:{_PAIR}(?:,{_PAIR})*)?", _read_pairs, _write_pairs)
        case "text":
            return _Field(".+", str, str)
        case _ if spec.isdecimal():
            return _Field(_NUMBER, _read_number, partial(_write_bounded, int(spec)))
        case _:
            return _Field(spec, str, partial(_write_word, spec.split("|")))


def _read_number(text: str) -> int:
    return int(text, 36)


def _read_list(text: str) -> tuple[int, ...]:
    return tuple(int(number, 36) for number in text.split(",") if number)


def _read_pairs(text: str) -> tuple[tuple[int, int], ...]:
    pairs = (pair.split(".") for pair in text.split(",") if pair)
    return tuple((int(first, 36), int(second, 36)) for first, second in pairs)


def _write_signed(number: int) -> str:
    return "-" * (number < 0) + _base36(abs(number))


def _write_bounded(bound: int, number: int) -> str:
    if number not in range(bound):
        raise CallbackDataError(f"{number} is not below {bound}")
    return _base36(number)


def _write_list(numbers: tuple[int, ...]) -> str:
    return ",".join(map(_base36, numbers))


def _write_pairs(pairs: tuple[tuple[int, int], ...]) -> str:
    return ",".join(f"{_base36(first)}.{_base36(second)}" for first, second in pairs)


def _write_word(words: Sequence[str], word: str) -> str:
    if word not in words:
        raise CallbackDataError(f"{word!r} is none of {words}")
    return str(word)


def _base36(number: int) -> str:
    """Write a number of zero or more in base 36."""
    rest, digit = divmod(number, 36)
    return (_base36(rest) if rest else "") + _DIGITS[digit]
