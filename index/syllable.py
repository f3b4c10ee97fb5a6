"""Which letters can be one Vietnamese syllable, written without its marks."""

import re

_ONSET = "(?:ngh|ng|nh|gh|gi|ch|kh|ph|th|tr|qu|[bcdghklmnpqrstvx])?"
_OPEN = (
    "a|e|i|o|u|ai|ao|au|ay|eo|eu|ia|ieu|iu|oa|oai|oao|oay|oe|oeo|oi|ua|uay|ue|ui|uo|uoi|uou|uu|uy"
    "|uya|uyu|yeu|ieu"
)
_CLOSED = "(?:a|e|i|o|u|y|ie|oa|oe|oo|ua|ue|uo|uy|uye|ye)(?:ch|ng|nh|[cmnpt])"
_ENDING_Y = "(?:[hklmstv]|qu)?y"
"""Elsewhere the sound is written `i`: `my` is a syllable, `by` is not."""

_SYLLABLE = re.compile(f"{_ENDING_Y}|{_ONSET}(?:{_OPEN}|{_CLOSED})|g(?:i|in|inh|ip)")


def may_be_syllable(word: str) -> bool:
    """Whether a lower-case word without marks has the letters of a Vietnamese syllable.

    `nghi` and `song` have them, `who` and `bridge` have not.
    """
    return _SYLLABLE.fullmatch(word) is not None
