"""Errors of settings in our own words: what is wrong, where, and what is expected."""

import os
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from itertools import takewhile
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.settings.structure import NESTED, PREFIX, tables_of
from index.errors import HoiBaoError
from index.models.problem import Code


class SettingsError(HoiBaoError):
    """Missing, unknown or invalid setting."""


def describe_error(
    error: ValidationError, settings: type[BaseModel], path: Path, values: Mapping[str, Any]
) -> str:
    """Describe the first error: its setting and cause, without the value itself.

    Args:
        error: An error of the settings.
        settings: Their model.
        path: The file that they were read from.
        values: The values of the file.
    """
    problem = error.errors(include_input=False, include_url=False)[0]
    tables = tables_of(settings)
    parts = [str(part) for part in problem["loc"]]
    name = _name_of(parts)
    if problem["type"] == "extra_forbidden":
        model = tables[parts[0]].model if len(parts) > 1 else settings
        hint = did_you_mean(parts[-1], model.model_fields)
        return f"config {path}: there is no setting '{name}'{hint}; see config.example.toml"
    # Of a list one variable holds all.
    names = takewhile(lambda part: not part.isdecimal(), parts)
    variable = f"{PREFIX}{NESTED.join(names).upper()}"
    is_in_file = parts[0] in values and variable not in map(str.upper, os.environ)
    where = f"config {path}" if is_in_file else variable
    what = describe_problem(problem)
    if problem["type"] == "model_type":
        table = tables[parts[0]]
        what = f"expected a table: {table.heading} with {', '.join(table.model.model_fields)}"
    return f"{where}: {name}: {what}; see config.example.toml"


def _name_of(parts: Sequence[str]) -> str:
    """Name a setting as a person would: `following.failures`, or `sources, the 1st: url`."""
    name = ""
    for part in parts:
        if part.isdecimal():
            name += f", the {_ordinal(int(part) + 1)}: "
        else:
            name += part if not name or name.endswith(": ") else f".{part}"
    return name.removesuffix(": ")


def _ordinal(number: int) -> str:
    is_teen = number % 100 in (11, 12, 13)
    ending = "th" if is_teen else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Suggest the setting that was probably meant, if one is spelled much the same."""
    alike = get_close_matches(name, list(known), n=1, cutoff=0.7)
    return f" (did you mean {alike[0]}?)" if alike else ""


def describe_problem(problem: ErrorDetails) -> str:
    """Say in our own words what a setting should be, not in those of pydantic.

    Args:
        problem: One of the errors of a `ValidationError`.
    """
    kind, values = problem["type"], problem.get("ctx", {})
    if kind in _OWN_WORDS:
        return str(values["error"]) if kind == "value_error" else problem["msg"]
    expected = next((words for start, words in _EXPECTED.items() if kind.startswith(start)), None)
    return expected.format_map(values) if expected else "another value is expected"


_OWN_WORDS = ("value_error", str(Code.PASSWORD))
"""Kinds of errors that the validators of this module raise."""

_EXPECTED = {
    "missing": "it is missing",
    "int_": "a whole number is expected",
    "greater_than_equal": "a number from {ge} is expected",
    "less_than_equal": "a number up to {le} is expected",
    "bool_": "true or false is expected",
    "literal_error": "{expected} is expected",
    "enum": "{expected} is expected",
    "url_": "an address such as https://bao.example/ is expected",
    "string_too_short": "a text of {min_length} characters or more is expected",
    "string_too_long": "a text of {max_length} characters at most is expected",
    "string_": "a text in quotation marks is expected",
    "path_": "a path is expected",
    "list_": "a list is expected",
    "tuple_": "a list is expected",
    "model_": "a table is expected",
}
"""What was expected, by the beginnings of pydantic's kinds of errors."""
