"""Fixtures of the end-to-end tests: a browser."""

from tests.bot.conftest import browser

__all__ = ["browser"]
