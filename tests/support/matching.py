"""Naive reference of the alert matcher: try every standing query on an article in turn."""

from collections.abc import Sequence

from index.alerts import AlertPhrase, AlertQuery
from index.language.analyser import Terms, syllable_spans
from index.language.spelling import fold

Rows = tuple[str, ...]


def naive_matches(queries: Sequence[AlertQuery], terms: Rows, sources: Sequence[str]) -> list[int]:
    """Return the positions of the queries that match an article's text or source."""
    exact = [f" {' '.join(Terms(text).syllables)} " for text in terms]
    names = [
        f" {' '.join(syllable for syllable, _, _ in syllable_spans(name))} " for name in sources
    ]
    forms = {True: (exact, names), False: (list(map(fold, exact)), list(map(fold, names)))}
    return [n for n, query in enumerate(queries) if _is_match(query, forms)]


def _is_match(query: AlertQuery, forms: dict[bool, tuple[list[str], list[str]]]) -> bool:
    def has(phrase: AlertPhrase) -> bool:
        rows, names = forms[phrase.exact]
        places = {"": rows, "title": rows[:1], "source": names}[phrase.place]
        sought = " ".join(phrase.syllables)
        sought = f" {sought if phrase.exact else fold(sought)} "
        return any(sought in row for row in places)

    is_wanted = any(all(map(has, group)) for group in query.alternatives or ((),))
    is_from = not query.sources or any(map(has, query.sources))
    return is_wanted and is_from and not any(map(has, query.excluded))
