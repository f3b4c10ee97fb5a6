"""The chat page in a browser, with the real bot over the sample articles."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, ViewportSize, expect
from pydantic import AnyHttpUrl, SecretStr

from bot.app.application import build_application
from bot.app.runner import running
from bot.playground import Playground, samples
from bot.settings import Settings
from tests.support.bot import LANS_CHAT
from tests.support.browser import Scheme
from tests.support.libraries import open_library


@asynccontextmanager
async def chat(
    browser: Browser,
    folder: Path,
    viewport: ViewportSize,
    scheme: Scheme = "light",
    *,
    is_moving: bool = False,
) -> AsyncIterator[Page]:
    """Open Lan's chat with the bot, over the sample articles."""
    playground = Playground()
    context = await browser.new_context(
        viewport=viewport,
        reduced_motion="no-preference" if is_moving else "reduce",
        color_scheme=scheme,
    )
    page = await context.new_page()
    with open_library(folder, (samples.path(),)) as library:
        async with playground.serve(port=0) as address:
            bot = build_application(
                library, Settings(token=SecretStr(playground.token), api_url=AnyHttpUrl(address))
            )
            async with running(bot):
                await page.goto(f"{address}#{LANS_CHAT}/{LANS_CHAT}")
                await expect(page.locator("#title")).not_to_be_empty()
                yield page
                await context.close()


async def say(page: Page, text: str) -> None:
    await page.fill("#text", text)
    await page.press("#text", "Enter")


def answers(page: Page) -> Locator:
    return page.locator("#messages .message.theirs")
