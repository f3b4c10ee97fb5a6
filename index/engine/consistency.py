"""Check that the database and the search index are intact and agree; name the remedies."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.articles.analysis import Spans, analyse
from index.engine.protocol import Engine, Snapshot
from index.errors import DamagedError
from index.language.analyser import VERSION as ANALYSER_VERSION
from index.language.analyser import Analyser
from index.models.article import Article
from index.store.inspection import AnalysedArticle, Inspection


class Remedy(StrEnum):
    """Command that repairs an inconsistency."""

    REINDEX = "hoibao reindex"
    ANALYSE = "hoibao reindex --sentences"
    RESTORE = "hoibao restore FILE"


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """Description of an inconsistency, in one line, and its remedy."""

    what: str
    remedy: Remedy


@dataclass(slots=True)
class ConsistencyReport:
    """Numbers of articles and sentences compared so far."""

    articles: int = 0
    sentences: int = 0


def check(
    inspection: Inspection,
    engine: Engine,
    revision: int,
    report: ConsistencyReport,
    analyser: Analyser | None = None,
) -> Iterator[Inconsistency]:
    """Compare the store with the index, with one batch of articles in memory at a time.

    Articles that change during the check are skipped.

    Args:
        inspection: Reads the store.
        engine: The index.
        revision: The revision up to which the store has been indexed.
        report: Counts what was compared.
        analyser: If given, each sentence is compared: its text is analysed again, and its terms
            are looked up in the index.

    Yields:
        Each inconsistency.
    """
    for fault in inspection.faults():
        yield Inconsistency(f"database: {fault}", Remedy.RESTORE)
    for fault in engine.faults():
        yield Inconsistency(f"{fault} is damaged", Remedy.REINDEX)
    try:
        yield from _compare(inspection, engine.snapshot(), revision, report, analyser)
    except DamagedError as error:
        yield Inconsistency(f"not all was compared: {error}", Remedy.REINDEX)


def _compare(
    inspection: Inspection,
    snapshot: Snapshot,
    revision: int,
    report: ConsistencyReport,
    analyser: Analyser | None,
) -> Iterator[Inconsistency]:
    """Compare stored with indexed articles."""
    after = 0
    for batch in inspection.articles():
        last = batch[-1].indexable.number
        known = [each for each in batch if each.indexable.revision <= revision]
        for each in known:
            yield from _check_analysis(each, analyser)
        yield from _check_indexed(batch, revision, snapshot, after + 1, last)
        if analyser:
            for each in known:
                yield from _check_terms(each, snapshot)
        after = last
        report.articles += len(known)
        report.sentences += sum(len(each.spans) for each in known)
    beyond = {address.article for address in snapshot.indexed(after + 1, None)}
    beyond |= set(snapshot.indexed_articles(after + 1, None))
    for number in sorted(beyond):
        if number <= revision:
            yield Inconsistency(
                f"article {number} is indexed, and not in the database", Remedy.REINDEX
            )


def _check_analysis(each: AnalysedArticle, analyser: Analyser | None) -> Iterator[Inconsistency]:
    """Check that a stored analysis fits the text of its article."""
    terms, name = each.indexable.terms, f"article {each.id}"
    if not _are_within(each.spans, len(each.text)):
        yield Inconsistency(f"{name}: sentences lie outside of its text", Remedy.ANALYSE)
    elif len(terms) != len(each.spans) + 1:
        yield Inconsistency(
            f"{name}: {len(each.spans)} sentences, and terms of {len(terms) - 1}", Remedy.ANALYSE
        )
    elif analyser and each.version == ANALYSER_VERSION:
        analysis = analyse(Article(title=each.title, text=each.text), analyser)
        found = analysis.spans, analysis.terms, analysis.codes
        if found != (each.spans, terms, each.codes):
            yield Inconsistency(f"{name}: it is analysed otherwise than now", Remedy.ANALYSE)


def _are_within(spans: Spans, length: int) -> bool:
    """Whether the spans of sentences are in order, disjoint and within a text."""
    end = 0
    for span in spans:
        if not end <= span[0] < span[1] <= length:
            return False
        end = span[1]
    return True


def _check_indexed(
    batch: Sequence[AnalysedArticle], revision: int, snapshot: Snapshot, first: int, last: int
) -> Iterator[Inconsistency]:
    """Check that the articles from one number to another are indexed as they are stored."""
    sentences = Counter(snapshot.indexed(first, last))
    articles = Counter(snapshot.indexed_articles(first, last))
    indexed: dict[int, dict[int, int]] = {}
    for address, count in sentences.items():
        indexed.setdefault(address.article, {})[address.position] = count
    for each in batch:
        number = each.indexable.number
        found, count = indexed.pop(number, {}), articles.pop(number, 0)
        if each.indexable.revision > revision:
            continue
        if count != 1 or found != dict.fromkeys(range(len(each.indexable.terms)), 1):
            yield Inconsistency(
                f"article {each.id}: indexed {count} times with {sum(found.values())} sentences "
                f"instead of once with {len(each.indexable.terms)}, title included",
                Remedy.REINDEX,
            )
    for number in sorted({*indexed, *articles}):
        yield Inconsistency(f"article {number} is indexed, and not in the database", Remedy.REINDEX)


def _check_terms(each: AnalysedArticle, snapshot: Snapshot) -> Iterator[Inconsistency]:
    """Check that each sentence is indexed by exactly its terms."""
    for position in snapshot.mismatched_sentences(each.indexable):
        what = f"sentence {position}" if position else "title"
        yield Inconsistency(f"article {each.id}: its {what} is indexed otherwise", Remedy.REINDEX)
