"""English questions: which words carry meaning, and what they are in Vietnamese."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from index.background import folded_share
from index.data import rows

_WORD = re.compile(r"[^\W_]+(?:['’][a-z]+)?", re.IGNORECASE)

_FUNCTION_WORDS = frozenset(
    """
    a about after all also am an and any are as at be been being before between but by can could
    did do does during each for from had has have he her his how i if in into is it its may might
    many much must my no not of off on or our out over she should so some than that the their them
    then there these they this those to up us was we were what when where which who whom whose why
    will with would you your please tell me
    """.split()
)

# The others are Vietnamese syllables too, when their marks are left out.
_MARKERS = _FUNCTION_WORDS - frozenset(
    "a am an and any be but can do he her him i it may me my no of on or our out so than the them "
    "then to up us we you".split()
)


@dataclass(frozen=True, slots=True)
class EnglishWord:
    """A word of an English question and its Vietnamese equivalents, most usual first.

    A name has a capital, digits or Vietnamese marks: it is the same in Vietnamese.
    """

    text: str
    equivalents: tuple[str, ...]
    is_name: bool


def is_english(question: str) -> bool:
    """Whether an unmarked question is English rather than Vietnamese without its marks."""
    words = _words(question)
    certain = [word for word in words if word in _MARKERS or _is_english_only(word)]
    likely = [word for word in words if word in _FUNCTION_WORDS or _lemma(word)]
    return bool(certain) and 3 * len(likely) >= len(words)


def content_words(question: str) -> list[EnglishWord]:
    """The words that carry meaning, in order, with their equivalents; names have none."""
    found = []
    for match in _WORD.finditer(question):
        word = match[0].lower().replace("’", "'").removesuffix("'s")
        lemma = _lemma(word)
        is_name = not match[0].isascii() or (not match[0].islower() and match.start() > 0)
        if word in _FUNCTION_WORDS and not (is_name and lemma is None):
            continue
        equivalents = _lexicon()[lemma] if lemma else _names().get(word, ())
        found.append(EnglishWord(word, equivalents, is_name))
    return found


def _is_english_only(word: str) -> bool:
    return _lemma(word) is not None and not folded_share(word)


def _words(question: str) -> list[str]:
    return [match[0].lower().removesuffix("'s") for match in _WORD.finditer(question)]


def _lemma(word: str) -> str | None:
    lexicon = _lexicon()
    candidates = (word, _irregular().get(word), *_stems(word))
    return next((lemma for lemma in candidates if lemma in lexicon), None)


def _stems(word: str) -> Iterator[str]:
    for ending, replacements in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 1:
            yield from (stem + replacement for replacement in replacements)
            if ending in ("ed", "ing") and stem[-1:] == stem[-2:-1]:
                yield stem[:-1]


_ENDINGS = (
    ("ies", ("y",)),
    ("ied", ("y",)),
    ("es", ("", "e")),
    ("s", ("",)),
    ("ed", ("", "e")),
    ("ing", ("", "e")),
    ("ers", ("er", "e", "")),
    ("er", ("e", "")),
    ("ly", ("",)),
)


@cache
def _lexicon() -> dict[str | None, tuple[str, ...]]:
    return {
        lemma: tuple(equivalents.split("|")) for lemma, equivalents in rows("lexicon_en_vi.tsv")
    }


@cache
def _irregular() -> dict[str, str]:
    return dict(row for row in rows("irregular_en.tsv"))


@cache
def _names() -> dict[str, tuple[str, ...]]:
    """Single-word names of countries and months, from CLDR."""
    from babel import Locale

    english, vietnamese = Locale("en"), Locale("vi")
    names = {
        name.lower(): (vietnamese.territories[code],)
        for code, name in english.territories.items()
        if code.isalpha() and " " not in name and code in vietnamese.territories
    }
    months = english.months["format"]["wide"]
    return names | {name.lower(): (f"tháng {number}",) for number, name in months.items()}
