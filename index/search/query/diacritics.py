"""Restore Vietnamese diacritics in questions typed without them, as the collection writes.

A syllable without diacritics may stand for several: `hoi` for `hội`, `hỏi`, `hơi`. The
neighbours tell which one is meant: a hidden Markov model, whose states are the forms with
diacritics that the collection holds and whose transitions are the frequencies of its pairs
of syllables, gives each form its probability (the forward-backward algorithm, Rabiner,
Proceedings of the IEEE 1989). It has no model file of its own and grows with the collection.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise, product
from math import prod

import numpy as np
from numpy.typing import NDArray

from index.engine.protocol import Field, Kept, Snapshot
from index.language.spelling import fold, may_be_syllable, place_tones
from index.language.word_frequency import BACKGROUND_SENTENCES, word_frequency
from index.search.query.model import QUESTION_PHRASES, QUESTION_SYLLABLES

Probabilities = NDArray[np.float64]

FORMS = 8
"""The commonest forms of a syllable that are weighed against each other."""

SHORTEST_SLIP = 3
"""The letters of the shortest syllable that is taken for a slip where no article holds it."""

TELLING_DOCUMENTS = 50_000
"""The sentences of a collection that holds every syllable but mistyped ones."""

LONGEST = 7
"""The letters of the longest Vietnamese syllable: `nghiêng`."""

MOST_FORMS = 432
"""The forms of a syllable, all tones on all vowels counted: those of `ngoao`, and none has more.
A word that would have more is a foreign one: `polonia` would have 567."""

RARE_BELOW = 0.001
"""How much rarer than the commonest form another one may be: of 5,411 syllables of questions none
is restored otherwise than with all forms, and a third fewer pairs are looked up."""

PAIR_SHARE = 0.8
"""How much the neighbour counts against the commonness of the form by itself."""

SLIP = 0.1
"""How likely a typist who sets some diacritics leaves those of a syllable out."""

BARE_FROM = 0.5
"""The share of syllables without diacritics from which some of them may lack theirs: of Vietnamese
as it is written, three in ten have none."""

ASKING = QUESTION_SYLLABLES | {"sao"}
ASKED_FACTOR = 5.0
"""How much commoner the words that ask are in questions than in news."""

ASKING_PAIRS = frozenset(
    tuple(pair.split())
    for pair in (
        *QUESTION_PHRASES,
        *(
            "bao lâu,bao xa,từ đâu,vì đâu,do đâu,người nào,nơi nào,chỗ nào,ngày nào,năm nào,là ai,"
            "của ai,có ai,những ai,là gì,cái gì,việc gì,có gì,làm gì,gồm gì,có mấy,mấy người,"
            "mấy giờ,mấy ngày,mấy năm,mấy tháng,mấy tuổi,mấy lần,mấy vụ,mấy con,mấy cái,mấy chiếc,"
            "mấy cây,mấy nhà,mấy hộ,mấy xã,mấy huyện,mấy bàn,mấy tiền,mấy tấn,mấy mét,mấy đứa,"
            "mấy em,mấy ca,mấy giáo,hết mấy,mất mấy,thiếu mấy,được mấy,ghi mấy,dài mấy,cao mấy,"
            "lúc mấy,thứ mấy,ngày mấy,rộng mấy,nặng mấy,phạt mấy,giá mấy,dài bao,cao bao,rộng bao,"
            "nặng bao,sâu bao,xa bao,giá bao,tốn bao,hết bao,phạt bao,tăng bao,giảm bao,lãi bao,"
            "nhiêu tiền,nhiêu người,nhiêu tuổi,nhiêu hộ,nhiêu ngày"
        ).split(","),
    )
)
ASKED_SHARE = 0.2
"""How often the first word of such a pair is followed by its second one in questions."""

LEAST_ASKED = 0.0005
"""The share of sentences that a word of these is taken to be in: the news may hold no question."""

ASKING_SYLLABLES = ASKING.union(*ASKING_PAIRS)

LEAST_PROBABILITY = 0.05
"""Forms less likely than this are left out."""

_COLUMNS_KEPT, _STEPS_KEPT = 5_000, 5_000
_VARIANTS_KEPT = 3_000
"""Syllables without diacritics: more than Vietnamese has. Of one there may be `MOST_FORMS`."""


_Typed = tuple[str, float]
"""A syllable, and how likely diacritics of it are left out."""


@dataclass(frozen=True, slots=True, eq=False)
class _Column:
    """The forms that a typed syllable may stand for.

    Args:
        forms: The commonest ones.
        frequencies: In how many sentences of the collection each occurs.
        shares: The share of sentences that hold each, the background counted in.
        slips: How likely each of them is typed as it was.
    """

    forms: Sequence[str]
    frequencies: Sequence[int]
    shares: Probabilities
    slips: Probabilities


class DiacriticRestorer:
    """Restores diacritics by the frequencies of a collection. May be shared by threads.

    Args:
        collection: The snapshot to learn from; its frequencies are kept from question to question.
    """

    def __init__(self, collection: Snapshot) -> None:
        self._collection = collection
        self._documents = collection.totals(Field.SYLLABLES).documents
        self._columns = Kept(self._new_columns, _COLUMNS_KEPT)
        self._steps = Kept(self._new_steps, _STEPS_KEPT)

    def restore(self, *runs: Sequence[str]) -> list[list[dict[str, float]]]:
        """Restore each syllable to its likely forms, the likeliest first, with their probabilities.

        A syllable with diacritics is left as it is. If none of a run has any, all of them are taken
        to lack theirs; else one without most likely needs none.

        Args:
            runs: Runs of neighbouring syllables, in order, in lower case.
        """
        rows = [[(syllable, slip) for syllable in run] for run in runs for slip in [_slip(run)]]
        counted = self._count(
            chain.from_iterable(map(self._first_forms, chain.from_iterable(rows)))
        )
        lacking = {
            at: row
            for at, row in enumerate(rows)
            if not all(not slip and counted[syllable] for syllable, slip in row)
        }
        columns = self._columns.of(chain.from_iterable(lacking.values()))
        of_rows = {at: [columns[key] for key in row] for at, row in lacking.items()}
        steps = self._steps.of(chain.from_iterable(map(pairwise, of_rows.values())))
        return [
            _most_likely(of_rows[at], steps)
            if at in of_rows
            else [{syllable: 1.0} for syllable in run]
            for at, run in enumerate(runs)
        ]

    def _count(self, forms: Iterable[str]) -> Mapping[str, int]:
        return self._collection.document_frequencies({Field.SYLLABLES: forms})[Field.SYLLABLES]

    def _first_forms(self, key: _Typed) -> Sequence[str]:
        """Return the forms of a typed syllable to count first: all that it surely may stand for."""
        syllable, slip = key
        is_needed = slip and _is_bare(syllable) and key not in self._columns
        return diacritic_variants(syllable) if is_needed else (syllable,)

    def _new_columns(self, keys: Sequence[_Typed]) -> list[_Column]:
        """Return the columns of typed syllables."""
        counted = self._count(syllable for syllable, _ in keys)
        forms = [
            diacritic_variants(syllable)
            if _is_bare(syllable) and (slip or not counted[syllable])
            else (syllable,)
            for syllable, slip in keys
        ]
        # Most words that can be no syllable are mistyped: what for is counted at the same time.
        unknown = (syllable for syllable, slip in keys if not slip and not counted[syllable])
        mistyped = (_one_letter_off(each) for each in unknown if self._is_surely_slip(each))
        counted = self._count(chain.from_iterable((*forms, *mistyped)))
        columns = [
            self._column_of(syllable, ways, slip or SLIP, counted)
            for (syllable, slip), ways in zip(keys, forms, strict=True)
        ]
        others = {
            at: (syllable, *_one_letter_off(syllable))
            for at, (syllable, _) in enumerate(keys)
            if not any(columns[at].frequencies) and _is_slip(syllable, self._documents)
        }
        counted = self._count(chain.from_iterable(others.values()))
        for at, ways in others.items():
            columns[at] = self._column_of(ways[0], ways, 1.0, counted)
        return columns

    def _is_surely_slip(self, syllable: str) -> bool:
        return _is_slip(syllable, self._documents) and not may_be_syllable(syllable)

    def _column_of(
        self, syllable: str, forms: Sequence[str], slip: float, counted: Mapping[str, int]
    ) -> _Column:
        """Return the column of a syllable with the commonest of some forms."""
        shares = {
            form: (counted[form] + BACKGROUND_SENTENCES * word_frequency(form))
            / (self._documents + BACKGROUND_SENTENCES)
            * (ASKED_FACTOR if form in ASKING else 1.0)
            for form in forms
        }
        for form in ASKING_SYLLABLES.intersection(forms):
            shares[form] = max(shares[form], LEAST_ASKED)
        least = RARE_BELOW * max(shares.values())
        found = [
            form for form in forms if shares[form] and (shares[form] >= least or form == syllable)
        ]
        best = sorted(found, key=lambda form: -shares[form])[:FORMS] or [forms[0]]
        return _Column(
            best,
            [counted[form] for form in best],
            np.array([shares[form] or 1.0 for form in best]),
            np.array([1.0 if form == syllable else slip for form in best]),
        )

    def _new_steps(self, pairs: Sequence[tuple[_Column, _Column]]) -> list[Probabilities]:
        """Return how likely each form is followed by each next one (Jelinek and Mercer, 1980)."""
        joined = [
            [f"{first}_{second}" for first in before.forms for second in after.forms]
            for before, after in pairs
        ]
        terms = {Field.BIGRAMS: chain.from_iterable(joined)}
        counted = self._collection.document_frequencies(terms)[Field.BIGRAMS]
        return [_step(before, after, counted) for before, after in pairs]


def _slip(run: Sequence[str]) -> float:
    """Tell how likely the diacritics of a syllable in a run are left out; 0 if hardly at all."""
    bare = sum(map(_is_bare, run)) / max(1, len(run))
    return 1.0 if bare == 1 else SLIP if bare >= BARE_FROM else 0.0


def _step(before: _Column, after: _Column, counted: Mapping[str, int]) -> Probabilities:
    of_pairs = [
        [
            counted[f"{first}_{second}"] / (count + 1)
            + ASKED_SHARE * ((first, second) in ASKING_PAIRS)
            for second in after.forms
        ]
        for first, count in zip(before.forms, before.frequencies, strict=True)
    ]
    shares: Probabilities = PAIR_SHARE * np.array(of_pairs) + (1 - PAIR_SHARE) * after.shares
    return shares


def _most_likely(
    columns: Sequence[_Column], steps: Mapping[tuple[_Column, _Column], Probabilities]
) -> list[dict[str, float]]:
    """Return the likely forms of each column by its neighbours (forward-backward algorithm)."""
    row = [steps[pair] for pair in pairwise(columns)]
    forward = [_normal(columns[0].shares * columns[0].slips)]
    for step, column in zip(row, columns[1:], strict=True):
        forward.append(_normal(forward[-1] @ step * column.slips))
    backward = [np.ones(len(columns[-1].forms))]
    for step, column in zip(reversed(row), reversed(columns[1:]), strict=True):
        backward.append(_normal(step @ (column.slips * backward[-1])))
    return [
        _likely(column.forms, _normal(before * after))
        for column, before, after in zip(columns, forward, reversed(backward), strict=True)
    ]


def _normal(weights: Probabilities) -> Probabilities:
    shares: Probabilities = weights / weights.sum()
    return shares


def _likely(forms: Sequence[str], probabilities: Probabilities) -> dict[str, float]:
    ranked = sorted(zip(probabilities.tolist(), forms, strict=True), reverse=True)
    least = min(LEAST_PROBABILITY, ranked[0][0])
    return {form: probability for probability, form in ranked if probability >= least}


def _is_bare(syllable: str) -> bool:
    return syllable == fold(syllable)


def _is_slip(syllable: str, documents: int) -> bool:
    """Whether a syllable that no sentence holds is mistyped rather than a name or a number."""
    if not syllable.isalpha() or not SHORTEST_SLIP <= len(syllable) <= LONGEST:
        return False
    return documents >= TELLING_DOCUMENTS or not may_be_syllable(fold(syllable))


def _one_letter_off(syllable: str) -> tuple[str, ...]:
    """Return the forms of a syllable with one letter added, left out or changed, or two swapped.

    One without diacritics gets a letter with them only where that gives a Vietnamese syllable: each
    form is looked up in the collection, and a name such as `marlee` would have a thousand of them.
    Names such as `Đắk` and `Krông` are none, and found where only their diacritics are left out.
    """
    parts = [(syllable[:at], syllable[at:]) for at in range(len(syllable) + 1)]
    found = [head + tail[1:] for head, tail in parts if tail]
    found += [head + tail[1] + tail[0] + tail[2:] for head, tail in parts if len(tail) > 1]
    changed = [(head, tail[1:]) for head, tail in parts if tail]
    for head, tail in (*parts, *changed):
        for letter, marked in _ALPHABET.items():
            found.append(head + letter + tail)
            if not syllable.isascii() or may_be_syllable(head + letter + tail):
                found += [head + form + tail for form in marked]
    return tuple(dict.fromkeys(map(place_tones, found)))


@lru_cache(_VARIANTS_KEPT)
def diacritic_variants(syllable: str) -> tuple[str, ...]:
    """Return all forms of a syllable with diacritics, itself included, known words or not."""
    if len(syllable) > LONGEST or not syllable.isalpha():
        return (syllable,)
    letters = [_LETTERS.get(letter, letter) for letter in syllable]
    tones = 1 + len(_TONES) * sum(letter in _VOWELS for letter in syllable)
    if prod(map(len, letters)) * tones > MOST_FORMS:
        return (syllable,)
    plain = list(map("".join, product(*letters)))
    toned = (
        word[:at] + unicodedata.normalize("NFC", letter + tone) + word[at + 1 :]
        for word in plain
        for at, letter in enumerate(word)
        if fold(letter) in _VOWELS
        for tone in _TONES
    )
    return tuple(dict.fromkeys(place_tones(word) for word in (*plain, *toned)))


_LETTERS = {"a": "aăâ", "d": "dđ", "e": "eê", "o": "oôơ", "u": "uư"}
_VOWELS = frozenset("aeiouy")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_ALPHABET = {
    letter: tuple(
        unicodedata.normalize("NFC", form + tone)
        for form in _LETTERS.get(letter, letter)
        for tone in ("", *(_TONES if letter in _VOWELS else ""))
        if form + tone != letter
    )
    for letter in "abcdeghiklmnopqrstuvxy"
}
"""Each Vietnamese letter without diacritics, and what it may be with them."""
