"""Words of the news that mean nearly the same: `chết`, `tử vong`, `thiệt mạng`."""

from collections.abc import Sequence
from functools import cache

from index.data import rows
from index.phrases import Phrase, Phrases, Stretch


def synonymous(syllables: Sequence[str]) -> list[Stretch]:
    """The words of a row of syllables that have synonyms; see `Phrases.stretches`.

    Only the caller knows whether a stretch is a word of its own where it
    stands: `dự` has synonyms, but not in `dự kiến`.
    """
    return known_synonyms().stretches(syllables)


@cache
def known_synonyms() -> Phrases:
    """The table, by analysed syllables; a form in two groups has the others of both."""
    others: dict[Phrase, tuple[Phrase, ...]] = {}
    for (column,) in rows("synonyms.tsv"):
        group = [tuple(form.split(" ")) for form in column.split("|")]
        for at, form in enumerate(group):
            others[form] = (*others.get(form, ()), *group[:at], *group[at + 1 :])
    return Phrases(others)
