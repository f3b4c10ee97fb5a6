"""Find the names that are suddenly frequent: in far more articles than in the days before.

A name is a run of words with capitals within a sentence. Those that most titles and leads hold are
counted in the whole text of all articles, of the window and of the days before.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import islice, pairwise

from index.engine.protocol import Field, Snapshot, WeightedTerm
from index.language.analyser import syllable_spans
from index.language.patterns import LOWER, UPPER, Pattern
from index.models.article import ArticleFilter
from index.models.stories import RisingName
from index.store import LEAD_SENTENCES, Lead, View

BEFORE = timedelta(days=7)
"""The time before a window with which it is compared."""

FEWEST_ARTICLES, FEWEST_LEADS = 3, 2
"""Articles of the window that hold a rising name, and leads that one is in which is counted."""

LEAST_RISE = 3.0
"""How many times as large a share of the articles holds the name as in the days before."""

LEAST_DEVIATIONS = 2.0
"""By how many standard deviations of a count the articles exceed those that the days before let
expect."""

LIKELY_RISE = 1.5
"""How many times as large a share of the sentences of leads holds a name that is counted as of all
sentences, which tells before it is counted which ones are common."""

COUNTED = 5
"""Names that are counted, and returned if they rose: those of most leads."""

MOST_SENTENCES = 2_000
"""Sentences that are found of a name; what has as many is a common one."""

_NAME = Pattern(rf"([{UPPER}][\w-]+(?: [{UPPER}][\w-]*)*)(?: ([{LOWER}]+))?")
_BEFORE_NAME = re.compile(rf"[{LOWER}\d,] ")


def rising_names(
    leads: Sequence[Lead],
    window: ArticleFilter,
    snapshot: Snapshot,
    view: View,
) -> tuple[RisingName, ...]:
    """Find the names that are suddenly frequent, the one that rose most first.

    Args:
        leads: Titles and leads of the articles of a window.
        window: The filter of these, with both ends.
        snapshot: The engine, which counts.
        view: The articles.
    """
    assert window.since is not None
    start = window.since - int(BEFORE.total_seconds())
    earlier = ArticleFilter(since=start, until=window.since - 1)
    articles, articles_before = view.count(window), view.count(earlier)
    if not articles_before:
        return ()
    both = replace(window, since=start)
    holding = {name: _articles_holding(name, both, snapshot) for name in _likely(leads, snapshot)}
    current = set(view.within(sorted(set().union(*holding.values())), window))
    rise: dict[RisingName, float] = {}
    for name, held in holding.items():
        now, before = len(held & current), len(held - current)
        expected = before * articles / articles_before
        usual = expected + LEAST_DEVIATIONS * math.sqrt(expected + 1)
        if now >= max(FEWEST_ARTICLES, LEAST_RISE * expected, usual):
            rise[RisingName(name=name, articles=now, before=before)] = now - expected
    return tuple(_apart(sorted(rise, key=lambda name: -rise[name])))


def _likely(leads: Sequence[Lead], snapshot: Snapshot) -> list[str]:
    """Return the names that most leads hold, without those that are common anyway."""
    held = {name: of_it for name, of_it in _by_name(leads).items() if len(of_it) >= FEWEST_LEADS}
    shares = _shares(held, snapshot)
    sentences = len(leads) * (1 + LEAD_SENTENCES)
    likely = (
        name
        for name in sorted(held, key=lambda name: -len(held[name]))
        if len(held[name]) / sentences >= LIKELY_RISE * shares[name]
        and not _ends_within_word(name, held[name])
    )
    return list(islice(likely, COUNTED))


def _by_name(leads: Sequence[Lead]) -> dict[str, list[tuple[Lead, str]]]:
    """Return for each name the leads that hold it, and the small word behind it there."""
    held: defaultdict[str, list[tuple[Lead, str]]] = defaultdict(list)
    for lead in leads:
        text = f"{lead.title}\n{lead.text}"
        behind = {
            found[1]: found[2] or ""
            for found in _NAME.finditer(text)
            if _BEFORE_NAME.match(text, max(0, found.start() - 2))
        }
        for name, word in behind.items():
            held[name].append((lead, word))
    return held


def _ends_within_word(name: str, held: Sequence[tuple[Lead, str]]) -> bool:
    """Whether a name is cut off where small letters go on with its word: `Bộ Giáo` dục."""
    last = name.split()[-1].lower()
    goes_on = [
        any(word.endswith(f"{last}_{behind}") for word in lead.words) for lead, behind in held
    ]
    return 2 * sum(goes_on) >= len(goes_on)


def _shares(names: Iterable[str], snapshot: Snapshot) -> dict[str, float]:
    """Return the share of all sentences that hold each name, or somewhat more."""
    runs = {name: _run(name) for name in names}
    wanted = defaultdict[Field, list[str]](list)
    for field, terms in runs.values():
        wanted[field] += terms
    found = snapshot.document_frequencies(wanted)
    documents = {field: max(1, snapshot.totals(field).documents) for field in wanted}
    return {
        name: min((found[field][term] for term in terms), default=0) / documents[field]
        for name, (field, terms) in runs.items()
    }


def _run(name: str) -> tuple[Field, Sequence[str]]:
    """Return the terms of a sentence that holds a name as one run, and their field."""
    syllables = [syllable for syllable, _, _ in syllable_spans(name)]
    if len(syllables) == 1:
        return Field.SYLLABLES, syllables
    return Field.BIGRAMS, [f"{one}_{other}" for one, other in pairwise(syllables)]


def _articles_holding(name: str, wanted: ArticleFilter, snapshot: Snapshot) -> set[int]:
    """Return the articles of a filter that hold a name; none if it is too common to be counted."""
    field, terms = _run(name)
    required = [[[WeightedTerm(field, term)]] for term in terms]
    hits = snapshot.sentences_holding(required, MOST_SENTENCES, wanted)
    return {hit.article for hit in hits} if len(hits) < MOST_SENTENCES else set()


def _apart(names: Sequence[RisingName]) -> Iterator[RisingName]:
    """Yield the names of which none before is a part, and which are no part of one before."""
    chosen: list[str] = []
    for name in names:
        own = f" {name.name} "
        if not any(own in other or other in own for other in chosen):
            chosen.append(own)
            yield name
