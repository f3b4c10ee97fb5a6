"""Draw the README's pictures of the chat page: `python -m tests.support.pictures`."""

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import ViewportSize, expect

from tests.support.browser import DESK, PHONE, Scheme, chromium
from tests.support.chat_page import answers, chat, say
from tests.support.paths import ROOT

FOLDER = ROOT / ".github"
DRAWN: tuple[tuple[str, ViewportSize, Scheme], ...] = (
    ("phone", PHONE, "light"),
    ("desk", DESK, "light"),
)


async def draw() -> None:
    FOLDER.mkdir(exist_ok=True)
    async with chromium() as browser:
        for name, viewport, scheme in DRAWN:
            with tempfile.TemporaryDirectory() as folder:
                async with chat(browser, Path(folder), viewport, scheme) as page:
                    await say(page, "ai du hoi nghi phong chong thien tai?")
                    await expect(answers(page).first).to_contain_text("Vi Thanh Quyền")
                    if viewport is DESK:
                        await answers(page).first.locator(".answer").dispatch_event("click")
                        await say(page, "thiệt hại bao nhiêu?")
                        await expect(answers(page).nth(1)).to_contain_text("86,5")
                    else:
                        await page.locator("#messages .message").first.scroll_into_view_if_needed()
                    await page.screenshot(path=FOLDER / f"chat-{name}.png")


if __name__ == "__main__":
    asyncio.run(draw())
