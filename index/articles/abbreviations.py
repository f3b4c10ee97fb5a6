"""Abbreviations that an article defines: `Ban quản lý rừng phòng hộ (BQLRPH)`."""

import re
from collections.abc import Iterator, Sequence

from index.language.analyser import syllable_spans
from index.language.patterns import UNTONED_UPPER, Pattern
from index.language.spelling import fold, nfc, place_tones

Definition = tuple[str, str]
"""An abbreviation and its long form."""

_BEFORE_LENGTH = 200
"""Characters before a parenthesis that are searched for a long form."""

_SYLLABLES_MAX = 12
"""Syllables of a long form; questions hardly contain longer ones."""

_OF_AN_ARTICLE_MAX = 50
"""Definitions kept of one article: news has up to three, a list of names may have any number."""

_SMALL_WORDS_MAX = 3
"""Words without an initial that a long form may have."""

_FOREIGN_LENGTH_MIN = 3
"""Letters of an abbreviation that is not made of initials: shorter ones are ambiguous."""

_ABBREVIATION = rf"[{UNTONED_UPPER}](?:[a-zđ]?(?:[-.]| ?& ?)?[{UNTONED_UPPER}\d]){{1,11}}"
_QUOTES = "\"'“”‘’"

_SHORT_FIRST = Pattern(
    rf"(?<![\w&.-])(?P<short>{_ABBREVIATION}) ?\((?P<long>[^()\n]{{3,{_BEFORE_LENGTH}}})\)"
)
_LONG_FIRST = Pattern(
    rf"\s?\((?:(?:sau đây |dưới đây )?(?:gọi|viết|tên) tắt(?: là)?:? )?"
    rf"[{_QUOTES}]?(?P<short>{_ABBREVIATION})[{_QUOTES}]?\)"
)
_ROMAN_NUMERAL = re.compile(r"[IVX]+")
_UNIT = re.compile(rf"[{UNTONED_UPPER}][a-zđ]*|\d+")
_WORD = re.compile(r"[^\W_]+")
_END = re.compile(r"[.;:!?()\n“”\"]")

_SMALL = frozenset(
    "và của các cho tại về trong với ở những là do theo trên từ hay hoặc "
    "of and for the on in".split()
)
_HEADS = frozenset(
    "liên đoàn,tổ chức,hiệp hội,quỹ,ngân hàng,ủy ban,hội đồng,cơ quan,tập đoàn,công ty,"
    "tổng công ty,liên minh,trung tâm,viện,đại học,cục,tổng cục,diễn đàn,cộng đồng,hiệp định,"
    "hiệp ước,đảng,đài,phòng thương mại,chương trình,nghị viện".split(",")
)
"""First words of the names of organisations and treaties."""


def find_definitions(text: str) -> list[Definition]:
    """Find abbreviations beside their long forms in a text, each once, in order, as written.

    A long form has the letters of its abbreviation as initials, except for function
    words, or it is the name of an organisation with a foreign abbreviation: `Liên đoàn
    Bóng đá Việt Nam (VFF)`. Uncertain ones are left out.
    """
    found: dict[Definition, None] = {}
    for line in nfc(text).split("\n"):
        if "(" in line:
            both = sorted([*_after_long_forms(line), *_before_long_forms(line)])
            found.update((definition, None) for _, definition in both)
    return list(found)


def definitions_in_article(title: str, text: str) -> tuple[Definition, ...]:
    """Find an article's abbreviations, analysed: `("bqlrph", "ban quản lý rừng phòng hộ")`.

    One space separates the syllables.
    """
    analysed = (
        (_syllables(short), _syllables(long_form))
        for short, long_form in (*find_definitions(title), *find_definitions(text))
    )
    found = dict.fromkeys(
        (" ".join(short), " ".join(long_form))
        for short, long_form in analysed
        if short and 1 < len(long_form) <= _SYLLABLES_MAX
    )
    return tuple(found)[:_OF_AN_ARTICLE_MAX]


def _syllables(text: str) -> list[str]:
    return [syllable for syllable, _, _ in syllable_spans(text)]


def _after_long_forms(text: str) -> Iterator[tuple[int, Definition]]:
    for match in _LONG_FIRST.finditer(text):
        before = text[max(0, match.start() - _BEFORE_LENGTH) : match.start()]
        clause = _END.split(before)[-1]
        words = list(_WORD.finditer(clause))
        if not words or words[-1].end() != len(clause):
            continue
        short = match["short"]
        first = _first_by_initials(words, short)
        if first is None:
            first = _first_of_name(words, clause, short)
        if first is not None:
            yield match.start(), (short, clause[words[first].start() :])


def _before_long_forms(text: str) -> Iterator[tuple[int, Definition]]:
    for match in _SHORT_FIRST.finditer(text):
        long_form, short = match["long"], match["short"]
        words = list(_WORD.finditer(long_form))
        if not words or words[0].start() or words[-1].end() != len(long_form):
            continue
        if 0 in (_first_by_initials(words, short), _first_of_name(words, long_form, short)):
            yield match.start(), (short, long_form)


def _first_by_initials(words: Sequence[re.Match[str]], short: str) -> int | None:
    """Find the first of the last words that have the abbreviation's letters as initials."""
    units = _UNIT.findall(short)
    at, small = len(words), 0
    while units:
        at -= 1
        if at < 0:
            return None
        word = words[at][0]
        if len(word) > 1 and word.isupper() and "".join(units).endswith(word):
            units = units[: -len(word)]
        elif _begins(word, units[-1]):
            units = units[:-1]
        elif word in _SMALL and at < len(words) - 1 and small < _SMALL_WORDS_MAX:
            small += 1
        else:
            return None
    return None if _is_end_of_name(words, at) else at


def _begins(word: str, unit: str) -> bool:
    """Tell whether a word begins with letters, whatever its tone; đ is not d."""
    beginning = word[: len(unit)].lower()
    return fold(beginning) == fold(unit.lower()) and ("đ" in beginning) == ("đ" in unit.lower())


def _is_end_of_name(words: Sequence[re.Match[str]], first: int) -> bool:
    """Tell whether a long form is the end of a person's name, as HN in Lê Hoàng Nam."""
    if first == 0 or not words[first - 1][0].istitle():
        return False
    beside = words[first - 1].end() + 1 == words[first].start()
    return beside and all(word[0].istitle() for word in words[first:])


def _first_of_name(words: Sequence[re.Match[str]], clause: str, short: str) -> int | None:
    """Find the first word of an organisation's name that does not have the letters as initials."""
    if not (short.isascii() and short.isalpha() and len(short) >= _FOREIGN_LENGTH_MIN):
        return None
    if _ROMAN_NUMERAL.fullmatch(short):
        return None
    first = None
    for at in range(len(words) - 1, -1, -1):
        if at + 1 < len(words) and clause[words[at].end() : words[at + 1].start()] != " ":
            break
        if not _is_capitalised(words[at]) and not _may_be_lower(words, at):
            break
        if _is_head(words, at):
            first = at
            if at and words[at - 1][0] in _SMALL:
                break
    return first if first is not None and first < len(words) - 2 else None


def _is_capitalised(word: re.Match[str]) -> bool:
    return word[0][0].isupper()


def _may_be_lower(words: Sequence[re.Match[str]], at: int) -> bool:
    """Tell whether a name may have a lower-case word here: `Bóng đá`, `Phát triển và Hợp tác`."""
    if at == 0:
        return False
    return words[at][0] in _SMALL or _is_capitalised(words[at - 1])


def _is_head(words: Sequence[re.Match[str]], at: int) -> bool:
    if not _is_capitalised(words[at]):
        return False
    following = [place_tones(word[0].lower()) for word in words[at : at + 3]]
    if following[1:2] in (["trưởng"], ["phó"], ["viên"]):
        return False
    return any(" ".join(following[:length]) in _HEADS for length in (1, 2, 3))
