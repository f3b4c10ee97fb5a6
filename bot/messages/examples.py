"""Example questions in messages: those that the newest articles answer, if any."""

from collections.abc import Sequence
from itertools import cycle, islice

from bot.messages.voice import Translator


class ExampleQuestions:
    """The example questions of the moment; `bot.app.examples` renews them.

    They are in Vietnamese, as the articles are, and are shown in Vietnamese only.
    """

    def __init__(self) -> None:
        self._questions: tuple[str, ...] = ()

    def renew(self, questions: Sequence[str]) -> None:
        """Show other questions from now on."""
        self._questions = tuple(questions)

    def some(self, voice: Translator, count: int, turn: int = 0) -> tuple[str, ...]:
        """Return up to so many questions; at the next turn others, where there are more."""
        known = self._questions
        if not known or voice.language != "vi":
            return ()
        start = turn % len(known)
        return tuple(islice(cycle(known), start, start + min(count, len(known))))

    def line(self, voice: Translator, turn: int = 0) -> str:
        """Return the end of a paragraph that gives an example, or nothing."""
        found = self.some(voice, 1, turn)
        return " " + voice.plain("example", question=found[0]) if found else ""

    def paragraph(self, voice: Translator, count: int, turn: int = 0) -> str:
        """Return a further paragraph that lists examples, or nothing."""
        found = self.some(voice, count, turn)
        if not found:
            return ""
        return "\n\n" + "\n".join((voice.plain("examples"), *(f"• {each}" for each in found)))
