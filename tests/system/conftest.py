"""Fixtures of the end-to-end tests: a browser."""

from tests.bot.conftest import browser  # noqa: F401
