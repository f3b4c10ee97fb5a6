"""Suggest standing queries: the topic of a question, subjects of titles, words to exclude.

A topic is at most two phrases: names first, then compounds, then single words, of each
kind the rarest. Where a question is answered they are those of the quote that its words
are part of, with their diacritics and capitals: `văn cầu` asks for `Lương Văn Cầu`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from index.alerts.compounds import is_listed, join_syllables, names_in, split_compounds
from index.alerts.errors import SubscriptionError
from index.alerts.parser import parse
from index.alerts.query import AlertPhrase, AlertQuery
from index.language.analyser import Analyser, syllable_spans
from index.language.english import EnglishWord, parse_english_question
from index.language.spelling import fold, has_diacritics, nfc
from index.language.titles import HONORIFICS
from index.language.word_frequency import folded_frequency, word_frequency
from index.search.query import BEING_THERE, QUESTION_PHRASES, QUESTION_SYLLABLES

Span = tuple[int, int]

PHRASES = 2
"""The phrases of a topic: each one more is asked for as well, and soon nothing has them all."""

EXCLUSIONS = 3
"""The words of a title that are offered to be left out."""

COMMON_FROM = 0.02
"""A phrase in this share of news sentences or more is no subject of its own."""

COMMON_NAME_FROM = 0.05
"""The same of one that is written as a name: `Trump` is a subject, `Mỹ` is none."""

_WHEN = re.compile(r"\d/\d|^(?:(?:ngày|ngay|tháng|thang|năm|nam|lúc|luc) )?\d[\d ]*$")
"""Dates, times and bare numbers."""

_NO_WORD = re.compile(r"[^\w\s./,;:!?()“”\"…]|_")
_MARKUP = re.compile(r"</?[a-z][^<>]{0,200}>|&#?\w{1,10};", re.IGNORECASE)
"""Tags and entities of HTML."""

_ADDRESS_OR_DATE = re.compile(
    r"\bhttps?://\S+|(?:\b(?:từ|đến|ngày|tháng|năm|tu|den|ngay|thang|nam) )?"
    r"\b\d{1,4}(?:[/.-]\d{1,4}){1,2}\b(?![%\w])",
    re.IGNORECASE,
)
_PARTING = re.compile(
    r"[,;:!?()“”\"…]|\b(?:vậy|hả|nhỉ|nhé|ạ|á|ơi|rồi|ad|admin|(?:may|bay) gio(?: roi)?|gio roi)\b"
)
"""Signs and particles between which no name goes on; they and all others mean nothing."""

_SPOKEN_TO = re.compile(
    r"\b(?:mày|may oi|mi|bot|chatbot|you|your|u|ngu|ngốc|đm|đmm|vcl|vl|đéo|fuck|shit|stupid|dumb)\b"
    r"|^bạn\b(?! (?:gái|trai|đọc|bè|trẻ|thân|đời|học|tù))|\b(?:bạn|mày|bot) ơi\b|\bhỏi báo\b",
    re.IGNORECASE,
)
"""Words of questions that are put to the bot, and of insults: no reader looks for news so."""

_OF_NEIGHBOURS = 0.3
"""How much rarer a phrase is taken to be for each syllable beyond its rarest."""

_ABOUT_NOTHING = frozenset(
    (
        *QUESTION_SYLLABLES,
        *QUESTION_PHRASES,
        *BEING_THERE,
        *(
            "nhiêu,sao,như thế nào,lý do,nguyên nhân,diễn ra,xảy ra,tổ chức,ngày,tháng,năm,hôm nay,"
            "hôm qua,mới nhất,tin,tin tức,về,mới,cái,cho biết,những ai,cái gì,là gì,làm gì,"
            "dài,rộng,cao,sâu,nặng,xa,đông,nhiều,nhất,đông nhất,nhiều nhất,ít nhất,xuất sắc,dự,"
            "thành phần,nói gì,nói,ngày mai,ngày nào,hôm nào,nơi nào,ở,tại,trong,của,với,và,"
            "các,những,một,này,là,được,tôi,mình,bạn,em,anh,hơn,cả,còn,hello,hi,xin chào,thế nào,"
            "theo dõi"
        ).split(","),
    )
)
_FUNCTION_WORDS = frozenset(
    (
        "giờ mà hỏi chưa thấy luôn cứ mãi thôi đi tới đến lại còn cũng đã đang sẽ vẫn chỉ thì nên "
        "nếu khi lúc đó này kia ấy đấy đây thế sao mấy bây cho xin xem nghe "
        "nghĩ biết lắm quá rất nữa thật chắc hay hoặc bị bởi do vì từ theo ra vào lên xuống qua về "
        "tự như nhưng không có"
    ).split()
)
"""Syllables that name nothing, even one behind the other: `giờ rồi`. Without diacritics they may be
others."""

_ABOUT_NOTHING_FOLDED = frozenset(map(fold, _ABOUT_NOTHING))


def is_put_to_bot(question: str) -> bool:
    """Tell whether a question speaks to the bot, or insults it, rather than asks for news."""
    return _SPOKEN_TO.search(nfc(question)) is not None


def extract_topic(
    question: str, quotes: Iterable[tuple[str, Sequence[Span]]], analyser: Analyser
) -> AlertQuery | None:
    """Extract the topic of a question as a standing query.

    Args:
        question: As it was asked.
        quotes: The sentences that answer it, each with the spans of its words that match; may be
            none.
        analyser: That of articles and questions.

    Returns:
        A query for its most informative words, or None if it has none.
    """
    matched = [each for quote in quotes for each in _joined(_matched(*quote, analyser))]
    own = list(_phrases(_own_words(question), analyser))
    # Words without diacritics would be exact beside those with some.
    for phrases in (matched + own,) if has_diacritics(question) else (matched, own):
        phrases = list(dict.fromkeys(phrases))
        informative = list(filter(_is_telling, phrases))
        if informative:
            chosen: list[AlertPhrase] = []
            for phrase in sorted(_longest(informative), key=_rank):
                if not any(_rarest(phrase) in better.syllables for better in chosen):
                    chosen.append(phrase)
            chosen = chosen[:PHRASES]
            return AlertQuery.of(phrase for phrase in phrases if phrase in chosen)
    return None


def _longest(phrases: Sequence[AlertPhrase]) -> Iterator[AlertPhrase]:
    """Yield the phrases that are no part of another one: not `phó chủ` beside `phó chủ tịch`."""
    held = [frozenset(phrase.syllables) for phrase in phrases]
    for at, phrase in enumerate(phrases):
        if not any(held[at] < other for other in held):
            yield phrase


def _rarest(phrase: AlertPhrase) -> str:
    """Return the syllable of a phrase that tells most: `Nhàn` of `bà Nhàn`."""
    share = word_frequency if phrase.exact else folded_frequency
    telling = [each for each in phrase.syllables if each not in HONORIFICS]
    return min(telling or phrase.syllables, key=share)


def suggest_subjects(titles: Iterable[str], analyser: Analyser) -> list[AlertQuery]:
    """Suggest the names that are in titles, the most frequent first.

    A name of one word counts if it is in several titles.
    """
    counts = Counter(name for title in titles for name in dict.fromkeys(names_in(title)))
    telling = [name for name, count in counts.most_common() if count > 1 or " " in name]
    return [query for query in _named(telling, analyser) if _is_telling(query.wanted[0])]


def suggest_exclusions(title: str, query: AlertQuery, analyser: Analyser) -> list[str]:
    """Suggest informative words of a title to exclude from a standing query that matched it.

    They have diacritics if the query has. The most informative come first.
    """
    wanted = {syllable for phrase in query.wanted for syllable in phrase.sought}
    plain = bool(query.wanted) and not any(phrase.exact for phrase in query.wanted)
    shares: dict[str, float] = {}
    for phrase in dict.fromkeys(_phrases([title], analyser)):
        words = fold(phrase.words) if plain else phrase.words
        syllables = map(fold, phrase.syllables) if plain else phrase.syllables
        if wanted.isdisjoint(syllables) and _is_telling(phrase):
            shares[words] = _share(phrase)
    return sorted(shares, key=shares.__getitem__)[:EXCLUSIONS]


def _named(names: Iterable[str], analyser: Analyser) -> Iterator[AlertQuery]:
    """Yield a standing query for each name that is short enough for one."""
    for name in names:
        with suppress(SubscriptionError):
            yield parse(f'"{name}"', analyser)


def _own_words(question: str) -> Iterator[str]:
    """Yield the words of a question that articles may hold."""
    words = parse_english_question(question)
    if words is None:
        yield question
        return
    names = [word for word in words if _is_own_name(word)]
    yield from (word.equivalents[0] for word in names or words if word.equivalents)
    yield " ".join(word.text for word in names if not word.equivalents)


def _is_own_name(word: EnglishWord) -> bool:
    """Not only a word with a capital, as in a title."""
    return word.is_name and not (word.equivalents and word.equivalents[0].islower())


def _matched(text: str, spans: Sequence[Span], analyser: Analyser) -> Iterator[AlertPhrase | None]:
    """Yield the words of a sentence that match, each lengthened to its name or compound.

    None stands between words that are no neighbours.
    A word that is known by itself stays as it is, `Hải Dương` of `Báo Hải Dương`, and so does one
    before a number.
    """
    syllables, start = syllable_spans(text), 0
    for compound in split_compounds(text, analyser, opening=True):
        own = syllables[start : (start := start + len(compound.syllables))]
        held = [
            each for each in own if any(each[1] < end and first < each[2] for first, end in spans)
        ]
        if held:
            stays = is_listed([syllable for syllable, _, _ in held]) or own[-1][0][0].isdigit()
            words = join_syllables(text, held) if stays else compound
            exact = any(map(has_diacritics, words.syllables))
            yield AlertPhrase(words.syllables, exact=exact, typed=words.text)
        if not held or not text[own[-1][2] :][:1].isspace():
            yield None


def _phrases(texts: Iterable[str], analyser: Analyser) -> Iterator[AlertPhrase]:
    for text in texts:
        named = _ADDRESS_OR_DATE.sub(" , ", _MARKUP.sub(" ", text))
        plain = _PARTING.sub(" , ", _NO_WORD.sub(" ", named))
        try:
            query = parse(plain, analyser)
        except SubscriptionError:
            continue
        yield from _joined(query.wanted)


def _joined(phrases: Iterable[AlertPhrase | None]) -> Iterator[AlertPhrase]:
    """Yield the phrases that are about something; a lone syllable with the lone one before it.

    `vàng` alone is a colour as well, `giá vàng` is not.
    """
    before: AlertPhrase | None = None
    for phrase in phrases:
        if phrase is None or not _is_about_something(phrase):
            before = None
            continue
        lone = len(phrase.syllables) == 1
        if lone and before and _share(before) >= COMMON_FROM:
            syllables = before.syllables + phrase.syllables
            yield replace(phrase, syllables=syllables, typed=f"{before.words} {phrase.words}")
        else:
            yield phrase
        before = phrase if lone else None


def _is_about_something(phrase: AlertPhrase) -> bool:
    words = " ".join(phrase.syllables)
    if _WHEN.search(words) or _WHEN.search(phrase.words):
        return False
    if all(len(syllable) == 1 for syllable in phrase.syllables):
        return False
    if not has_diacritics(words):
        nothing = _ABOUT_NOTHING_FOLDED
        return words not in nothing and not nothing.issuperset(phrase.syllables)
    if words in _ABOUT_NOTHING:
        return False
    return not all(each in _ABOUT_NOTHING or each in _FUNCTION_WORDS for each in phrase.syllables)


def _rank(phrase: AlertPhrase) -> tuple[int, float]:
    """Sort key of phrases: names, then compounds, then single words; the rarest first."""
    is_compound = len(phrase.syllables) > 1
    return 2 - _is_name(phrase) - is_compound, _share(phrase)


def _is_telling(phrase: AlertPhrase) -> bool:
    return _share(phrase) < (COMMON_NAME_FROM if _is_name(phrase) else COMMON_FROM)


def _is_name(phrase: AlertPhrase) -> bool:
    return all(word[0].isupper() for word in phrase.words.split())


def _share(phrase: AlertPhrase) -> float:
    """Estimate the share of news sentences that hold a phrase."""
    shares = [
        word_frequency(syllable) if phrase.exact else folded_frequency(syllable)
        for syllable in phrase.sought
    ]
    return min(shares) * _OF_NEIGHBOURS ** (len(shares) - 1)
