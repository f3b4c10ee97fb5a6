"""Detect English questions, and translate their content words to Vietnamese."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from index.language.english.glossary import Entry, names, read_english_number, words_and_phrases
from index.language.spelling import fold, may_be_syllable

_WORD = re.compile(r"\d+(?:[.,]\d+)*[^\W_]*|[^\W_]+(?:['’][a-z]+)?", re.IGNORECASE)

_SHORT_ENDING = re.compile("'(?:s|re|ve|ll|d|m)$")

_FUNCTION_WORDS = frozenset(
    """
    a about above across after against all already also although am amid among an and another
    any anybody anyone anything anyway anywhere are around as at be because been before being
    besides between both but by can cannot could did do does during each eg either else etc
    even every everyone everything for from furthermore had has have having he hence her here
    hereby hers herself him himself his how however i ie if in indeed into is it its itself
    just let many may maybe me meanwhile might moreover much must my myself neither
    nevertheless no nobody none nor not of off on onto or otherwise ought our ours ourselves
    out over perhaps please quite rather really regardless shall she should since so some
    somebody somehow someone something somewhat somewhere still such tell than that the their
    theirs them themselves then there therefore these they this those though through
    throughout thus till to too toward towards under unless until up upon us very via was we
    were what whatever when whenever where whereas whereby wherein whether which while who
    whoever whom whose why will with within would yet you your yours
    """.split()
)

_MARKERS = frozenset(
    """
    la gi nao dau khi bao nhieu co khong cua va nhung duoc tai sao ve cho voi trong nguoi ngay
    thang bi da se den ai thi nay nhu theo ong cac vi
    """.split()
)
"""Most frequent Vietnamese syllables of questions without diacritics, no English words."""


@dataclass(frozen=True, slots=True)
class EnglishToken:
    """A word of a text.

    Args:
        word: In lower case, without `'s` and the like.
        is_capitalised: Whether it begins with a capital.
        is_name: Whether it has a capital that the start of the text does not explain, digits
            or diacritics.
        is_acronym: Whether it is written in capitals within a text that is not.
        is_joined: Whether no sign parts it from the word before.
        is_hyphenated: Whether a hyphen joins it to the word before.
    """

    word: str
    is_capitalised: bool
    is_name: bool
    is_acronym: bool
    is_joined: bool
    is_hyphenated: bool


@dataclass(frozen=True, slots=True)
class EnglishWord:
    """A word or phrase of an English question and its Vietnamese equivalents, most usual first.

    A name has a capital, digits or Vietnamese diacritics. A word without equivalents
    is the same in Vietnamese.
    """

    text: str
    equivalents: tuple[str, ...]
    is_name: bool


def is_english(question: str) -> bool:
    """Tell whether a question is English rather than Vietnamese without diacritics.

    Every word counts for one of the two: function words most, names and loan words
    least.
    """
    return _is_english(_units(question))


def content_words(text: str) -> list[EnglishWord]:
    """List the content words and phrases of an English text, in order."""
    return list(_content_words(_units(text)))


def parse_english_question(question: str) -> list[EnglishWord] | None:
    """List the content words of a question if it is English, or else return None."""
    if _is_written_in_vietnamese(question):
        return None
    units = list(_units(question))
    return list(_content_words(units)) if _is_english(units) else None


def _is_written_in_vietnamese(text: str) -> bool:
    """Tell whether its syllables with diacritics outweigh whatever may be English in a text."""
    words = list(map(word_of, _WORD.findall(text)))
    marked = [word for word in words if not word.isascii() and may_be_syllable(fold(word))]
    others = [word for word in words if word.isascii() and word.isalpha()]
    return _MARKED * len(marked) >= _FUNCTION_WORD * len(others) and bool(marked)


def tokenize_english(text: str) -> list[EnglishToken]:
    """List the words of a text, in order."""
    tokens: list[EnglishToken] = []
    end, in_capitals = 0, text.isupper()
    for match in _WORD.finditer(text):
        typed, gap = match[0], text[end : match.start()].strip()
        is_acronym = len(typed) > 1 and typed.isupper() and not in_capitals
        after_letter = bool(tokens) and len(tokens[-1].word) == 1
        is_hyphenated = gap in _HYPHENS
        tokens.append(
            EnglishToken(
                word=word_of(typed),
                is_capitalised=typed[0].isupper(),
                is_name=not typed.isascii()
                or is_acronym
                or (match.start() > 0 and not typed.islower()),
                is_acronym=is_acronym,
                is_joined=bool(tokens)
                and (not gap or is_hyphenated or (gap == "." and after_letter)),
                is_hyphenated=is_hyphenated,
            )
        )
        end = match.end()
    return tokens


def word_of(typed: str) -> str:
    """Return a word as it is looked up: `Didn't` becomes `not`, and `China’s` becomes `china`."""
    word = typed.lower().replace("’", "'")
    return "not" if word.endswith("n't") else _SHORT_ENDING.sub("", word)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A word or phrase of a question, with its entry in the glossaries."""

    tokens: tuple[EnglishToken, ...]
    entry: Entry | None
    in_name: bool

    @property
    def text(self) -> str:
        return " ".join(token.word for token in self.tokens)

    @property
    def is_function_word(self) -> bool:
        return not self.entry and not self.in_name and _is_function_word(self.tokens[0])

    @property
    def indicates_vietnamese(self) -> bool:
        """Whether it is no English word, or the same in Vietnamese: `Hai Duong`."""
        if self.entry and any(fold(way).lower() == self.text for way in self.entry.equivalents):
            return all(may_be_syllable(token.word) for token in self.tokens)
        if self.entry or self.is_function_word:
            token = self.tokens[0]
            return len(self.tokens) == 1 and not token.is_name and token.word in _MARKERS
        return True


def _is_english(units: Iterable[_Unit]) -> bool:
    english = vietnamese = 0.0
    for unit in units:
        if unit.indicates_vietnamese:
            vietnamese += sum(map(_vietnamese_weight, unit.tokens))
        else:
            english += _english_weight(unit)
    return english > vietnamese


def _content_words(units: Iterable[_Unit]) -> Iterator[EnglishWord]:
    return (
        EnglishWord(unit.text, _equivalents(unit), unit.tokens[0].is_name)
        for unit in units
        if unit.entry or not unit.is_function_word
    )


def _units(question: str) -> Iterator[_Unit]:
    """Split a text into words and phrases of the glossaries."""
    tokens = tokenize_english(question)
    in_names = _in_vietnamese_names(tokens)
    start = 0
    while start < len(tokens):
        following = tokens[start + 1 : start + _PHRASE_MAX]
        phrase = [tokens[start], *takewhile(lambda token: token.is_joined, following)]
        in_name = start in in_names
        entry = _entry(phrase, in_name=in_name)
        length = entry.length if entry else 1
        yield _Unit(tuple(phrase[:length]), entry, in_name)
        start += length


def _entry(phrase: list[EnglishToken], *, in_name: bool) -> Entry | None:
    words = [token.word for token in phrase]
    if number := read_english_number(words):
        return number
    name = names().longest(words)
    if in_name:
        return name if name and name.length > 1 else None
    known = words_and_phrases().longest(words)
    if known is None and len(words) > 1 and phrase[1].is_hyphenated:
        compound = words_and_phrases().longest([words[0] + words[1]])
        known = Entry(2, compound.equivalents) if compound else None
    if known and known.length == 1 and words[0] in _FUNCTION_WORDS:
        known = None
    if (
        name
        and name.length == 1
        and not phrase[0].is_name
        and (known or words[0] in _FUNCTION_WORDS)
    ):
        name = None
    return max(filter(None, (name, known)), key=lambda entry: entry.length, default=None)


def _in_vietnamese_names(tokens: list[EnglishToken]) -> set[int]:
    """Find the indices of words like `Long` and `To` in `Ha Long` and `To Lam`."""
    runs: list[list[int]] = [[]]
    for position, token in enumerate(tokens):
        may_be_name = token.is_capitalised and may_be_syllable(token.word)
        if not may_be_name or not token.is_joined or token.is_hyphenated:
            runs.append([])
        if may_be_name:
            runs[-1].append(position)
    return {position for run in runs for position in _name_within(tokens, run)}


def _name_within(tokens: list[EnglishToken], run: list[int]) -> list[int]:
    """Return the Vietnamese name in a run of capitalised syllables, without an English start."""
    if run and tokens[run[0]].word == "the":
        run = run[1:]
    if len(run) > 2 and run[0] == 0 and _is_function_word(tokens[0]):
        run = run[1:]
    words = (tokens[position].word for position in run)
    return run if len(run) > 1 and not all(map(_is_english_word, words)) else []


def _is_english_word(word: str) -> bool:
    return word in _FUNCTION_WORDS or words_and_phrases().longest([word]) is not None


def _is_function_word(token: EnglishToken) -> bool:
    return token.word in _FUNCTION_WORDS and not token.is_acronym


def _equivalents(unit: _Unit) -> tuple[str, ...]:
    """Return the entry's equivalents, and a capitalised word itself, which may be a name."""
    if not unit.entry:
        return ()
    token = unit.tokens[0]
    equivalents = unit.entry.equivalents
    is_word = len(unit.tokens) == 1 and token.word.isalpha() and not unit.entry.is_name
    if token.is_name and is_word and not may_be_syllable(token.word):
        return tuple(dict.fromkeys((*equivalents, token.word)))
    return equivalents


def _english_weight(unit: _Unit) -> float:
    informative = [token for token in unit.tokens if not may_be_syllable(token.word)]
    if any(token.word in _FUNCTION_WORDS for token in informative):
        return _FUNCTION_WORD
    if not unit.entry or not informative or informative[0].word[0].isdigit():
        return 0.0
    joined = "".join(token.word for token in unit.tokens)
    if any(_bare(equivalent) == joined for equivalent in unit.entry.equivalents):
        return _IN_BOTH_LANGUAGES
    return _ENGLISH_ONLY * len(informative)


def _vietnamese_weight(token: EnglishToken) -> float:
    if not may_be_syllable(fold(token.word)):
        return 0.0
    if token.is_capitalised:
        return _NAME
    if token.word in _MARKERS or not token.word.isascii():
        return _MARKED
    return _ORDINARY


def _bare(equivalent: str) -> str:
    return "".join(sign for sign in fold(equivalent).lower() if sign.isalnum())


_HYPHENS = ("-", "‐", "‑", "–", "'", "’")

_PHRASE_MAX = 7
"""Words of a phrase: one more than the longest entry of the glossaries."""

_FUNCTION_WORD, _ENGLISH_ONLY, _IN_BOTH_LANGUAGES = 3.0, 1.5, 0.5
"""Weights for English: of a function word, another English word and a loan word."""

_MARKED, _ORDINARY, _NAME = 2.0, 1.0, 0.25
"""Weights for Vietnamese: of a syllable with diacritics or a very frequent one, of any other
and of a capitalised one."""
