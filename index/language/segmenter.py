"""Vietnamese word segmentation: pyvi's, faster.

pyvi splits a text into tokens (syllables, numbers, punctuation) and labels each as
the beginning or the inside of a word. This module gives the same output, faster
(measured by `python -m tests.benchmarks.segment`): the model's score is a sum of weights,
so those of each distinct token are cached, and added up for each sequence.
"""

import math
import re
import string
from collections import defaultdict
from collections.abc import Callable, Sequence, Set
from functools import cache, lru_cache
from threading import Lock
from typing import Any, NamedTuple, TypeVar

import pycrfsuite

from index.language.word_model import read_model, read_words

_DOMAIN = r"(?:[a-zA-Z0-9-]+\.)+[a-zA-Z0-9-]+"
_ABBREVIATION = r"[A-ZĐ]+\.|Tp\.|Mr\.|Mrs\.|Ms\.|Dr\.|ThS\."
_ARROW = r"==>|->|\.\.\.|>>|\n"
_ADDRESS = r"\w+://\S+"
_EMAIL = rf"[a-zA-Z0-9_.+-]+@{_DOMAIN}"
_REST = r"\d+(?:[.,_]\d+)+|[^\w\s]|\w+"

_TOKEN = re.compile(f"{_ABBREVIATION}|{_ARROW}|{_ADDRESS}|{_REST}")
_TOKEN_OR_EMAIL = re.compile(f"{_ABBREVIATION}|{_ARROW}|{_ADDRESS}|{_EMAIL}|{_REST}")
_EMAIL_END = re.compile(f"@{_DOMAIN}")
_EMAIL_NAME = frozenset(string.ascii_letters + string.digits + "_.+-")

_TOKENS_CACHED = 50_000
_TOKEN_CACHED_LENGTH = 40  # characters

_Value = TypeVar("_Value")


def cache_tokens(function: Callable[[str], _Value]) -> Callable[[str], _Value]:
    """Cache a function of tokens, but not for long ones: these are addresses, and hardly recur."""
    cached = lru_cache(_TOKENS_CACHED)(function)

    def value(token: str) -> _Value:
        return cached(token) if len(token) <= _TOKEN_CACHED_LENGTH else function(token)

    return value


_LOCK = Lock()


def joins(tokens: Sequence[str]) -> list[bool]:
    """Tell of each token in a sequence whether it continues the word of the one before it.

    The model is loaded at first use, once a process. May be called from any thread.
    """
    if not tokens:
        return []
    with _LOCK:
        model = _word_model()
        scored = [model.token(token) for token in tokens]
    continues = _likeliest(_odds(scored, model), model.transitions)
    following = zip(continues[1:], scored, scored[1:], strict=False)
    return [False, *[label and _may_join(*pair) for label, *pair in following]]


def split_tokens(text: str) -> list[str]:
    """Split NFC text into pyvi's tokens."""
    if "@" in text:
        return [text[start:end] for start, end in token_spans(text)]
    tokens: list[str] = _TOKEN.findall(text)
    return tokens


def token_spans(text: str) -> list[tuple[int, int]]:
    """Find the `[start, end)` spans of pyvi's tokens in NFC text; none contains white space.

    The one exception is the newline, which is a token of its own. Linear in the
    length of the text, where pyvi's pattern is quadratic.
    """
    if "@" in text:
        return _split_with_emails(text)
    return [token.span() for token in _TOKEN.finditer(text)]


def _split_with_emails(text: str) -> list[tuple[int, int]]:
    """Find token spans in linear time: an e-mail address is tried only where one ends."""
    spans: list[tuple[int, int]] = []
    position = 0
    for end in _EMAIL_END.finditer(text):
        at = end.start()
        name = at
        while name > position and text[name - 1] in _EMAIL_NAME:
            name -= 1
        for token in _TOKEN.finditer(text, position):
            if token.start() >= name:
                break
            spans.append(token.span())
            position = token.end()
        position = max(position, name)
        while position < at and (token_or_email := _TOKEN_OR_EMAIL.match(text, position)):
            spans.append(token_or_email.span())
            position = token_or_email.end()
    spans.extend(token.span() for token in _TOKEN.finditer(text, position))
    return spans


_BEGINS, _CONTINUES = "B_W", "I_W"


class Token(NamedTuple):
    """Scores of the model and flags of pyvi's rules for one token.

    `odds` are the log-odds that it continues a word; `to_before` and `to_after` are added to
    those of the token before and after it. `rests` complete it to the words of pyvi's list:
    `nghị` and `nghị sĩ` of `hội`.
    """

    lower: str
    odds: float
    to_before: float
    to_after: float
    rests: Set[str]
    is_apart: bool
    is_capital: bool


class Transitions(NamedTuple):
    """Transition weights between labels, up to a constant that all four have in common."""

    begins_begins: float
    begins_continues: float
    continues_begins: float
    continues_continues: float


class WordModel:
    """Model of the installed pyvi. Not thread-safe.

    Attributes:
        token: Returns the scores and flags of a token.
        pair_first, pair_last: Added to the odds of the first and the last of two tokens that
            make a word of the list.
        triple_first, triple_last: The same for three tokens.
        transitions: Weights of neighbouring labels.
    """

    def __init__(self) -> None:
        self._data = read_model()  # CRFsuite keeps a pointer to it, not a copy.
        self._tagger: Any = pycrfsuite.Tagger()
        self._tagger.open_inmemory(self._data)
        self._rests: defaultdict[str, set[str]] = defaultdict(set)
        for word in read_words().split("\n"):
            first, _, rest = word.partition(" ")
            self._rests[first].add(rest)
        self.pair_first = self._odds([b"+1:word.bi_gram()"])
        self.pair_last = self._odds([b"-1:word.bi_gram()"])
        self.triple_first = self._odds([b"+2:word.tri_gram()"])
        self.triple_last = self._odds([b"-2:word.tri_gram()"])
        self.transitions = self._transitions()
        self.token = cache_tokens(self._new_token)

    def _new_token(self, token: str) -> Token:
        """Compute the scores and flags of a token.

        Its attributes are those that python-crfsuite makes of pyvi's feature dicts, as UTF-8.
        False flags, which weigh nothing, are left out.
        """
        lower = token.lower()
        word = b"word.lower():" + lower.encode("utf-8", "replace")
        title = [b"word.istitle()"] if token.istitle() else []
        upper = [b"word.isupper()"] if token.isupper() else []
        digit = [b"word.isdigit()"] if token.isdigit() else []
        beside = (word, *title, *upper)
        return Token(
            lower=lower,
            odds=self._odds([b"bias", word, *title, *upper, *digit]),
            to_before=self._odds([b"+1:" + attribute for attribute in beside]),
            to_after=self._odds([b"-1:" + attribute for attribute in beside]),
            rests=self._rests.get(lower, frozenset()),
            is_apart=token in string.punctuation or token[0].isdigit(),
            is_capital=token[0].istitle(),
        )

    def _odds(self, attributes: list[bytes]) -> float:
        self._tagger.set([attributes])
        continues, begins = (self._tagger.marginal(label, 0) for label in (_CONTINUES, _BEGINS))
        return math.log(continues / begins)

    def _transitions(self) -> Transitions:
        self._tagger.set([[], []])
        labels = _BEGINS, _CONTINUES
        pairs = ([before, after] for before in labels for after in labels)
        return Transitions(*(math.log(self._tagger.probability(pair)) for pair in pairs))


@cache
def _word_model() -> WordModel:
    return WordModel()


def _odds(tokens: list[Token], model: WordModel) -> list[float]:
    """Compute the log-odds that each token continues a word, regardless of the other labels."""
    lower, own, to_before, to_after, rests, *_ = zip(*tokens, strict=True)
    beside = zip(own, (0.0, *to_after), (*to_before[1:], 0.0), strict=False)
    odds: list[float] = [itself + before + after for itself, before, after in beside]
    for at, (rest, second) in enumerate(zip(rests, lower[1:], strict=False)):
        if second in rest:
            odds[at] += model.pair_first
            odds[at + 1] += model.pair_last
    for at, (rest, second, third) in enumerate(zip(rests, lower[1:], lower[2:], strict=False)):
        if f"{second} {third}" in rest:
            odds[at] += model.triple_first
            odds[at + 2] += model.triple_last
    return odds


def _likeliest(odds: list[float], transitions: Transitions) -> list[bool]:
    """Find the likeliest sequence of labels (Viterbi); True continues a word.

    `ahead` is the lead of the best path that ends with continuing over the other one.
    """
    stay_out, go_in, go_out, stay_in = transitions
    go_in_below, stay_out_below = go_in - stay_in, stay_out - go_out
    ahead = odds[0]
    aheads = [ahead]
    for own in odds[1:]:
        continues = go_in if ahead <= go_in_below else stay_in + ahead
        begins = stay_out if ahead <= stay_out_below else go_out + ahead
        ahead = own + continues - begins
        aheads.append(ahead)
    labels: list[bool] = []
    least = 0.0
    for ahead in reversed(aheads):
        labels.append(ahead > least)
        least = go_in_below if ahead > least else stay_out_below
    return labels[::-1]


def _may_join(before: Token, after: Token) -> bool:
    """Apply pyvi's rules over the model: punctuation and numbers stand alone, names begin anew."""
    if before.is_apart or after.is_apart:
        return False
    return before.is_capital or not after.is_capital
