"""An answer on a phone and a desk: what is on the screen together, and what its buttons do."""

from pathlib import Path

from playwright.async_api import Browser, Locator, ViewportSize, expect

from tests.support.browser import IN_BROWSER
from tests.support.chat_page import answers, chat, say

LONGEST = {
    "ai dự hội nghị phòng chống thiên tai ở Bắc Giang?": "Vi Thanh Quyền",
    "vì sao doanh nghiệp gom hàng lúa cuối năm?": "gom hàng giao cho đơn hàng xuất khẩu",
    "xe khách va chạm xe tải ở đâu?": "đoạn qua đèo Bảo Lộc",
    "đã vớt bao nhiêu tấn rác trên vịnh Hạ Long?": "380 tấn rác",
    "cầu Vàm Trà rút ngắn quãng đường từ bao nhiêu km?": "xuống còn 11 km",
}
"""Questions that the longest sentences of the samples answer, and words of those."""

WHO = next(iter(LONGEST))
IS_WHOLE = "(block) => block.scrollHeight <= block.clientHeight + 1"
AT_REST = """() => {
  const log = document.getElementById("log");
  return log.scrollHeight - log.scrollTop - log.clientHeight < 2;
}"""
OPACITY = "(part) => Number(getComputedStyle(part).opacity)"
pytestmark = IN_BROWSER


async def test_question_quote_origin_and_buttons_are_on_the_screen_together(
    browser: Browser, tmp_path: Path, viewport: ViewportSize
) -> None:
    async with chat(browser, tmp_path, viewport) as page:
        for number, (question, words) in enumerate(LONGEST.items()):
            await say(page, question)
            answer = answers(page).nth(number)
            quote = answer.locator("blockquote:not(.expandable)")
            await expect(quote).to_contain_text(words)
            await page.wait_for_function(AT_REST)

            await expect(page.locator("#messages .own").last).to_be_in_viewport(ratio=1)
            title, keys = answer.locator(".text > a").first, answer.locator(".keyboard")
            for part in (answer, quote, title, keys):
                await expect(part).to_be_in_viewport(ratio=1)
            await expect(answer.locator(".quoted")).to_have_count(0)
            assert await quote.evaluate(IS_WHOLE)
            assert not await answer.locator(".expandable").evaluate(IS_WHOLE)
            assert len(await tops(answer.locator(".keys").first.locator(".key"))) == 1


async def tops(parts: Locator) -> set[int]:
    return set(await parts.evaluate_all("(parts) => parts.map((part) => part.offsetTop)"))


async def test_further_quotes_open_by_a_tap_or_a_key(
    browser: Browser, tmp_path: Path, viewport: ViewportSize
) -> None:
    async with chat(browser, tmp_path, viewport) as page:
        await say(page, WHO)
        others = answers(page).first.locator(".expandable")
        unfold = others.get_by_role("button", name="Mở rộng trích dẫn")
        await expect(unfold).to_have_attribute("aria-expanded", "false")

        await others.click(position={"x": 60, "y": 20})
        await expect(unfold).to_have_attribute("aria-expanded", "true")
        assert await others.evaluate(IS_WHOLE)

        await unfold.press("Enter")
        await expect(unfold).to_have_attribute("aria-expanded", "false")
        assert not await others.evaluate(IS_WHOLE)


async def test_a_quote_is_copied_with_its_source_and_date(
    browser: Browser, tmp_path: Path, viewport: ViewportSize
) -> None:
    async with chat(browser, tmp_path, viewport) as page:
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await say(page, "đã vớt bao nhiêu tấn rác trên vịnh Hạ Long?")
        await page.get_by_role("button", name="📋").click()

        await expect(page.locator("#toast")).to_have_text("Đã sao chép")
        copied = str(await page.evaluate("navigator.clipboard.readText()"))
        quote, origin = copied.split("\n")
        assert "đã vớt 380 tấn rác" in quote
        assert origin == "Môi trường Biển Đông Bắc · Chủ nhật, 29/09/2024 20:00"


async def test_a_quote_is_shared_to_a_chosen_chat(
    browser: Browser, tmp_path: Path, viewport: ViewportSize
) -> None:
    async with chat(browser, tmp_path, viewport) as page:
        await say(page, WHO)
        await page.get_by_role("button", name="📤").click()
        await page.get_by_role("menuitem", name="Phòng Tin tức").click()
        await expect(page.locator("#title")).to_have_text("Phòng Tin tức")

        offered = page.locator(".option")
        await expect(offered).to_have_count(1)
        await expect(offered.locator("b")).to_contain_text("Dự hội nghị tại điểm cầu UBND tỉnh")
        await offered.click()

        sent = page.locator("#messages .own").last
        await expect(sent).to_contain_text("qua @hoibao_bot")
        await expect(sent.locator("blockquote")).to_contain_text("Vi Thanh Quyền")
        await expect(sent).to_contain_text("Báo Sông Thương · Thứ Ba, 14/05/2024 16:20")


async def test_the_day_fades_while_it_lies_over_messages_that_rest(
    browser: Browser, tmp_path: Path, viewport: ViewportSize
) -> None:
    async with chat(browser, tmp_path, viewport) as page:
        await say(page, "/start")
        await expect(answers(page)).to_have_count(1)
        day = page.locator(".day span")
        assert await day.evaluate(OPACITY) == 1

        await say(page, "/help")
        await expect(answers(page)).to_have_count(2)
        await page.wait_for_function(
            "() => getComputedStyle(document.querySelector('.day span')).opacity === '0'"
        )

        await page.locator("#log").hover()
        await page.mouse.wheel(0, -100)
        await expect(page.locator("#messages")).to_have_class("moving")


async def test_headlines_have_a_card_of_their_first_article(
    browser: Browser, tmp_path: Path, viewport: ViewportSize
) -> None:
    async with chat(browser, tmp_path, viewport) as page:
        await say(page, "Bắc Giang")
        card = answers(page).first.locator(".preview")

        await expect(card.locator("b")).to_have_text("songthuong.example")
        await expect(card).to_contain_text("Bắc Giang tổng kết công tác phòng, chống thiên tai")
        await expect(card).to_have_attribute("rel", "noopener noreferrer nofollow")
