"""pyvi's word segmentation model, read from its pickle without scikit-learn.

Its score is a sum of weights, so that of a sequence is made of those of its tokens, and the
tagger of python-crfsuite is called once for each distinct token instead of for each text.
"""

import importlib.util
import math
import pickle
import string
from collections import defaultdict
from collections.abc import Set
from pathlib import Path
from typing import Any, NamedTuple

import pycrfsuite

_MODEL = Path("models", "pyvi3.pkl")
_WORDS = Path("models", "words.txt")
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
        pair_first, pair_last: Added to the odds of the first and the last of two tokens that
            make a word of the list.
        triple_first, triple_last: The same for three tokens.
        transitions: Weights of neighbouring labels.
    """

    def __init__(self) -> None:
        package = pyvi_folder()
        self._data = _model_bytes(package / _MODEL)  # CRFsuite keeps a pointer to it, not a copy.
        self._tagger: Any = pycrfsuite.Tagger()
        self._tagger.open_inmemory(self._data)
        self._rests: defaultdict[str, set[str]] = defaultdict(set)
        for word in (package / _WORDS).read_text("utf-8").split("\n"):
            first, _, rest = word.partition(" ")
            self._rests[first].add(rest)
        self.pair_first = self._odds([b"+1:word.bi_gram()"])
        self.pair_last = self._odds([b"-1:word.bi_gram()"])
        self.triple_first = self._odds([b"+2:word.tri_gram()"])
        self.triple_last = self._odds([b"-2:word.tri_gram()"])
        self.transitions = self._transitions()

    def token(self, token: str) -> Token:
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


def pyvi_folder() -> Path:
    """Find the folder of pyvi without importing it, which would load its own model."""
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
    """Substitute for every class in the pickle, which keeps the state that it is given."""

    state: Any = None

    def __init__(self, *_arguments: object) -> None:
        pass

    def __setstate__(self, state: object) -> None:
        self.state = state


class _StateUnpickler(pickle.Unpickler):
    """Unpickler of plain data, which never runs the classes and functions of a pickle."""

    def find_class(self, module: str, name: str) -> object:
        return _latin1 if (module, name) == ("_codecs", "encode") else _State


def _latin1(text: str, _encoding: str) -> bytes:
    """Encode text to bytes, for which pickle protocol 2 calls `_codecs.encode`."""
    return text.encode("latin1")
