"""The playground's chat page in a browser, with a small echo bot."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from bot.playground import Playground
from tests.support.browser import DESK, Scheme
from tests.support.playground import Client, echo_bot, serve_playground
from tests.support.waiting import PATIENCE_SECONDS


@dataclass(frozen=True, slots=True)
class OpenPage:
    """Open page, an API client, and the errors that the browser logged."""

    page: Page
    client: Client
    complaints: list[str]

    async def open(self, chat: int = 1001, user: int = 1001, topic: int | None = None) -> None:
        await self.page.goto("about:blank")
        fragment = f"{chat}/{user}/{topic}" if topic else f"{chat}/{user}"
        await self.page.goto(f"{self.client.http.base_url}#{fragment}")
        await expect(self.page.locator("#title")).not_to_be_empty()

    async def say(self, text: str) -> None:
        await self.page.fill("#text", text)
        await self.page.press("#text", "Enter")

    async def show_list(self) -> None:
        """Show the list of chats, where it is not beside the open chat anyway."""
        if await self.page.locator("#back").is_visible():
            await self.page.locator("#back").click()

    def entry(self, chat: int, topic: int | None = None) -> Locator:
        """The row of a chat or topic in the list of chats."""
        return self.page.locator(f'.entry[data-place="{f"{chat}/{topic}" if topic else chat}"]')

    async def enter(self, chat: int, topic: int | None = None) -> None:
        """Go to a chat or topic by the list of chats."""
        await self.show_list()
        await self.entry(chat, topic).click()

    def bubbles(self, side: str = "") -> Locator:
        return self.page.locator(f"#messages .message{side} .bubble")


@asynccontextmanager
async def open_page(
    browser: Browser,
    viewport: ViewportSize = DESK,
    *,
    scheme: Scheme = "light",
    touch: bool = False,
) -> AsyncIterator[OpenPage]:
    playground = Playground()
    context = await browser.new_context(
        viewport=viewport,
        reduced_motion="reduce",
        color_scheme=scheme,
        has_touch=touch,
        is_mobile=touch,
    )
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_SECONDS * 1000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    async with (
        serve_playground(playground) as client,
        echo_bot(playground, client.address),
    ):
        visit = OpenPage(page, client, complaints)
        await visit.open()
        yield visit
        await context.close()
    assert complaints == []


async def assert_nothing_sticks_out(page: Page) -> None:
    overflow = await page.evaluate(
        """() => [...document.querySelectorAll(".bubble, .key, .entry")].filter((each) => {
          const box = each.getBoundingClientRect();
          return box.width && (box.left < 0 || box.right > innerWidth + 0.5);
        }).length + (document.documentElement.scrollWidth > innerWidth ? 1 : 0)"""
    )
    assert overflow == 0
