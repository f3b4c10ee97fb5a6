"""Duplicate detection: keys that find candidates, and a rule that decides on a pair.

The keys are bands of a MinHash over shingles (runs of neighbouring syllables): texts that share
most of their shingles share a key almost surely, two articles on one subject hardly ever. The
rule then compares the differences, since a small one can make another article: another price,
day or name in a form. `python -m tests.benchmarks.copies` measures both on real news.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from index.articles.term_codes import CONTINUES, decode_terms, term_code
from index.language.analyser import Terms, syllable_spans
from index.language.number_words import DIGITS
from index.models.article import Article, StoredArticle
from index.models.period import has_time

SHINGLE_SYLLABLES = 4
"""Syllables in a shingle."""

BANDS = 16
ROWS = 4
"""Hashes in a band. Texts that share 0.8 of their shingles have a band in common in 99.98 % of
cases, with 0.7 in 98.8 %, with 0.2 in 2.5 %."""

MAX_EDITED_SHARE = 0.04
"""Share of its text in which each of two duplicates may differ: small edits."""

MAX_ADDED_SHARE = 0.25
"""Share of its text that one of two sources may add: a paragraph or two.

The more is added, the less may be edited: both together make an update of the story.
"""

MAX_ADDED_SHARE_IN_ONE_SOURCE = 0.05
"""The same within one source, which reuses its own text in the next article."""

MAX_LOST_SHARE = 0.25
"""Share of the shorter of two versions of an article that the longer one need not hold; it may add
any number of words."""

SHORT_TEXT_SYLLABLES = 50
"""Syllables of a text below which duplicates must be the same word for word."""

MAX_TIME_APART = timedelta(days=3)
"""Time between the publications of duplicates; the same words next week are other news."""

MIN_TITLE_SIMILARITY = 0.5
"""Share of common syllables from which two titles are versions of one."""

MIN_TITLE_IN_TEXT = 0.5
"""Share of a title's syllables that its text contains: 99 % of articles contain as much, and few
titles have as much in a text that is not theirs, such as a notice in its place."""

MIN_SUBJECT_MENTIONS = 2
"""Mentions by which an article on a person exceeds another one; a credit is one mention."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NUMBER_WORDS = {
    **{word: str(value) for value, word in enumerate((*DIGITS[1:], "mười"), 1)},
    "tư": "4",
    "lăm": "5",
}

Hashes = NDArray[np.uint64]


def duplicate_keys(terms: Sequence[str]) -> list[int]:
    """Compute the keys of an article; duplicates have at least one in common.

    Args:
        terms: Terms of its title and then of each sentence, as in `Analysis`.

    Returns:
        `BANDS` signed 64-bit numbers, the same on every machine; none without words.
    """
    syllables = [syllable for sentence in terms[1:] for syllable in Terms(sentence).syllables]
    return _keys(_codes_of(syllables))


def duplicate_keys_of_codes(encoded: bytes) -> list[int]:
    """Compute the same keys from the term codes of an article, see `index.articles.term_codes`."""
    column = decode_terms(encoded)[:, 0] & ~np.uint32(CONTINUES)
    is_end = column == 0
    body = column[int(is_end.argmax()) :]
    return _keys(body[body != 0].astype(np.uint64))


def _keys(codes: Hashes) -> list[int]:
    if not len(codes):
        return []
    runs = _hashes_of(codes)
    lowest = np.array([(runs * factor >> _UPPER).min() for factor in _FACTORS])
    keys = np.arange(BANDS, dtype=np.uint64)
    for row in lowest.reshape(BANDS, ROWS).T:
        keys = _mix(keys * _STEP + row)
    return [int(key) for key in keys.view(np.int64)]


def is_duplicate(one: Article | StoredArticle, other: Article | StoredArticle) -> bool:
    """Tell whether two texts are one article from two places.

    One may have a paragraph more, small edits and another title. They are two articles if their
    numbers differ, if each has a subject that the other does not mention, or if they were
    published days apart.
    """
    if _are_apart(one.published, other.published):
        return False
    first, second = _read(one), _read(other)
    home = one.source == other.source
    return (
        _have_one_text(first, second, MAX_ADDED_SHARE_IN_ONE_SOURCE if home else MAX_ADDED_SHARE)
        and _agree_in_content(first, second)
        and _agree_in_titles(first, second)
    )


def is_version(one: Article | StoredArticle, other: Article | StoredArticle) -> bool:
    """Tell whether two texts that a feed gives one id are versions of one article.

    More may differ than between duplicates: an article grows as news comes in. Some feeds give
    the ids of old items to new ones, so that the longer text must hold most of the shorter one,
    with its numbers and names, and the titles must fit; texts published at one time may differ
    in these, or in all but the words of their titles.
    """
    if _are_apart(one.published, other.published):
        return False
    first, second = _read(one), _read(other)
    shorter, longer = sorted((first, second), key=lambda text: len(text.body))
    is_held = bool(shorter.body) and (shorter.without(longer) <= MAX_LOST_SHARE * len(shorter.body))
    if one.published and one.published == other.published and has_time(one.published):
        return is_held or _have_similar_titles(first, second)
    return is_held and _agree_in_content(first, second) and _agree_in_titles(first, second)


@dataclass(frozen=True, slots=True)
class _Text:
    """An article prepared for comparison; `names` counts its capitalised syllables.

    Abbreviations are not counted: "TP HCM" means the same city.
    """

    title: Sequence[str]
    body: Sequence[str]
    runs: Hashes
    names: Counter[str]

    def without(self, other: "_Text") -> int:
        """Count the syllables that are in no shingle of the other text."""
        shared = np.isin(self.runs, other.runs)
        covered = np.zeros(len(shared) + SHINGLE_SYLLABLES - 1, dtype=bool)
        for place in range(SHINGLE_SYLLABLES):
            covered[place : place + len(shared)] |= shared
        return int(len(covered) - covered.sum())


def _read(article: Article | StoredArticle) -> _Text:
    title, body = syllable_spans(article.title), syllable_spans(article.text)
    names = Counter(
        syllable
        for spans, text in ((title, article.title), (body, article.text))
        for syllable, start, end in spans
        if text[start].isupper() and not text[start + 1 : end].isupper()
    )
    syllables = [syllable for syllable, _, _ in body]
    return _Text(
        [syllable for syllable, _, _ in title], syllables, _shingle_hashes(syllables), names
    )


def _are_apart(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and abs(one - other) > MAX_TIME_APART


def _have_one_text(one: _Text, other: _Text, most_added: float) -> bool:
    lengths = len(one.body), len(other.body)
    if min(lengths) <= (1 - most_added) * max(lengths):
        return False
    besides = one.without(other), other.without(one)
    if min(lengths) < SHORT_TEXT_SYLLABLES:
        return besides == (0, 0)
    edited, most = sorted(n / length for n, length in zip(besides, lengths, strict=True))
    return edited / MAX_EDITED_SHARE + (most - edited) / most_added <= 1


def _numbers(syllables: Iterable[str]) -> list[str]:
    """Find the numbers among syllables, as digits."""
    found: list[str] = []
    for syllable in syllables:
        if word := _NUMBER_WORDS.get(syllable):
            found.append(word)
        elif not syllable.isalpha():
            digits = (re.sub("[.,]", "", number) for number in _NUMBER.findall(syllable))
            found += (number.lstrip("0") for number in digits)
    return found


def _agree_in_numbers(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether the numbers of one text are a subsequence of the other's."""
    fewer, more = sorted((one, other), key=len)
    rest = iter(more)
    return all(number in rest for number in fewer)


def _agree_in_content(one: _Text, other: _Text) -> bool:
    """Tell whether the numbers agree, and not each text has a subject of its own."""
    return _agree_in_numbers(_numbers(one.body), _numbers(other.body)) and not (
        _has_own_subject(one, other) and _has_own_subject(other, one)
    )


def _has_own_subject(one: _Text, other: _Text) -> bool:
    """Tell whether a text has a subject that the other hardly mentions."""
    if not {*one.title}.intersection(one.body).issubset({*other.title, *other.body}):
        return True
    return any(
        n - other.names[name] >= MIN_SUBJECT_MENTIONS and n > 2 * other.names[name]
        for name, n in one.names.items()
    )


def _agree_in_titles(one: _Text, other: _Text) -> bool:
    if not (one.title and other.title):
        return True
    if _have_similar_titles(one, other):
        return _agree_in_numbers(_numbers(one.title), _numbers(other.title))
    return _text_contains_title(one) and _text_contains_title(other)


def _have_similar_titles(one: _Text, other: _Text) -> bool:
    first, second = set(one.title), set(other.title)
    shared = len(first & second)
    return shared > 0 and shared >= MIN_TITLE_SIMILARITY * len(first | second)


def _text_contains_title(text: _Text) -> bool:
    title = set(text.title)
    return len(title.intersection(text.body)) >= MIN_TITLE_IN_TEXT * len(title)


_UPPER = np.uint64(32)
_STEP = np.uint64(0x9E3779B97F4A7C15)  # of SplitMix64, as are the constants below


def _mix(values: Hashes) -> Hashes:
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


_FACTORS = _mix(np.arange(1, BANDS * ROWS + 1, dtype=np.uint64) * _STEP) | np.uint64(1)
"""Multipliers, one for each hash: each puts the shingles in another order."""


def _codes_of(syllables: Sequence[str]) -> Hashes:
    return np.array([term_code(syllable) for syllable in syllables], dtype=np.uint64)


def _shingle_hashes(syllables: Sequence[str]) -> Hashes:
    return _hashes_of(_codes_of(syllables))


def _hashes_of(codes: Hashes) -> Hashes:
    """Hash each shingle of a text, given by the codes of its syllables; a short one is one."""
    codes = np.pad(codes, (0, max(0, SHINGLE_SYLLABLES - len(codes))))
    hashes = np.zeros(len(codes) - SHINGLE_SYLLABLES + 1, dtype=np.uint64)
    for place in range(SHINGLE_SYLLABLES):
        hashes = hashes * _STEP + codes[place : place + len(hashes)]
    return _mix(hashes)
