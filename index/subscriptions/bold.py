"""Which words of a sentence or title hold what a wish asks for."""

from index.analyser import syllable_spans
from index.quotes import joined, occurrences
from index.spelling import fold
from index.subscriptions.wish import Wish


def wish_highlights(wish: Wish, text: str) -> tuple[tuple[int, int], ...]:
    """The `[start, end)` spans of a text that a wish asks for, in order, neighbours joined.

    Common words too are marked, since somebody asked for just these. Names of
    sources are not looked for in the text.
    """
    spans = syllable_spans(text)
    exact = [syllable for syllable, _, _ in spans]
    folded = list(map(fold, exact))
    matched: set[int] = set()
    for phrase in wish.required:
        matched.update(occurrences(phrase.sought, exact if phrase.exact else folded))
    return tuple(joined(text, [spans[at][1:] for at in sorted(matched)]))
