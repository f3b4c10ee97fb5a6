"""Abbreviations that the articles of a collection define, beside those of the table.

A definition counts if a second article has it too, or if no article has another. A common word
is no abbreviation: `CA` for `công an` is `ca` to the analyser.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from index.articles.abbreviations import Definition
from index.language.word_frequency import word_frequency
from index.search.query.phrases import Phrases, known_abbreviations, with_definitions
from index.store.articles import AbbreviationDefinitions, DefinitionCount

DEFINITIONS_MAX = 5_000
"""How many are kept in memory at most: those of the most articles."""

MEANINGS_MAX = 3
"""How many long forms one abbreviation may have."""

MEANING_SHARE = 0.1
"""How often a long form must be meant, beside the most usual one of its abbreviation."""

GROWTH = 0.01
"""The share of changed articles from which they are read again: reading goes over all of them."""


class CollectionAbbreviations:
    """A cache of the abbreviations of a collection. May be shared by threads."""

    def __init__(self, definitions: AbbreviationDefinitions) -> None:
        self._definitions = definitions
        self._read: tuple[int, Phrases] | None = None

    def at(self, revision: int) -> Phrases:
        """Return the abbreviations of the table and of the collection, about as of a revision."""
        if self._read is None or not self._read[0] <= revision <= self._read[0] * (1 + GROWTH):
            usual = self._definitions.most_common(DEFINITIONS_MAX)
            self._read = revision, with_definitions(filter_definitions(usual))
        return self._read[1]


def filter_definitions(usual: Iterable[DefinitionCount]) -> Iterator[Definition]:
    """Filter definitions of abbreviations to those that can be relied on.

    Args:
        usual: The most usual ones first.
    """
    meanings: dict[str, list[DefinitionCount]] = defaultdict(list)
    for definition in usual:
        meanings[definition.short].append(definition)
    in_table = set(map(" ".join, known_abbreviations().others))
    for short, several in meanings.items():
        if word_frequency(short.replace(" ", "")):
            continue
        is_alone = len(several) == 1 and short not in in_table
        least = max(2, MEANING_SHARE * several[0].articles)
        for definition in several[:MEANINGS_MAX]:
            if is_alone or definition.articles >= least:
                yield short, definition.long_form
