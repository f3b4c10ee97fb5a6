"""Vietnamese spelling: Unicode normalisation, tone placement, diacritics, syllables."""

import re
import unicodedata
from functools import cache

_MARKS_IN_A_ROW_MAX = 30
"""Combining marks on one letter; longer runs are split (Unicode Stream-Safe Text Format)."""

LATIN_END = 0x1F00
"""The first code point after Latin Extended Additional, the block of Vietnamese letters."""

_SAMPLE = 10_000  # characters
_LEAST_WORDS = 15
_MARKED_ONE_IN = 7  # words: of Vietnamese with diacritics two in three have one
_SYLLABLE_SHARE = 0.75  # without diacritics; English has a third
_WORDS = re.compile(r"[a-z\u00e0-\u01b0\u1ea0-\u1ef9]{2,}")

_GRAPHEME_JOINER = "\u034f"

_LONG_RUN = re.compile(rf"[^\w\s\x00-\x7f]{{{_MARKS_IN_A_ROW_MAX + 1},}}")

_WITH_DIACRITIC = re.compile(
    "[àáâãèéêìíòóôõùúýÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝăĂđĐĩĨũŨơƠưƯ\u1ea0-\u1ef9\u0300-\u0303\u0306\u0309\u031b\u0323]"
)

_ON_SECOND_VOWEL = re.compile(
    r"(?<![qQ])(?:[oO][àáảãạÀÁẢÃẠèéẻẽẹÈÉẺẼẸ]|[uU][ỳýỷỹỵỲÝỶỸỴ])(?!\w)",
)

_ON_FIRST_VOWEL = re.compile(
    r"(?<![qQ])(?:[òóỏõọÒÓỎÕỌ][aeAE]|[ùúủũụÙÚỦŨỤ][yY])(?!\w)",
)

_ONSET = "(?:ngh|ng|nh|gh|gi|ch|kh|ph|th|tr|qu|[bcdghklmnpqrstvx])?"
_OPEN = (
    "a|e|i|o|u|ai|ao|au|ay|eo|eu|ia|ieu|iu|oa|oai|oao|oay|oe|oeo|oi|ua|uay|ue|ui|uo|uoi|uou|uu|uy"
    "|uya|uyu|yeu"
)
_CLOSED = "(?:a|e|i|o|u|y|ie|oa|oe|oo|ua|ue|uo|uy|uye|ye)(?:ch|ng|nh|[cmnpt])"
_ENDING_Y = "(?:[hklmstv]|qu)?y"
"""After other consonants the sound is written `i`: `my` is a syllable, `by` is not."""

_SYLLABLE = re.compile(f"{_ENDING_Y}|{_ONSET}(?:{_OPEN}|{_CLOSED})|g(?:i|in|inh|ip)")


def nfc(text: str) -> str:
    """Normalise text to Unicode NFC, in linear time for any input.

    Runs of more than 30 combining marks, which no language writes and which
    make normalisation quadratic, are split by a grapheme joiner first.
    """
    if unicodedata.is_normalized("NFC", text):
        return text
    return unicodedata.normalize("NFC", _LONG_RUN.sub(_split_marks, text))


def place_tones(text: str) -> str:
    """Put the tone of open oa, oe and uy on the first vowel, in NFC text.

    `hoà`, `khoẻ` and `thuỷ` become `hòa`, `khỏe` and `thủy`. `quý` stays, since
    its u belongs to the consonant, and so do closed syllables such as `hoàn`
    and `ngoái`, which have one spelling only.
    """
    return _ON_SECOND_VOWEL.sub(lambda vowels: _with_tone_first(vowels[0]), text)


def place_tones_last(text: str) -> str:
    """Put the tone of open oa, oe and uy on the second vowel, as in pyvi's word list.

    `hòa`, `khỏe` and `thủy` become `hoà`, `khoẻ` and `thuỷ`.
    """
    return _ON_FIRST_VOWEL.sub(lambda vowels: _with_tone_last(vowels[0]), text)


def fold(text: str) -> str:
    """Remove diacritics: `Đường Thuỷ` becomes `Duong Thuy`.

    One character in, one character out, so that offsets hold. Expects NFC:
    a combining mark that stands alone is left where it is.
    """
    return text if text.isascii() else text.translate(_folded_letters())


def has_diacritics(text: str) -> bool:
    """Tell whether text has a Vietnamese diacritic: a tone, a hat, a horn, a breve or đ."""
    return not text.isascii() and _WITH_DIACRITIC.search(text) is not None


def may_be_syllable(word: str) -> bool:
    """Tell whether a lower-case word without diacritics can be a Vietnamese syllable.

    `nghi` and `song` can, `who` and `bridge` cannot.
    """
    return _SYLLABLE.fullmatch(word) is not None


def is_vietnamese(text: str) -> bool:
    """Tell whether a text can be Vietnamese, with diacritics or without.

    It is not where few words have a diacritic, and many can be no syllables; a text of a few
    words may be, whatever they are.
    """
    words = _WORDS.findall(text[:_SAMPLE].lower())
    if len(words) < _LEAST_WORDS:
        return len(words) > 0 or not any(map(str.isalpha, text[:_SAMPLE]))
    marked = sum(map(has_diacritics, words))
    syllables = sum(may_be_syllable(fold(word)) for word in words)
    return marked * _MARKED_ONE_IN >= len(words) or syllables >= len(words) * _SYLLABLE_SHARE


def _split_marks(run: re.Match[str]) -> str:
    split, marks = "", 0
    for character in run[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > _MARKS_IN_A_ROW_MAX:
            split += _GRAPHEME_JOINER
            marks = 1
        split += character
    return split


@cache
def _with_tone_first(vowels: str) -> str:
    first, second, tone = tuple(unicodedata.normalize("NFD", vowels))
    return unicodedata.normalize("NFC", first + tone + second)


@cache
def _with_tone_last(vowels: str) -> str:
    first, tone, second = tuple(unicodedata.normalize("NFD", vowels))
    return unicodedata.normalize("NFC", first + second + tone)


@cache
def _folded_letters() -> str:
    """Return the table of `fold` for `str.translate`, as a string: twice as fast as a dict."""
    return "".join(_base(chr(point)) for point in range(LATIN_END))


def _base(character: str) -> str:
    if character in "đĐ":
        return "d" if character == "đ" else "D"
    parts = unicodedata.normalize("NFD", character)
    is_letter_with_diacritic = len(parts) > 1 and parts[0].isascii() and parts[0].isalpha()
    return parts[0] if is_letter_with_diacritic else character
