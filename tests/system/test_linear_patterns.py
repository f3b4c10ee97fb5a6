"""Every regular expression of the program costs time in proportion to the text it is given."""

import ast
import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

import pytest

import bot
import index
from index.language.patterns import Pattern
from tests.support.growth import (
    LARGE,
    MOST_GROWTH,
    SMALL,
    TELLING_SECONDS,
    costly_inputs,
    growth,
    repeated,
)
from tests.support.paths import ROOT

METHODS = frozenset({"search", "match", "fullmatch", "finditer", "findall", "sub", "split"})
BOUNDED = {
    **{f"index.alerts.requests._REQUESTS.{n}": 120 for n in range(13)},
    **{f"index.alerts.requests._ENDINGS.{n}": 120 for n in range(10)},
    **{f"index.alerts.requests._PERHAPS_ENDINGS.{n}": 120 for n in range(2)},
    "index.articles.readers.boilerplate._END.0": 80,
    "index.articles.readers.boilerplate._TOOLS.0": 160,
    "index.articles.readers.credits._ALONE.0": 90,
    "index.articles.readers.credits._DONE_BY.0": 90,
    **{f"index.search.query.article_requests._NEWS_ABOUT.{n}": 120 for n in range(16)},
    **{f"index.search.query.article_requests._INTRODUCTIONS.{n}": 120 for n in range(3)},
    "index.search.query.article_requests._NEWS.0": 120,
    **{f"index.search.query.article_requests._TIMELINE.{n}": 120 for n in range(5)},
    **{f"index.search.query.article_requests._COUNT.{n}": 120 for n in range(2)},
    "index.search.examples.titles._HAPPENING.0": 100,
    "index.search.examples.titles._REASON_GIVEN.0": 100,
    "index.search.query.chat_language._COURTESY.0": 300,
    "index.search.query.chat_language._PATTERNS.1": 300,
    "index.search.query.chat_language._PATTERNS.2": 300,
    "index.search.query.chat_language._PATTERNS.3": 300,
    "index.search.query.small_talk._GREETINGS_IN.0": 300,
    "index.search.query.small_talk._THANKS_IN.0": 300,
}
"""Maximum number of characters of the texts of patterns that only see short ones."""

HARMLESS_SECONDS = 0.01
"""CPU time that a pattern may take on a short text, however it grows."""


def modules() -> Iterator[str]:
    for package in (index, bot):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith((".env", ".__main__")) and ".versions" not in module.name:
                yield module.name


@cache
def patterns() -> Mapping[str, re.Pattern[str]]:
    """All compiled patterns of modules, by module and name."""
    found: dict[str, re.Pattern[str]] = {}
    for module in modules():
        for name, value in vars(importlib.import_module(module)).items():
            values = value if isinstance(value, (tuple, list)) else [value]
            if isinstance(value, dict):
                values = list(value.values())
            for number, each in enumerate(values):
                compiled = each._compiled if isinstance(each, Pattern) else each
                is_text = isinstance(compiled, re.Pattern) and isinstance(compiled.pattern, str)
                if is_text and compiled not in found.values():
                    found[f"{module}.{name}.{number}"] = compiled
    return found


@cache
def uses() -> Mapping[str, frozenset[str]]:
    """The methods of patterns that are called on a name anywhere in the program."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for folder in ("index", "bot"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    owner = node.func.value
                    if isinstance(owner, (ast.Name, ast.Attribute)):
                        name = owner.id if isinstance(owner, ast.Name) else owner.attr
                        found[name].add(node.func.attr)
    return {name: frozenset(methods & METHODS) for name, methods in found.items()}


def scan(pattern: re.Pattern[str], methods: frozenset[str], text: str) -> None:
    for method in methods & {"search", "match", "fullmatch"}:
        getattr(pattern, method)(text)
    if not methods or methods & {"finditer", "findall", "sub", "split"}:
        for _ in pattern.finditer(text):
            pass


def costly_text(
    pattern: re.Pattern[str],
    methods: frozenset[str],
    longest: int = LARGE,
    telling: float = TELLING_SECONDS,
) -> str | None:
    """Find a text on which the cost of a pattern grows faster than its length."""
    for before, unit, end in costly_inputs(pattern):
        for size in (24, 100, SMALL, LARGE):  # what is exponential fails before it hangs
            length = min(size, longest)
            small, large = (repeated(before, unit, end, part) for part in (length // 16, length))
            times = growth(lambda text: scan(pattern, methods, text), small, large, telling)
            if times >= MOST_GROWTH:
                return f"{before!r} + n * {unit!r}"
    return None


@pytest.mark.parametrize("place", sorted(patterns()))
def test_a_pattern_is_linear_in_its_text(place: str) -> None:
    methods = uses().get(place.split(".")[-2], frozenset())
    bound = (BOUNDED[place], HARMLESS_SECONDS) if place in BOUNDED else ()
    assert costly_text(patterns()[place], methods, *bound) is None


@pytest.mark.parametrize("pattern", [r"\s+$", r"\d+-\d+!", r"<[^>]*>", "từ .+ đến"])
def test_a_pattern_that_is_not_linear_is_found(pattern: str) -> None:
    assert costly_text(re.compile(pattern), frozenset({"search"})) is not None
