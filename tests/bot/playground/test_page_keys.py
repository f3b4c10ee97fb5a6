"""The chat page without a pointer, and as a screen reader tells it."""

import re

from playwright.async_api import Browser, ViewportSize, expect

from tests.support.browser import IN_BROWSER
from tests.support.playground import ANNA, GROUP, MINH
from tests.support.playground_page import OpenPage, open_page

pytestmark = IN_BROWSER


async def press(visit: OpenPage, *keys: str) -> None:
    for key in keys:
        await visit.page.keyboard.press(key)


async def test_each_message_names_its_sender(browser: Browser, viewport: ViewportSize) -> None:
    async with open_page(browser, viewport) as visit:
        await visit.say("ai dự hội nghị?")
        await expect(visit.page.locator("#messages")).to_match_aria_snapshot(
            """
            - list:
              - listitem: Hôm nay
              - listitem:
                - text: "/Bạn: ai dự hội nghị\\\\?/"
                - button "Trả lời"
                - button "Thao tác với tin nhắn"
              - listitem:
                - text: "Hỏi Báo:"
                - blockquote: /Tham dự hội nghị/
                - link "Hội nghị trực tuyến toàn quốc"
                - text: /Báo Hải Dương/
                - button "Xem cả đoạn"
                - button "Câu khác"
                - button "Chỉ bài này"
                - button "Trả lời"
                - button "Thao tác với tin nhắn"
            """
        )
        await visit.client.write("chào cả nhà", user=ANNA, chat=GROUP)
        await visit.open(GROUP, 1001)
        await expect(visit.page.get_by_role("log", name="Tin nhắn")).to_contain_text("Anna")


async def test_messages_and_edits_of_others_are_announced(
    browser: Browser, viewport: ViewportSize
) -> None:
    async with open_page(browser, viewport) as visit:
        news = visit.page.locator("#news p")
        await expect(visit.page.locator("#news")).to_have_attribute("aria-live", "polite")
        await visit.say("ai dự hội nghị?")
        await expect(news).to_have_text([re.compile("^Hỏi Báo: Tham dự hội nghị")])
        await visit.page.get_by_role("button", name="Xem cả đoạn").click()
        await expect(news).to_have_text([re.compile("Tham"), re.compile("^Hỏi Báo đã sửa: Sáng")])
        await visit.page.reload()
        await expect(visit.bubbles()).to_have_count(2)
        await expect(news).to_have_count(0)
        await visit.client.write("chào", user=MINH)
        elsewhere = visit.entry(1002).locator(".badge")
        await expect(elsewhere).to_have_attribute("aria-label", "1 tin chưa đọc")
        await visit.page.fill("#text", "/")
        await expect(news).to_have_text(["3 gợi ý"])


async def test_a_broken_line_is_announced(browser: Browser, viewport: ViewportSize) -> None:
    async with open_page(browser, viewport) as visit:
        await visit.page.add_init_script(KEEP_THE_LINE)
        await visit.open()
        await visit.page.evaluate("line.dispatchEvent(new Event('error'))")
        await expect(visit.page.locator("#news p")).to_have_text("đang kết nối lại…")


KEEP_THE_LINE = """EventSource = class extends EventSource {
  constructor(address) {
    super(address);
    window.line = this;
  }
}"""


async def test_quotes_are_read_in_vietnamese_also_on_an_english_page(
    browser: Browser, viewport: ViewportSize
) -> None:
    async with open_page(browser, viewport) as visit:
        await visit.open(ANNA["id"], ANNA["id"])
        await visit.say("who attended?")
        await expect(visit.page.locator("html")).to_have_attribute("lang", "en")
        await expect(visit.bubbles(".theirs").locator("blockquote")).to_have_attribute("lang", "vi")


async def test_suggestions_are_gone_through_with_the_arrow_keys(
    browser: Browser, viewport: ViewportSize
) -> None:
    async with open_page(browser, viewport) as visit:
        text = visit.page.get_by_role("textbox", name="Tin nhắn")
        await text.fill("/")
        options = visit.page.get_by_role("listbox", name="Gợi ý").get_by_role("option")
        await expect(options).to_have_count(3)
        await expect(text).not_to_have_attribute("aria-activedescendant", re.compile("."))
        for step, name in (("ArrowDown", "/help"), ("ArrowDown", "/latest"), ("ArrowUp", "/help")):
            await press(visit, step)
            chosen = visit.page.locator("#panel").get_by_role("option", selected=True)
            await expect(chosen).to_have_text(re.compile(name))
            chosen_id = str(await chosen.get_attribute("id"))
            await expect(text).to_have_attribute("aria-activedescendant", chosen_id)
            await expect(text).to_be_focused()
        await press(visit, "Escape")
        await expect(visit.page.locator("#panel")).to_be_hidden()
        await expect(text).not_to_have_attribute("aria-activedescendant", re.compile("."))
        await text.fill("/la")
        await expect(options).to_have_count(2)
        await press(visit, "ArrowUp", "Enter")
        await expect(visit.bubbles(".own")).to_contain_text("/lang")


async def test_a_message_is_reached_and_dealt_with_by_keys(
    browser: Browser, viewport: ViewportSize
) -> None:
    async with open_page(browser, viewport) as visit:
        page = visit.page
        await visit.say("một")
        await visit.say("hai")
        await expect(visit.bubbles(".theirs")).to_have_count(2)
        rows = page.locator("#messages .message")
        await page.locator("#text").focus()
        while await page.locator("#messages .message:focus").count() == 0:
            await press(visit, "Shift+Tab")
        await expect(rows.last).to_be_focused()
        await press(visit, "ArrowUp")
        await expect(rows.nth(2)).to_be_focused()
        await press(visit, "Home")
        await expect(rows.first).to_be_focused()

        await press(visit, "Enter")
        await expect(page.get_by_role("menuitem", name="Trả lời")).to_be_focused()
        await press(visit, "ArrowDown", "ArrowDown")
        await expect(page.get_by_role("menuitem", name="Sửa")).to_be_focused()
        await press(visit, "Escape")
        await expect(rows.first).to_be_focused()
        await press(visit, "Enter", "End", "Enter")
        await expect(rows).to_have_count(3)
        await expect(rows.first).to_be_focused()

        await press(visit, "Tab", "Enter")
        await expect(page.locator("#strip-words")).to_have_text("Bạn viết: một")
        await expect(page.locator("#text")).to_be_focused()
        await expect(page.locator("#text")).to_have_accessible_description(
            re.compile("Hỏi Báo.*Bạn viết: một")
        )


async def test_the_focus_stays_on_a_button_while_its_message_changes(
    browser: Browser, viewport: ViewportSize
) -> None:
    def keyboard(*texts: str) -> dict[str, object]:
        return {"inline_keyboard": [[{"text": text, "callback_data": text} for text in texts]]}

    async with open_page(browser, viewport) as visit:
        sent = await visit.client.result(
            "sendMessage", chat_id=1001, text="1", reply_markup=keyboard("Trước", "Tiếp")
        )
        message = {"chat_id": 1001, "message_id": sent["message_id"]}
        await visit.page.get_by_role("button", name="Tiếp").focus()
        changed = keyboard("Quay lại", "Tiếp tục")
        await visit.client.result("editMessageText", **message, text="2", reply_markup=changed)
        await expect(visit.page.get_by_role("button", name="Tiếp tục")).to_be_focused()
        await visit.client.result("editMessageText", **message, text="3")
        await expect(visit.page.locator("#messages .message")).to_be_focused()


async def test_what_can_be_clicked_in_a_text_can_be_pressed(
    browser: Browser, viewport: ViewportSize
) -> None:
    async with open_page(browser, viewport) as visit:
        page = visit.page
        text = (
            "<tg-spoiler>nước rút</tg-spoiler> @lan_playground "
            f"<blockquote expandable>{'Mưa to trên diện rộng. ' * 20}</blockquote>"
        )
        await visit.client.result("sendMessage", chat_id=1001, text=text, parse_mode="HTML")
        await page.get_by_role("button", name="Nội dung ẩn").focus()
        await press(visit, "Enter")
        await expect(page.locator(".spoiler")).to_have_class("spoiler open")
        unfold = page.get_by_role("button", name="Mở rộng trích dẫn")
        await unfold.focus()
        await press(visit, "Enter")
        await expect(page.locator("blockquote")).to_have_class("expandable open")
        await expect(unfold).to_have_attribute("aria-expanded", "true")
        await page.get_by_role("button", name="@lan_playground", exact=True).focus()
        await press(visit, "Space")
        await expect(page.locator("#text")).to_have_value("@lan_playground ")
        await expect(page.locator("#text")).to_be_focused()


async def test_every_stop_of_the_tab_key_is_seen(browser: Browser, viewport: ViewportSize) -> None:
    async with open_page(browser, viewport) as visit:
        await visit.say("ai dự hội nghị?")
        await expect(visit.page.locator(".key")).to_have_count(3)
        await visit.page.locator("#text").focus()
        seen: list[str] = []
        while "#text" not in seen:
            await press(visit, "Tab")
            name, ring = await visit.page.evaluate(RING)
            assert ring >= 2 or name == "the window", name
            seen.append(name)
        assert {"#send", "#acting", "Xem cả đoạn"} <= set(seen)


RING = """() => {
  const at = document.activeElement;
  const around = { LI: at.querySelector(".bubble"), TEXTAREA: at.closest(".field") };
  const { outlineStyle, outlineWidth } = getComputedStyle(around[at.tagName] ?? at);
  const name = at.matches("body") ? "the window" : at.id ? `#${at.id}` : at.textContent;
  return [name, outlineStyle === "none" ? 0 : parseFloat(outlineWidth)];
}"""
