"""Group the syllables of a standing query into compound words that nobody quoted.

A query for `bão lũ Quảng Bình` is not served by "Quảng Ngãi … Hòa Bình". So these
neighbours are one phrase:

- the syllables of one of pyvi's words, where the words carry diacritics; one that begins with a
  name and goes on in small letters is parted if pyvi does not list it;
- where they carry none, which pyvi cannot read: those of an entry of pyvi's word
  list or of a province, either without its diacritics;
- capitalised syllables, a name: `Trần Văn Khải`. The first word of all does not
  join the next one by its capital, which phones write unasked: `Bão Quảng Bình`;
- syllables written in one piece: `COVID-19`, `TP.HCM`, `5/1/2021`;
- a short number and the word before it: `bão | số 3`, `quốc lộ 1A`, `lớp 10`. A
  year is on its own.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate, groupby, pairwise
from typing import NamedTuple

from index.language.analyser import Analyser, syllable_spans
from index.language.spelling import fold, has_diacritics, nfc
from index.language.word_model import read_words

_LENGTH_MAX = 5
"""Syllables of the longest entries looked up: the few longer ones are proverbs."""

_ONE_PIECE = re.compile(r"[-./:&'’@_\u2010-\u2013]*")
_NUMBER = re.compile(r"\d{1,3}[a-zđ]?")

_PROVINCES = """
    an giang, bắc giang, bắc kạn, bạc liêu, bắc ninh, bà rịa vũng tàu, bến tre, bình dương,
    bình định, bình phước, bình thuận, cà mau, cao bằng, cần thơ, đà nẵng, đắk lắk, đắk nông,
    điện biên, đồng nai, đồng tháp, gia lai, hà giang, hà nam, hà nội, hà tĩnh, hải dương,
    hải phòng, hậu giang, hòa bình, hồ chí minh, huế, hưng yên, khánh hòa, kiên giang, kon tum,
    lai châu, lạng sơn, lào cai, lâm đồng, long an, nam định, nghệ an, ninh bình, ninh thuận,
    phú thọ, phú yên, quảng bình, quảng nam, quảng ngãi, quảng ninh, quảng trị, sài gòn,
    sóc trăng, sơn la, tây ninh, thái bình, thái nguyên, thanh hóa, thừa thiên huế, tiền giang,
    trà vinh, tuyên quang, việt nam, vĩnh long, vĩnh phúc, vũng tàu, yên bái
"""
"""The country's provinces before and after the mergers of 2025: pyvi's list has few of them."""


class Compound(NamedTuple):
    """Syllables that belong together, and how they are written in the text."""

    syllables: tuple[str, ...]
    text: str


def split_compounds(text: str, analyser: Analyser, *, opening: bool) -> list[Compound]:
    """Split a text into compounds, in order.

    Args:
        text: Words that nothing parts but spaces and signs.
        analyser: That of articles and questions.
        opening: Whether the text is the beginning of the typed one.
    """
    spans = syllable_spans(text)
    syllables = [syllable for syllable, _, _ in spans]
    if any(map(has_diacritics, syllables)):
        read = [word.split("_") for word in analyser.analyse(text).words]
        words = list(_parted_behind_names(read, [text[start] for _, start, _ in spans]))
    else:
        words = _listed(syllables)
    groups: list[tuple[int, int]] = []
    for start, end in pairwise(accumulate(map(len, words), initial=0)):
        may_be_name = not opening or start > 1
        if groups and _belongs(text, spans, start, may_be_name=may_be_name):
            groups[-1] = groups[-1][0], end
        else:
            groups.append((start, end))
    return [join_syllables(text, spans[start:end]) for start, end in groups]


def names_in(title: str) -> Iterator[str]:
    """Yield the names of a title: words that begin with capitals, of one name or more.

    The first word of all has a capital anyway, and is part of a name only if that is listed.
    """
    run: list[tuple[str, int, int]] = []
    spans = syllable_spans(title)
    for at, span in enumerate(spans):
        if not _is_capitalised(title[span[1] : span[2]]):
            continue
        run.append(span)
        ends = at + 1 == len(spans)
        after = None if ends else spans[at + 1]
        if (
            after
            and title[span[2] : after[1]] == " "
            and _is_capitalised(title[after[1] : after[2]])
        ):
            continue
        if run[0] is spans[0] and not is_listed([syllable for syllable, _, _ in run]):
            del run[0]
        if run:
            yield join_syllables(title, run).text
        run = []


def is_listed(syllables: Sequence[str]) -> bool:
    """Tell whether syllables are a known word or the name of a province."""
    return fold(" ".join(syllables)) in _folded_words()


def join_syllables(text: str, spans: Sequence[tuple[str, int, int]]) -> Compound:
    """Make a compound of neighbouring syllables of a text, at least one."""
    written = text[spans[0][1] : spans[-1][2]]
    return Compound(tuple(syllable for syllable, _, _ in spans), " ".join(written.split()))


def _parted_behind_names(words: Sequence[list[str]], letters: Sequence[str]) -> Iterator[list[str]]:
    """Part words that pyvi reads and nobody lists where a name ends: `Vàm Trà | dài`.

    Args:
        words: The words, as lists of syllables.
        letters: The first letter of each syllable, as it is written.
    """
    start = 0
    for word in words:
        end = start + len(word)
        if any(map(str.isupper, letters[start:end])) and not is_listed(word):
            for _, run in groupby(range(start, end), lambda at: letters[at].isupper()):
                yield [word[at - start] for at in run]
        else:
            yield word
        start = end


def _belongs(
    text: str, spans: Sequence[tuple[str, int, int]], at: int, *, may_be_name: bool
) -> bool:
    """Whether a syllable goes with the one before it, whatever the dictionary says."""
    (_, before_start, before_end), (syllable, start, end) = spans[at - 1], spans[at]
    between = text[before_end:start]
    if not between.isspace():
        return _ONE_PIECE.fullmatch(between) is not None
    if _NUMBER.fullmatch(syllable):
        return True
    return (
        may_be_name
        and _is_capitalised(text[before_start:before_end])
        and _is_capitalised(text[start:end])
    )


def _is_capitalised(syllable: str) -> bool:
    """Whether a syllable begins with a capital and goes on in small letters: not `UBND`."""
    return syllable[0].isupper() and (syllable[1:].islower() or len(syllable) == 1)


def _listed(syllables: Sequence[str]) -> list[list[str]]:
    """Join syllables without diacritics to listed words, the longest first, from left to right."""
    words: list[list[str]] = []
    start = 0
    while start < len(syllables):
        end = min(len(syllables), start + _LENGTH_MAX)
        while end > start + 1 and " ".join(syllables[start:end]) not in _folded_words():
            end -= 1
        words.append(list(syllables[start:end]))
        start = end
    return words


@cache
def _folded_words() -> frozenset[str]:
    """Return the known words of several syllables, without diacritics."""
    entries = nfc(read_words()).lower().split("\n")
    provinces = (" ".join(name.split()) for name in _PROVINCES.split(","))
    return frozenset(fold(entry) for entry in (*entries, *provinces) if " " in entry)
