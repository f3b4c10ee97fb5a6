"""Find a page of articles for a request: newest or best first, each with one sentence as a quote.

The rules, in order:

1. The request, parsed by `index.search.query.article_requests`, limits the articles by its filters
   and dates. Where dates in words find none, the articles of any time are shown, and the page says
   which dates were missed.
2. The articles are those on its subject, see `articles_on_subject`. A page of introductions is
   empty where no sentence introduces the subject.
3. Near-duplicates become one row, which counts their sources.
4. The sentence of a row is its best one on the subject, or the first one of its article.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from index.engine.protocol import Snapshot, again_if_lost
from index.language.patterns import fold_words
from index.language.spelling import nfc
from index.models.article import ArticleFilter, ArticleWithSpans
from index.models.headlines import ArticleRequestKind, Headline, HeadlinePage
from index.search.overviews.articles_on_subject import (
    MOST_SENTENCES,
    SENTENCES,
    FoundArticles,
    find_articles,
    with_best_sentences,
)
from index.search.overviews.limits import limits_in_turn, with_source_named
from index.search.overviews.near_duplicates import group_near_duplicates
from index.search.overviews.subject import Subject, analyse_subject
from index.search.pipeline import AskOptions, SearchContext
from index.search.query.article_requests import ArticleRequest
from index.search.query.model import Query
from index.search.quotes import make_quote
from index.store import View


@again_if_lost
def find_headlines(
    request: ArticleRequest, options: AskOptions, offset: int, context: SearchContext
) -> HeadlinePage | None:
    """Find the articles that a request asks for; None if its subject is none.

    Args:
        request: The request.
        options: The limit of rows, the days and the source; its scope is ignored.
        offset: The number of rows before the page.
        context: The parts of the library.

    Raises:
        QuestionError: There is no such source, or the first day is after the last.
    """
    request = with_source_named(request, context.sources)
    snapshot = context.engine.snapshot()
    subject = None
    if request.subject:
        subject = analyse_subject(request.subject, request.kind, context, snapshot)
        if subject is None:
            return None
    for limits in limits_in_turn(request, options, context.sources):
        window = (offset, options.limit)
        with context.articles.view() as view:
            found = _rows(request.kind, subject, limits.wanted, window, snapshot, view)
        if found.on_all_pages:
            break
    return HeadlinePage(
        kind=request.kind,
        subject=_as_written(request.subject, found.rows),
        headlines=found.rows,
        more=found.on_all_pages > offset + options.limit,
        period=limits.period,
        missed=limits.missed,
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a page; those of all pages are counted up to the first of the next page."""

    rows: tuple[Headline, ...]
    on_all_pages: int


def _rows(
    kind: ArticleRequestKind,
    subject: Subject | None,
    wanted: ArticleFilter,
    window: tuple[int, int],
    snapshot: Snapshot,
    view: View,
) -> _Rows:
    """Find the rows of a page, given as its offset and limit."""
    offset, limit = window
    depth = SENTENCES
    while True:
        found = find_articles(kind, subject, wanted, depth, snapshot, view)
        groups = group_near_duplicates(found.numbers, offset + limit + 1, view)
        if len(groups) > offset + limit or found.is_complete or depth >= MOST_SENTENCES:
            break
        depth *= 2
    shown = groups[offset : offset + limit]
    if subject and kind is ArticleRequestKind.NEWS:
        found = with_best_sentences(found, [group[0] for group in shown], subject, snapshot, view)
    articles = view.get({number for group in shown for number in group})
    rows = [
        _headline([articles[number] for number in group if number in articles], subject, found)
        for group in shown
        if group[0] in articles
    ]
    return _Rows(tuple(rows), len(groups))


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
