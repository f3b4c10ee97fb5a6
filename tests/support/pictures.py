"""Draw the README's pictures of the chat page: `python -m tests.support.pictures`."""

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Page, ViewportSize, expect

from tests.support.browser import DESK, PHONE, Scheme, chromium
from tests.support.chat_page import answers, chat, say
from tests.support.paths import ROOT

FOLDER = ROOT / ".github"
SIZES: tuple[tuple[str, ViewportSize], ...] = (("phone", PHONE), ("desk", DESK))
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


async def draw() -> None:
    FOLDER.mkdir(exist_ok=True)
    async with chromium() as browser:
        for name, viewport in SIZES:
            for scheme in SCHEMES:
                with tempfile.TemporaryDirectory() as folder:
                    async with chat(browser, Path(folder), viewport, scheme) as page:
                        await _converse(page, is_long=viewport is DESK)
                        await expect(page.locator("#messages.moving")).to_have_count(0)
                        await page.screenshot(path=FOLDER / f"chat-{name}-{scheme}.png")


async def _converse(page: Page, *, is_long: bool) -> None:
    """Ask a question; where there is room, also for a subject, before it."""
    if is_long:
        await say(page, "Quy Nhơn")
        await expect(answers(page).first).to_contain_text("Quy Nhơn")
    count = await answers(page).count()
    await say(page, "ai du hoi nghi phong chong thien tai?")
    await expect(answers(page).nth(count)).to_contain_text("Vi Thanh Quyền")


if __name__ == "__main__":
    asyncio.run(draw())
