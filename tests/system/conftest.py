"""Fixtures of the whole: the command, and a browser."""

from tests.bot.conftest import browser  # noqa: F401
from tests.index.conftest import filled, hoibao  # noqa: F401
