from bot.conversation.memory.chat_cache import CHATS_LIMIT
from bot.conversation.memory.open_prompts import OPEN_SECONDS, Aim, OpenPrompts, Prompt

ADD = Prompt(Aim.ADD, 1)
QUIET = Prompt(Aim.QUIET, 1)


def test_the_next_message_answers_for_ten_minutes() -> None:
    now = 0.0
    prompts = OpenPrompts(lambda: now)
    prompts.open(chat=1, message=5, prompt=ADD)

    now += OPEN_SECONDS - 1
    assert prompts.answered_by(1, 6) == ADD
    assert prompts.answered_by(2, 6) is None
    now += 1
    assert prompts.answered_by(1, 6) is None


def test_a_message_before_the_prompt_answers_nothing_even_if_it_is_edited() -> None:
    prompts = OpenPrompts()
    prompts.open(1, 5, ADD)
    assert prompts.answered_by(1, 4) is None


def test_an_answer_closes_the_prompt_and_stays_its_answer() -> None:
    prompts = OpenPrompts()
    prompts.open(1, 5, ADD)
    prompts.record_answer(1, 6, ADD)
    prompts.open(1, 7, QUIET)

    assert prompts.answered_by(1, 6) == ADD
    assert prompts.answered_by(1, 8) == QUIET
    prompts.close(1)
    assert prompts.answered_by(1, 8) is None


def test_an_edited_answer_leaves_a_later_prompt_open() -> None:
    prompts = OpenPrompts()
    prompts.open(1, 5, ADD)
    prompts.record_answer(1, 6, ADD)
    prompts.open(1, 7, QUIET)

    prompts.record_answer(1, 6, ADD)

    assert prompts.answered_by(1, 8) == QUIET


def test_so_many_chats_have_open_prompts_at_most() -> None:
    prompts = OpenPrompts()
    for chat in range(CHATS_LIMIT + 1):
        prompts.open(chat, 1, ADD)
    assert prompts.answered_by(0, 2) is None
    assert prompts.answered_by(1, 2) == ADD
