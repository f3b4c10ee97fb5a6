"""Detect and reject text in legacy Vietnamese font encodings (TCVN3, VNI).

Such text was written for fonts that draw "é" as "ộ". Its bytes, and the Latin
letters that they turn into when a page is converted carelessly, are told from
real text by a count: the share of the words with diacritics that are Vietnamese
syllables as they stand, against the share that are after conversion.
"""

import itertools
import re
import unicodedata
from collections.abc import Callable

from index.errors import InputError
from index.models.problem import Code, Problem

_GLANCE = 1_000  # characters
_SAMPLE_WORDS = 5_000
_MIN_WORDS = 3  # fewer words with diacritics say nothing
_MIN_SHARE = 0.75
_MIN_GAIN = 0.25

_WORD = re.compile("[A-Za-z\u00a1-\u00ff\u0100-\u024f\u0300-\u036f\u1e00-\u1eff]+")
_ASCII_LETTER = re.compile("[A-Za-z]")  # a sign alone ("·") is no word
_ACCENTED = re.compile("[\u00a1-\u1ef9]")
_VIETNAMESE_ONLY = re.compile("[\u1ea0-\u1ef9]")
_TONES = {ord(tone): None for tone in "\u0300\u0301\u0303\u0309\u0323"}
_SYLLABLE = re.compile(
    "(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnpqrstvx])?"
    "(?:uyê|uya|yê|iê|ia|ya|oa|oă|oe|oo|uâ|uê|uô|uơ|uy|ua|ưa|ươ|[aăâeêioôơuưy])"
    "(?:ng|nh|ch|[cmnptiyou])?"
)

_TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
_VNI_LETTERS = {"ñ": "đ", "ö": "ư", "ô": "ơ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_DIACRITICS = dict(
    zip(
        "øùûõïâáàåãäêéèúüë",
        (
            *("\u0300", "\u0301", "\u0309", "\u0303", "\u0323"),
            *("\u0302", "\u0302\u0301", "\u0302\u0300", "\u0302\u0309"),
            *("\u0302\u0303", "\u0302\u0323"),
            *("\u0306", "\u0306\u0301", "\u0306\u0300", "\u0306\u0309"),
            *("\u0306\u0303", "\u0306\u0323"),
        ),
        strict=True,
    )
)
_VNI_DIACRITIC = re.compile(f"(?<=[aeouyöô])[{''.join(_VNI_DIACRITICS)}]")


def reject_legacy_fonts(text: str) -> None:
    """Reject text in a legacy font encoding.

    Args:
        text: Text as decoded; font-encoded bytes may have been read as Latin-1.

    Raises:
        InputError: If the text is in TCVN3 or VNI, naming it.
    """
    if _is_unicode_vietnamese(text[:_GLANCE]):
        return
    words = _words_with_diacritics(text)
    if len(words) < _MIN_WORDS:
        return
    as_is = _share(words, _as_is)
    for name, convert in (("TCVN3 (ABC)", _from_tcvn3), ("VNI", _from_vni)):
        share = _share(words, convert)
        if share >= _MIN_SHARE and share >= as_is + _MIN_GAIN:
            raise InputError(Problem(Code.FONT, font=name))


def vietnamese_share(text: str) -> float:
    """Return the share of words with diacritics that are Vietnamese syllables; 1 without any."""
    words = _words_with_diacritics(text)
    return _share(words, _as_is) if words else 1.0


def _words_with_diacritics(text: str) -> list[str]:
    words = () if text.isascii() else (match[0] for match in _WORD.finditer(text))
    accented = (word for word in words if not word.isascii() and _ASCII_LETTER.search(word))
    return list(itertools.islice(accented, _SAMPLE_WORDS))


def _is_unicode_vietnamese(text: str) -> bool:
    """Tell quickly, by letters that legacy font encodings do not have."""
    own = len(_VIETNAMESE_ONLY.findall(text))
    return own > 0 and own * 4 > len(_ACCENTED.findall(text))


def _share(words: list[str], convert: Callable[[str], str]) -> float:
    return sum(_is_syllable(convert(word)) for word in words) / len(words)


def _is_syllable(word: str) -> bool:
    plain = unicodedata.normalize("NFD", word.lower()).translate(_TONES)
    return bool(_SYLLABLE.fullmatch(unicodedata.normalize("NFC", plain)))


def _as_is(word: str) -> str:
    return "".join(filter(str.isalpha, unicodedata.normalize("NFC", word)))


def _from_tcvn3(word: str) -> str:
    return "".join(char if char.isascii() else _TCVN3.get(char, "?") for char in word)


def _from_vni(word: str) -> str:
    accented = _VNI_DIACRITIC.sub(lambda match: _VNI_DIACRITICS[match[0]], word.lower())
    return "".join(_VNI_LETTERS.get(char, char) for char in accented)
