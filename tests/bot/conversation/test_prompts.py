"""Prompts in chats: the message that answers them, and what ends them."""

from typing import Any

import pytest

from tests.support.admin import AdminTalk
from tests.support.bot import LANS_CHAT, MESSAGES, WHO, Talk, labels
from tests.support.playground import CHANNEL, GROUP, LAN, MINH
from tests.support.subscriptions import subscriptions_of
from tests.support.waiting import until
from tests.support.web_site import Site

WORDS = "từ khóa muốn nhận tin"


async def prompted(talk: Talk, chat: int = LANS_CHAT) -> dict[str, Any]:
    """Press the button that asks for words, and return the prompt."""
    shown = await talk.ask("/subscriptions", chat=chat)
    await talk.press(shown, "+ Thêm", chat=chat)
    return await talk.alert(WORDS, chat)


def wishes(talk: Talk, chat: int = LANS_CHAT) -> list[str]:
    return [each.wish for each in subscriptions_of(talk, chat)]


class TestInPrivate:
    async def test_open_the_reply_by_themselves_and_say_how_to_leave(self, talk: Talk) -> None:
        prompt = await prompted(talk)

        assert prompt["force_reply"] == {"placeholder": "bão lũ Quảng Trị", "from": None}
        assert prompt["text"].endswith("Không nhập nữa: /cancel")

    async def test_are_answered_by_the_next_message(self, talk: Talk) -> None:
        await prompted(talk)

        answer = await talk.ask("bão lũ")
        question = await talk.ask(WHO)

        assert answer["text"].startswith("Đã đăng ký nhận tin: bão lũ")
        assert "Lương Văn Cầu" in question["text"]
        assert wishes(talk) == ["bão + lũ"]

    async def test_are_answered_again_by_an_edit_of_the_answer(self, talk: Talk) -> None:
        await prompted(talk)
        sent = await talk.client.write("bão lụt")
        await talk.answer(LANS_CHAT, sent)

        await talk.client.write("bão lũ", edit=sent)

        async def is_replaced() -> bool:
            return wishes(talk) == ["bão + lũ"]

        await until(is_replaced)

    async def test_stay_open_while_an_earlier_answer_is_edited(self, talk: Talk) -> None:
        await prompted(talk)
        sent = await talk.client.write("bão lụt")
        await talk.answer(LANS_CHAT, sent)
        await talk.press(await talk.ask("/quiet"), MESSAGES["button_other_hours"])
        await talk.alert("giờ bắt đầu và giờ kết thúc")

        await talk.client.write("bão lũ", edit=sent)

        async def is_replaced() -> bool:
            return wishes(talk) == ["bão + lũ"]

        await until(is_replaced)
        assert "22:30–06:00" in (await talk.ask("22:30-6:00"))["text"]

    async def test_stay_open_where_the_answer_is_not_understood(self, talk: Talk) -> None:
        shown = await talk.ask("/quiet")
        await talk.press(shown, MESSAGES["button_other_hours"])
        await talk.alert("giờ bắt đầu và giờ kết thúc")

        refused = await talk.ask("tối")
        accepted = await talk.ask("22g30 đến 6 giờ")

        assert refused["text"].startswith("Tôi chưa hiểu.")
        assert "22:30–06:00" in accepted["text"]

    @pytest.mark.parametrize(
        "text", ["/cancel", "Hủy", "hủy", "huy", "thôi", "dừng lại!", "cancel"]
    )
    async def test_are_cancelled(self, talk: Talk, text: str) -> None:
        await prompted(talk)

        assert (await talk.ask(text))["text"] == MESSAGES["cancelled"]

        assert "Lương Văn Cầu" in (await talk.ask(WHO))["text"]
        assert wishes(talk) == []

    @pytest.mark.parametrize("command", ["/latest", "/no_such_command", f"/ask {WHO}"])
    async def test_are_ended_by_a_command(self, talk: Talk, command: str) -> None:
        await prompted(talk)

        await talk.ask(command)

        assert "Lương Văn Cầu" in (await talk.ask(WHO))["text"]
        assert wishes(talk) == []

    async def test_are_ended_by_a_button(self, talk: Talk) -> None:
        answer = await talk.ask(WHO)
        await prompted(talk)

        await talk.press(answer, labels(answer)[0])

        assert "Lương Văn Cầu" in (await talk.ask(WHO))["text"]
        assert wishes(talk) == []

    async def test_are_ended_by_a_question_about_another_message(self, talk: Talk) -> None:
        answer = await talk.ask(WHO)
        await prompted(talk)

        other = await talk.ask("hội nghị bàn về gì?", reply_to=answer["message_id"])

        assert "Hội nghị bàn về" in other["text"]
        assert "Lương Văn Cầu" in (await talk.ask(WHO))["text"]
        assert wishes(talk) == []

    async def test_give_way_to_the_next_prompt(self, talk: Talk) -> None:
        card = await talk.ask("/subscribe bão")
        await talk.press(card, "Tùy chỉnh")
        await prompted(talk)

        await talk.press(await talk.message(card["message_id"]), "Đổi tên")
        await talk.alert("tên mới cho")

        assert (await talk.ask("Thời tiết"))["text"].startswith("Thời tiết\nbão")
        assert wishes(talk) == ["bão"]

    async def test_of_a_channel_are_answered_there(self, talk: Talk) -> None:
        await talk.client.post("/membership", user=LAN, chat=CHANNEL, status="administrator")
        (joined,) = labels(await talk.alert("lên kênh"))
        await talk.press(await talk.alert("lên kênh"), joined)
        await talk.press(await talk.alert("Đăng ký nhận tin · Bản tin"), "+ Thêm")
        await talk.alert(WORDS)

        await talk.ask("bão lũ")

        assert wishes(talk, CHANNEL) == ["bão + lũ"]


class TestInGroups:
    async def test_ask_whoever_pressed_and_are_answered_by_a_reply(self, talk: Talk) -> None:
        prompt = await prompted(talk, GROUP)

        answer = await talk.ask("bão", chat=GROUP, reply_to=prompt["message_id"])

        assert prompt["force_reply"]["from"] == [LAN["id"]]
        assert prompt["text"].endswith("Bạn trả lời (reply) tin nhắn này nhé.")
        assert answer["text"].startswith("Đã đăng ký nhận tin: bão")

    async def test_are_not_answered_by_the_next_message(self, talk: Talk) -> None:
        await prompted(talk, GROUP)

        answer = await talk.ask(f"@hoibao_bot {WHO}", chat=GROUP)

        assert "Lương Văn Cầu" in answer["text"]
        assert wishes(talk, GROUP) == []

    async def test_are_not_answered_by_somebody_else(self, talk: Talk) -> None:
        await talk.client.post("/membership", user=MINH, chat=GROUP, status="administrator")
        prompt = await prompted(talk, GROUP)

        answer = await talk.ask("bão", user=MINH, chat=GROUP, reply_to=prompt["message_id"])

        assert answer["text"] == MESSAGES["prompt_of_another"]
        assert wishes(talk, GROUP) == []

    async def test_leave_private_chats_alone(self, talk: Talk) -> None:
        await prompted(talk, GROUP)

        assert "Lương Văn Cầu" in (await talk.ask(WHO))["text"]


async def test_a_source_without_an_address_is_asked_for(admin: AdminTalk, site: Site) -> None:
    await admin.client.write("/sources add")
    await admin.alert("địa chỉ trang web hoặc RSS")

    answer = await admin.ask(f"{site.url('/khong-co')} Báo Lạ")

    await admin.shown(answer, "Tôi chưa thêm được nguồn này")


@pytest.mark.parametrize("text", ["hủy", "Thôi.", "bo qua", "stop"])
async def test_to_cancel_nothing_is_no_question(talk: Talk, text: str) -> None:
    assert (await talk.ask(text))["text"] == MESSAGES["cancelled"]
