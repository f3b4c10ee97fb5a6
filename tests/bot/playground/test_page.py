import asyncio
import re

from playwright.async_api import Browser, Route, ViewportSize, expect

from tests.support.browser import IN_BROWSER, PHONE
from tests.support.playground import ANNA, GROUP, LAN
from tests.support.playground_page import assert_nothing_sticks_out, open_page

pytestmark = IN_BROWSER


async def test_a_question_is_asked_answered_and_followed_up(
    browser: Browser, viewport: ViewportSize
) -> None:
    async with open_page(browser, viewport) as visit:
        page = visit.page
        await page.get_by_role("button", name="ai dự hội nghị?").click()
        await expect(visit.bubbles(".own")).to_contain_text("ai dự hội nghị?")
        answer = visit.bubbles(".theirs").first
        await expect(answer.locator("blockquote b")).to_have_text("đồng chí Lương Văn Cầu")
        link = answer.get_by_role("link")
        await expect(link).to_have_attribute("href", "https://baohaiduong.example/hoi-nghi")
        assert "noopener" in str(await link.get_attribute("rel"))
        await page.locator("#messages .theirs .answer").first.dispatch_event("click")
        await expect(page.locator("#strip-title")).to_have_text("Hỏi Báo")
        await visit.say("hội nghị ở đâu?")
        reply = visit.bubbles(".theirs").nth(1)
        await expect(reply).to_contain_text("Trong bài mà bạn trả lời.")
        await expect(reply.locator(".quoted")).to_contain_text("hội nghị ở đâu?")
        await page.get_by_role("button", name="Xem cả đoạn").click()
        await expect(answer).to_contain_text("Sáng 5/1")
        await expect(answer).to_contain_text("đã sửa")
        await expect(page.get_by_role("button", name="Xem cả đoạn")).to_have_count(0)
        await assert_nothing_sticks_out(page)


async def test_an_empty_chat_offers_the_examples_of_the_description(
    browser: Browser, viewport: ViewportSize
) -> None:
    async with open_page(browser, viewport) as visit:
        chips = visit.page.locator("#examples button")
        await expect(chips).to_have_text(["ai dự hội nghị?", "/start"])

        text = "Hỏi tin.\n\nVí dụ:\n• cầu dài bao nhiêu?\n• ai xây cầu?"
        await visit.client.result("setMyDescription", description=text)
        await expect(chips).to_have_text(["cầu dài bao nhiêu?", "ai xây cầu?", "/start"])
        await visit.client.result("setMyDescription", description="Ask.", language_code="en")
        await visit.open(chat=GROUP)
        group = ["@hoibao_bot cầu dài bao nhiêu?", "@hoibao_bot ai xây cầu?"]
        await expect(chips).to_have_text(group)
        await visit.open(chat=ANNA["id"], user=ANNA["id"])
        await expect(chips).to_have_text(["/start"])


async def test_a_pressed_button_shows_the_bots_word(
    browser: Browser, viewport: ViewportSize
) -> None:
    async with open_page(browser, viewport) as visit:
        await visit.say("ai dự hội nghị?")
        await visit.page.get_by_role("button", name="Câu khác").click()
        await expect(visit.page.locator("#toast")).to_have_text("Không còn câu nào khác.")
        await expect(visit.page.locator(".key.waiting")).to_have_count(0)


async def test_messages_appear_change_and_vanish_without_reload(
    browser: Browser, viewport: ViewportSize
) -> None:
    async with open_page(browser, viewport) as visit:
        number = await visit.client.write("ai du?")
        own = visit.bubbles(".own")
        await expect(own).to_contain_text("ai du?")
        await visit.client.write("ai dự?", edit=number)
        await expect(own).to_contain_text("ai dự?")
        await expect(own).to_contain_text("đã sửa")
        await visit.client.http.delete(f"/playground/chats/1001/messages/{number}")
        await expect(own).to_have_count(0)
        await visit.client.call("sendChatAction", chat_id=1001, action="typing")
        await expect(visit.page.locator("#status")).to_have_text("đang soạn tin…")
        await expect(visit.page.locator("#typing")).to_be_visible()


async def test_people_and_the_group_have_chats_and_words_of_their_own(
    browser: Browser, viewport: ViewportSize
) -> None:
    async with open_page(browser, viewport) as visit:
        page = visit.page
        await visit.client.write("hi", user=ANNA)
        anna = visit.entry(1003)
        await expect(anna.locator(".badge")).to_have_text("1")
        await visit.enter(1003)
        await expect(visit.bubbles(".own")).to_contain_text("hi")
        await expect(page.locator("#text")).to_have_attribute("placeholder", "Ask a question…")
        await expect(anna.locator(".badge")).to_be_hidden()
        await page.fill("#text", "/")
        commands = ["/helpHow to ask", "/latestThe latest news"]
        await expect(page.locator(".option")).to_have_text(commands)
        await page.press("#text", "Escape")
        await visit.enter(GROUP)
        await visit.client.write("chào cả nhà", chat=GROUP)
        await expect(visit.bubbles(".theirs")).to_contain_text("Lan")
        await page.select_option("#acting", "1001")
        await expect(visit.bubbles(".own")).to_contain_text("chào cả nhà")
        await expect(page.locator("#text")).to_have_attribute("placeholder", "Nhập câu hỏi…")


async def test_a_phone_shows_one_pane_at_a_time(browser: Browser) -> None:
    async with open_page(browser, PHONE, touch=True) as visit:
        page = visit.page
        await expect(page.locator("#sidebar")).to_be_hidden()
        await page.locator("#back").tap()
        await expect(page.locator("#sidebar")).to_be_visible()
        await expect(page.locator("#composer")).to_be_hidden()
        await visit.entry(1002).tap()
        await expect(page.locator("#acting")).to_have_value("1002")
        await assert_nothing_sticks_out(page)


async def test_inline_results_are_picked_while_typing(
    browser: Browser, viewport: ViewportSize
) -> None:
    async with open_page(browser, viewport) as visit:
        await visit.open(GROUP, 1001)
        await visit.page.fill("#text", "@hoibao_bot ai dự")
        option = visit.page.get_by_role("option", name="Hội nghị trực tuyến toàn quốc")
        await expect(option).to_contain_text("Hỏi: ai dự")
        await option.click()
        sent = visit.bubbles(".own")
        await expect(sent.locator("blockquote")).to_be_visible()
        await expect(sent).to_contain_text("qua @hoibao_bot")


async def test_a_deep_link_to_the_bot_works_within_the_page(
    browser: Browser, viewport: ViewportSize
) -> None:
    async with open_page(browser, viewport) as visit:
        await visit.client.result(
            "sendMessage",
            chat_id=1001,
            text='<a href="https://t.me/hoibao_bot?start=a_12">mở bài</a>',
            parse_mode="HTML",
        )
        await visit.page.get_by_role("link", name="mở bài").click()
        await expect(visit.bubbles(".own")).to_contain_text("/start a_12")
        assert len(visit.page.context.pages) == 1


async def test_keys_send_break_lines_cancel_and_edit(
    browser: Browser, viewport: ViewportSize
) -> None:
    async with open_page(browser, viewport) as visit:
        page = visit.page
        await page.locator("#text").click()
        await page.keyboard.type("một")
        await page.keyboard.press("Shift+Enter")
        await page.keyboard.type("hai")
        await page.keyboard.press("Enter")
        await expect(visit.bubbles(".own").locator(".text")).to_have_text(re.compile("một\nhai"))
        await page.keyboard.press("ArrowUp")
        await expect(page.locator("#text")).to_have_value("một\nhai")
        await page.keyboard.press("Escape")
        await expect(page.locator("#text")).to_have_value("")
        await expect(page.locator("#strip")).to_be_hidden()


async def test_colours_follow_the_system(browser: Browser, viewport: ViewportSize) -> None:
    async with open_page(browser, viewport, scheme="dark") as visit:
        bar = visit.page.locator(".conversation .bar")
        await expect(bar).to_have_css("background-color", "rgb(23, 33, 43)")
        await visit.page.emulate_media(color_scheme="light")
        await expect(bar).to_have_css("background-color", "rgb(255, 255, 255)")


ATTACKS = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    'javascript:alert(1) https://a.vn/"onmouseover=alert(1)',
]


async def test_hostile_text_stays_text_wherever_it_is_shown(
    browser: Browser, viewport: ViewportSize
) -> None:
    async with open_page(browser, viewport) as visit:
        alarms: list[str] = []
        visit.page.on("dialog", lambda dialog: alarms.append(dialog.message))
        name = "<img src=x onerror=alert(2)>"
        villain = {"id": 666, "name": name, "language": "vi"}
        for attack in ATTACKS:
            number = await visit.client.write(attack)
            await visit.client.write(attack, reply_to=number)
            await visit.client.write(attack, user=villain, chat=GROUP)
        await visit.client.result(
            "sendMessage",
            chat_id=1001,
            text="x",
            reply_markup={"inline_keyboard": [[{"text": ATTACKS[0], "callback_data": "a"}]]},
        )
        await expect(visit.bubbles(".own")).to_have_count(2 * len(ATTACKS))
        await expect(visit.bubbles(".own").first).to_contain_text(ATTACKS[0])
        await visit.enter(GROUP)
        await expect(visit.bubbles(".theirs").first).to_contain_text(name)
        assert await visit.page.locator("#messages img:not(.avatar), #messages script").count() == 0
        assert alarms == []


async def test_the_page_finds_its_way_back_to_a_chat(
    browser: Browser, viewport: ViewportSize
) -> None:
    async with open_page(browser, viewport) as visit:
        await visit.client.write("chào", user=LAN)
        await expect(visit.bubbles(".own")).to_contain_text("chào")
        await visit.enter(1003)
        await expect(visit.page.locator("#acting")).to_have_value("1003")
        await visit.page.reload()
        await expect(visit.page.locator("#acting")).to_have_value("1003")
        await visit.enter(1001)
        await expect(visit.bubbles(".own")).to_contain_text("chào")


async def test_a_chat_can_be_chosen_while_messages_arrive(
    browser: Browser, viewport: ViewportSize
) -> None:
    async with open_page(browser, viewport) as visit:
        await visit.page.clock.install()
        await visit.open()
        await visit.show_list()
        await visit.entry(1003).hover()
        await visit.page.mouse.down()
        await visit.client.write("chào", user=LAN)
        await expect(visit.bubbles(".own")).to_contain_text("chào")
        await visit.page.clock.run_for(1000)
        await visit.page.mouse.up()
        await expect(visit.page.locator("#acting")).to_have_value("1003")


async def test_what_is_written_before_the_page_is_connected_stays(
    browser: Browser, viewport: ViewportSize
) -> None:
    async with open_page(browser, viewport) as visit:
        page, connected = visit.page, asyncio.Event()

        async def hold(route: Route) -> None:
            await connected.wait()
            await route.continue_()

        await page.route("**/playground/events", hold)
        await page.reload()
        await visit.say("chào")
        connected.set()
        await expect(page.locator("#title")).not_to_be_empty()
        await expect(page.locator("#text")).to_have_value("chào")
        await page.press("#text", "Enter")
        await expect(visit.bubbles(".own")).to_contain_text("chào")
