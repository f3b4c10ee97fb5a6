"""Make questions of the sentences of an article: who holds an office or attended, how many died."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from index.language.patterns import FAMILY_NAMES, LOWER, UPPER, Pattern
from index.language.titles import OFFICES
from index.search.examples.model import ProposedQuestion, as_sentence
from index.search.query.model import AnswerType

FIRST = 4
"""Sentences that tell what an article is about."""

SENTENCES_READ = 15
"""Sentences of an article that templates look at: what matters stands at its beginning."""

LONGEST_SENTENCE = 400  # characters


def questions_of_sentences(sentences: Sequence[str]) -> Iterator[ProposedQuestion]:
    """Yield questions that the first sentences of an article answer, the most natural first."""
    read = [text for text in sentences[:SENTENCES_READ] if len(text) <= LONGEST_SENTENCE]
    yield from _sentences_of_courts(read)
    yield from _victims(read)
    yield from _events(read[:FIRST])
    yield from _happenings(read)
    yield from _arrests(read)
    yield from _causes(read)
    yield from _offices(read)
    yield from _costs(read)


def _first_matches(pattern: Pattern, sentences: Sequence[str]) -> Iterator[re.Match[str]]:
    """Yield the first match of a pattern in each sentence that has one."""
    return filter(None, map(pattern.search, sentences))


_COURT = Pattern(
    rf"(?:tuyên )?phạt (?:bị cáo )?(?P<name>[{UPPER}][{LOWER}]+(?: [{UPPER}][{LOWER}]+){{1,4}})"
    rf"(?: \([^()]{{1,60}}\))?,? (?:mức án |mức )?(?P<years>\d+) năm tù"
)


def _sentences_of_courts(sentences: Sequence[str]) -> Iterator[ProposedQuestion]:
    """Ask for a prison sentence: `tuyên phạt A 3 năm tù` → `A bị phạt bao nhiêu năm tù?`."""
    for found in _first_matches(_COURT, sentences):
        asked = as_sentence(f"{found['name']} bị phạt bao nhiêu năm tù")
        yield ProposedQuestion(asked, AnswerType.MEASURE, answer=found["years"])


_VICTIMS = Pattern(
    r"(?<![\w.,])(?P<number>\d+(?:\.\d+)?) người (?:đã )?"
    r"(?P<fate>chết|tử vong|thiệt mạng|bị thương|mất tích)(?!\w)"
)


def _victims(sentences: Sequence[str]) -> Iterator[ProposedQuestion]:
    """Ask how many died or were hurt, if the article begins with it and has one number only."""
    found = [one for text in sentences for one in _VICTIMS.finditer(text)]
    early = {one["fate"] for text in sentences[:FIRST] for one in _VICTIMS.finditer(text)}
    for fate in sorted(early):
        numbers = {one["number"] for one in found if one["fate"] == fate}
        if len(numbers) == 1:
            yield ProposedQuestion(
                as_sentence(f"có bao nhiêu người {fate}"),
                AnswerType.HOW_MANY,
                stands_alone=False,
                answer=f"{numbers.pop()} người",
            )


_EVENT_NOUN = (
    "hội nghị|hội thảo|đại hội|lễ hội|liên hoan|triển lãm|hội chợ|lễ khai mạc|lễ bế mạc|"
    "lễ khánh thành|lễ trao giải|lễ kỷ niệm|lễ ra mắt|diễn đàn|tọa đàm|toạ đàm|đêm nhạc"
)
_NO_PART = (
    "tại|ở|do|vào|ngày|sáng|trưa|chiều|tối|được|diễn|đã|đang|sẽ|với|có|cho|để|là|và|giữa|về|tiếp|TP"
)
_EVENT = Pattern(
    rf"(?<!\w)(?<!tâm )(?P<noun>(?i:{_EVENT_NOUN}))(?! đồng)"
    rf"(?P<rest>(?: (?!(?:{_NO_PART})(?!\w))\w+){{2,7}}?)"
    r"(?=[,;.]| (?:tại|ở|diễn ra|ngày|sáng|chiều|tối|vào|do|được tổ chức)(?!\w))"
)
_ATTENDED = Pattern(r"(?<!\w)(?:tham |đến )?dự (?!kiến|báo|án|toán|phòng|thảo|định|trữ|luật|đoán)")
_HELD = Pattern(r"(?<!\w)(?:tổ chức|khai mạc|bế mạc|diễn ra|dự|chủ trì|phát biểu)(?!\w)")


def _events(sentences: Sequence[str]) -> Iterator[ProposedQuestion]:
    """Ask who attended an event of the first sentences, when and where it was."""
    attended = any(_ATTENDED.search(text) for text in sentences)
    for text in sentences:
        found = _EVENT.search(text)
        if not found or not _HELD.search(text) or not re.search(rf"[{UPPER}]", found["rest"]):
            continue
        event = f"{found['noun'].lower()}{found['rest']}"
        if attended:
            yield ProposedQuestion(as_sentence(f"ai dự {event}"), AnswerType.ATTENDANCE)
        yield ProposedQuestion(as_sentence(f"{event} diễn ra khi nào"), AnswerType.WHEN)
        yield ProposedQuestion(as_sentence(f"{event} diễn ra ở đâu"), AnswerType.WHERE)
        return


_HAPPENING = Pattern(
    r"(?<!\w)(?P<what>vụ (?:tai nạn|cháy|nổ|việc|va chạm|xả súng|đánh bom|sạt lở|tấn công)|sự cố|"
    r"trận (?:động đất|lũ quét))(?! thứ)(?!\w)",
    re.IGNORECASE,
)


def _happenings(sentences: Sequence[str]) -> Iterator[ProposedQuestion]:
    """Ask when and where the incident of an article happened: `vụ cháy`."""
    early, all_named = (
        {found["what"].lower() for text in read for found in _HAPPENING.finditer(text)}
        for read in (sentences[:FIRST], sentences)
    )
    if len(early) == 1 and early == all_named:
        (what,) = early
        yield ProposedQuestion(
            as_sentence(f"{what} xảy ra khi nào"), AnswerType.WHEN, False, "xảy ra"
        )
        yield ProposedQuestion(
            as_sentence(f"{what} xảy ra ở đâu"), AnswerType.WHERE, False, "xảy ra"
        )


_NAMES = rf"[{UPPER}][{LOWER}]+(?: [{UPPER}][{LOWER}]+){{0,4}}"
_ARRESTED = Pattern(
    rf"(?<!\w)(?P<how>bắt|bắt giữ|bắt tạm giam|tạm giữ|khởi tố)(?: \w+){{0,6}} (?P<person>{_NAMES})"
    rf" \((?:SN|sinh|\d\d tuổi|tức)"
)


def _arrests(sentences: Sequence[str]) -> Iterator[ProposedQuestion]:
    """Ask who was arrested or charged, which needs the article to be understood."""
    for found in islice(_first_matches(_ARRESTED, sentences), 1):
        asked = as_sentence(f"ai bị {found['how']}")
        yield ProposedQuestion(asked, AnswerType.WHO, stands_alone=False, answer=found["person"])


_CAUSED = Pattern(
    r"(?i:nguyên nhân) (?P<what>(?:vụ|trận) (?:tai nạn|cháy|nổ|việc|va chạm|sạt lở|động đất)|"
    r"tai nạn|cháy|sự cố|cháy nổ) "
    r"(?:ban đầu |được xác định |có thể |chủ yếu |chính ){0,3}(?:là|do)(?!\w)"
)


def _causes(sentences: Sequence[str]) -> Iterator[ProposedQuestion]:
    """Ask for the cause of an incident that a sentence names."""
    for found in islice(_first_matches(_CAUSED, sentences), 1):
        asked = as_sentence(f"nguyên nhân {found['what']} là gì")
        yield ProposedQuestion(asked, AnswerType.WHY, stands_alone=False)


_BODY = (
    "UBND|HĐND|công ty|tập đoàn|tổng công ty|bệnh viện|trường|sở|công an|ngân hàng|trung tâm|viện|"
    "cục|vụ|ban|hội|đại học|học viện|quỹ|nhà máy|bảo tàng|hiệp hội|chi cục|đài|nhà hát|quốc hội"
)
_OFFICE = Pattern(
    rf"(?<!\w)(?P<person>[{UPPER}][{LOWER}]+(?: [{UPPER}][{LOWER}]+){{1,4}})(?:,| -| –) "
    rf"(?P<office>(?i:(?:phó )?(?:{'|'.join(sorted(OFFICES, key=len, reverse=True))})))"
    rf" (?P<of>(?i:{_BODY})(?: [{LOWER}]\w*| TP\.?){{0,4}} {_NAMES})"
    r"(?=[,;.)]| (?:cho|nói|đã|xác|khẳng))"
)


_PERSON_IN = Pattern(rf"(?<!\w)(?:{FAMILY_NAMES}) [{UPPER}]\w+ [{UPPER}]")


def _offices(sentences: Sequence[str]) -> Iterator[ProposedQuestion]:
    """Ask who holds an office: `ông A, giám đốc bệnh viện B` → `Ai là giám đốc bệnh viện B?`."""
    for text in sentences:
        for found in _OFFICE.finditer(text):
            if _PERSON_IN.search(found["of"]):
                continue
            asked = as_sentence(f"ai là {found['office'].lower()} {found['of']}")
            yield ProposedQuestion(asked, AnswerType.WHO, answer=found["person"])


_COST = Pattern(
    r"(?i:(?P<what>tổng mức đầu tư|tổng vốn đầu tư|tổng kinh phí|tổng thiệt hại))"
    r"(?: \w+){0,6}? (?P<number>\d+(?:[.,]\d+)*) ?(?:nghìn|ngàn|triệu|tỷ|tỉ|USD|đồng)"
)


def _costs(sentences: Sequence[str]) -> Iterator[ProposedQuestion]:
    """Ask for a sum that a sentence names, which needs the article to be understood."""
    for found in _first_matches(_COST, sentences):
        asked = as_sentence(f"{found['what'].lower()} là bao nhiêu")
        yield ProposedQuestion(asked, AnswerType.AMOUNT, stands_alone=False, answer=found["number"])
