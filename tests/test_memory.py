from bot.memory import Recent


def test_what_was_done_last_is_remembered_within_bounds() -> None:
    recent: Recent[int, str] = Recent(limit=2)
    for number in (1, 2, 1, 3):
        recent.set(number, str(number))

    assert len(recent) == 2
    assert (recent.get(1), recent.get(2), recent.get(3)) == ("1", None, "3")
