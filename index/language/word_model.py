"""pyvi's word segmentation model and word list, read without importing pyvi and scikit-learn."""

import importlib.util
import pickle
from pathlib import Path
from typing import Any

_MODEL = "pyvi3.pkl"
_WORDS = "words.txt"


def read_model() -> bytes:
    """Read the model of the installed pyvi, a file of CRFsuite, out of its pickle."""
    path = _folder() / _MODEL
    with path.open("rb") as file:
        estimator = _StateUnpickler(file, encoding="latin1").load()
    model = estimator.state["modelfile"].state["__FILE_RESOURCE_DATA__"]
    if not isinstance(model, bytes):
        raise TypeError(f"{path} holds no model: is this a version of pyvi before 0.2?")
    return model


def read_words() -> str:
    """Read the word list of the installed pyvi, one entry a line."""
    return (_folder() / _WORDS).read_text("utf-8")


def _folder() -> Path:
    """Find the data of pyvi without importing it, which would load its own model."""
    spec = importlib.util.find_spec("pyvi")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pyvi is not installed", name="pyvi")
    return Path(spec.origin).parent / "models"


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
