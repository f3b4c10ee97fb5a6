"""Recognise requests for articles: `tin hôm nay`, `tin mới về Trump`, `bóng đá`, `Trump là ai`.

The rules, in order; the first that fits decides, and whatever fits none is a question:

1. Filters, courtesies, shorthand and dates are set aside. If only dates are left, or words that
   ask for news and say no subject, it is a request for the newest articles of those dates.
2. `dòng thời gian X`, `diễn biến vụ X`, "timeline of X" ask for the timeline of X, and
   `bao nhiêu bài về X` for the number of articles on it.
3. Words that ask for news beside a subject (`tin về X`, `X có gì mới`, `latest on X`) ask for the
   newest articles on it.
4. `X là ai`, `X là gì`, "who is X" ask for the sentence that introduces X, if X is a name.
5. A subject is a few words alone: none that asks, that states something (`không`, `đã`, `is`), or
   that speaks to somebody (`bạn`, `you`).

The words are matched with or without diacritics; whether a subject asks something is seen with its
diacritics restored, see `is_subject`.
"""

import re
from dataclasses import dataclass, replace
from datetime import date

from index.language.analyser import Terms
from index.language.dates import (
    DateRequest,
    parse_date_request,
    remove_spans,
    unknown_days,
)
from index.language.patterns import UPPER, Pattern, word_pattern
from index.language.spelling import fold, may_be_syllable, nfc
from index.language.titles import HONORIFICS, OFFICES, PROFESSIONS
from index.models.headlines import ArticleRequestKind
from index.search.query.chat_language import expand_shorthand, remove_courtesies
from index.search.query.filters import FilterError, FilterReason, ParsedFilters, parse_filters
from index.search.query.model import Query

MOST_CHARACTERS = 120
"""A longer message is no request for articles."""

MOST_SYLLABLES, MOST_SYLLABLES_WITH_NAME = 5, 8
"""The syllables of a subject alone, and of one that holds a name or that news is asked on."""

LONGEST_FOREIGN_NAME = 3
"""The words of a name in small letters."""

NO_FILTERS = ParsedFilters("")


@dataclass(frozen=True, slots=True)
class ArticleRequest:
    """A request for articles.

    Args:
        kind: What is asked for.
        subject: The words of the subject, as typed; empty for articles on anything.
        dates: The dates that it names, if any.
        may_be_source: Whether the subject stands where a source may stand: `tin của Tuổi Trẻ`.
        filters: The filters that were typed.
    """

    kind: ArticleRequestKind
    subject: str = ""
    dates: DateRequest | None = None
    may_be_source: bool = False
    filters: ParsedFilters = NO_FILTERS


def parse_article_request(question: str, today: date) -> ArticleRequest | None:
    """Parse a question as a request for articles; None if it is none.

    A subject is still to be checked by `is_subject`, once its diacritics are restored.

    Raises:
        FilterError: A filter cannot be understood, or news is asked for of a day that does not
            exist or is yet to come.
    """
    filters = parse_filters(question, today)
    request = _parse_without_filters(filters.question, today)
    return replace(request, filters=filters) if request else None


def parse_subject_request(question: str, today: date) -> ArticleRequest:
    """Parse words that are to name a subject, or that ask for articles on one.

    The subject is still to be checked, see `parse_article_request`; it is empty for words that
    are too long for any.

    Raises:
        FilterError: A filter cannot be understood.
    """
    if request := parse_article_request(question, today):
        return request
    filters = parse_filters(question, today)
    text, dates = _without_dates(filters.question, today) or ("", None)
    return ArticleRequest(ArticleRequestKind.SUBJECT, text, dates, filters=filters)


def _without_dates(question: str, today: date) -> tuple[str, DateRequest | None] | None:
    """Set courtesies, shorthand and dates aside; None if the words are too long for a request."""
    if len(question) > MOST_CHARACTERS:
        return None
    text = expand_shorthand(remove_courtesies(nfc(question)))
    if len(text) > MOST_CHARACTERS:
        return None
    dates = parse_date_request(text, today)
    if dates and dates.period:
        text = remove_spans(text, dates.spans)
    return _trim(text), dates


def _parse_without_filters(question: str, today: date) -> ArticleRequest | None:
    bare = _without_dates(question, today)
    if bare is None:
        return None
    text, dates = bare
    if dates is None or dates.period is None:
        _check_days(text, today)
    if not re.search(r"[^\W_]", text):
        return ArticleRequest(ArticleRequestKind.NEWS, dates=dates) if dates else None
    has_day = dates is not None and dates.period is not None
    if _NEWS.fullmatch(text) or (has_day and _NEWS_OF_DAY.fullmatch(text)):
        return ArticleRequest(ArticleRequestKind.NEWS, dates=dates)
    for kind, patterns in _OVERVIEWS.items():
        for pattern in patterns:
            if found := pattern.fullmatch(text):
                return ArticleRequest(kind, _trim(found["subject"]), dates)
    for pattern in _NEWS_ABOUT:
        if found := pattern.fullmatch(text):
            subject, at_source = _trim(found["subject"]), found.groupdict().get("at") is not None
            return ArticleRequest(ArticleRequestKind.NEWS, subject, dates, at_source)
    for pattern in _INTRODUCTIONS:
        found = pattern.fullmatch(text)
        subject = _trim(found["subject"]) if found else ""
        if subject and is_name(bare_subject(subject)) and not _ROLE.match(subject):
            return ArticleRequest(ArticleRequestKind.INTRODUCTION, subject, dates)
    for pattern in _IS_THERE_ANY:
        if found := pattern.fullmatch(text):
            text = _trim(found["subject"])
    newest = dates is not None and dates.wants_newest
    kind = ArticleRequestKind.NEWS if newest else ArticleRequestKind.SUBJECT
    return ArticleRequest(kind, text, dates) if _may_be_subject(text, kind) else None


def _check_days(text: str, today: date) -> None:
    """Refuse a request for news of a day that no article can be of.

    Raises:
        FilterError: The day does not exist, or is yet to come.
    """
    for day in unknown_days(text, today):
        rest = _trim(remove_spans(text, [(day.start, day.end)]))
        patterns = (_NEWS, _NEWS_OF_DAY, *_NEWS_ABOUT)
        if not rest or any(pattern.fullmatch(rest) for pattern in patterns):
            reason = FilterReason.TO_COME if day.is_to_come else FilterReason.NO_SUCH_DAY
            raise FilterError(reason, value=day.name)


def is_subject(query: Query, terms: Terms, kind: ArticleRequestKind) -> bool:
    """Whether an analysed text is a subject: few words, none of which asks or states something.

    Args:
        query: The text, analysed.
        terms: The terms of the text, its diacritics restored.
        kind: What is asked for.
    """
    most = _most_syllables(query.question, kind)
    if query.kind is not None or not 1 <= len(terms.syllables) <= most:
        return False
    words = [word.replace("_", " ") for word in terms.words]
    if not any(any(map(str.isalpha, word)) for word in words):
        return False
    if (
        _ASKING.search(fold(query.question))
        or _TO_THE_BOT.search(query.question)
        or not _STATING.isdisjoint(words)
        or not _STATING_IN_ENGLISH.isdisjoint(words)
    ):
        return False
    return words[0] not in _OPENING and words[-1] not in _CLOSING


def _may_be_subject(text: str, kind: ArticleRequestKind) -> bool:
    """Whether a text is as short as a subject, and does not ask; its diacritics may lack."""
    if len(text.split()) > _most_syllables(text, kind):
        return False
    return not _ASKING.search(fold(text)) and not _WHO_OR_WHAT.search(text)


def _most_syllables(text: str, kind: ArticleRequestKind) -> int:
    is_alone = kind is ArticleRequestKind.SUBJECT and not _NAME_WITHIN.search(text)
    return MOST_SYLLABLES if is_alone else MOST_SYLLABLES_WITH_NAME


def is_name(subject: str) -> bool:
    """Whether a subject looks like a name: capitals, or a foreign word in small letters."""
    syllables = subject.split()
    if all(syllable[0].isupper() or not syllable[0].isalpha() for syllable in syllables):
        return True
    is_foreign = subject.isascii() and not all(map(may_be_syllable, syllables))
    return is_foreign and subject.islower() and len(syllables) <= LONGEST_FOREIGN_NAME


def bare_subject(subject: str) -> str:
    """Return a subject without the words before it that articles may leave out: `ông Trump`."""
    before = _BEFORE.match(subject)
    bare = subject[before.end() :].strip() if before else ""
    return bare or subject


def is_optional(word: str) -> bool:
    """Whether an article on a subject need not hold a word of it: `với` in `Trump với Putin`."""
    return word in _OPTIONAL


def _trim(text: str) -> str:
    return " ".join(text.strip(_SIGNS).split())


_SIGNS = " \t\n?!.,;:…–-\"“”„'‘’«»()[]"

_ASK = (
    r"(?:(?:hãy|xin|giúp|cho|tôi|mình|em|tớ|muốn|cần|ad|bot|xem|đọc|tìm|biết|nghe|kể|gửi|cập nhật|"
    r"tóm tắt|coi|có|còn|điểm|lấy|các|những|mấy|vài|một số|thêm|mọi|toàn bộ|tất cả) )*"
)
_TIN = "tin tức|tin nóng|tin vắn|tin|bản tin|thời sự"
_PIECES = rf"{_TIN}|bài báo|bài viết|bài|báo chí|chuyện|sự kiện|diễn biến"
_QUALITY = (
    r"(?: (?:gì|nào|mới nhất|mới đây|mới|nóng hổi|nóng|hot|nổi bật|đáng chú ý|hay|quan trọng|khác|"
    r"gần đây|gần nhất|cập nhật|vừa qua|xảy ra|đăng|trong ngày|trong|ngày|vào|của))*"
)
_TAIL = (
    r"(?: (?:không|ko|chưa|vậy|thế|nhỉ|nhé|nha|ạ|hả|với|đi|ik|là gì|là những gì|rồi|"
    r"giúp tôi|giúp mình|cho tôi|cho mình|bot|ad))*"
)
_ABOUT = "(?:về vụ|v|về việc|về|liên quan đến|liên quan tới|liên quan|xung quanh|quanh)"
_AT = "(?:của báo|của|trên báo|trên|từ báo|từ|ở|tại|báo)"
_SUBJECT = r"(?P<subject>\S(?:.*?\S)?)"
_NEW = r"(?:mới nhất|mới|hot|nóng|hay|nổi bật|đáng chú ý)"
_WHATS_NEW = (
    rf"(?:(?:đang|giờ|hiện) )?(?:có|còn) (?:tin |tin tức |chuyện |điều |cái )?gì (?:là )?{_NEW}"
)

_EN_ASK = (
    r"(?:(?:show|give|tell|get|read|find|any|the|some|all|me|us|what is|what are|what's|whats|"
    r"are there|is there|i want) )*"
)
_EN_QUALITY = (
    "(?:(?:latest|newest|recent|breaking|new|big|hot|important|s|more|other) )*"  # `today's`
)
_EN_NEWS = r"(?:news|headlines|stories|articles|updates?)"
_EN_TAIL = r"(?: (?:today|please|now|right now|so far|for me|there|'s))*"
_EN_WHATS_NEW = "(?:what's|whats|what is|anything) (?:new|happening|going on|up|hot|the latest)"

_NEWS = word_pattern(
    rf"{_ASK}(?:{_PIECES}){_QUALITY}{_TAIL}|{_WHATS_NEW}{_TAIL}|"
    rf"{_ASK}(?:đọc|điểm) (?:báo|tin){_TAIL}|"
    rf"(?:báo chí|báo|tin tức|thời sự) có gì{_TAIL}|"
    rf"{_ASK}(?:{_TIN}) (?:24h|24 giờ)(?: qua)?{_TAIL}|"
    rf"{_ASK}báo (?:mới|mới nhất){_TAIL}|"
    rf"mới nhất{_TAIL}|cập nhật{_TAIL}|tin mới cập nhật|"
    rf"{_EN_ASK}{_EN_QUALITY}{_EN_NEWS}{_EN_TAIL}|(?:{_EN_WHATS_NEW}|what happened){_EN_TAIL}|"
    rf"{_EN_ASK}(?:latest|newest){_EN_TAIL}|breaking"
)
_NEWS_OF_DAY = word_pattern(
    rf"{_ASK}(?:có )?(?:chuyện )?(?:gì|những gì)(?: xảy ra| hot| hay)?{_TAIL}|báo"
)
_NO_NEWS = r"tin (?:nhắn|tưởng|học|đồn|cậy|dùng|giả|sốc|vui|buồn|là|lành|thì|ai)(?!\w)"
"""Words that begin with `tin` and are no news: `tin nhắn`."""

_NEWS_ABOUT = tuple(
    map(
        word_pattern,
        (
            rf"{_ASK}(?:{_PIECES}){_QUALITY} {_ABOUT} {_SUBJECT}{_TAIL}",
            rf"{_ASK}(?:mới nhất|điểm tin|cập nhật) {_ABOUT} {_SUBJECT}{_TAIL}",
            rf"{_ASK}(?:{_PIECES}){_QUALITY} (?P<at>{_AT}) {_SUBJECT}{_TAIL}",
            rf"{_WHATS_NEW} (?:{_ABOUT}|ở|tại|với|trong|trên) {_SUBJECT}{_TAIL}",
            rf"(?:{_ABOUT} )?{_SUBJECT} {_WHATS_NEW}{_TAIL}",
            rf"{_SUBJECT} (?:tới|đến) đâu rồi{_TAIL}",
            rf"{_SUBJECT} (?:sao|ra sao|thế nào|như thế nào) rồi{_TAIL}",
            rf"(?!{_NO_NEWS})(?:{_TIN}|diễn biến(?= mới| nóng))(?: mới nhất| mới| nóng| hot)* "
            rf"{_SUBJECT}{_TAIL}",
            rf"{_SUBJECT} mới nhất",
            rf"tình hình(?: mới nhất)?(?: {_ABOUT}| ở| tại)? {_SUBJECT}{_TAIL}",
            rf"{_EN_ASK}{_EN_QUALITY}{_EN_NEWS} (?:about|on|of|regarding|concerning|in|for) "
            rf"{_SUBJECT}{_EN_TAIL}",
            rf"{_EN_ASK}{_EN_QUALITY}{_EN_NEWS} (?P<at>from|by) {_SUBJECT}{_EN_TAIL}",
            rf"{_EN_ASK}(?:latest|newest) (?:about|on|of|in|with) {_SUBJECT}{_EN_TAIL}",
            rf"{_EN_ASK}(?:latest|newest) (?P<at>from) {_SUBJECT}{_EN_TAIL}",
            rf"(?:{_EN_WHATS_NEW}) (?:about|on|in|with|at) {_SUBJECT}{_EN_TAIL}",
            rf"{_EN_QUALITY}{_SUBJECT} (?:news|latest|updates?){_EN_TAIL}",
        ),
    )
)
_IS_THERE_ANY = (
    word_pattern(rf"(?:(?:đã|đang|vừa|sắp) )?có (?:những |các )?{_SUBJECT} nào{_TAIL}"),
    word_pattern(rf"(?:is|are|were|was) there any {_SUBJECT}"),
)
"""Such questions are answered by articles on the subject: `có bão nào không`."""

_OF = "(?:của|về|vụ việc|vụ|việc|sự kiện)"
_TIMELINE = tuple(
    map(
        word_pattern,
        (
            rf"{_EN_ASK}(?:timeline|chronology) (?:of|for|on|about) {_SUBJECT}{_EN_TAIL}",
            rf"{_ASK}(?:dòng thời gian|timeline|(?:trình tự|toàn bộ) diễn biến)(?: {_OF})* "
            rf"{_SUBJECT}{_TAIL}",
            rf"{_ASK}diễn biến(?! (?:mới|nóng|gần đây|tiếp theo))(?: {_OF})* {_SUBJECT}{_TAIL}",
            rf"{_SUBJECT} (?:diễn biến (?:thế nào|như thế nào|ra sao)|dòng thời gian)",
            rf"{_SUBJECT} (?:timeline|chronology)",
        ),
    )
)
_COUNT = tuple(
    map(
        word_pattern,
        (
            rf"{_ASK}(?:bao nhiêu|mấy|đếm|số|số lượng) (?:tin bài|bài báo|bài viết|bài|tin) "
            r"(?:đã |đang )?(?:(?:nói|viết|đưa tin|đăng) )?(?:về|nhắc đến|nhắc tới) "
            rf"{_SUBJECT}{_TAIL}",
            rf"how many (?:news )?(?:articles|stories) (?:are there |are |were there |were )?"
            rf"(?:about|on|mention|mentioning) {_SUBJECT}{_EN_TAIL}",
        ),
    )
)
_OVERVIEWS = {ArticleRequestKind.TIMELINE: _TIMELINE, ArticleRequestKind.COUNT: _COUNT}

_INTRODUCTIONS = tuple(
    map(
        word_pattern,
        (
            rf"{_SUBJECT} là (?:ai|người nào|người như thế nào|nhân vật nào){_TAIL}",
            rf"{_SUBJECT} (?:nghĩa )?là (?:cái |con |tổ chức |công ty |hãng |bệnh )?gì{_TAIL}",
            rf"{_SUBJECT} (?:là )?viết tắt (?:của|là|cho) (?:từ |chữ |cụm từ )?gì{_TAIL}",
            rf"who(?:'s| is| was) {_SUBJECT}",
            rf"what(?:'s| is| are| does) {_SUBJECT}(?: mean| stand for)?",
        ),
    )
)
_ROLE = word_pattern(
    rf"(?:{'|'.join((*OFFICES, *PROFESSIONS))}|người|thủ môn|tác giả|nhà|đội|đối thủ|hung thủ|"
    r"nguyên nhân|lý do|mục tiêu|đây|đó|kia|cái này|tên|the|a|an|this|that|it|he|she|there)"
)
"""What is asked for by its role is to be named, not introduced: `chủ tịch Hà Nội là ai`."""

_TO_THE_BOT = Pattern(r"(?<!\w)(?:bot|ad|admin)(?!\w)")  # `BOT Cai Lậy` is a road
_NAME_WITHIN = Pattern(rf"[\s-][{UPPER}]")
_ASKING = word_pattern(
    r"bao (?:nhiêu|lâu|giờ|xa|cao)|mấy (?:giờ|người|tuổi|ngày|năm|con|cái|chiếc|lần|tháng)|"
    r"(?:khi|lúc|hôm|nơi|thế|người|ngày|chỗ) nào|vì sao|tại sao|ra sao|ở đâu|cái gì|những gì"
)
"""Words that ask, also where their diacritics could not be restored: `cau dai bao nhieu`."""

_WHO_OR_WHAT = Pattern(
    r"(?<!\w)(?:[Aa]i(?! (?:[Cc]ập|Cap|[Ll]en)(?!\w))|[Gg]ì|gi|nào|đâu|"
    r"[Ww](?:ho|hose|hat|hen|here|hy|hich)|[Hh]ow)(?!\w)"
)
"""Single words that ask: `AI`, `WHO` and `Ai Cập` are names."""

_STATING = frozenset(
    (
        "không,chưa,chẳng,có,là,bị,được,phải,sẽ,đã,đang,vừa,rồi,hả,à,ư,nhỉ,thì,mà,tôi,mình,tớ,"
        "bạn,mày,tao,ơi,quá,lắm,hãy,đừng,muốn,cần,biết,nghĩ,thấy,xem,giúp,hỏi,ê,đm,"
        "vcl,vl,dm,ok,làm,gây,khiến,nói,chúng tôi,chúng ta,các bạn,của bạn,vì,nên,nếu,vậy,này"
    ).split(",")
)
"""Words that are in statements, questions and chat, and not in what names a subject."""

_STATING_IN_ENGLISH = frozenset(
    (
        "is are was were be been do does did has have had can could will would should may might i "
        "me my you your we our he she it they who what when where why how which whose please not "
        "there this that"
    ).split()
)
_OPENING = frozenset(
    ("cách", "hướng dẫn", "kể", "kể tên", "name", "list", "đồ", "con", "im", "cút", "thôi", "đi")
)
_CLOSING = frozenset(("đi", "thật", "ghê", "tệ", "dở", "vậy", "thế", "với", "nhé", "nha", "ạ"))
"""Words with which people scold, praise or ask how, at either end of what they say."""

_BEFORE_WORDS = "|".join((*HONORIFICS, "vụ việc", "vụ", "việc", "chuyện", "về", "the", "mr", "mrs"))
_BEFORE = word_pattern(rf"(?:{_BEFORE_WORDS})(?: (?:{_BEFORE_WORDS}))*")
_OPTIONAL = frozenset("và với cùng của ở tại trong cho về các những vụ việc".split())
