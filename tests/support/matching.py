"""Match an article to search wishes one after the other: what the matcher is held against."""

from collections.abc import Sequence

from index.alerts import AlertQuery
from index.language.analyser import Terms, syllable_spans
from index.language.spelling import fold

Rows = tuple[str, ...]


def naive_matches(wishes: Sequence[AlertQuery], terms: Rows, sources: Sequence[str]) -> list[int]:
    """The places of the wishes that an article is for, each tried on the article's text."""
    exact = [f" {' '.join(Terms(text).syllables)} " for text in terms]
    names = [
        f" {' '.join(syllable for syllable, _, _ in syllable_spans(name))} " for name in sources
    ]
    forms = {True: (exact, names), False: (list(map(fold, exact)), list(map(fold, names)))}
    return [n for n, wish in enumerate(wishes) if _is_wanted(wish, forms)]


def _is_wanted(wish: AlertQuery, forms: dict[bool, tuple[list[str], list[str]]]) -> bool:
    found: dict[bool, list[bool]] = {True: [], False: []}
    from_source: list[bool] = []
    for phrase in wish.phrases:
        rows, names = forms[phrase.exact]
        places = {"": rows, "title": rows[:1], "source": names}[phrase.place]
        sought = " ".join(phrase.syllables)
        sought = f" {sought if phrase.exact else fold(sought)} "
        held = any(sought in row for row in places)
        if phrase.place == "source" and not phrase.excluded:
            from_source.append(held)
        else:
            found[phrase.excluded].append(held)
    is_from = any(from_source) or not from_source
    return is_from and all(found[False]) and not any(found[True])
