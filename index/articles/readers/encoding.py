"""Decode bytes to Unicode text, in the encodings of Vietnamese pages."""

import codecs
import re
import unicodedata
from itertools import islice

from index.articles.readers.legacy_fonts import reject_legacy_fonts, vietnamese_share
from index.errors import InputError
from index.models.problem import Code, Problem

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the same bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x7fELF", "a program"),
    (b"{\\rtf", "an RTF document"),
)
# A declared charset chooses among these only: several of Python's other codecs
# are not charsets of pages, and some of them take quadratic time.
_DECLARABLE = frozenset({"cp1258", "cp1252", "iso8859-1", "utf-16-le", "utf-16-be"})
_PLAUSIBLE_SHARE = 0.6
_MAX_DAMAGE = 0.001  # of the characters: a page cut or damaged in a place or two is still read
_LEAST_REPAIRS = 3
_CP1252 = {bytes([byte]).decode("cp1252", "ignore"): byte for byte in range(0x80, 0xA0)}
_CONTINUED = "[\x80-\xbf" + re.escape("".join(filter(None, _CP1252))) + "]"
_TWICE_ENCODED = re.compile(
    rf"[ÃÄÅÆÌ]{_CONTINUED}|á[º»\xba\xbb]{_CONTINUED}|â[€\x80]{_CONTINUED}|Â[\xa0-\xbf]"
)
"""What the letters of Vietnamese, quotation marks, dashes and Latin signs become."""

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def decode(data: bytes, declared: str | None = None) -> str:
    """Decode the bytes of a file or page to text in Unicode NFC.

    UTF-8 is tried first, since text in another encoding is never valid UTF-8
    by chance, and is taken with damaged places as "�" too, while more of its letters are
    whole; then the declared charset, then windows-1258.

    Args:
        data: The bytes of a file or page.
        declared: The charset that an HTTP header or a meta tag names, if any.

    Returns:
        The text, without a byte order mark and without control characters
        other than tab and line ends.

    Raises:
        InputError: If the bytes are empty, binary, in an old font encoding or
            in no known encoding.
    """
    _reject_binary(data)
    text = _unicode(data)
    text = repair_twice_encoded(text) if text is not None else _eight_bit(data, declared)
    if "\0" in text:
        raise InputError(Problem(Code.NUL_CHARACTERS))
    reject_legacy_fonts(text)
    clean = strip_controls(text)
    if len(text) - len(clean) > max(8, len(text) * _MAX_DAMAGE):
        raise InputError(Problem(Code.CONTROLS))
    clean = clean.removeprefix("\ufeff")
    if not clean.strip():
        raise InputError(Problem(Code.EMPTY))
    return unicodedata.normalize("NFC", clean)


def repair_twice_encoded(text: str) -> str:
    """Repair text whose UTF-8 was taken for windows-1252 and encoded again ("HÃ  Ná»™i").

    A text with several such sequences that give Vietnamese letters or typographic signs is
    repaired, sequence by sequence; letters that are right beside them stay.
    """
    if len(list(islice(_TWICE_ENCODED.finditer(text), _LEAST_REPAIRS))) < _LEAST_REPAIRS:
        return text
    return _TWICE_ENCODED.sub(_once_encoded, text)


def _once_encoded(found: re.Match[str]) -> str:
    data = bytes(_CP1252.get(letter, ord(letter) & 0xFF) for letter in found[0])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return found[0]


def strip_controls(text: str) -> str:
    """Remove control characters other than tab and line ends."""
    return _CONTROLS.sub("", text)


def _reject_binary(data: bytes) -> None:
    if not data.strip():
        raise InputError(Problem(Code.EMPTY))
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise InputError(Problem(Code.NO_TEXT_FILE, form=kind))


def _unicode(data: bytes) -> str | None:
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(name)
            except UnicodeDecodeError:
                raise InputError(Problem(Code.DAMAGED_TEXT, encoding=name.upper())) from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _eight_bit(data: bytes, declared: str | None) -> str:
    if b"\0" in data and _codec(declared) not in ("utf-16-le", "utf-16-be"):
        raise InputError(Problem(Code.NUL_BYTES))
    text = data.decode(errors="replace")
    damaged = text.count("\ufffd")
    if damaged < sum(not letter.isascii() for letter in text) - damaged:
        return text
    for name in (_codec(declared), "cp1258"):
        text = data.decode(name, errors="replace") if name else ""
        if text and _is_plausible(text):
            return text
    reject_legacy_fonts(data.decode("latin-1"))
    raise InputError(Problem(Code.UNKNOWN_ENCODING))


def _codec(declared: str | None) -> str | None:
    try:
        name = codecs.lookup((declared or "").strip().strip("\"'")).name
    except (LookupError, ValueError):
        return None
    if name == "utf-16":
        return "utf-16-le"
    return name if name in _DECLARABLE else None


def _is_plausible(text: str) -> bool:
    if text.count("\ufffd") > len(text) * _MAX_DAMAGE:
        return False
    return vietnamese_share(unicodedata.normalize("NFC", text)) >= _PLAUSIBLE_SHARE
