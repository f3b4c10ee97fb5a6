"""An analysed question: its answer type, and its terms by all the ways they are written.

`index.search.query.analysis` makes it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from index.engine.protocol import Field
from index.language.patterns import FAMILY_NAMES, Pattern
from index.language.titles import HONORIFICS, OFFICES, PROFESSIONS
from index.search.query.phrases import counted_alike
from index.search.query.quantities import QUANTITIES, Quantity


class AnswerType(StrEnum):
    """The type of answer that a question asks for."""

    ATTENDANCE = "attendance"
    AMOUNT = "amount"
    MEASURE = "measure"
    WHEN = "when"
    WHERE = "where"
    HOW_MANY = "how_many"
    WHY = "why"
    WHO = "who"
    ORGANISATION = "organisation"
    YES_NO = "yes_no"
    HOW = "how"
    WHAT = "what"


QUESTION_SYLLABLES = frozenset("ai gì nào đâu mấy bao".split())
"""Syllables that only ask, but in `NOT_ASKING`, and `bao` in words like `bao bì`; `nhiêu` and `sao`
ask in `QUESTION_PHRASES`."""

NOT_ASKING = frozenset(("ai cập", "ai len"))
"""Names whose first syllable asks elsewhere: Egypt and Ireland."""

QUESTION_PHRASES = frozenset(
    "bao nhiêu,vì sao,tại sao,làm sao,ra sao,khi nào,lúc nào,bao giờ,thế nào,ở đâu".split(",")
)

BEING_THERE = ("dự", "tham dự", "có mặt", "tham gia", "chủ trì", "đại biểu")
"""How it is said that somebody is there."""


@dataclass(frozen=True, slots=True)
class QuestionTerms:
    """The terms of a question, which cannot be its answer.

    Args:
        syllables: Its syllables, in all the ways in which they are written.
        counted: The things that it asks to count or to name: `hộ` in `bao nhiêu hộ`, `cầu` in
            `cầu nào`; and what may be counted instead.
        quantity: The quantity that it asks for.
        asks_for_most: Whether it asks for what is the most, best, first: `đông nhất`.
        asks_hour: Whether it asks for the time of a day: `mấy giờ`.
    """

    syllables: frozenset[str]
    counted: tuple[str, ...] = ()
    quantity: Quantity | None = None
    asks_for_most: bool = False
    asks_hour: bool = False


@dataclass(frozen=True, slots=True)
class Variant:
    """One way in which a concept is written: neighbouring terms of a sentence field."""

    field: Field
    terms: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A concept of a question, by all the ways it may be written.

    The alternatives count as one term: its frequency in a text is the weighted
    sum of theirs (structured queries, Pirkola, SIGIR 1998). `certainty` says how
    sure it is, 0 to 1, that a sentence which answers holds one of them; `weight` is
    what finding it counts for beside other concepts.
    """

    alternatives: tuple[Variant, ...]
    certainty: float = 1.0
    weight: float = 1.0


@dataclass(frozen=True)
class Query:
    """An analysed question.

    Args:
        question: As it was asked, its missing diacritics restored.
        kind: The kind of answer that it wants, if it says so.
        concepts: The terms that a good sentence holds.
        words: Its pyvi words, for a marked Vietnamese question.
        bigrams: Its pairs of neighbouring syllables, likewise.
        counted: The things that it asks to count or to name: `hộ` in `bao nhiêu hộ`.
    """

    question: str
    kind: AnswerType | None
    concepts: tuple[QueryTerm, ...]
    words: tuple[QueryTerm, ...] = ()
    bigrams: tuple[QueryTerm, ...] = ()
    counted: tuple[str, ...] = ()

    @cached_property
    def said(self) -> QuestionTerms:
        """The terms of the question itself, which cannot be its answer."""
        syllables = {
            syllable
            for concept in self.all_concepts
            for way in concept.alternatives
            for term in way.terms
            for syllable in term.split("_")
        }
        alike = (each for word in self.counted for each in counted_alike().get(word, ()))
        return QuestionTerms(
            frozenset(syllables),
            tuple(dict.fromkeys((*self.counted, *alike))),
            quantity(self.question),
            asks_for_most(self.question),
            asks_hour(self.question),
        )

    @cached_property
    def asks_only_kind(self) -> bool:
        """Whether it says no more than the kind of its answer: `mấy giờ`, `bao nhiêu tiền`."""
        saying_nothing = _SAYING_NOTHING.union(
            _ONLY_KIND.get(self.kind, ()),
            (syllable for word in self.counted for syllable in word.split()),
        )
        return all(
            saying_nothing.issuperset(concept.alternatives[0].terms)
            for concept in self.concepts
            if concept.certainty
        )

    @cached_property
    def needs_context(self) -> bool:
        """Whether it needs what was said before: `khi nào?`, `ông ấy bao nhiêu tuổi?`."""
        is_bare = self.kind not in _TELLING_NOTHING_ALONE and self.asks_only_kind
        return is_bare or _REFERRING_BACK.search(_words(self.question)) is not None

    @cached_property
    def asks_nothing_else(self) -> bool:
        """Whether it is a word that asks, alone: `khi nào?`, `vì sao vậy`."""
        counts_thing = self.counted not in ((), ("người",))
        return self.kind is not None and not counts_thing and self.asks_only_kind

    @classmethod
    def empty(cls) -> "Query":
        """Return a query without terms."""
        return cls("", None, ())

    @cached_property
    def all_concepts(self) -> tuple[QueryTerm, ...]:
        """Concepts, words and bigrams, in this order."""
        return (*self.concepts, *self.words, *self.bigrams)


_LONGEST = 1_000  # characters of a question in which its type is looked for


def answer_type(question: str) -> AnswerType | None:
    """Classify a question by the type of answer it wants; None where it does not say.

    Args:
        question: In English, or in Vietnamese with diacritics.
    """
    text = _words(question)
    if _asks_yes_or_no(text):
        return AnswerType.YES_NO
    asked = _asked(text)
    return next((kind for kind, cues in _CUES if cues.search(asked)), None)


def _asked(text: str) -> str:
    """Return the part of a question that asks: of `ai trộm thì bị phạt gì`, what is behind."""
    before, _, behind = text.rpartition(" thì ")
    is_either = _QUESTION_WORDS.search(before) and _QUESTION_WORDS.search(behind)
    return behind if is_either else text


def _asks_yes_or_no(text: str) -> bool:
    """Whether a question wants to know whether something is so: `có ai chết không`."""
    if not _YES_OR_NO.search(text):
        return False
    return not _QUESTION_WORDS.search(_IS_THERE.sub(" ", text))


def quantity(question: str) -> Quantity | None:
    """Return the quantity that a question asks for: `dài bao nhiêu`, `how long`."""
    text = _words(question)
    return next((each for each, cues in _QUANTITY_CUES.items() if cues.search(text)), None)


def asks_for_most(question: str) -> bool:
    """Whether a question asks for what is the most, best or first of its kind."""
    return _MOST.search(_words(question)) is not None


def asks_hour(question: str) -> bool:
    """Whether a question asks for the time of a day, not for a day."""
    return _HOUR.search(_words(question)) is not None


def _words(question: str) -> str:
    """Return the words of a question, without names that seem to ask."""
    return _SEEMING.sub("_", " ".join(re.findall(r"\w+|%", question[:_LONGEST].lower())))


_SEEMING = Pattern(rf"(?<!\w)(?:{'|'.join(sorted(NOT_ASKING))})(?!\w)")


_PERSON = "|".join(
    (
        *("người", "vị", "cha", "mẹ", "lãnh đạo", "cán bộ", "đại biểu", "quan chức", "nhân vật"),
        *("nhà sử học", "nhà khoa học", "tác giả"),
        *(*HONORIFICS, *OFFICES, *PROFESSIONS),
    )
)
_PEOPLE = "person|people|leaders?|officials?|men|women|player|president|minister|actor|king"
_WHO = (
    rf"ai|(?!vị trí)(?:{_PERSON})(?: \w+){{0,2}} nào|who|whom|whose|"
    rf"(?:which|what)(?: \w+){{0,2}} (?:{_PEOPLE})"
)
_ATTEND = (
    rf"{'|'.join(BEING_THERE)}|"
    r"attend(?:s|ed|ing|ees?|ance)?|(?:were|was|is|are) present|participat\w+|"
    r"took part|take part|joined|chair(?:s|ed)?|presided"
)
_TIME = "ngày|hôm|năm|tháng|tuần|thứ|giờ|hồi|thời gian|thời điểm|mùa|thế kỷ|thập niên|giai đoạn|đời"
_PLACE = (
    "tỉnh|huyện|xã|phường|quận|thành phố|nước|quốc gia|vùng|miền|thôn|làng|bản|đường|phố|cảng|"
    "biển|vùng biển|sông|khu vực|khu|địa phương|bang|châu lục|châu|đảo|sân vận động|chỗ|nơi|hướng|"
    "vị trí"
)
_PLACES = (
    "place|city|province|district|country|hamlet|village|town|area|locality|port|region|state|"
    "continent|island|river|street|location|commune|county|waters"
)
_BODY = (
    "cơ quan|đơn vị|hội|hiệp hội|công ty|tập đoàn|tổ chức|lực lượng|bên|hãng|trường|đội|câu lạc bộ|"
    "nhóm|ngân hàng|bộ|ngành|bệnh viện|viện|đảng|tờ báo|đài"
)
_BODIES = (
    "agenc(?:y|ies)|organi[sz]ations?|compan(?:y|ies)|associations?|forces?|teams?|part(?:y|ies)|"
    "bank|hospital|school|university|ministr(?:y|ies)|newspaper|clubs?|groups?"
)
_MONEY = (
    "tiền|giá|vốn|phạt|chi phí|lương|thu nhập|kinh phí|tốn|trị giá|đáng giá|thưởng|doanh thu|"
    "lợi nhuận|đầu tư|thiệt hại|nộp|vay|nợ|học phí"
)
_UNIT = "km|kg|ký|cân|mét|m|ha|héc ta|hecta|tấn|tạ|lít|độ|phần trăm|%|tuổi|phút|ngày|tháng|năm"
_LASTING = "(?:mất|hết|trong|kéo dài|suốt)"

_COUNTED = (
    rf"{_UNIT}|người|hộ|con|cái|chiếc|em|học sinh|trường|xã|huyện|lần|vụ|đội|xe|nhà|cây|ca|lượt|"
    "công nhân|trạm|dự án|doanh nghiệp|công ty|bàn|phiếu|giải|bị cáo"
)
"""Counted after `bao nhiêu`, no money is asked for: `phạt mấy năm tù`."""

_QUESTION_WORDS = Pattern(
    r"(?<!\w)(?:ai|gì|nào|đâu|mấy|nhiêu|bao (?:giờ|lâu|xa|cao)|(?:vì|tại|làm|ra) sao|"
    r"who|whom|whose|what|when|where|which|why|how)(?!\w)"
)
_IS_THERE = Pattern(r"(?<!\w)(?:có|còn) (?:ai|gì|người nào|cái gì)(?!\w)")
_YES_OR_NO = Pattern(
    r"(?<!\w)(?:không|chưa)(?: (?:vậy|thế|nhỉ|ạ|rồi|nữa|hả))?$|"
    r"^(?:is|are|was|were|did|does|do|has|have|had|can|could|will|would|should|must)(?! you\b)\b"
)

_SURPRISED = r"(?<!ra )(?<!làm )sao (?:\w+ ){0,4}?lại"

_PATTERNS = (
    (AnswerType.WHY, rf"(?:vì|tại) sao|{_SURPRISED}|why"),
    (
        AnswerType.ATTENDANCE,
        rf"(?:{_WHO})\b.*\b(?:{_ATTEND})|(?:{_ATTEND})\b.*\b(?:{_WHO})|"
        "thành phần (?:tham|dự|gồm|đại biểu)",
    ),
    (
        AnswerType.AMOUNT,
        r"(?:bao nhiêu|mấy)(?: \w+)? (?:tiền|đồng|triệu|tỷ|tỉ|nghìn|ngàn|usd|đô la)|"
        rf"(?:{_MONEY})\b.*\b(?:bao nhiêu|mấy)(?! (?:{_COUNTED})\b)|(?:hết|mất) bao nhiêu$|"
        r"how much|what (?:price|cost|fine)",
    ),
    (
        AnswerType.MEASURE,
        rf"bao nhiêu (?:{_UNIT}|giờ)|mấy (?:{_UNIT})|{_LASTING} mấy giờ|"
        r"(?:cao|nặng|dài|rộng|sâu|xa|lớn|diện tích|nhiệt độ|tốc độ|công suất|tỷ lệ|tỉ lệ|mạnh|"
        r"nóng|lạnh|nhanh|cách)(?: \w+)? (?:bao nhiêu|mấy)|"
        r"bao (?:xa|lâu|cao|rộng|nặng|nhiêu tuổi)|"
        r"how (?:tall|far|long|heavy|deep|wide|high|big|large|fast|old|hot|cold)|"
        r"how many (?:kilo\w*|km|kg|met\w+|tons?|tonnes|hectares|degrees|years|days|hours|"
        r"minutes|months|weeks)|what percentage",
    ),
    (
        AnswerType.WHEN,
        r"khi nào|bao giờ|lúc nào|lúc mấy|mấy giờ|when|"
        rf"(?:{_TIME})(?: (?!\d|thế\b|như\b)\w+){{0,2}} nào|(?:{_TIME}) mấy|"
        r"(?:what|which) (?:year|date|day|time|month|century|decade)",
    ),
    (
        AnswerType.WHERE,
        rf"đâu|(?:{_PLACE})(?: \w+){{0,1}} nào|địa điểm|where|whereabouts|"
        rf"(?:what|which)(?: \w+){{0,1}} (?:{_PLACES})",
    ),
    (AnswerType.HOW_MANY, r"bao nhiêu|mấy|how many|số lượng|what number"),
    (AnswerType.WHY, r"vì đâu|nguyên nhân|lý do|lí do|do đâu|^sao|để làm gì|what caused?|reasons?"),
    (AnswerType.WHO, _WHO),
    (
        AnswerType.ORGANISATION,
        rf"(?:{_BODY})(?: \w+){{0,1}} nào|(?:which|what)(?: \w+){{0,1}} (?:{_BODIES})",
    ),
    (
        AnswerType.HOW,
        r"(?:như )?thế nào|ra sao|làm sao|cách nào|kiểu gì|how|sao khi|"
        r"sao(?: (?:rồi|r|vậy|v|thế|ạ|nhỉ|đây))?$",
    ),
    (AnswerType.WHAT, r"gì|nào|what|which"),
)
"""In this order: the first that is found decides."""

_CUES = [(kind, Pattern(rf"\b(?:{cues})(?!\w)")) for kind, cues in _PATTERNS]

_ONLY_KIND: Mapping[AnswerType | None, frozenset[str]] = {
    AnswerType.WHEN: frozenset(("giờ", "lúc", "hồi", "hôm", "ngày", "thời", "gian", "điểm")),
    AnswerType.WHERE: frozenset(("chỗ", "nơi", "vị", "trí", "địa", "điểm", "ở", "tại")),
    AnswerType.AMOUNT: frozenset(("tiền", "hết", "mất", "tốn")),
    AnswerType.HOW_MANY: frozenset(("số", "người")),
    AnswerType.WHY: frozenset(("sao", "nguyên", "nhân", "lý", "lí", "do")),
}
"""Syllables that say no more than the kind of answer that is asked for."""

_SAYING_NOTHING = frozenset("có còn thế vậy thì những là như cụ thể cái nữa rồi".split())
"""Syllables that lead to the word that asks, or follow it: `thế còn ở đâu`, `có những ai`."""

_TELLING_NOTHING_ALONE = (None, AnswerType.YES_NO, AnswerType.WHAT, AnswerType.HOW)

_TIMES = (
    "ngày|hôm|tuần|tháng|quý|năm|mùa|kỳ|kỷ|đoạn|gian|điểm|dịp|đợt|lúc|khi|giờ|hồi|"
    "sau|trước|từ|do|trong|đến|tới|nhờ|vì|nếu|theo|trên|ở|tại|hiện|cho|bên|mặt|qua|đời|điều"
)
_REFERRING_BACK = Pattern(
    rf"(?<!\w)(?!(?:{_TIMES}) )[^\W\d_]+ (?:ấy|này|đó)(?!\w)|"
    r"(?<!\w)(?:ông|bà|anh|cô|chị) ta(?!\w)|"
    r"^(?:(?:thế|vậy|còn|vì sao|tại sao|khi nào|bao giờ) )*"
    rf"(?:họ(?! (?:hàng|tên|{FAMILY_NAMES.lower()})\b)|nó|hắn)(?!\w)|"
    r"(?<!\w)(?:he|she|him|her|his|they|them|their)(?!\w)|"
    r"(?<!\w)(?:is|was|did|does|has|will|about|of) (?:it|this|that)(?!\w)"
)
"""Words for what was named before; beside a time, a connective or a place they name that."""

_HOUR = Pattern(r"(?<!\w)(?:mấy giờ|giờ nào|what time|what hour)(?!\w)")

_QUANTITY_CUES = {
    each: Pattern(rf"(?<!\w)(?:{measured.asked})(?!\w)") for each, measured in QUANTITIES.items()
}

MOST_WORD = (
    r"(?<!thứ )(?<!thống )(?<!duy )(?<!ít )(?<!mới )(?<!gần )(?<!hợp )(?<!sơn )"
    r"(?<!\w)nhất(?! (?:định|trí|thiết)\b)(?!\w)"
)
"""`nhất` where it makes a superlative: not in `thứ nhất`, `thống nhất`, `Tân Sơn Nhất`."""

_MOST = Pattern(
    rf"(?<!giải )(?<!hạng )(?<!chậm )(?<!muộn )(?<!trễ ){MOST_WORD}|"
    r"(?<!\w)(?:most|best|worst|least|largest|biggest|highest|lowest|longest|shortest|tallest|"
    r"oldest|youngest|fastest|slowest|hottest|coldest|deepest|richest|poorest|cheapest|heaviest|"
    r"strongest|greatest|smallest|top)(?!\w)"
)
