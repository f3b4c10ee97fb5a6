"""Failures with a secret in what they print, for programs of tests; imports nothing."""

TOKEN = "7000000002:AAF4xyz_secret-part-of-the-token"


class Unprintable:
    """What fails where nobody can catch it."""

    def __del__(self) -> None:
        fail()


def fail(*_: object) -> None:
    raise ValueError(f"cause {TOKEN}")
