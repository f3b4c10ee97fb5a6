"""Find a page of articles for a request: newest or best first, each with one sentence as a quote.

The rules, in order:

1. A request is parsed from the question (`index.search.query.article_requests`); a question that
   is none has no page. Filters and dates limit the articles. Where dates in words find none, the
   articles of any time are shown, and the page says which dates were missed.
2. Without a subject these are the newest articles of all. With one they hold its words: as one
   run of syllables, or if few do in one sentence, or else anywhere; see
   `index.search.query.requirements`.
3. News is ordered by publication, and articles that name the subject only in passing are left out
   if others do not. All else is ordered by BM25, see `index.search.ranking`.
4. An introduction is a sentence that says who or what the subject is; without any there is no page.
5. Near-duplicates become one row, which counts their sources.
6. The sentence of a row is its best one on the subject, or the first one of its article.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from index.articles.duplicates import duplicate_keys_of_codes, is_duplicate
from index.engine.protocol import Field, SentenceAddress, Snapshot
from index.language.analyser import Terms
from index.language.english import parse_english_question
from index.language.patterns import fold_words
from index.language.spelling import nfc
from index.models.article import ArticleFilter, ArticleWithSpans, StoredArticle, sentence_at
from index.models.headlines import ArticleRequestKind, Headline, HeadlinePage
from index.models.period import Period, vietnam
from index.search.introductions import introduction_strengths, preferred_terms
from index.search.pipeline import (
    LONGEST_QUESTION,
    AskOptions,
    SearchContext,
    find_sources,
    published_within,
    wanted_sources,
)
from index.search.query.analysis import literal_query
from index.search.query.article_requests import (
    ArticleRequest,
    bare_subject,
    is_subject,
    parse_article_request,
)
from index.search.query.filters import FilterError, parse_filters
from index.search.query.model import Query
from index.search.query.requirements import (
    SubjectRequirements,
    needed_concepts,
    subject_requirements,
)
from index.search.quotes import make_quote
from index.search.ranking.bm25 import rank
from index.search.ranking.candidates import Candidates
from index.store import View

SENTENCES = 100
"""Sentences that are proposed for a subject; about as many articles can be paged through."""

INTRODUCTIONS = 40
"""Sentences that are read to see whether they introduce the subject."""

MOST_SENTENCES = 3_200
"""Sentences among which the newest articles on a subject are looked for."""

ANYWHERE = 20
"""Articles that are read whole where no sentence holds all words of a subject."""

ENOUGH_ARTICLES = 3
"""Articles from which a stricter requirement finds enough."""

NAME_FROM = 0.05
"""How often a name is held for each time that its translation is: `Grab` is also `giành`."""

LEAD_SENTENCES = 3
"""A subject that is named in the title, or in these first sentences, is not named in passing."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The subject of a request: its words, analysed, and what articles on it hold."""

    text: str
    query: Query
    required: SubjectRequirements


@dataclass(frozen=True, slots=True)
class FoundArticles:
    """Articles in order, and for each the addresses of its sentences on the subject, best first."""

    numbers: Sequence[int]
    sentences: Mapping[int, Sequence[SentenceAddress]]
    is_complete: bool = True


def find_headlines(
    question: str, options: AskOptions, offset: int, context: SearchContext
) -> HeadlinePage | None:
    """Find the articles that a question asks for; None if it does not ask for articles.

    Args:
        question: The question, with filters.
        options: The limit of rows, the days and the source; its scope is ignored.
        offset: The number of rows before the page.
        context: The parts of the library.

    Raises:
        QuestionError: There is no such source, or the first day is after the last.
    """
    today = options.today or datetime.now(vietnam()).date()
    typed = parse_filters(question[:LONGEST_QUESTION], today)
    request = parse_article_request(typed.question, today)
    if request is None:
        return None
    sources = wanted_sources(options.source, typed.sources, context.sources)
    if request.may_be_source and (named := _sources_named(request.subject, context)):
        request = replace(request, subject="")
        sources = tuple(source for source in named if not sources or source in sources)
    snapshot = context.engine.snapshot()
    subject = _subject_of(request, context, snapshot)
    if request.subject and subject is None:
        return None
    wanted = ArticleFilter(sources=sources)
    days = typed.days(options.since, options.until)
    said = request.dates.period if request.dates else None
    page = HeadlinePage(kind=request.kind, subject=request.subject, headlines=())
    for period, missed in _periods(days, said):
        within = published_within(wanted, period) if period else wanted
        page = replace(page, period=period, missed=missed)
        with context.articles.view() as view:
            rows, more = _rows(
                request.kind, subject, within, (offset, options.limit), snapshot, view
            )
        if rows or offset:
            return replace(page, headlines=rows, more=more, subject=_as_written(page.subject, rows))
    return page


def _periods(days: Period | None, said: Period | None) -> list[tuple[Period | None, Period | None]]:
    """Return the days to search in turn, each with those that were missed before."""
    if days is not None:
        return [(days, None)]
    return [(said, None), (None, said)] if said is not None else [(None, None)]


def _sources_named(name: str, context: SearchContext) -> tuple[str, ...]:
    """Return the sources with a name, which may lack its first word: `Báo`."""
    for full in (name, f"Báo {name}"):
        try:
            return find_sources(full, context.sources)
        except FilterError:
            continue
    return ()


def _subject_of(
    request: ArticleRequest, context: SearchContext, snapshot: Snapshot
) -> Subject | None:
    """Analyse the subject of a request; None if there is none, or if it is no subject."""
    if not request.subject:
        return None
    analyser = context.analyser
    query = analyser.analyse(request.subject, snapshot)
    if _is_held_as_typed(request.subject, query, snapshot, analyser.terms(request.subject)):
        query = literal_query(request.subject, analyser.terms(request.subject))
    if not is_subject(query, analyser.terms(query.question), request.kind):
        return None
    if _is_another_name(request.subject, query.question):
        return None
    bare = bare_subject(query.question)
    if bare != query.question:
        return _subject_of(replace(request, subject=bare), context, snapshot)
    required = subject_requirements(query)
    return Subject(bare, query, required) if required.phrase or required.words else None


def _is_held_as_typed(typed: str, query: Query, snapshot: Snapshot, terms: Terms) -> bool:
    """Whether a name is not to be read as something else: `Nha Trang`, `Grab`.

    Articles hold it as it was typed, and its translation, if it has one, is not the name of a
    place, and not many times as common.
    """
    syllables = terms.syllables
    pairs = [f"{one}_{two}" for one, two in pairwise(syllables)]
    field, parts = (Field.BIGRAMS, pairs) if pairs else (Field.SYLLABLES, syllables)
    held = min((snapshot.document_frequency(field, part) for part in parts), default=0)
    if typed == typed.lower() or not held or query.kind is not None:
        return False
    words = parse_english_question(typed) or ()
    if any(word.equivalents and not word.equivalents[0].islower() for word in words):
        return False
    if pairs or not any(word.equivalents for word in words):
        return True
    others = max(
        snapshot.document_frequency(term.field, term.text)
        for requirement in subject_requirements(query).words
        for alternative in requirement
        for term in alternative
    )
    return held >= NAME_FROM * others


def _is_another_name(typed: str, analysed: str) -> bool:
    """Whether a name was taken for a slip of the keyboard, since no article holds it."""
    return typed != typed.lower() and fold_words(nfc(typed)) != fold_words(nfc(analysed))


def _rows(
    kind: ArticleRequestKind,
    subject: Subject | None,
    wanted: ArticleFilter,
    window: tuple[int, int],
    snapshot: Snapshot,
    view: View,
) -> tuple[tuple[Headline, ...], bool]:
    """Return the rows of a page, and whether more follow."""
    offset, limit = window
    depth = SENTENCES
    while True:
        found = _find(kind, subject, wanted, depth, snapshot, view)
        groups = _groups(found.numbers, offset + limit + 1, view)
        if len(groups) > offset + limit or found.is_complete or depth >= MOST_SENTENCES:
            break
        depth *= 2
    shown = groups[offset : offset + limit]
    if subject and kind is ArticleRequestKind.NEWS:
        found = _with_best_sentences(found, [group[0] for group in shown], subject, snapshot, view)
    articles = view.get({number for group in shown for number in group})
    rows = [
        _headline([articles[number] for number in group if number in articles], subject, found)
        for group in shown
        if group[0] in articles
    ]
    return tuple(rows), len(groups) > offset + limit


def _find(
    kind: ArticleRequestKind,
    subject: Subject | None,
    wanted: ArticleFilter,
    depth: int,
    snapshot: Snapshot,
    view: View,
) -> FoundArticles:
    if subject is None:
        numbers = snapshot.articles_holding([], depth, wanted, newest=True)
        return FoundArticles(numbers, {}, len(numbers) < depth)
    if kind is ArticleRequestKind.NEWS:
        return _newest(subject, wanted, depth, snapshot, view)
    if kind is ArticleRequestKind.INTRODUCTION:
        return _introductions(subject, wanted, snapshot, view)
    return _best(subject, wanted, snapshot, view)


def _newest(
    subject: Subject, wanted: ArticleFilter, depth: int, snapshot: Snapshot, view: View
) -> FoundArticles:
    """Find the newest articles on a subject."""
    hits = _sentences_on(subject, depth, wanted, snapshot, newest=True)
    if subject.required.syllables and not _are_enough(hits):
        return _anywhere(subject, hits, wanted, snapshot, view, newest=True)
    by_article = _by_article(hits)
    on_it = [number for number, among in by_article.items() if not _is_in_passing(among)]
    return FoundArticles(on_it or list(by_article), by_article, len(hits) < depth)


def _with_best_sentences(
    found: FoundArticles, numbers: Sequence[int], subject: Subject, snapshot: Snapshot, view: View
) -> FoundArticles:
    """Put the sentences of some articles in order, the best on the subject first."""
    addresses = [address for number in numbers for address in found.sentences.get(number, ())]
    ranked = rank(subject.query, Candidates(addresses), view.codes(numbers), snapshot)
    return replace(found, sentences=_by_article([candidate.address for candidate in ranked]))


def _is_in_passing(addresses: Sequence[SentenceAddress]) -> bool:
    return len(addresses) == 1 and addresses[0].position > LEAD_SENTENCES


def _best(subject: Subject, wanted: ArticleFilter, snapshot: Snapshot, view: View) -> FoundArticles:
    """Find the best articles on a subject."""
    hits = _sentences_on(subject, SENTENCES, wanted, snapshot)
    if subject.required.syllables and not _are_enough(hits):
        return _anywhere(subject, hits, wanted, snapshot, view, newest=False)
    candidates = Candidates(hits)
    ranked = rank(subject.query, candidates, view.codes(candidates.numbers), snapshot)
    by_article = _by_article([candidate.address for candidate in ranked])
    return FoundArticles(list(by_article), by_article)


def _anywhere(
    subject: Subject,
    hits: Sequence[SentenceAddress],
    wanted: ArticleFilter,
    snapshot: Snapshot,
    view: View,
    *,
    newest: bool,
) -> FoundArticles:
    """Find articles that hold the words of a subject in several sentences, or in those found."""
    query, in_one = subject.query, {address.article for address in hits}
    numbers = snapshot.articles_holding(subject.required.syllables, ANYWHERE, wanted, newest=newest)
    candidates = Candidates(hits, numbers)
    ranked = rank(query, candidates, view.codes(candidates.numbers), snapshot)
    needed = needed_concepts(query)
    by_article = _by_article(
        [
            candidate.address
            for candidate in ranked
            if candidate.address.article in in_one or candidate.article[needed].all()
        ]
    )
    order = [*numbers, *in_one.difference(numbers)] if newest else [*by_article]
    return FoundArticles([number for number in order if number in by_article], by_article)


def _introductions(
    subject: Subject, wanted: ArticleFilter, snapshot: Snapshot, view: View
) -> FoundArticles:
    """Find the sentences that introduce a subject, the clearest first."""
    required = subject.required.phrase or subject.required.words
    hits = snapshot.sentences_holding(required, INTRODUCTIONS, wanted, preferred=preferred_terms())
    numbers = {address.article for address in hits}
    articles = view.get(numbers)
    ranked = [
        candidate.address
        for candidate in rank(subject.query, Candidates(hits), view.codes(numbers), snapshot)
        if candidate.address.position
    ]
    texts = [sentence_at(address.position, *articles[address.article])[0] for address in ranked]
    strengths = introduction_strengths(texts, subject.text)
    clear = [(-strength, place) for place, strength in enumerate(strengths) if strength]
    by_article = _by_article([ranked[place] for _, place in sorted(clear)])
    return FoundArticles(list(by_article), by_article)


def _sentences_on(
    subject: Subject,
    depth: int,
    wanted: ArticleFilter,
    snapshot: Snapshot,
    *,
    newest: bool = False,
) -> list[SentenceAddress]:
    """Return sentences that hold the subject: as one run if enough articles do, else by words."""
    required, hits = subject.required, list[SentenceAddress]()
    if required.phrase:
        hits = snapshot.sentences_holding(required.phrase, depth, wanted, newest=newest)
        hits = hits or snapshot.sentences_holding(required.any_phrase, depth, wanted, newest=newest)
    if required.words and not _are_enough(hits):
        hits = snapshot.sentences_holding(required.words, depth, wanted, newest=newest) or hits
    return hits


def _are_enough(hits: Iterable[SentenceAddress]) -> bool:
    return len({address.article for address in hits}) >= ENOUGH_ARTICLES


def _by_article(
    addresses: Iterable[SentenceAddress],
) -> dict[int, list[SentenceAddress]]:
    """Group sentences by article, the article of the first one first."""
    grouped: defaultdict[int, list[SentenceAddress]] = defaultdict(list)
    for address in addresses:
        grouped[address.article].append(address)
    return dict(grouped)


def _groups(numbers: Sequence[int], most: int, view: View) -> list[list[int]]:
    """Group near-duplicates, in the order of the first of each, until there are so many groups."""
    groups: list[list[int]] = []
    of_key: dict[int, int] = {}
    read: dict[int, StoredArticle] = {}
    for first in range(0, len(numbers), most):
        batch = numbers[first : first + most]
        codes = view.codes(batch)
        for number in batch:
            if number not in codes:
                continue
            keys = duplicate_keys_of_codes(codes[number])
            likely = {of_key[key] for key in keys if key in of_key}
            at = next(
                (at for at in sorted(likely) if _are_one(groups[at][0], number, read, view)), None
            )
            if at is not None:
                groups[at].append(number)
                continue
            if len(groups) == most:
                return groups
            of_key.update((key, len(groups)) for key in keys if key not in of_key)
            groups.append([number])
    return groups


def _are_one(one: int, other: int, read: dict[int, StoredArticle], view: View) -> bool:
    """Whether two articles that share a key are near-duplicates."""
    missing = [number for number in (one, other) if number not in read]
    read.update((number, article) for number, (article, _) in view.get(missing).items())
    return one in read and other in read and is_duplicate(read[one], read[other])


def _headline(
    group: Sequence[ArticleWithSpans], subject: Subject | None, found: FoundArticles
) -> Headline:
    """Make the row of an article and its near-duplicates."""
    article, spans = group[0]
    of_article = found.sentences.get(article.number, ())
    position = next((address.position for address in of_article if address.position), None)
    if position is None or position > len(spans):
        position = min(1, len(spans))
    query = subject.query if subject else Query.empty()
    names = (name for one, _ in group for name in (one.source, *one.also))
    return Headline(
        quote=make_quote(query, position, article, spans),
        sources=tuple(dict.fromkeys(filter(None, names))),
    )


def _as_written(subject: str, rows: Sequence[Headline]) -> str:
    """Return a subject as a quote or a title writes it: `Quảng Bình` for `quang binh`."""
    sought = fold_words(nfc(subject))
    for row in rows:
        quote = row.quote
        for start, end in quote.matches:
            if fold_words(nfc(quote.text[start:end])) == sought:
                return quote.text[start:end]
    return subject
