"""Check that the database and the search index are intact and agree; name the remedies."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.articles.analysis import analyse
from index.engine.protocol import Engine, Snapshot
from index.errors import DamagedError
from index.language.analyser import VERSION as ANALYSER_VERSION
from index.language.analyser import Analyser
from index.models.article import Article, Spans
from index.store.inspection import AnalysedArticle, Inspection


class Remedy(StrEnum):
    """Command that repairs an inconsistency."""

    REINDEX = "hoibao reindex"
    ANALYSE = "hoibao reindex --sentences"
    RESTORE = "hoibao restore FILE"
    RESTORE_DUMP = "pg_amcheck, and pg_restore of a dump"


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
    indexed: int,
    stored: int,
    report: ConsistencyReport,
    analyser: Analyser | None = None,
) -> Iterator[Inconsistency]:
    """Compare the store with the index, with one batch of articles in memory at a time.

    Articles that change during the check are skipped. Those that were stored before it and are
    not indexed at its end are counted.

    Args:
        inspection: Reads the store.
        engine: The index.
        indexed: The revision up to which the store has been indexed.
        stored: The revision of the last change of the store, when the check begins.
        report: Counts what was compared.
        analyser: If given, each sentence is compared: its text is analysed again, and its terms
            are looked up in the index.

    Yields:
        Each inconsistency.
    """
    remedy = Remedy.RESTORE if inspection.is_file else Remedy.RESTORE_DUMP
    for fault in inspection.faults():
        yield Inconsistency(f"database: {fault}", remedy)
    for fault in engine.faults():
        yield Inconsistency(fault, Remedy.REINDEX)
    try:
        yield from _compare(inspection, engine.snapshot(), indexed, report, analyser)
    except DamagedError as error:
        yield Inconsistency(f"not all was compared: {error}", Remedy.REINDEX)
    if count := inspection.count_changed(engine.revision(), stored):
        articles = "1 article is" if count == 1 else f"{count:,} articles are"
        yield Inconsistency(
            f"{articles} stored and not indexed (an ingest under way indexes its own at its end)",
            Remedy.REINDEX,
        )


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
        known = [article for article in batch if article.indexable.revision <= revision]
        for article in known:
            yield from _check_analysis(article, analyser)
        yield from _check_indexed(batch, revision, snapshot, after + 1, last)
        for article in known if analyser else ():
            yield from _check_terms(article, snapshot)
        after = last
        report.articles += len(known)
        report.sentences += sum(len(article.spans) for article in known)
    yield from _check_indexed([], revision, snapshot, after + 1, None)


def _check_analysis(article: AnalysedArticle, analyser: Analyser | None) -> Iterator[Inconsistency]:
    """Check that a stored analysis fits the text of its article."""
    terms, name = article.indexable.terms, f"article {article.id}"
    if not _are_within(article.spans, len(article.text)):
        yield Inconsistency(f"{name}: sentences lie outside of its text", Remedy.ANALYSE)
    elif len(terms) != len(article.spans) + 1:
        yield Inconsistency(
            f"{name}: {len(article.spans)} sentences, and terms of {len(terms) - 1}", Remedy.ANALYSE
        )
    elif analyser and article.version == ANALYSER_VERSION:
        analysis = analyse(Article(title=article.title, text=article.text), analyser)
        stored = article.spans, terms, article.codes
        if (analysis.spans, analysis.terms, analysis.codes) != stored:
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
    batch: Sequence[AnalysedArticle],
    revision: int,
    snapshot: Snapshot,
    first: int,
    last: int | None,
) -> Iterator[Inconsistency]:
    """Check that the articles from one number to another are indexed as they are stored."""
    articles = Counter(snapshot.indexed_articles(first, last))
    sentences: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for number, position in snapshot.indexed(first, last):
        sentences[number][position] += 1
    for article in batch:
        number, size = article.indexable.number, len(article.indexable.terms)
        positions, count = sentences.pop(number, Counter()), articles.pop(number, 0)
        if article.indexable.revision > revision:
            continue
        if count != 1 or positions != Counter(range(size)):
            yield Inconsistency(
                f"article {article.id}: indexed {count} times with {positions.total()} sentences "
                f"instead of once with {size}, title included",
                Remedy.REINDEX,
            )
    for number in sorted({*sentences, *articles}):
        if number <= revision:
            yield Inconsistency(
                f"article {number} is indexed, and not in the database", Remedy.REINDEX
            )


def _check_terms(article: AnalysedArticle, snapshot: Snapshot) -> Iterator[Inconsistency]:
    """Check that each sentence is indexed by exactly its terms."""
    for position in snapshot.mismatched_sentences(article.indexable):
        what = f"sentence {position}" if position else "title"
        yield Inconsistency(
            f"article {article.id}: its {what} is indexed otherwise", Remedy.REINDEX
        )
