"""Normalise chat language in questions: remove courtesies, expand shorthand.

`cho mình hỏi` and "please" stand in no article; `co bn ng` is `co bao nhieu nguoi`.
"""

import re
from functools import cache

from index.language.data import rows
from index.language.spelling import fold, has_diacritics, nfc

LONGEST = 300  # characters: a longer message is a text that was pasted

GREETINGS = """
    (?:xin |em |dạ |cả nhà )*chào(?: buổi (?:sáng|trưa|chiều|tối)| em| nhé)?|a+ ?l[oô]+
    hi+|hello+|hey|good (?:morning|afternoon|evening)|ê+
    có ai (?:ở )?(?:đó|đây)(?: không| ko)?
    (?:tôi |mình |em |tớ )?(?:cho|muốn|xin|cần) (?:tôi |mình |em |tớ )?hỏi(?: chút| tí| xíu| cái)*
"""
THANKS = """
    (?:xin |dạ |em )*(?:cảm|cám) ơn(?: bạn| anh| chị| em| ad| bot| nhiều| rất| lắm| nha| nhé| ạ)*
    (?:many )?thanks?(?: you| u)?(?: so| very)?(?: much| a lot)?|tks|thks|thx|ty
"""
_COURTESIES = """
    (?:d[ạa]|ok) v[âa]ng|(?:d[ạa] |v[âa]ng )+(?:[ạa]|ok)
    (?:chúc )?(?:bạn |anh |chị |cả nhà )?(?:ngủ ngon|một ngày (?:vui|tốt lành)(?: vẻ)?)
    tạm biệt|bai+|bye+|goodbye|see you|good night|ok[eiy]*|okay|[ừờ]+|(?:h[aei]){2,}
    (?:hay|tuyệt|giỏi|tốt|đỉnh)(?: quá| lắm| vời| thật| thế)+
    (?:good|great|nice)(?: job| work)?|well done
"""
_MARKED_COURTESIES = "dạ|vâng"
"""Without diacritics these are news: `vang` is `vàng`, gold."""
CALLED = "nha|nhé|ạ|bạn|ad|admin|bot|there|guys|mọi người|hỏi báo|ơi|nhiều|nhìu"

_THAT = "(?: là| rằng| về)?"
_VIETNAMESE = f"""
    (?:em |xin |dạ )*(?:xin )?chào (?:bạn|anh|chị|ad|admin|bot|cả nhà|mọi người|hỏi báo)
    (?:bạn |anh |chị |bot )?(?:có thể )?(?:làm ơn )?cho (?:tôi|mình|em) (?:hỏi|biết){_THAT}
    cho (?:mik|e|tớ) (?:hỏi|biết){_THAT}|ad(?= cho )
    (?:tôi|mình|em|tớ) (?:muốn|cần|xin) (?:hỏi|biết){_THAT}
    (?:bạn|anh|chị) (?:có )?biết{_THAT}
    (?:xin |vui lòng |làm ơn )?(?:cho hỏi|cho biết){_THAT}
    xin hỏi|làm ơn|vui lòng|giúp (?:tôi|mình|em) với|hỏi chút|ad ơi|bạn ơi|bot ơi
    cảm ơn(?: bạn| nhiều)*|xin cảm ơn
"""
_LONG_ENDINGS = "(?:có )?được không|với ạ|không ạ"
_VIETNAMESE_ENDINGS = f"{_LONG_ENDINGS}|nhé|nhá|nha|nhỉ|ạ|hả|vậy|thế|zậy|(?-i:v|z)"
_CALLED = "bạn|ad|admin|cả nhà|mọi người|mn"
_ADDRESSING = f"(?:vậy|thế|ạ|nhỉ|hả|v|z) (?:{_CALLED})"
_UNMARKED_ADDRESSING = f"(?<!co )(?<!cu )(?<!cho )(?:{fold(_ADDRESSING)})"
_ASKED = "đâu,nào,sao,nhiêu,gì,giờ,là ai"
_UNMARKED_ENDINGS = "|".join(f"(?<={fold(word)} )(?:vay|the|a|ha)" for word in _ASKED.split(","))
"""Elsewhere `vay` is a loan, and `the` the second half of `co the`."""

_ENGLISH = r"""
    (?:hi|hello|hey)(?: there)?(?=[,!.]|$)
    (?:can|could|would) you (?:please )?(?:tell me|say|find out)
    (?:please |do you know |tell me |i want to know |i would like to know )+
    thanks?(?: you)?(?: very much| so much)?|please
"""
_NUMBER = "#"
_BESIDE = r"\w.,/&@'’-"
"""Characters beside a form that make it a part of something longer: `a.k`, `k-pop`."""


def remove_courtesies(question: str) -> str:
    """Remove greetings, "cho tôi hỏi", "please" and the like from a question.

    Whatever has nothing else to it is returned as it is, unless it `is_courtesy`: then
    nothing is left.
    """
    if len(question) > LONGEST:
        return question
    if is_courtesy(question):
        return ""
    text = question
    for pattern in _PATTERNS:
        text = pattern.sub(" ", text)
    return text if re.search(r"\w", text) else question


def is_courtesy(message: str) -> bool:
    """Tell whether a message only greets, thanks, praises or takes leave."""
    return len(message) <= LONGEST and bool(_COURTESY.fullmatch(nfc(message)))


def expand_shorthand(question: str) -> str:
    """Expand the shorthand of a question, without diacritics if it has none.

    Only what is typed in small letters is shorthand, but for a capital at the start, which
    telephones set: `BN` and `DC` are names. A form is kept where it means something else.
    """
    marked = has_diacritics(question)

    def meaning(match: re.Match[str]) -> str:
        typed = match[0]
        small = typed[0].lower() + typed[1:] if not question[: match.start()].strip() else typed
        known = _forms().get(small)
        if known is None or _is_other(question, match, known[1]):
            return typed
        return known[0] if marked else fold(known[0])

    return _pattern().sub(meaning, question)


def _is_other(question: str, match: re.Match[str], behind: frozenset[str]) -> bool:
    """Whether a form stands for something else: behind one of some words, or beside a number."""
    if not behind:
        return False
    before = fold(question[: match.start()].lower()).split()[-1:]
    if _NUMBER in behind and (
        question[match.end() :].lstrip()[:1].isdigit() or any(map(str.isdigit, "".join(before)))
    ):
        return True
    return not behind.isdisjoint(before)


@cache
def _forms() -> dict[str, tuple[str, frozenset[str]]]:
    return {
        form: (meaning, frozenset(" ".join(behind).split()))
        for form, meaning, *behind in rows("shorthand.tsv")
    }


@cache
def _pattern() -> re.Pattern[str]:
    forms = "|".join(sorted(map(re.escape, _forms()), key=len, reverse=True))
    return re.compile(rf"(?<![{_BESIDE}])(?:{forms})(?![\w/&@'’-]|[.,]\w)", re.IGNORECASE)


def either_way(lines: str) -> str:
    """Return a pattern for the lines, with or without diacritics."""
    forms = alternatives(lines)
    return f"{forms}|{fold(forms)}"


def alternatives(lines: str) -> str:
    """Return a pattern for the lines as they are."""
    return "|".join(line.strip() for line in lines.strip().splitlines())


_POLITE = "\n".join((GREETINGS.strip("\n"), THANKS.strip("\n"), _COURTESIES.strip("\n"), CALLED))
_COURTESY = re.compile(
    rf"[\W_]*(?:(?>(?:{either_way(_POLITE)}|{_MARKED_COURTESIES})(?![^\W_]))[\W_]*)++",
    re.IGNORECASE,
)
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:{alternatives(_ENGLISH)})\b",
        rf"\b(?:{alternatives(_VIETNAMESE)}|{fold(alternatives(_VIETNAMESE))})\b",
        rf"(?:\b(?:{_ADDRESSING}|{_VIETNAMESE_ENDINGS})\b[\s?!.]*)+$",
        rf"(?:\b(?:{fold('(?:có )?được không|với ạ|vậy ạ|nhé|nhỉ')}|{_UNMARKED_ADDRESSING}"
        rf"|{_UNMARKED_ENDINGS})\b[\s?!.]*)+$",
    )
)
