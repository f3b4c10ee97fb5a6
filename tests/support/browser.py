"""Headless Chromium of the browser tests, and their window sizes."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import pytest
from playwright.async_api import Browser, ViewportSize, async_playwright, expect

from tests.support.waiting import PATIENCE_SECONDS

# The shell, which has no windows, takes half the time.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = next(filter(None, map(shutil.which, _NAMES)), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1280, height=800)
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")

IN_BROWSER = [
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="module"),  # one browser for all
    # The README's `make test` needs Python and make alone, and no package brings a browser along;
    # `.ci/run` installs one and fails where there is none, so that nothing lands untested.
    pytest.mark.skipif(
        CHROMIUM is None, reason="the chat page is tested in Chromium: apt-get install chromium"
    ),
]


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start a headless Chromium."""
    expect.set_options(timeout=PATIENCE_SECONDS * 1000)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()
