"""Types that several settings share."""

from typing import Annotated

from pydantic import BeforeValidator


def _not_yes_or_no(value: object) -> object:
    """Return what is to be a number, unless it is true or false, which Python takes for 1 and 0."""
    if isinstance(value, bool):
        raise ValueError("a whole number is expected")
    return value


Whole = Annotated[int, BeforeValidator(_not_yes_or_no)]
