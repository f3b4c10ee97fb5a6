"""Fixtures of tests of the whole program: a browser."""

from tests.bot.conftest import browser  # noqa: F401
