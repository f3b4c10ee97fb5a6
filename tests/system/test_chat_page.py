"""End-to-end test of the chat page: browser, bot and sample articles."""

import re
from pathlib import Path

from playwright.async_api import Browser, ViewportSize, expect

from tests.support.browser import IN_BROWSER
from tests.support.chat_page import answers, chat, say
from tests.support.waiting import until

pytestmark = IN_BROWSER


async def test_an_answer_that_comes_while_the_page_scrolls_is_seen(
    browser: Browser, tmp_path: Path, viewport: ViewportSize
) -> None:
    async with chat(browser, tmp_path, viewport, is_moving=True) as page:
        await say(page, "Ai dự hội nghị phòng chống thiên tai ở Bắc Giang?")
        await expect(answers(page)).to_have_count(1)
        await say(page, "/help")
        await expect(answers(page)).to_have_count(2)
        await page.locator("#log").hover()

        async def is_scrolled_up() -> bool:
            """Turn the wheel again where the page was still on its way down to the answer."""
            await page.mouse.wheel(0, -5000)
            return await page.locator("#down").is_visible()

        await until(is_scrolled_up)

        await say(page, "/lang")

        await expect(answers(page).nth(2)).to_be_in_viewport(ratio=1)
        await expect(page.locator("#down")).to_be_hidden()


async def test_a_reader_asks_follows_up_and_looks_around(
    browser: Browser, tmp_path: Path, viewport: ViewportSize
) -> None:
    async with chat(browser, tmp_path, viewport) as page:
        await say(page, "Ai dự hội nghị phòng chống thiên tai ở Bắc Giang?")
        answer = answers(page).first
        quote = answer.locator("blockquote").first
        await expect(quote).to_contain_text("Vi Thanh Quyền, Phó Chủ tịch Thường trực UBND tỉnh")
        await expect(quote.locator("b").first).to_contain_text("Dự hội nghị")
        await expect(answer).to_contain_text("Báo Sông Thương · Thứ Ba, 14/05/2024 16:20")
        link = answer.get_by_role("link").first
        await expect(link).to_have_attribute("href", re.compile("songthuong.example.*#:~:text="))

        before = await quote.inner_text()
        await page.get_by_role("button", name="📖").click()
        await expect(page.get_by_role("button", name="📕")).to_be_visible()
        assert len(await quote.inner_text()) > len(before)
        await page.get_by_role("button", name="📕").click()
        await expect(page.get_by_role("button", name="📖")).to_be_visible()
        assert await quote.inner_text() == before

        await page.get_by_role("button", name="➡️").click()
        await expect(page.get_by_role("button", name="⬅️")).to_be_visible()
        assert await quote.inner_text() != before
        await page.get_by_role("button", name="⬅️").click()
        await expect(quote).to_have_text(before)

        await answer.locator(".answer").dispatch_event("click")
        await say(page, "thiệt hại bao nhiêu?")
        follow_up = answers(page).nth(1)
        await expect(follow_up).to_contain_text("Trong bài này:")
        await expect(follow_up.locator("blockquote").first).to_contain_text("thiệt hại")


async def test_what_no_article_answers_is_said_plainly(
    browser: Browser, tmp_path: Path, viewport: ViewportSize
) -> None:
    async with chat(browser, tmp_path, viewport) as page:
        await say(page, "giá vàng SJC tại Tokyo?")
        await expect(answers(page).first).to_contain_text("Tôi không tìm thấy bài nào")
