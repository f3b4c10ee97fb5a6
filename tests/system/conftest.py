"""Fixtures of the end-to-end tests: a browser and its window's size."""

from tests.bot.conftest import browser, viewport

__all__ = ["browser", "viewport"]
