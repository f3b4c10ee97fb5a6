"""Why a source failed, in words for a person, in their language."""

from collections.abc import Iterable, Mapping

from bot.captions import Voice, clipped
from index.problems import Code, Problem

TROUBLE_LIMIT = 140  # UTF-16 units

_SHARED: Mapping[str, Iterable[Code]] = {
    "trouble_address": (Code.NOT_HTTP, Code.NUMERIC_HOST, Code.BAD_REDIRECT, Code.NO_PLACE),
    "trouble_large": (
        *(Code.LARGE_BODY, Code.LARGE_FEED, Code.LARGE_LIST, Code.LARGE_PAGE),
        *(Code.DEEP_PAGE, Code.LARGE_TAG, Code.MANY_TAGS),
    ),
    "trouble_no_feed": (Code.NO_SITEMAP, Code.SITEMAP, Code.OTHER_JSON),
    "trouble_empty": (Code.EMPTY_ANSWER,),
    "trouble_unreadable": (
        *(Code.NUL_CHARACTERS, Code.NUL_BYTES, Code.CONTROLS, Code.NO_TEXT_FILE),
        *(Code.UNKNOWN_ENCODING, Code.NO_PAGE),
    ),
    "trouble_hostile": (Code.HOSTILE_DOCTYPE,),
    "trouble_damaged": (
        *(Code.DAMAGED_BODY, Code.CUT_BODY, Code.DAMAGED_FEED, Code.CUT_FEED),
        *(Code.DAMAGED_SITEMAP, Code.DAMAGED_JSON, Code.DAMAGED_TEXT),
    ),
    "trouble_no_article": (Code.NO_HTML,),
}
_KEYS = {code: key for key, codes in _SHARED.items() for code in codes}


def key_of(code: Code) -> str:
    """Return the key of the message for a code: several share one."""
    return _KEYS.get(code, f"trouble_{code}")


def in_words(voice: Voice, trouble: str) -> str:
    """Return why something failed, as plain text on one line.

    Args:
        voice: Who speaks.
        trouble: A `Problem`; other words are shown as they are.
    """
    if not isinstance(trouble, Problem):
        return clipped(trouble, TROUBLE_LIMIT)
    told = voice.plain(key_of(trouble.code), **trouble.values)
    return clipped(f"{trouble.place}: {told}" if trouble.place else told, TROUBLE_LIMIT)
