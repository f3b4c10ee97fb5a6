"""The chat page with topics, channels, and what the bot wants of people."""

import re

from playwright.async_api import Browser, ViewportSize, expect

from bot.playground.world.state import CHATS
from tests.support.browser import IN_BROWSER
from tests.support.playground import ANNA, CHANNEL, ECONOMY, FORUM, GROUP, LAN, WEATHER
from tests.support.playground_page import assert_nothing_sticks_out, open_page

pytestmark = IN_BROWSER


async def test_a_crowd_does_not_crowd_the_page(browser: Browser, viewport: ViewportSize) -> None:
    async with open_page(browser, viewport) as visit:
        await visit.client.post("/people", first=2000, count=2_000)
        await expect(visit.page.locator("#list .note")).to_have_text("và 1.903 người khác")
        await visit.open(3_999, 3_999)
        await expect(visit.page.locator(".entry.current")).to_contain_text("Bạn đọc 2000")
        await visit.client.result("sendMessage", chat_id=3_999, text="tin")
        await expect(visit.bubbles(".theirs")).to_contain_text("tin")
        await expect(visit.page.locator(".entry")).to_have_count(100 + 1 + len(CHATS) + 2)


async def test_each_topic_has_its_own_messages(browser: Browser, viewport: ViewportSize) -> None:
    async with open_page(browser, viewport) as visit:
        page = visit.page
        await visit.open(FORUM, 1001, ECONOMY)
        await expect(page.locator("#title")).to_have_text("Kinh tế")
        await expect(page.locator("#status")).to_have_text(re.compile("^Tòa soạn · 3 thành viên"))
        await visit.say("@hoibao_bot ai dự?")
        await expect(visit.bubbles(".theirs").locator("blockquote")).to_be_visible()
        await page.get_by_role("button", name="Xem cả đoạn").click()
        await expect(visit.bubbles(".theirs")).to_contain_text("Sáng 5/1")
        assert {each["topic"] for each in await visit.client.messages(FORUM)} == {ECONOMY}
        await visit.show_list()
        weather = visit.entry(FORUM, WEATHER)
        await visit.client.write("mai mưa", user=ANNA, chat=FORUM, topic=WEATHER)
        await expect(weather.locator(".badge")).to_have_text("1")
        await assert_nothing_sticks_out(page)
        await weather.click()
        await expect(visit.bubbles()).to_have_count(1)
        await expect(visit.bubbles(".theirs")).to_contain_text("mai mưa")
        await page.reload()
        await expect(page.locator("#title")).to_have_text("Thời tiết")


async def test_what_is_in_no_topic_is_in_general(browser: Browser, viewport: ViewportSize) -> None:
    async with open_page(browser, viewport) as visit:
        await visit.client.write("mai mưa", user=ANNA, chat=FORUM, topic=WEATHER)
        await visit.enter(FORUM)
        await expect(visit.page.locator("#status")).to_have_text(re.compile("^Chung · "))
        await visit.say("chào cả nhà")
        await expect(visit.bubbles()).to_have_count(1)
        assert [each["topic"] for each in await visit.client.messages(FORUM)] == [WEATHER, None]
        await visit.client.call(
            "sendChatAction", chat_id=FORUM, message_thread_id=WEATHER, action="typing"
        )
        await visit.client.call("sendChatAction", chat_id=GROUP, action="typing")
        await visit.client.write("xong", user=ANNA, chat=FORUM)
        await expect(visit.bubbles()).to_have_count(2)
        await expect(visit.page.locator("#typing")).to_be_hidden()
        await visit.enter(FORUM, WEATHER)
        await expect(visit.page.locator("#typing")).to_be_visible()


async def test_the_creator_of_a_channel_lets_the_bot_post(
    browser: Browser, viewport: ViewportSize
) -> None:
    async with open_page(browser, viewport) as visit:
        page = visit.page
        await visit.open(CHANNEL, 1001)
        place = page.get_by_role("button", name="Hỏi Báo: chưa tham gia")
        await place.click()
        await assert_nothing_sticks_out(page)
        await page.get_by_role("menuitemradio", name="Quản trị viên").click()
        await expect(page.locator("#bot-place")).to_have_attribute(
            "aria-label", "Hỏi Báo: quản trị viên"
        )
        await expect(page.locator("#status")).to_have_text(re.compile("và Hỏi Báo"))
        post = {"chat_id": CHANNEL, "text": "Nước sông xuống dần"}
        await visit.client.result("sendMessage", **post)
        await expect(visit.bubbles(".theirs")).to_contain_text("Nước sông xuống dần")
        await visit.say("Tin của tòa soạn")
        await expect(visit.bubbles(".theirs")).to_have_count(2)
        await expect(visit.bubbles().locator(".author")).to_have_text(["Bản tin Sông Thương"] * 2)
        await page.locator("#bot-place").click()
        await page.get_by_role("menuitemradio", name="Chưa tham gia").click()
        await expect(page.locator("#status")).not_to_have_text(re.compile("Hỏi Báo"))
        assert (await visit.client.refused("sendMessage", **post)).startswith("Forbidden")


async def test_a_subscriber_reads_a_channel_and_is_not_offered_to_write(
    browser: Browser, viewport: ViewportSize
) -> None:
    async with open_page(browser, viewport) as visit:
        await visit.client.write("Tin của tòa soạn", chat=CHANNEL)
        entry = visit.entry(CHANNEL)
        await expect(entry.locator(".badge")).to_have_text("1")
        await visit.open(CHANNEL, 1003)
        await expect(visit.bubbles()).to_contain_text("Tin của tòa soạn")
        await expect(visit.page.locator("#reading")).to_have_text(
            "Only administrators of the channel can post"
        )
        await expect(visit.page.locator("#composer")).to_be_hidden()
        await expect(visit.page.locator("#bot-place")).to_be_hidden()
        await visit.client.post(
            "/membership", user=LAN, chat=CHANNEL, member=1003, status="administrator"
        )
        await expect(visit.page.locator("#composer")).to_be_visible()
        await expect(visit.page.locator("#bot-place")).to_be_visible()


FORCED = {"force_reply": True, "input_field_placeholder": "Từ khóa mới, ví dụ: lũ"}


async def test_a_reply_that_the_bot_asks_for_is_begun_for_the_person(
    browser: Browser, viewport: ViewportSize
) -> None:
    async with open_page(browser, viewport) as visit:
        text = visit.page.locator("#text")
        asked = await visit.client.result(
            "sendMessage", chat_id=1001, text="Từ khóa mới là gì?", reply_markup=FORCED
        )
        await expect(visit.page.locator("#strip-words")).to_have_text("Từ khóa mới là gì?")
        await expect(text).to_have_attribute("placeholder", "Từ khóa mới, ví dụ: lũ")
        await expect(text).to_be_focused()
        await assert_nothing_sticks_out(visit.page)
        await visit.page.keyboard.type("bão lũ")
        await visit.page.keyboard.press("Enter")
        await expect(visit.bubbles(".own")).to_contain_text("bão lũ")
        await expect(visit.page.locator("#strip")).to_be_hidden()
        await expect(text).to_have_attribute("placeholder", "Nhập câu hỏi…")
        own = next(each for each in await visit.client.messages() if each["from"] == "Lan")
        assert own["reply_to"] == asked["message_id"]
        await visit.page.reload()
        await expect(visit.bubbles(".own")).to_contain_text("bão lũ")
        await expect(visit.page.locator("#strip")).to_be_hidden()


async def test_a_reply_that_is_asked_for_waits_until_the_chat_is_opened(
    browser: Browser, viewport: ViewportSize
) -> None:
    async with open_page(browser, viewport) as visit:
        strip = visit.page.locator("#strip")
        await visit.client.result("sendMessage", chat_id=1003, text="Which?", reply_markup=FORCED)
        anna = visit.entry(1003)
        await expect(anna).to_contain_text("Which?")
        await expect(strip).to_be_hidden()
        await visit.enter(1003)
        await expect(strip).to_be_visible()
        await visit.page.locator("#strip-close").click()
        await visit.enter(1001)
        await visit.enter(1003)
        await expect(visit.bubbles()).to_contain_text("Which?")
        await expect(strip).to_be_hidden()


async def test_in_a_group_a_selective_wish_is_for_who_is_meant(
    browser: Browser, viewport: ViewportSize
) -> None:
    async with open_page(browser, viewport) as visit:
        await visit.open(GROUP, 1001)
        strip = visit.page.locator("#strip")
        question = await visit.client.write("/ask x", user=ANNA, chat=GROUP)
        selective = FORCED | {"selective": True}
        call = {"chat_id": GROUP, "reply_markup": selective}
        await visit.client.result("sendMessage", **call, text="Anna?", reply_to_message_id=question)
        await expect(visit.bubbles(".theirs").filter(has_text="Anna?")).to_be_visible()
        await expect(strip).to_be_hidden()
        await visit.page.select_option("#acting", "1003")
        await expect(strip).to_be_visible()
        await visit.page.select_option("#acting", "1001")
        await expect(strip).to_be_hidden()
        await visit.client.result("sendMessage", **call, text="@lan_playground?")
        await expect(strip).to_be_visible()


async def test_a_message_without_sound_bears_a_sign(
    browser: Browser, viewport: ViewportSize
) -> None:
    async with open_page(browser, viewport) as visit:
        for quiet in (True, False):
            await visit.client.result(
                "sendMessage", chat_id=1001, text="tin", disable_notification=quiet
            )
        await expect(visit.bubbles(".theirs")).to_have_count(2)
        sign = visit.page.get_by_role("img", name="Tin không chuông")
        await expect(sign).to_have_count(1)
        await expect(visit.bubbles(".theirs").first.locator(".hush")).to_be_visible()
