"""Phrases with other forms: where a row of syllables holds one, and how else it is written."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from index.background import folded_share, share
from index.data import rows
from index.spelling import fold

Phrase = tuple[str, ...]
"""Analysed syllables, as `Terms.syllables` has them."""

_OWN_SHARE_MIN = 0.8
"""Of the sentences with an unmarked syllable, how many must mean the phrase: `chet` is `chết`."""

_SYLLABLE_SHAPED = re.compile(
    r"(?:[bcdhklmnprstvxg]|[ckgpnt]h|ngh?|gi|qu|tr)?[aeiouy]{1,3}(?:[cmnpt]|ch|ng|nh)?"
)
"""What may be a Vietnamese syllable without its marks."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The syllables `[start, end)` of a row, and the other ways in which they are written.

    The other ways are marked, whether or not the row is; they are not empty.
    """

    start: int
    end: int
    others: tuple[Phrase, ...]


class Phrases:
    """A table of phrases with the other forms of each, most usual first."""

    def __init__(self, others: Mapping[Phrase, tuple[Phrase, ...]]) -> None:
        self._marked = dict(others)
        self._longest = max(map(len, others), default=0)

    def items(self) -> Iterator[tuple[Phrase, tuple[Phrase, ...]]]:
        """Each phrase with its other forms."""
        return iter(self._marked.items())

    def stretches(self, syllables: Sequence[str], *, folded: bool = False) -> list[Stretch]:
        """The phrases that a row of syllables holds, in order.

        Longer ones go before shorter ones, and no two overlap.

        Args:
            syllables: Analysed syllables.
            folded: Whether they are without marks; a phrase that could then be
                another one is not found.
        """
        table = self._folded if folded else self._marked
        found: list[Stretch] = []
        taken = [False] * len(syllables)
        for length in range(min(self._longest, len(syllables)), 0, -1):
            for start in range(len(syllables) - length + 1):
                end = start + length
                others = table.get(tuple(syllables[start:end]))
                if others and not any(taken[start:end]):
                    taken[start:end] = [True] * length
                    found.append(Stretch(start, end, others))
        return sorted(found, key=lambda stretch: stretch.start)

    @cached_property
    def _folded(self) -> dict[Phrase, tuple[Phrase, ...]]:
        return _unambiguous(self._marked)


def _unambiguous(others: Mapping[Phrase, tuple[Phrase, ...]]) -> dict[Phrase, tuple[Phrase, ...]]:
    """The table by phrases without marks, less those that may be something else."""
    table: dict[Phrase, tuple[Phrase, ...]] = {}
    ambiguous: set[Phrase] = set()
    for phrase, forms in others.items():
        folded = tuple(map(fold, phrase))
        known = table.setdefault(folded, forms)
        if not _is_telling(phrase, folded) or (known is not forms and phrase not in known):
            ambiguous.add(folded)
    return {phrase: forms for phrase, forms in table.items() if phrase not in ambiguous}


def _is_telling(phrase: Phrase, folded: Phrase) -> bool:
    """Whether a phrase without marks can hardly be other words."""
    if folded in _homographs():
        return False
    if len(phrase) > 1:
        return True
    common = folded_share(folded[0])
    if common:
        return share(phrase[0]) >= _OWN_SHARE_MIN * common
    return _SYLLABLE_SHAPED.fullmatch(folded[0]) is None


@cache
def _homographs() -> frozenset[Phrase]:
    return frozenset(tuple(phrase.split(" ")) for (phrase,) in rows("homographs.tsv"))
