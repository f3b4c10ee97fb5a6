"""What is stored on a chat: given out, deleted, and nothing of others with it."""

from pathlib import Path

from bot.app.application import context_of
from bot.conversation.memory import save_chat
from bot.conversation.usage import UsageCounter
from tests.support.bot import LANS_CHAT, MESSAGES, STORM, Talk, talking
from tests.support.libraries import open_library
from tests.support.playground import GROUP, MINH
from tests.support.subscriptions import subscriptions_of

BOT = 42


class TestWhatIsStored:
    async def test_is_given_as_json_and_forgotten(self, talk: Talk) -> None:
        answer = await talk.ask("bão vào đâu?")
        await talk.press(answer, "👍")
        await talk.ask("/subscribe bão")

        exported = await talk.ask("/export")
        assert '"wish": "bão"' in exported["text"]
        assert '"is_good": true' in exported["text"]
        assert "bão vào đâu" not in exported["text"]
        asked = await talk.ask("/forget")
        assert asked["text"] == MESSAGES["forget_surely"]
        assert len(subscriptions_of(talk)) == 1
        await talk.press(asked, "Xóa hết")

        assert (await talk.message(asked["message_id"]))["text"] == MESSAGES["forgotten"]
        assert subscriptions_of(talk) == []
        assert list(talk.library.feedback.all()) == []
        assert (await talk.ask("/forget"))["text"] == MESSAGES["forgotten_nothing"]

    async def test_of_who_asked_just_now_is_given_and_forgotten(self, talk: Talk) -> None:
        await talk.ask("bão vào đâu?")

        exported = await talk.ask("/export")
        await talk.press(await talk.ask("/forget"), "Xóa hết")
        await context_of(talk.application).usage.store(talk.application.bot.id)

        assert '"asked": [\n  {\n   "person": 1001' in exported["text"]
        assert not any(talk.library.chats.export(LANS_CHAT).values())

    async def test_is_no_longer_remembered_once_forgotten(self, talk: Talk) -> None:
        answer = await talk.ask("bão vào đâu?")
        await talk.press(answer, "🔎")
        await talk.press(await talk.ask("/forget"), "Xóa hết")

        remembered = save_chat(context_of(talk.application).caches, LANS_CHAT)
        assert remembered.keys() <= {"latest"}  # the number of the message that says so

    async def test_of_a_person_is_stored_before_another_worker_may_delete_it(
        self, tmp_path: Path
    ) -> None:
        with open_library(tmp_path) as library:
            one = UsageCounter(library.usage, keep_questions=False, is_shared=True)
            await one.asked(BOT, LANS_CHAT)
            assert library.chats.export(LANS_CHAT)["asked"] != []
            library.chats.forget(LANS_CHAT)
            await one.store(BOT)
            assert library.chats.export(LANS_CHAT)["asked"] == []

    async def test_is_kept_if_it_was_not_meant(self, talk: Talk) -> None:
        await talk.ask("/subscribe bão")
        asked = await talk.ask("/forget")

        await talk.press(asked, "Giữ lại")

        assert (await talk.message(asked["message_id"]))["text"] == MESSAGES["not_forgotten"]
        assert len(subscriptions_of(talk)) == 1

    async def test_on_a_group_is_forgotten_by_its_administrators_alone(self, talk: Talk) -> None:
        await talk.ask("/subscribe bão", chat=GROUP)
        asked = await talk.ask("/forget", chat=GROUP)
        by_member = await talk.ask("/forget", user=MINH, chat=GROUP)

        assert by_member["text"] == MESSAGES["only_administrators_data"]
        refused = await talk.press(asked, "Xóa hết", user=MINH, chat=GROUP)
        assert refused == MESSAGES["notice_only_administrators"]
        assert len(subscriptions_of(talk, GROUP)) == 1
        await talk.press(asked, "Xóa hết", chat=GROUP)
        assert subscriptions_of(talk, GROUP) == []

    async def test_on_a_group_leaves_out_who_voted(self, talk: Talk) -> None:
        answer = await talk.ask("/ask bão vào đâu?", chat=GROUP)
        await talk.press(answer, "👎", user=MINH, chat=GROUP)

        exported = await talk.ask("/export", chat=GROUP)

        assert '"is_good": false' in exported["text"]
        assert str(MINH["id"]) not in exported["text"]

    async def test_comes_as_a_file_if_it_is_long(self, talk: Talk) -> None:
        for number in range(20):
            await talk.ask(f'/subscribe "{"bão lụt lớn " * 6}" {number}x')

        exported = await talk.ask("/export")

        assert exported["document"] == "hoibao.json"
        number = exported["message_id"]
        path = f"/playground/chats/{LANS_CHAT}/messages/{number}/document"
        stored = (await talk.client.http.get(path)).json()
        assert len(stored["subscriptions"]) == 20

    async def test_of_votes_is_the_quote_and_the_last_word_of_each_person(self, talk: Talk) -> None:
        answer = await talk.ask("bão vào đâu?")

        assert await talk.press(answer, "👍") == "Cảm ơn bạn!"
        await talk.press(answer, "👎")

        (vote,) = talk.library.feedback.all()
        assert not vote.is_good
        assert vote.text in STORM.text + STORM.title
        assert vote.question is None

    async def test_of_votes_has_the_question_if_the_operator_wants_it(self, tmp_path: Path) -> None:
        async with talking(tmp_path, keep_questions=True) as talk:
            answer = await talk.ask("bão vào đâu?")
            await talk.press(answer, "👍")

            (vote,) = talk.library.feedback.all()
            assert vote.question == "bão vào đâu?"
