"""Vietnamese words: pyvi's model, driven straight through python-crfsuite.

pyvi parts a text into tokens (syllables, numbers, signs) and labels each one as
the beginning or the inside of a word. This module gives the same output, faster
(`python -m tests.benchmarks.segment` says by how much) and without importing
scikit-learn: the model is read out of pyvi's pickle, and what pyvi derives anew
for each token of each sentence is kept for each distinct token.
"""

import importlib.util
import pickle
import re
import string
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import pycrfsuite

from index.spelling import nfc

_MODEL = Path("models", "pyvi3.pkl")
_DICTIONARY = Path("models", "words.txt")

_INSIDE = "I_W"
"""The model's label of a token that continues a word; the other one begins a word."""

_TOKENS_KEPT = 20_000
"""Distinct tokens remembered with their features; when full, remembering starts afresh."""

_TOKEN_KEPT_LENGTH = 40
"""Longer tokens are addresses and the like: they do not come again."""

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

_NOTHING: list[bytes] = []
_PAIRED_BEFORE = (
    ((), (b"-2:word.tri_gram()",)),
    ((b"-1:word.bi_gram()",), (b"-1:word.bi_gram()", b"-2:word.tri_gram()")),
)
_PAIRED_AFTER = (
    ((), (b"+2:word.tri_gram()",)),
    ((b"+1:word.bi_gram()",), (b"+1:word.bi_gram()", b"+2:word.tri_gram()")),
)


class Segmenter:
    """Groups the tokens of Vietnamese text in words, as pyvi does.

    The model is loaded at first use. One instance may be shared by threads:
    a lock guards the tagger.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._model: _Model | None = None
        self._features: dict[str, _Features] = {}

    def tokenize(self, text: str) -> str:
        """Text as `pyvi.ViTokenizer.tokenize` gives it: tokens of a word joined by `_`."""
        return " ".join(map("_".join, self.words(text))) or text

    def words(self, text: str) -> list[list[str]]:
        """The words of a text in order, each as its tokens. The whole text is one sequence."""
        normalized = nfc(text)
        tokens = [normalized[start:end] for start, end in split(normalized)]
        words: list[list[str]] = []
        for token, joined in zip(tokens, self.joins(tokens), strict=True):
            if joined:
                words[-1].append(token)
            else:
                words.append([token])
        return words

    def joins(self, tokens: Sequence[str]) -> list[bool]:
        """Whether each of a sequence of tokens continues the word of the token before it."""
        if not tokens:
            return []
        with self._lock:
            features = [self._features_of(token) for token in tokens]
            labels = self._tag(features)
        joins = [
            label == _INSIDE and _may_join(before, after)
            for label, before, after in zip(labels[1:], features, features[1:], strict=False)
        ]
        return [False, *joins]

    def _features_of(self, token: str) -> "_Features":
        known = self._features.get(token)
        if known is not None:
            return known
        features = _features(token)
        if len(token) <= _TOKEN_KEPT_LENGTH:
            if len(self._features) >= _TOKENS_KEPT:
                self._features.clear()
            self._features[token] = features
        return features

    def _tag(self, features: "list[_Features]") -> list[str]:
        if self._model is None:
            self._model = _load_model()
        tagger, _, pairs, triples = self._model
        labels: list[str] = tagger.tag(_sequence(features, pairs, triples))
        return labels


class _Features(NamedTuple):
    """What the model and the rules after it want to know of one token, wherever it stands."""

    lower: str
    here: list[bytes]
    before: list[bytes]
    after: list[bytes]
    is_apart: bool
    is_capital: bool


class _Model(NamedTuple):
    """`data` is what the tagger reads from: CRFsuite keeps a pointer to it, not a copy."""

    tagger: Any
    data: bytes
    pairs: frozenset[str]
    triples: frozenset[str]


def split(text: str) -> list[tuple[int, int]]:
    """The `[start, end)` spans of pyvi's tokens in NFC text; each holds no white space.

    The one exception is the newline, which is a token of its own. Linear in the
    length of the text, where pyvi's pattern is quadratic.
    """
    if "@" in text:
        return _split_with_emails(text)
    return [token.span() for token in _TOKEN.finditer(text)]


def _split_with_emails(text: str) -> list[tuple[int, int]]:
    """An e-mail address is tried only where one is known to end, so nothing is read twice."""
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


def _may_join(before: _Features, after: _Features) -> bool:
    """Signs and numbers stand alone, names begin anew: pyvi's rules over the model's word."""
    if before.is_apart or after.is_apart:
        return False
    return before.is_capital or not after.is_capital


def _features(token: str) -> _Features:
    """The attributes that python-crfsuite makes of pyvi's feature dicts, as UTF-8.

    A flag that is false weighs nothing there, so here it is left out.
    """
    lower = token.lower()
    word = b"word.lower():" + lower.encode("utf-8", "replace")
    title = [b"word.istitle()"] if token.istitle() else []
    upper = [b"word.isupper()"] if token.isupper() else []
    digit = [b"word.isdigit()"] if token.isdigit() else []
    return _Features(
        lower=lower,
        here=[b"bias", word, *upper, *title, *digit],
        before=[b"-1:" + feature for feature in (word, *title, *upper)],
        after=[b"+1:" + feature for feature in (word, *title, *upper)],
        is_apart=token in string.punctuation or token[0].isdigit(),
        is_capital=token[0].istitle(),
    )


def _sequence(
    features: list[_Features], pairs: frozenset[str], triples: frozenset[str]
) -> list[list[bytes]]:
    """The attributes of each token and of its neighbours, in the order of pyvi's dicts.

    The order matters: CRFsuite adds up floats. `paired[i]` is for the tokens
    i-1 and i, `tripled[i]` for i-2 to i.
    """
    lower = [token.lower for token in features]
    paired = [False, *[f"{a} {b}" in pairs for a, b in pairwise(lower)], False]
    tripled = [
        False,
        False,
        *[f"{a} {b} {c}" in triples for a, b, c in zip(lower, lower[1:], lower[2:], strict=False)],
        False,
        False,
    ]
    return [
        [
            *token.here,
            *before,
            *_PAIRED_BEFORE[pair_before][triple_before],
            *after,
            *_PAIRED_AFTER[pair_after][triple_after],
        ]
        for token, before, after, pair_before, triple_before, pair_after, triple_after in zip(
            features,
            [_NOTHING, *[token.before for token in features]],
            [*[token.after for token in features[1:]], _NOTHING],
            paired,
            tripled,
            paired[1:],
            tripled[2:],
            strict=False,
        )
    ]


def _load_model() -> _Model:
    data, pairs, triples = _parts()
    tagger = pycrfsuite.Tagger()
    tagger.open_inmemory(data)
    return _Model(tagger, data, pairs, triples)


@cache
def _parts() -> tuple[bytes, frozenset[str], frozenset[str]]:
    """What all segmenters of a process share: the model, and its words of two and three parts."""
    package = pyvi_folder()
    terms = (package / _DICTIONARY).read_text("utf-8").split("\n")
    return (
        _model_bytes(package / _MODEL),
        frozenset(term for term in terms if term.count(" ") == 1),
        frozenset(term for term in terms if term.count(" ") == 2),
    )


def pyvi_folder() -> Path:
    """Where pyvi is installed, found without executing it: importing it loads its own model."""
    spec = importlib.util.find_spec("pyvi")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pyvi is not installed", name="pyvi")
    return Path(spec.origin).parent


def _model_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        estimator = _StateUnpickler(file, encoding="latin1").load()
    model = estimator.state["modelfile"].state["__FILE_RESOURCE_DATA__"]
    if not isinstance(model, bytes):
        raise TypeError(f"{path} holds no model: is this a version of pyvi before 0.2?")
    return model


class _State:
    """Stands in for every class in the pickle and keeps the state that it is given."""

    state: Any = None

    def __init__(self, *_arguments: object) -> None:
        pass

    def __setstate__(self, state: object) -> None:
        self.state = state


class _StateUnpickler(pickle.Unpickler):
    """Reads a pickle as plain data: no class or function that it names is ever run."""

    def find_class(self, module: str, name: str) -> object:
        return _latin1 if (module, name) == ("_codecs", "encode") else _State


def _latin1(text: str, _encoding: str) -> bytes:
    """How pickle protocol 2 writes bytes."""
    return text.encode("latin1")
