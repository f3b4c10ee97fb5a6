from bot.conversation.focus import FOCUS_LIMIT, FOCUS_SECONDS, Focus


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
    for person in range(FOCUS_LIMIT + 1):
        focus.set(1, person, 7)
    assert focus.of(1, 0) == ()
    assert focus.of(1, 1) == (7,)
