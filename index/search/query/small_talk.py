"""Recognise messages that ask nothing of the news: greetings, insults, "who are you", "next page".

A message is small talk only as a whole: `chào bạn, ai dự hội nghị?` is a question.
"""

import re
from enum import StrEnum

from index.language.patterns import Pattern
from index.language.spelling import nfc
from index.search.query.chat_language import (
    CALLED,
    GREETINGS,
    LONGEST,
    THANKS,
    alternatives,
    either_way,
    is_courtesy,
)


class SmallTalk(StrEnum):
    """Kinds of small talk."""

    GREETING = "greeting"
    THANKS = "thanks"
    COURTESY = "courtesy"
    """Praise, leave, and what merely confirms."""

    INSULT = "insult"
    SELF = "self"
    """Who or what the bot is, and who made it."""

    HELP = "help"
    """How to use the bot."""

    NEXT_PAGE = "next_page"
    """To see more of the last answer."""

    WHAT_ELSE = "what_else"
    """What else there is to it."""

    WRONG = "wrong"
    """That the last answer is wrong."""


_FOOLISH = "ngu|ngốc|dốt|dở|tệ|vô dụng|khùng|điên|dở tệ|tệ hại|ngu ngốc"
_SO_MUCH = "(?: quá| lắm| vậy| thế)"
_MARKED_INSULTS = rf"""
    (?:đồ |thằng )+(?:{_FOOLISH}|khốn|chó){_SO_MUCH}*
    (?:mày|mi|bạn)(?: này)? (?:thật |quá )?(?:{_FOOLISH})
"""
"""Without diacritics they may be news: `do dien` is `đồ điện` too, and `ban do` `bản đồ`."""
_INSULTS = rf"""
    (?:(?:đồ |thằng )+)?bot(?: này)? (?:thật |quá )?(?:{_FOOLISH}){_SO_MUCH}*
    (?:đồ |thằng )+ngu{_SO_MUCH}*|(?:mày|mi|bạn) ngu
    (?:mày|mi|bạn)(?: này)? (?:thật |quá )?(?:{_FOOLISH}){_SO_MUCH}+
    (?:ngu|ngốc|vô dụng){_SO_MUCH}*|(?:im|câm|cút)(?: đi| mồm| miệng)+
    (?:đm |đmm |vl |vcl )*(?:trả lời |nói )(?:sai|lung tung|vớ vẩn|tào lao)(?: bét| hết| rồi| quá)*
    (?:stupid|dumb|useless)(?: bot)?|you(?: are|'re) (?:stupid|dumb|useless|an idiot)|idiot|shut up
    fuck(?: you| off)?|(?:you|this bot) sucks?
"""
_SPOKEN_TO = "bạn|mày|mi|cậu|bot|ad|hỏi báo"
_BEING = "(?:con )?(?:người|máy|bot|robot)"
_ENDING = "(?: vậy| thế| ạ| nhỉ| hả| đấy)*"
_SELF = rf"""
    (?:{_SPOKEN_TO}) là (?:ai|(?:cái |con |bot )?gì){_ENDING}
    (?:{_SPOKEN_TO}) (?:có phải |là )+{_BEING}(?: hay(?: là)? {_BEING})?(?: không| à)?{_ENDING}
    (?:{_SPOKEN_TO}) {_BEING} hay(?: là)? {_BEING}(?: à)?{_ENDING}
    (?:{_SPOKEN_TO}) tên (?:là )?(?:gì|chi){_ENDING}|tên (?:{_SPOKEN_TO}) là gì{_ENDING}
    ai (?:đã )?(?:tạo|làm|viết|sinh|đẻ|lập trình)(?: nên| ra)* (?:{_SPOKEN_TO}){_ENDING}
    (?:đây|bot này) là (?:cái |con )?(?:bot )?gì{_ENDING}
    (?:{_SPOKEN_TO}) (?:có thể )?(?:làm|giúp) (?:được )?(?:những )?(?:việc )?gì(?: được)?{_ENDING}
    who (?:are|made|created|built) you|what (?:are you|is this|can you do|do you do)
    are you (?:a |an )?(?:human|real|bot|robot|ai|machine)(?: or .{{1,20}})?
    what(?:'s| is) your name
"""
_NEWS = r"(?: tin tức| tin mới| tin| bản tin)(?: mỗi ngày| hằng ngày| hàng ngày)?"
_ALERTS = rf"(?:(?:hủy|huỷ|bỏ|tắt) )?(?:đăng ký(?: nhận)?(?:{_NEWS})?|(?:nhận|theo dõi){_NEWS})"
_HELP = rf"""
    giúp (?:tôi|mình|em)(?: với)?|(?:xin )?(?:hướng dẫn|cách)(?: sử dụng| dùng| hỏi)
    hỏi (?:như )?thế nào|(?:làm sao|làm thế nào)(?: để)? (?:hỏi|dùng)
    menu|giúp|hướng dẫn|{_ALERTS}|(?:làm sao|làm thế nào|cách)(?: để)? {_ALERTS}
    help(?: me)?|how does (?:this|it) work
    how (?:to|do i|can i) (?:use|ask)(?: this| it| you| a question)?(?: bot)?
"""
_NO_MATTER = "(?: đi| nào| nhé| nha| ạ| với| giúp| cho tôi| cho mình| vậy| thế| nhỉ| hả| please)*"
_WHETHER = "(?: không| ko| hông| hem| hok| k)?"
_MORE_PAGES = rf"""
    (?:cho )?(?:tôi |mình |em )?(?:xem|đọc|hiện|kể|nói) (?:thêm|tiếp)(?: nữa)?{_NO_MATTER}
    (?:thêm|tiếp|tiếp theo|tiếp tục|kế tiếp|nữa|thêm nữa|tiếp nữa){_NO_MATTER}
    (?:xem )?(?:trang|kết quả|câu)(?: trả lời)? (?:sau|tiếp|kế tiếp|tiếp theo|khác){_NO_MATTER}
    còn (?:câu trả lời|kết quả|bài|tin)(?: nào| gì)?(?: khác)? nữa{_WHETHER}{_NO_MATTER}
    (?:show |see |load |read )?(?:me )?more(?: please)?|(?:go )?next(?: page| one)?(?: please)?
    go on|continue|keep going|tell me more
"""
_SOMETHING = "(?:gì|chi|cái gì|điều gì|chuyện gì|thông tin gì|chi tiết gì|tin gì)"
_WHAT_MORE = rf"""
    (?:còn |có )?(?:những )?{_SOMETHING}(?: khác)? nữa{_WHETHER}{_NO_MATTER}
    còn (?:những )?{_SOMETHING}(?: khác)?{_WHETHER}{_NO_MATTER}
    (?:cho |xem |nói |kể )?(?:tôi |mình )?(?:thêm )?(?:chi tiết|cụ thể|kỹ|rõ) hơn{_NO_MATTER}
    (?:thêm|xem|kể|nói) (?:thêm )?chi tiết{_NO_MATTER}|chi tiết(?: đi| nhé| với)?
    (?:more details?|in (?:more )?detail)(?: please)?
    còn nữa{_WHETHER}{_NO_MATTER}|(?:rồi |thế )?sao nữa{_NO_MATTER}|rồi sao{_NO_MATTER}
    (?:and )?what (?:else|more)(?: is there)?|(?:is there )?any(?:thing)? (?:else|more)
    is there more|and then
"""
_WHICH = "(?:câu trả lời|câu này|cái này|bạn|bot|trả lời|nói)(?: này| thế| vậy)?"
_SO_WRONG = "(?: rồi| quá| bét| hết| hoàn toàn| mà| bạn ơi| luôn)*"
_NOT_RIGHT = rf"""
    (?:{_WHICH} )?(?:sai|nhầm|lạc đề){_SO_WRONG}{_NO_MATTER}
    (?:{_WHICH} )?(?:không|ko|chưa|k) (?:đúng|chính xác|phải|liên quan){_SO_WRONG}{_NO_MATTER}
    (?:no )?(?:that(?:'s| is| was) |this is |it(?:'s| is) |you(?:'re| are) )?(?:all )?wrong
    (?:that(?:'s| is) )?(?:wrong answer|incorrect|not (?:right|correct|true|it))
"""


def small_talk(message: str) -> SmallTalk | None:
    """Return the kind of small talk that a message is, or None if it may be a question."""
    if len(message) > LONGEST:
        return None
    text = nfc(message)
    if is_courtesy(text):
        kinds = ((SmallTalk.THANKS, _THANKS_IN), (SmallTalk.GREETING, _GREETINGS_IN))
        found = (kind for kind, pattern in kinds if pattern.search(text))
        return next(found, SmallTalk.COURTESY)
    return next((kind for kind, pattern in _WHOLE.items() if pattern.fullmatch(text)), None)


def _within(lines: str) -> Pattern:
    return Pattern(rf"(?<![^\W_])(?:{either_way(lines)})(?![^\W_])", re.IGNORECASE)


_THANKS_IN, _GREETINGS_IN = _within(THANKS), _within(GREETINGS)
_WHOLE = {
    kind: Pattern(
        rf"[\W_]*(?:(?:{CALLED})[\W_]+)?(?:{forms})(?:[\W_]+(?:{CALLED}))?[\W_]*", re.IGNORECASE
    )
    for kind, forms in (
        (SmallTalk.SELF, either_way(_SELF)),
        (SmallTalk.HELP, either_way(_HELP)),
        (SmallTalk.INSULT, f"{either_way(_INSULTS)}|{alternatives(_MARKED_INSULTS)}"),
        (SmallTalk.NEXT_PAGE, either_way(_MORE_PAGES)),
        (SmallTalk.WHAT_ELSE, either_way(_WHAT_MORE)),
        (SmallTalk.WRONG, either_way(_NOT_RIGHT)),
    )
}
