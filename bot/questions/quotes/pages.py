"""Part the ranked quotes of an answer into pages, in which a title takes no sentence's place."""

from collections.abc import Iterable, Sequence

from index.models.answer import Quote


def part_into_pages(quotes: Iterable[Quote], size: int) -> list[Sequence[Quote]]:
    """Part quotes into pages, best first; without quotes there is one empty page.

    Captions show the title of every quoted article. So a title is left out once a sentence of
    its article is quoted, and gives its place to the first such sentence that a page has room for.

    Args:
        quotes: The ranked quotes.
        size: Quotes per page.
    """
    pages: list[list[Quote]] = [[]]
    quoted: set[int] = set()
    for quote in quotes:
        article, page = quote.article.number, pages[-1]
        if quote.start is None and article in quoted:
            continue
        title = _title_of(article, page)
        if title is not None and len(page) < size:
            page[title] = quote
        elif len(page) < size:
            page.append(quote)
        else:
            pages.append([quote])
        quoted.add(article)
    return list(pages)


def ranked_for(places: int) -> int:
    """Return how many ranked quotes fill some places and show whether there are more.

    Of each article one quote is its title, so at most every other one is left out.
    """
    return 2 * places + 1


def _title_of(article: int, page: Sequence[Quote]) -> int | None:
    """Return where a page quotes the title of an article."""
    places = (
        place
        for place, quote in enumerate(page)
        if quote.start is None and quote.article.number == article
    )
    return next(places, None)
