"""Phrases with other forms: where a row of syllables holds one, and how else it is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Phrase = tuple[str, ...]
"""Analysed syllables, as `Terms.syllables` has them."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The syllables `[start, end)` of a row, and the other ways in which they are written."""

    start: int
    end: int
    others: tuple[Phrase, ...]


class Phrases:
    """A table of phrases with the other forms of each, most usual first."""

    def __init__(self, others: Mapping[Phrase, tuple[Phrase, ...]]) -> None:
        self._others = dict(others)
        self._lengths: dict[str, set[int]] = {}
        for phrase in filter(None, others):
            self._lengths.setdefault(phrase[0], set()).add(len(phrase))

    def items(self) -> Iterator[tuple[Phrase, tuple[Phrase, ...]]]:
        """Each phrase with its other forms."""
        return iter(self._others.items())

    def stretches(self, syllables: Sequence[str]) -> list[Stretch]:
        """The phrases that a row of syllables holds, in order.

        Longer ones go before shorter ones, and no two overlap.

        Args:
            syllables: Analysed syllables.
        """
        found: list[Stretch] = []
        taken = [False] * len(syllables)
        begun = (
            (start - end, start, end)
            for start, syllable in enumerate(syllables)
            for end in (start + length for length in self._lengths.get(syllable, ()))
            if end <= len(syllables)
        )
        for _, start, end in sorted(begun):
            others = self._others.get(tuple(syllables[start:end]))
            if others and not any(taken[start:end]):
                taken[start:end] = [True] * (end - start)
                found.append(Stretch(start, end, others))
        return sorted(found, key=lambda stretch: stretch.start)
