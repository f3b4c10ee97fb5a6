"""Segmented text as `pyvi.ViTokenizer.tokenize` writes it."""

from index.language.segmenter import joins, split_tokens
from index.language.spelling import nfc


def segment(text: str) -> str:
    """Join the tokens of a word by `_`, and all others by a space."""
    tokens = split_tokens(nfc(text))
    pieces: list[str] = []
    for token, joined in zip(tokens, joins(tokens), strict=True):
        pieces += ["_" if joined else " ", token]
    return "".join(pieces[1:]) or text
