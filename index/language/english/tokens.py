"""English tokenizer: words with their case, normalised for a look-up."""

import re
from dataclasses import dataclass

_WORD = re.compile(r"\d+(?:[.,]\d+)*[^\W_]*|[^\W_]+(?:['’][a-z]+)?", re.IGNORECASE)

_SHORT_ENDING = re.compile("'(?:s|re|ve|ll|d|m)$")


@dataclass(frozen=True, slots=True)
class EnglishToken:
    """A word of an English text.

    Args:
        word: In lower case, without `'s` and the like.
        is_capitalised: Whether it begins with a capital.
        is_name: Whether it has diacritics, digits, or a capital that is not at the start.
        is_acronym: Whether it is in capitals, and the text is not.
        is_joined: Whether no punctuation separates it from the word before.
        is_hyphenated: Whether a hyphen joins it to the word before.
    """

    word: str
    is_capitalised: bool
    is_name: bool
    is_acronym: bool
    is_joined: bool
    is_hyphenated: bool


def tokenize_english(text: str) -> list[EnglishToken]:
    """Split a text into its words, in order."""
    tokens: list[EnglishToken] = []
    end = 0
    for match in _WORD.finditer(text):
        typed, gap = match[0], text[end : match.start()].strip()
        is_acronym = len(typed) > 1 and typed.isupper() and not text.isupper()
        after_letter = bool(tokens) and len(tokens[-1].word) == 1
        tokens.append(
            EnglishToken(
                word=normalize_word(typed),
                is_capitalised=typed[0].isupper(),
                is_name=not typed.isascii()
                or is_acronym
                or (match.start() > 0 and not typed.islower()),
                is_acronym=is_acronym,
                is_joined=bool(tokens) and (gap in _HYPHENS or (gap == "." and after_letter)),
                is_hyphenated=gap in _HYPHENS and gap != "",
            )
        )
        end = match.end()
    return tokens


def normalize_word(typed: str) -> str:
    """Normalise a word for a look-up: `Didn't` becomes `not`, `China’s` becomes `china`."""
    word = typed.lower().replace("’", "'")
    return "not" if word.endswith("n't") else _SHORT_ENDING.sub("", word)


_HYPHENS = ("", "-", "‐", "‑", "–", "'", "’")
