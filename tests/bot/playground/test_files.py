"""Files that people send in the playground, and the bot gets; pictures that the bot sends."""

import base64
from typing import Any

import pytest
from playwright.async_api import Browser, FilePayload, ViewportSize, expect

from bot.playground import Playground
from bot.playground.control.bodies import MOST_DOCUMENT_BYTES
from tests.support.browser import IN_BROWSER
from tests.support.playground import Client, serve_playground
from tests.support.playground_page import assert_nothing_sticks_out, open_page

PICTURE = base64.b64decode(  # one pixel
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
CONTENT = "<opml>nguồn</opml>".encode()


def document(content: bytes = CONTENT, name: str = "nguồn.opml") -> dict[str, Any]:
    return {"name": name, "content": base64.b64encode(content).decode()}


async def sent(client: Client) -> str:
    """Send a file as Lan, and return its id as the bot hears of it."""
    await client.write("đây", document=document())
    (update,) = await client.updates()
    message = update["message"]
    assert (message["caption"], message["document"]["file_name"]) == ("đây", "nguồn.opml")
    assert message["document"]["file_size"] == len(CONTENT)
    return str(message["document"]["file_id"])


async def test_a_file_of_a_person_reaches_the_bot() -> None:
    async with serve_playground(Playground()) as client:
        file_id = await sent(client)

        found = await client.result("getFile", file_id=file_id)

        assert (found["file_id"], found["file_size"]) == (file_id, len(CONTENT))
        address = f"/file/bot{client.playground.token}/{found['file_path']}"
        assert (await client.http.get(address)).content == CONTENT


async def test_a_file_is_given_to_nobody_without_the_token_and_under_no_other_name() -> None:
    async with serve_playground(Playground()) as client:
        file_id = await sent(client)
        path = (await client.result("getFile", file_id=file_id))["file_path"]
        right = f"/file/bot{client.playground.token}"

        for address in (f"/file/bot1:x/{path}", f"{right}/{path}0", f"{right}/x/{file_id}"):
            assert (await client.http.get(address)).status_code == 404
        refusal = await client.refused("getFile", file_id="document1001_999")
        assert refusal == "Bad Request: wrong file_id or the file is temporarily unavailable"


@pytest.mark.parametrize(
    "given",
    [
        document(b"x" * (MOST_DOCUMENT_BYTES + 1)),
        document(name="../x"),
        document(name=""),
        {"name": "x", "content": "???"},
    ],
    ids=["large", "path", "nameless", "not base64"],
)
async def test_a_file_that_cannot_be_one_is_refused_in_a_line(given: dict[str, Any]) -> None:
    async with serve_playground(Playground()) as client:
        body = {"user": 1001, "document": given}

        response = await client.http.post("/playground/messages", json=body)

        assert response.status_code == 400
        assert response.json()["error"].startswith("document.")
        assert await client.messages() == []


@pytest.mark.asyncio(loop_scope="module")
@IN_BROWSER[1]
async def test_a_file_is_sent_from_the_page_with_what_is_written_as_its_caption(
    browser: Browser, viewport: ViewportSize
) -> None:
    async with open_page(browser, viewport) as visit:
        page = visit.page
        await page.fill("#text", "đây là danh sách")
        file = FilePayload(name="nguồn.opml", mimeType="text/x-opml", buffer=CONTENT)

        async with page.expect_file_chooser() as chooser:
            await page.get_by_role("button", name="Gửi tệp").click()
        await (await chooser.value).set_files([file])

        await expect(visit.bubbles(".own")).to_contain_text("📄 nguồn.opml")
        await expect(visit.bubbles(".own")).to_contain_text("đây là danh sách")
        await expect(page.locator("#text")).to_have_value("")
        await expect(visit.bubbles(".theirs")).to_have_count(1)
        await assert_nothing_sticks_out(page)
        large = FilePayload(name="x", mimeType="x/y", buffer=b"x" * (MOST_DOCUMENT_BYTES + 1))
        await page.locator("#file").set_input_files([large])
        await expect(page.locator("#toast")).to_contain_text("512 KB")
        await expect(visit.bubbles(".own")).to_have_count(1)


@pytest.mark.asyncio(loop_scope="module")
@IN_BROWSER[1]
async def test_a_picture_of_the_bot_is_shown_with_its_caption(
    browser: Browser, viewport: ViewportSize
) -> None:
    async with open_page(browser, viewport) as visit:
        sent = await visit.client.http.post(
            f"/bot{visit.client.playground.token}/sendPhoto",
            data={"chat_id": "1001", "caption": "Số bài: 7"},
            files={"photo": ("days.png", PICTURE)},
        )

        photo = sent.json()["result"]
        assert (photo["caption"], len(photo["photo"])) == ("Số bài: 7", 1)
        assert "document" not in photo
        bubble = visit.bubbles(".theirs")
        await expect(bubble).to_contain_text("Số bài: 7")
        assert await bubble.locator("img").evaluate(
            "image => image.decode().then(() => image.naturalWidth)"
        )
        await assert_nothing_sticks_out(visit.page)
        refusal = await visit.client.refused("sendPhoto", chat_id=1001)
        assert refusal == "Bad Request: there is no photo in the request"
