"""Check the types in an update: the library parses JSON without a look at them.

An update with a list where a number should be, or a button pressed by nobody, would fail anywhere
in a handler.
"""

from collections.abc import Iterator
from datetime import datetime
from inspect import signature
from types import NoneType, UnionType
from typing import Union, get_args, get_origin

from telegram import TelegramObject

_NUMBERS = 1 << 63  # what the database takes; Telegram's are below 52 bits
_PLAIN: frozenset[type] = frozenset({int, str, datetime, NoneType})
_declared: dict[type, dict[str, tuple[type, ...]]] = {}  # as far as needed so far


def check_types(value: object) -> None:
    """Check the numbers, texts, dates and objects in a parsed update, at any depth.

    Raises:
        TypeError: One is of another type than the library declares.
        ValueError: A number is too large to be stored.
    """
    kind = type(value)
    if isinstance(value, (tuple, list)):
        for item in value:
            check_types(item)
    if isinstance(value, int) and abs(value) >= _NUMBERS:
        raise ValueError("a number is too large")
    if not isinstance(value, TelegramObject):
        return
    if kind not in _declared:
        _declared[kind] = dict(_declared_types(kind))
    declared = _declared[kind]
    for name in (name for base in kind.__mro__ for name in getattr(base, "__slots__", ())):
        if not name.startswith("_"):
            part = getattr(value, name, None)
            if name in declared and not isinstance(part, declared[name]):
                raise TypeError(f"{kind.__name__}.{name} is a {type(part).__name__}")
            check_types(part)


def _declared_types(kind: type) -> Iterator[tuple[str, tuple[type, ...]]]:
    """Yield the attributes that are numbers, texts, dates or other objects, with their types."""
    for name, parameter in signature(kind).parameters.items():
        declared = parameter.annotation
        is_union = get_origin(declared) in (Union, UnionType)
        types = get_args(declared) if is_union else (declared,)
        if all(isinstance(each, type) and _is_checked(each) for each in types):
            yield name, types


def _is_checked(kind: type) -> bool:
    return kind in _PLAIN or issubclass(kind, TelegramObject)
