"""Repeat work whose snapshot a search cluster lost, so that each answer is of one state."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from index.errors import SnapshotLostError

Params = ParamSpec("Params")
Result = TypeVar("Result")


def again_if_lost(function: Callable[Params, Result]) -> Callable[Params, Result]:
    """Decorate a function that takes a snapshot to run once more if that is lost meanwhile."""

    @wraps(function)
    def repeated(*args: Params.args, **kwargs: Params.kwargs) -> Result:
        try:
            return function(*args, **kwargs)
        except SnapshotLostError:
            return function(*args, **kwargs)

    return repeated
