"""The chat page by axe-core, and its colours: in all its states, phone and desk, day and night."""

import re
from collections.abc import Awaitable, Callable

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.support.browser import DESK, IN_BROWSER, PHONE, SCHEMES, Scheme
from tests.support.playground import ANNA, CHANNEL, FORUM, GROUP, MINH, WEATHER
from tests.support.playground_page import OpenPage, open_page

pytestmark = IN_BROWSER


async def an_empty_chat(visit: OpenPage) -> None:
    await expect(visit.page.locator("#examples button").first).to_be_visible()


async def an_answer_with_buttons(visit: OpenPage) -> None:
    await visit.say("ai dự hội nghị?")
    await expect(visit.page.locator(".key")).to_have_count(3)
    await visit.bubbles(".theirs").hover()


async def every_kind_of_text(visit: OpenPage) -> None:
    number = await visit.client.write(
        "xem https://bao.example #bão /help @hoibao_bot a@bao.example"
    )
    await visit.client.write("đây", photo=True, reply_to=number)
    await visit.client.write("", sticker=True)
    document = {"name": "nguồn.opml", "content": "bmd14buTbg=="}
    await visit.client.write("", document=document)
    text = (
        "<b>đậm</b> <i>nghiêng</i> <code>mã</code> <tg-spoiler>ẩn</tg-spoiler> /latest @lan #lũ "
        '<a href="https://bao.example/bai">bài</a><pre>dòng mã</pre>'
        "<blockquote>Nước sông lên <b>2 mét</b>.</blockquote>"
        f"<blockquote expandable>{'Mưa to trên diện rộng. ' * 20}</blockquote>"
    )
    await visit.client.result(
        "sendMessage",
        chat_id=1001,
        text=text,
        parse_mode="HTML",
        disable_notification=True,
        reply_to_message_id=number,
    )
    await visit.client.write("mưa to", edit=number)
    await expect(visit.bubbles(".theirs").locator("pre")).to_be_visible()


async def the_list_of_commands(visit: OpenPage) -> None:
    await visit.page.locator("#commands").click()
    await expect(visit.page.locator(".option")).to_have_count(3)
    await visit.page.keyboard.press("ArrowDown")


async def no_suggestion(visit: OpenPage) -> None:
    await visit.page.fill("#text", "@hoibao_bot  ")
    await expect(visit.page.locator("#panel")).to_be_visible()


async def the_menu_of_a_message(visit: OpenPage) -> None:
    await visit.client.write("chào")
    await visit.bubbles(".own").click(button="right")
    await expect(visit.page.locator("#menu")).to_be_visible()


async def a_reply_begun(visit: OpenPage) -> None:
    await visit.client.result("sendMessage", chat_id=1001, text="Từ khóa mới là gì?")
    await visit.bubbles(".theirs").dblclick()
    await expect(visit.page.locator("#strip")).to_be_visible()
    await visit.page.fill("#text", "bão lũ")


async def a_short_notice(visit: OpenPage) -> None:
    await visit.say("ai dự hội nghị?")
    await visit.page.get_by_role("button", name="Câu khác").click()
    await expect(visit.page.locator("#toast")).to_have_text("Không còn câu nào khác.")


async def a_dialog(visit: OpenPage) -> None:
    await visit.say("ai dự hội nghị?")
    await visit.page.get_by_role("button", name="Chỉ bài này").click()
    await expect(visit.page.get_by_role("dialog")).to_be_visible()


async def the_list_of_people(visit: OpenPage) -> None:
    await visit.client.write("chào", user=MINH)
    await visit.client.write("chào", user=ANNA, chat=FORUM, topic=WEATHER)
    await visit.client.write("Tin của tòa soạn", chat=CHANNEL)
    await visit.show_list()
    await expect(visit.page.locator(".entry .badge:visible")).to_have_count(3)


async def a_group(visit: OpenPage) -> None:
    await visit.client.post("/people", first=2000, count=8)
    for person in range(2000, 2008):
        user = {"id": person, "name": f"Bạn {person}", "language": "vi"}
        await visit.client.write("chào cả nhà", user=user, chat=GROUP)
    await visit.open(GROUP, 1001)
    await visit.client.call("sendChatAction", chat_id=GROUP, action="typing")
    await expect(visit.page.locator("#typing")).to_be_visible()


async def the_bots_role(visit: OpenPage) -> None:
    await visit.open(CHANNEL, 1001)
    await visit.page.locator("#bot-place").click()
    await expect(visit.page.get_by_role("menuitemradio").first).to_be_visible()


async def a_channel_to_read(visit: OpenPage) -> None:
    await visit.client.write("Tin của tòa soạn", chat=CHANNEL)
    await visit.open(CHANNEL, 1003)
    await expect(visit.page.locator("#reading")).to_be_visible()


COLOUR_RULES = {"runOnly": ["color-contrast"]}
# By night nothing but the colours differs.
RULES: dict[Scheme, dict[str, list[str]]] = {
    "light": {"resultTypes": ["violations"]},
    "dark": COLOUR_RULES,
}

# Transitions begin some frames after the colours that they lead to.
FRAMES_AT_REST = """async () => {
  for (let atRest = 0; atRest < 3; atRest = document.getAnimations().length ? 0 : atRest + 1)
    await new Promise(requestAnimationFrame);
}"""

SCENES: list[Callable[[OpenPage], Awaitable[None]]] = [
    an_empty_chat,
    an_answer_with_buttons,
    every_kind_of_text,
    the_list_of_commands,
    no_suggestion,
    the_menu_of_a_message,
    a_reply_begun,
    a_short_notice,
    a_dialog,
    the_list_of_people,
    a_group,
    the_bots_role,
    a_channel_to_read,
]


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
async def test_axe_finds_nothing(
    browser: Browser, scene: Callable[[OpenPage], Awaitable[None]]
) -> None:
    async with open_page(browser, PHONE) as visit:
        await scene(visit)
        for viewport in (PHONE, DESK):
            await visit.page.set_viewport_size(viewport)
            for scheme, rules in RULES.items():
                await show(visit.page, scheme)
                found = await Axe().run(visit.page, options=rules)
                assert found.violations_count == 0, (viewport, scheme, found.generate_report())


async def show(page: Page, scheme: Scheme) -> None:
    """Turn to day or night, and wait until the colours have changed."""
    await page.emulate_media(color_scheme=scheme)
    await page.evaluate(FRAMES_AT_REST)


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_buttons_can_be_read_wherever_the_wallpaper_is_lightest_or_darkest(
    browser: Browser, viewport: ViewportSize, scheme: Scheme
) -> None:
    async with open_page(browser, viewport) as visit:
        await an_answer_with_buttons(visit)
        await show(visit.page, scheme)
        for number in range(5):
            await visit.page.evaluate(PAINT_THE_WALLPAPER, number)
            found = await Axe().run(visit.page, "#log", COLOUR_RULES)
            assert found.violations_count == 0, found.generate_report()
            judged = [each["html"] for each in found.response["passes"][0]["nodes"]]
            assert sum('class="key"' in each for each in judged) == 3
            assert "<span>Hôm nay</span>" in judged


PAINT_THE_WALLPAPER = """(number) => {
  const colours = getComputedStyle(document.documentElement);
  const paper = document.querySelector(".wallpaper");
  paper.style.background = colours.getPropertyValue(number ? `--paper-${number}` : "--paper");
}"""


async def test_portraits_can_be_read(browser: Browser, viewport: ViewportSize) -> None:
    async with open_page(browser, viewport) as visit:
        await a_group(visit)
        grounds = await visit.page.locator("span.avatar").evaluate_all(
            "(found) => found.map((each) => getComputedStyle(each).backgroundImage)"
        )
        assert len(set(grounds)) == 7
        for colour in re.findall(r"rgb\((\d+), (\d+), (\d+)\)", " ".join(grounds)):
            assert contrast_with_white(*map(int, colour)) >= 4.5, colour


def contrast_with_white(*colour: int) -> float:
    """Contrast ratio of WCAG 2 between white and a colour."""
    parts = [part / 255 for part in colour]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


async def test_nothing_moves_for_people_who_asked_for_rest(
    browser: Browser, viewport: ViewportSize
) -> None:
    async with open_page(browser, viewport) as visit:
        await an_answer_with_buttons(visit)
        await visit.client.call("sendChatAction", chat_id=1001, action="typing")
        await expect(visit.page.locator("#typing")).to_be_visible()
        await visit.page.locator("#commands").click()
        longest = await visit.page.evaluate(
            """() => Math.max(0, ...[...document.querySelectorAll("*")].flatMap((each) => {
              const style = getComputedStyle(each);
              return [style.animationDuration, style.transitionDuration].map(parseFloat);
            }))"""
        )
        assert longest <= 0.001
