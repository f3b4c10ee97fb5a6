"""Chat shorthand in questions, written out: `co bn ng dc thuong` becomes `co bao nhieu nguoi …`."""

import re
from functools import cache

from index.data import rows
from index.spelling import fold, is_marked

_NUMBER = "#"
_BESIDE = r"\w.,/&@'’-"
"""What makes a form a part of something longer: `a.k`, `k-pop`."""


def written_out(question: str) -> str:
    """A question with its shorthand written out, without marks if it has none.

    Only what is typed in small letters is shorthand, but for a capital at the start, which
    telephones set: `BN` and `DC` are names. What stands where it means something else stays.
    """
    marked = is_marked(question)

    def meaning(match: re.Match[str]) -> str:
        typed = match[0]
        small = typed[0].lower() + typed[1:] if not question[: match.start()].strip() else typed
        known = _forms().get(small)
        if known is None or _is_other(question, match, known[1]):
            return typed
        return known[0] if marked else fold(known[0])

    return _pattern().sub(meaning, question)


def _is_other(question: str, match: re.Match[str], behind: frozenset[str]) -> bool:
    """Whether a form stands for something else: behind one of some words, or beside a number."""
    if not behind:
        return False
    before = fold(question[: match.start()].lower()).split()[-1:]
    if _NUMBER in behind and (
        question[match.end() :].lstrip()[:1].isdigit() or any(map(str.isdigit, "".join(before)))
    ):
        return True
    return not behind.isdisjoint(before)


@cache
def _forms() -> dict[str, tuple[str, frozenset[str]]]:
    return {
        form: (meaning, frozenset(" ".join(behind).split()))
        for form, meaning, *behind in rows("shorthand.tsv")
    }


@cache
def _pattern() -> re.Pattern[str]:
    forms = "|".join(sorted(map(re.escape, _forms()), key=len, reverse=True))
    return re.compile(rf"(?<![{_BESIDE}])(?:{forms})(?![\w/&@'’-]|[.,]\w)", re.IGNORECASE)
