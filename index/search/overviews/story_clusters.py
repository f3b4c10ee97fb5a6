"""Cluster articles into stories: those whose titles and leads share rare words and names.

1. Two articles report one thing if their titles and first sentences share enough of their words,
   the rarer a word the more it counts (the cosine of squared inverse document frequencies), or if
   they share keys of near-duplicates, see `index.articles.duplicates`.
2. The article that has such partners in most sources makes a story with all of them. Then the
   same is done with the articles that are left. So each article of a story shares its words with
   the one that is shown, and never only with a third one.

The values were set on articles of real news that name the same day: of pairs above
`SIMILAR_FROM` nearly all report one thing, of those below half of it hardly any.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from index.engine.protocol import Field, Snapshot
from index.store import Lead

SIMILAR_FROM = 0.3
"""Similarity of titles and leads, 0 to 1, from which two articles report one thing."""

FEWEST_SHARED = 3
"""Words that two such articles share at least."""

RARE_SHARE, RARE_SENTENCES = 1 / 55, 10
"""A word in more sentences than this share of all, and than so many, counts nothing."""

COMMONEST_SHARE = 0.25
"""A word in more of the articles than this share tells none of them apart."""

LOOKED_UP = 100
"""Words of one article alone whose weights are looked up; the others get the mean of these."""

COMPARED_AT_ONCE = 64
"""Articles that are compared with all others at a time: some megabytes."""

_Numbers = NDArray[np.int64]
_Weights = NDArray[np.float64]


def cluster_stories(
    leads: Sequence[Lead], copies: Iterable[tuple[int, int]], snapshot: Snapshot
) -> list[list[int]]:
    """Cluster articles into stories.

    Args:
        leads: The articles, newest first.
        copies: Pairs of numbers of articles that are near-duplicates; there may be others than
            those of the leads, such as articles that are stored and not searchable yet.
        snapshot: The engine, which knows how rare words are.

    Returns:
        The places among the leads of the articles of each story, first the one to show; stories
        of most sources first, then those of most articles, then the newest.
    """
    partners: list[set[int]] = [{place} for place in range(len(leads))]
    place_of = {lead.number: place for place, lead in enumerate(leads)}
    known = [pair for pair in copies if place_of.keys() >= set(pair)]
    pairs = [(place_of[one], place_of[other]) for one, other in known]
    for one, other in (*_similar_pairs(leads, snapshot), *pairs):
        partners[one].add(other)
        partners[other].add(one)
    return _stars(leads, partners)


def _stars(leads: Sequence[Lead], partners: list[set[int]]) -> list[list[int]]:
    """Take the article with partners in most sources, and those; again until none is left."""
    stories: list[list[int]] = []
    centres = {place for place, of_it in enumerate(partners) if len(of_it) > 1}
    while centres:
        centre = max(centres, key=lambda place: (*_size(leads, partners[place]), -place))
        taken = set(partners[centre])
        stories.append([centre, *sorted(taken - {centre})])
        touched = {near for place in taken for near in partners[place]} - taken
        centres -= taken
        for place in touched:
            partners[place] -= taken
            if len(partners[place]) == 1:
                centres.discard(place)
    told = {place for story in stories for place in story}
    stories += [[place] for place in range(len(leads)) if place not in told]
    return sorted(stories, key=lambda story: (*(-size for size in _size(leads, story)), min(story)))


def _size(leads: Sequence[Lead], places: Iterable[int]) -> tuple[int, int]:
    """Return the number of sources of some articles, and that of the articles."""
    of_them = [leads[place] for place in places]
    return len({source for lead in of_them for source in lead.sources}), len(of_them)


def _similar_pairs(leads: Sequence[Lead], snapshot: Snapshot) -> Iterator[tuple[int, int]]:
    """Yield the pairs of places whose articles report one thing by their words."""
    weights, sums = _weigh(leads, snapshot)
    holding = _places_by_word(leads, weights)
    for start in range(0, len(leads), COMPARED_AT_ONCE):
        end = start + COMPARED_AT_ONCE
        common, count = _shared(leads[start:end], len(leads), weights, holding)
        least = SIMILAR_FROM * np.sqrt(np.outer(sums[start:end], sums))
        similar = np.argwhere((common >= least) & (count >= FEWEST_SHARED))
        yield from ((start + row, place) for row, place in similar.tolist() if place > start + row)


def _shared(
    rows: Sequence[Lead],
    number: int,
    weights: Mapping[str, float],
    holding: Mapping[str, _Numbers],
) -> tuple[_Weights, _Numbers]:
    """Return what articles share with each of all: the weight of the words, and their number.

    Both are of shape (rows, number).
    """
    words = [(row, word) for row, lead in enumerate(rows) for word in lead.words & weights.keys()]
    places = [holding[word] for _, word in words]
    lengths = [len(each) for each in places]
    cells = np.repeat([row * number for row, _ in words], lengths).astype(np.int64)
    cells += np.concatenate([np.empty(0, dtype=np.int64), *places])
    each: _Weights = np.repeat([weights[word] for _, word in words], lengths)
    shape = len(rows), number
    weight = np.bincount(cells, each, minlength=math.prod(shape)).astype(np.float64, copy=False)
    count = np.bincount(cells, minlength=math.prod(shape))
    return weight.reshape(shape), count.reshape(shape)


def _weigh(leads: Sequence[Lead], snapshot: Snapshot) -> tuple[dict[str, float], _Weights]:
    """Weigh the words of leads.

    Returns:
        The weight of each rare word that several articles have, but not too many of them; the sum
        of the weights of all words of each article.
    """
    held = Counter(word for lead in leads for word in lead.words)
    lone = list(islice((word for word, count in held.items() if count == 1), LOOKED_UP))
    shared = [word for word, count in held.items() if count > 1]
    frequencies = snapshot.document_frequencies({Field.WORDS: [*shared, *lone]})[Field.WORDS]
    sentences = snapshot.totals(Field.WORDS).documents
    several = {word: _weight(frequencies[word], sentences) for word in shared}
    of_lone = sum(_weight(frequencies[word], sentences) for word in lone) / max(1, len(lone))
    sums = [sum(several.get(word, of_lone) for word in lead.words) for lead in leads]
    most = max(FEWEST_SHARED, COMMONEST_SHARE * len(leads))
    telling = {word: weight for word, weight in several.items() if weight and held[word] <= most}
    return telling, np.array(sums)


def _places_by_word(leads: Sequence[Lead], words: Mapping[str, float]) -> Mapping[str, _Numbers]:
    """Return the places of the articles that hold each word."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, lead in enumerate(leads):
        for word in lead.words & words.keys():
            places[word].append(place)
    return {word: np.array(held, dtype=np.int64) for word, held in places.items()}


def _weight(frequency: int, sentences: int) -> float:
    """Return the squared logarithm of the inverse frequency of a word; 0 for a common one."""
    frequency = max(1, frequency)
    if frequency > max(RARE_SHARE * sentences, RARE_SENTENCES):
        return 0.0
    return max(1.0, math.log(max(1, sentences) / frequency)) ** 2
