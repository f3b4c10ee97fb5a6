from bot.conversation.memory.chat_cache import VALUES_LIMIT
from bot.conversation.memory.focus import (
    FOCUS_SECONDS,
    QUESTION_LIMIT,
    Focus,
    ShownAnswer,
    ShownAnswers,
)


def test_each_person_asks_an_article_until_they_have_not_for_a_while() -> None:
    now = 0.0
    focus = Focus(lambda: now)
    focus.set(chat=1, person=2, article=7)

    now += FOCUS_SECONDS - 1
    assert focus.of(1, 2) == (7,)
    assert focus.of(1, 3) == ()
    now += FOCUS_SECONDS - 1
    assert focus.of(1, 2) == (7,)
    now += FOCUS_SECONDS
    assert focus.of(1, 2) == ()


def test_somebody_who_asks_all_articles_again_is_forgotten_at_once() -> None:
    focus = Focus()
    focus.set(chat=1, person=2, article=7)
    focus.clear(1, 2)
    focus.clear(1, 2)
    assert focus.of(1, 2) == ()


def test_the_articles_of_so_many_are_remembered_at_most() -> None:
    focus = Focus()
    for person in range(VALUES_LIMIT + 1):
        focus.set(1, person, 7)
    assert focus.of(1, 0) == ()
    assert focus.of(1, 1) == (7,)


def test_the_last_answer_to_each_person_is_remembered_for_a_while() -> None:
    now = 0.0
    shown = ShownAnswers(lambda: now)
    shown.put(1, 2, ShownAnswer(5, "ai?", ()))
    shown.put(1, 2, ShownAnswer(6, "ở đâu?", ()))

    now += FOCUS_SECONDS - 1
    assert shown.of(1, 2) == ShownAnswer(6, "ở đâu?", ())
    assert shown.of(1, 3) is None
    now += 1
    assert shown.of(1, 2) is None


def test_an_answer_whose_buttons_change_keeps_what_was_told_before_it() -> None:
    shown = ShownAnswers()
    told = frozenset({(7, 1)})
    shown.put(1, 2, ShownAnswer(5, "ai?", (), told))

    shown.put(1, 2, ShownAnswer(5, "ai?", (("📖", "x"),)))
    assert shown.of(1, 2) == ShownAnswer(5, "ai?", (("📖", "x"),), told)
    shown.put(1, 2, ShownAnswer(6, "ai?", ()))
    assert shown.of(1, 2) == ShownAnswer(6, "ai?", ())


def test_an_answer_to_a_very_long_question_is_not_remembered_nor_the_one_before() -> None:
    shown = ShownAnswers()
    shown.put(1, 2, ShownAnswer(5, "ai?", ()))
    shown.put(1, 2, ShownAnswer(6, "a" * (QUESTION_LIMIT + 1), ()))
    assert shown.of(1, 2) is None
