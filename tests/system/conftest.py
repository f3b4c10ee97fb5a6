"""Fixtures of the whole: the command, and a browser."""

from tests.bot.conftest import browser, filled, hoibao  # noqa: F401
