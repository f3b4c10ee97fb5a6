"""The words of politeness around a question, which no article will hold."""

import re

from index.spelling import fold, nfc

_VIETNAMESE = """
    (?:em |xin |dạ )*(?:xin )?chào (?:bạn|anh|chị|ad|admin|bot|cả nhà|mọi người|hỏi báo)
    (?:bạn |anh |chị |bot )?(?:có thể )?(?:làm ơn )?cho (?:tôi|mình|em) (?:hỏi|biết)(?: là| rằng)?
    cho (?:mik|e|tớ) (?:hỏi|biết)(?: là| rằng)?|ad(?= cho )
    (?:tôi|mình|em|tớ) (?:muốn|cần|xin) (?:hỏi|biết)(?: là| rằng)?
    (?:bạn|anh|chị) (?:có )?biết(?: là| rằng)?
    (?:xin |vui lòng |làm ơn )?(?:cho hỏi|cho biết)(?: là| rằng)?
    xin hỏi|làm ơn|vui lòng|giúp (?:tôi|mình|em) với|hỏi chút|ad ơi|bạn ơi|bot ơi
    cảm ơn(?: bạn| nhiều)*|xin cảm ơn
"""
_LONG_ENDINGS = "(?:có )?được không|với ạ|vậy ạ|thế ạ|không ạ"
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
_ALONE = """
    (?:xin |em |dạ |cả nhà )*chào(?: buổi (?:sáng|trưa|chiều|tối)| em| nhé)?|a+ ?l[oô]+
    (?:xin |dạ |em )*(?:cảm|cám) ơn(?: bạn| anh| chị| em| ad| bot| nhiều| rất| lắm| nha| nhé| ạ)*
    (?:chúc )?(?:bạn |anh |chị |cả nhà )?(?:ngủ ngon|một ngày (?:vui|tốt lành)(?: vẻ)?)
    tạm biệt|bai+|bye+|goodbye|see you|ok[eiy]*|okay|dạ|vâng|[ừờ]+|hi+|hello+|hey|(?:h[aei]){2,}
    (?:many )?thanks?(?: you| u)?(?: so| very)?(?: much| a lot)?|tks|thks|thx|ty
    good (?:morning|afternoon|evening|night)
    nha|nhé|ạ|bạn|ad|admin|bot|there|guys|mọi người|hỏi báo
"""
"""What a message is made of that only greets, thanks or takes leave."""


def without_courtesies(question: str) -> str:
    """The question without greetings, "cho tôi hỏi", "please" and the like.

    Whatever has nothing else to it is returned as it is, unless it `is_courtesy`: then
    nothing is left.
    """
    if is_courtesy(question):
        return ""
    text = question
    for pattern in _PATTERNS:
        text = pattern.sub(" ", text)
    return text if re.search(r"\w", text) else question


def is_courtesy(message: str) -> bool:
    """Whether a message only greets, thanks or takes leave."""
    return bool(_COURTESY.fullmatch(nfc(message)))


def _alternatives(lines: str) -> str:
    return "|".join(line.strip() for line in lines.strip().splitlines())


def _patterns() -> tuple[re.Pattern[str], ...]:
    phrases = _alternatives(_VIETNAMESE)
    endings = _VIETNAMESE_ENDINGS
    return (
        re.compile(rf"\b(?:{_alternatives(_ENGLISH)})\b", re.IGNORECASE),
        re.compile(rf"\b(?:{phrases}|{fold(phrases)})\b", re.IGNORECASE),
        re.compile(rf"(?:\b(?:{_ADDRESSING}|{endings})\b[\s?!.]*)+$", re.IGNORECASE),
        re.compile(
            rf"(?:\b(?:{fold('(?:có )?được không|với ạ|vậy ạ|nhé|nhỉ')}|{_UNMARKED_ADDRESSING}"
            rf"|{_UNMARKED_ENDINGS})\b[\s?!.]*)+$",
            re.IGNORECASE,
        ),
    )


_PATTERNS = _patterns()
_COURTESY = re.compile(
    rf"[\W_]*(?:(?>(?:{_alternatives(_ALONE)}|{fold(_alternatives(_ALONE))})(?![^\W_]))[\W_]*)++",
    re.IGNORECASE,
)
