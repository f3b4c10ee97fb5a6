"""pyvi as published."""

import warnings
from collections.abc import Callable


def load_pyvi() -> Callable[[str], str]:
    """`pyvi.ViTokenizer.tokenize`, which puts `_` between the syllables of a word."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyvi import ViTokenizer
    tokenize: Callable[[str], str] = ViTokenizer.tokenize
    return tokenize
