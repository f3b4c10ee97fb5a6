"""Measure how the cost of a pattern or a parser grows with its input, on inputs made to be costly.

A regular expression that backtracks costs most where a repeated part almost matches, again and
again: the inputs are made of its own syntax tree, one for each of its repeats.
"""

import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import import_module
from typing import Any, TypeVar

codes: Any = import_module("re._constants")
parser: Any = import_module("re._parser")

SMALL, LARGE = 250, 4_000
"""Lengths of inputs, in characters: 16 times as long is to cost 16 times as much."""

MOST_GROWTH = 64.0
"""Between what is linear (16) and what is quadratic (256), for a busy machine."""

TELLING_SECONDS = 0.0025
"""CPU time below which growth is not measured; what is quadratic takes more on `LARGE`."""

_LETTERS = "a1A ,.-_/<>&;\"'=:|\n@ắạđ\u0301%#()?!\u200b"
_UNITS_A_REPEAT = 2
_WHOLE_SAMPLES = 3
_ENDS = ("\x00", "!")

Size = TypeVar("Size")


def growth(
    scan: Callable[[Size], object],
    small: Size,
    large: Size,
    telling: float = TELLING_SECONDS,
) -> float:
    """Measure the CPU time for a large text relative to that for a small one.

    Returns:
        The ratio; 1 if the large one takes less than `telling` seconds.
    """
    tried = []
    for _ in range(3):
        long = _seconds(scan, large)
        if long < telling:
            return 1.0
        tried.append(long / max(_seconds(scan, small), 1e-6))
        if tried[-1] < MOST_GROWTH:
            break
    return min(tried)


def costly_inputs(pattern: re.Pattern[str]) -> Iterator[tuple[str, str, str]]:
    """Make the beginning, the repeated unit and the end of texts that almost match a pattern."""
    chance = random.Random(1)
    tree = parser.parse(pattern.pattern, pattern.flags)
    found: list[tuple[str, str]] = []
    _find_repeats(tree, "", chance, found)
    whole = [_sample(tree, chance) for _ in range(_WHOLE_SAMPLES)]
    units = [unit for _, unit in found] + whole + [text[:-1] for text in whole] + list(" a1-.")
    pairs = dict.fromkeys(found + [("", unit) for unit in units])
    for before, unit in pairs:
        if unit:
            for end in _ENDS:
                yield before, unit, end


def repeated(before: str, unit: str, end: str, length: int) -> str:
    """Return a text of some length of a beginning, a repeated unit and an end."""
    return before + (unit * (length // len(unit) + 1))[:length] + end


def _seconds(scan: Callable[[Size], object], size: Size) -> float:
    started = time.thread_time()
    scan(size)
    return time.thread_time() - started


def _find_repeats(
    tree: Sequence[Any], before: str, chance: random.Random, found: list[tuple[str, str]]
) -> None:
    """Collect what comes before each repeat of a pattern, and texts of what it repeats."""
    for code, value in tree:
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            if value[1] > 8:
                found += [(before, _sample(value[2], chance)) for _ in range(_UNITS_A_REPEAT)]
            _find_repeats(value[2], before, chance, found)
        elif code is codes.SUBPATTERN:
            _find_repeats(value[3], before, chance, found)
        elif code is codes.ATOMIC_GROUP:
            _find_repeats(value, before, chance, found)
        elif code is codes.BRANCH:
            for branch in value[1]:
                _find_repeats(branch, before, chance, found)
        elif code in (codes.ASSERT, codes.ASSERT_NOT) and value[0] > 0:
            _find_repeats(value[1], before, chance, found)
        before += _sample([(code, value)], chance)


def _sample(tree: Sequence[Any], chance: random.Random) -> str:
    """Return a text that a part of a pattern matches, mostly."""
    text = ""
    for code, value in tree:
        if code is codes.LITERAL:
            text += chr(value)
        elif code is codes.NOT_LITERAL:
            text += chance.choice([letter for letter in _LETTERS if ord(letter) != value])
        elif code is codes.ANY:
            text += chance.choice(_LETTERS.replace("\n", ""))
        elif code is codes.IN:
            text += chance.choice(_members(tuple(value)))
        elif code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            least, most, part = value
            times = min(int(most), least + chance.choice((0, 0, 0, 1, 2)))
            text += "".join(_sample(part, chance) for _ in range(times))
        elif code is codes.SUBPATTERN:
            text += _sample(value[3], chance)
        elif code is codes.ATOMIC_GROUP:
            text += _sample(value, chance)
        elif code is codes.BRANCH:
            text += _sample(chance.choice(value[1]), chance)
    return text


@cache
def _members(items: tuple[tuple[Any, Any], ...]) -> list[str]:
    """Return some characters of a class of a pattern."""
    ranges = [(value, value) for code, value in items if code is codes.LITERAL]
    ranges += [value for code, value in items if code is codes.RANGE]
    classes = [_CLASSES[value] for code, value in items if code is codes.CATEGORY]
    is_negated = any(code is codes.NEGATE for code, _ in items)
    letters = {*_LETTERS, *(chr(end) for ends in ranges for end in ends)}

    def is_in(letter: str) -> bool:
        in_range = any(first <= ord(letter) <= last for first, last in ranges)
        return in_range or any(each.match(letter) for each in classes)

    return sorted(letter for letter in letters if is_in(letter) != is_negated) or ["x"]


_CLASSES = {
    codes.CATEGORY_DIGIT: re.compile(r"\d"),
    codes.CATEGORY_NOT_DIGIT: re.compile(r"\D"),
    codes.CATEGORY_SPACE: re.compile(r"\s"),
    codes.CATEGORY_NOT_SPACE: re.compile(r"\S"),
    codes.CATEGORY_WORD: re.compile(r"\w"),
    codes.CATEGORY_NOT_WORD: re.compile(r"\W"),
}
