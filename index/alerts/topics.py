"""Suggest standing queries: the topic of a question, and words of a title to exclude."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from index.alerts.errors import SubscriptionError
from index.alerts.parser import parse
from index.alerts.query import AlertPhrase, AlertQuery
from index.language.analyser import Analyser
from index.language.english import EnglishWord, parse_english_question
from index.language.spelling import fold, has_diacritics
from index.language.word_frequency import folded_frequency, word_frequency
from index.search.query import BEING_THERE, QUESTION_PHRASES, QUESTION_SYLLABLES

PHRASES = 2
"""The phrases of a topic: each one more is asked for as well, and soon nothing has them all."""

EXCLUSIONS = 3
"""The words of a title that are offered to be left out."""

COMMON_FROM = 0.02
"""A phrase in this share of news sentences or more is no subject of its own."""

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
            "thành phần"
        ).split(","),
    )
)
_ABOUT_NOTHING_FOLDED = frozenset(map(fold, _ABOUT_NOTHING))


def extract_topic(question: str, matched: Iterable[str], analyser: Analyser) -> AlertQuery | None:
    """Extract the topic of a question as a standing query.

    Args:
        question: As it was asked.
        matched: The words of articles that match it, with their diacritics; may be none.
        analyser: That of articles and questions.

    Returns:
        A query for its most informative words, or None if it has none.
    """
    for texts in (matched, _own_words(question)):
        phrases = list(dict.fromkeys(_phrases(texts, analyser)))
        informative = [phrase for phrase in phrases if _share(phrase) < COMMON_FROM]
        if informative:
            chosen: list[AlertPhrase] = []
            for phrase in sorted(informative, key=_share):
                if not any(set(phrase.syllables) <= set(rarer.syllables) for rarer in chosen):
                    chosen.append(phrase)
            chosen = chosen[:PHRASES]
            return AlertQuery.of(phrase for phrase in phrases if phrase in chosen)
    return None


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
        if wanted.isdisjoint(syllables) and _share(phrase) < COMMON_FROM:
            shares[words] = _share(phrase)
    return sorted(shares, key=shares.__getitem__)[:EXCLUSIONS]


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


def _phrases(texts: Iterable[str], analyser: Analyser) -> Iterator[AlertPhrase]:
    for text in texts:
        plain = "".join(sign if sign.isalnum() or sign in "./" else " " for sign in text)
        try:
            query = parse(plain, analyser)
        except SubscriptionError:
            continue
        yield from _joined(query.wanted)


def _joined(phrases: Iterable[AlertPhrase]) -> Iterator[AlertPhrase]:
    """Yield the phrases that are about something; a lone syllable with the lone one before it.

    `vàng` alone is a colour as well, `giá vàng` is not.
    """
    before: AlertPhrase | None = None
    for phrase in phrases:
        lone = len(phrase.syllables) == 1
        if not _is_about_something(phrase):
            before = None
            continue
        if lone and before and _share(before) >= COMMON_FROM:
            syllables = before.syllables + phrase.syllables
            yield replace(phrase, syllables=syllables, typed=f"{before.words} {phrase.words}")
        else:
            yield phrase
        before = phrase if lone else None


def _is_about_something(phrase: AlertPhrase) -> bool:
    words = " ".join(phrase.syllables)
    nothing = _ABOUT_NOTHING if has_diacritics(words) else _ABOUT_NOTHING_FOLDED
    return words not in nothing and not nothing.issuperset(phrase.syllables)


def _share(phrase: AlertPhrase) -> float:
    """Estimate the share of news sentences that hold a phrase."""
    shares = [
        word_frequency(syllable) if phrase.exact else folded_frequency(syllable)
        for syllable in phrase.sought
    ]
    return min(shares) * _OF_NEIGHBOURS ** (len(shares) - 1)
