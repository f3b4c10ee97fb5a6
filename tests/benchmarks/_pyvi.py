"""Load pyvi as published, without its warnings."""

import warnings
from collections.abc import Callable


def load_pyvi() -> Callable[[str], str]:
    """Load `pyvi.ViTokenizer.tokenize`, which joins the syllables of a word by `_`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyvi import ViTokenizer
    tokenize: Callable[[str], str] = ViTokenizer.tokenize
    return tokenize
