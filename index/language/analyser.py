"""Analyse text into terms: the one analyser of articles, questions and subscriptions.

A text is normalised and split into pyvi's tokens, and each token into syllables,
which are lower case, have their tone in one place and no punctuation. The
segmenter joins neighbouring tokens to words.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from index.language.segmenter import cache_tokens, joins, split_tokens, token_spans
from index.language.spelling import fold, nfc, place_tones, place_tones_last

VERSION: int = 2
"""Version of the analysis, raised when the same text gives other sentences or terms."""

_TOKENS_AT_ONCE = 1_000
"""Tokens given to the model at once, which bounds its memory on text without lines."""

_SYLLABLE = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+")

_MARKS = "\u0300-\u034e\u0350-\u036f"
_INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
)
_UNSEEN = re.compile(f"[{_INVISIBLE}]")
_UNSEEN_OR_MARK = re.compile(f"[{_INVISIBLE}{_MARKS}]")
_CLUSTER = re.compile(f"[^{_INVISIBLE}{_MARKS}]?[{_INVISIBLE}{_MARKS}]*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of a text, with their stored form.

    `text` holds the words separated by one space, the syllables of a word joined
    by `_`: `dự hội_nghị tại điểm cầu`. It has no other white space and no
    control character, and `Terms(terms.text)` gives the same terms again.
    """

    text: str

    @property
    def words(self) -> list[str]:
        """The words in order: `hội_nghị`."""
        return self.text.split()

    @property
    def syllables(self) -> list[str]:
        """The syllables in order: `hội`, `nghị`."""
        return self.text.replace("_", " ").split()

    @property
    def folded(self) -> list[str]:
        """The syllables without diacritics: `hoi`, `nghi`."""
        return fold(self.text).replace("_", " ").split()


class Analyser:
    """Analyser of text into terms. Thread-safe; loads its model at first use."""

    def analyse(self, text: str) -> Terms:
        """Analyse any text, from a question to a whole article."""
        pieces: list[str] = []
        for line in _visible(text).split("\n"):
            # Both spellings of `thủy` are to give the same words, so the model sees its own.
            tokens = split_tokens(place_tones_last(line))
            for first in range(0, len(tokens), _TOKENS_AT_ONCE):
                self._add_words(tokens[first : first + _TOKENS_AT_ONCE], pieces)
        return Terms("".join(pieces[1:]))

    def _add_words(self, tokens: list[str], pieces: list[str]) -> None:
        """Append the syllables of tokens, each after its separator: `_` in a word, else a space.

        Punctuation inside a word is dropped and the word goes on.
        """
        in_word = False
        for token, joined in zip(tokens, joins(tokens), strict=True):
            syllables = _syllables(token)
            in_word = in_word and joined
            if syllables:
                pieces.append("_" if in_word else " ")
                pieces.append(syllables)
                in_word = True


def syllable_spans(text: str) -> list[tuple[str, int, int]]:
    """Find the syllables of a text with their `[start, end)` offsets in it.

    They are always those of `analyse(text).syllables`, since both use the same
    tokens; only the model, which joins them to words, is left out.
    """
    visible, origins = normalize_with_offsets(text)
    spans = [
        (syllable, start + first, start + last)
        for start, end in token_spans(visible)
        for syllable, first, last in _parts(visible[start:end])
    ]
    if not origins:
        return spans
    return [(each, origins[start][0], origins[end - 1][1]) for each, start, end in spans]


def syllables_of(text: str) -> list[str]:
    """Find the syllables of a text in order, where their places do not matter."""
    return " ".join(map(_syllables, split_tokens(_visible(text)))).split()


def normalize_with_offsets(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Normalise text for the analysis: in NFC, without invisible characters.

    Returns:
        The text, and for each of its characters the span in `text` that it comes from; no
        spans if nothing changed.
    """
    visible = _visible(text)
    if visible == text:
        return text, []
    origins: list[tuple[int, int]] = []
    for cluster in _CLUSTER.finditer(text):
        origins.extend([cluster.span()] * len(_visible_cluster(cluster[0])))
    return visible, origins


@cache_tokens
def _syllables(token: str) -> str:
    return " ".join(syllable for syllable, _, _ in _parts(token))


@cache_tokens
def _parts(token: str) -> Sequence[tuple[str, int, int]]:
    """Find the syllables of a token with their spans in it."""
    return [(_normalize_syllable(part[0]), *part.span()) for part in _SYLLABLE.finditer(token)]


def _normalize_syllable(syllable: str) -> str:
    """Normalise a syllable: lower case, tone in place, `05` as `5`; idempotent."""
    lower = syllable.lower()
    if not lower.isascii():
        lower = place_tones(_UNSEEN_OR_MARK.sub("", unicodedata.normalize("NFC", lower)))
    if len(lower) == 2 and lower[0] == "0" and lower.isdecimal():
        return lower[1]
    return lower


def _visible(text: str) -> str:
    """Convert to NFC without invisible characters: joiners, soft hyphens, diacritics alone."""
    if text.isascii():
        return text
    if unicodedata.is_normalized("NFC", text) and not _UNSEEN_OR_MARK.search(text):
        return text
    seen = _UNSEEN.sub("", text)
    if unicodedata.is_normalized("NFC", seen):
        return _UNSEEN_OR_MARK.sub("", seen)
    return "".join(_visible_cluster(cluster[0]) for cluster in _CLUSTER.finditer(text))


def _visible_cluster(cluster: str) -> str:
    """Compose one character with its combining marks, and with nothing beyond it."""
    if len(cluster) == 1 and cluster.isascii():
        return cluster
    return _UNSEEN_OR_MARK.sub("", nfc(_UNSEEN.sub("", cluster)))
