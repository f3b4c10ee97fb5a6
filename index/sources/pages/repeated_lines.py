"""Cut lines that stand on most pages of a followed source from its articles.

The headline and the article's own lead are never such lines: the lead is the first sentence, if
the text in the feed has it, or if it has words of the headline.
"""

from collections import Counter
from contextlib import suppress
from dataclasses import replace

from index.articles.preview import Preview
from index.articles.readers import (
    Cut,
    CutReason,
    PageReading,
    has_sentence,
    is_prose,
    read_html_page,
    title_key,
)
from index.errors import InputError
from index.language.sentences import split_sentences
from index.models.article import Article
from index.sources.fetch.fetcher import Fetched
from index.sources.pages.page_match import shares_words
from index.store.sources import ReadPage, RepeatedLines


def read_followed_page(
    page: Fetched, feed_text: str, repeated: RepeatedLines
) -> tuple[PageReading, ReadPage]:
    """Read the article of a page of a followed source, and what is to be remembered of it.

    Its lines are remembered as they were before the repeated ones were cut, so that these stay
    known as such.

    Args:
        page: The page.
        feed_text: The text of the article in its feed, if any.
        repeated: Lines that stand on most pages of the source.

    Raises:
        InputError: There is no article in the page.
    """
    reading = first = read_html_page(page.body, page.final_url, page.charset)
    keys = _may_repeat(first, feed_text)
    if known := repeated.among(keys):
        with suppress(InputError):  # nothing else is in the page
            reading = read_html_page(page.body, page.final_url, page.charset, repeated=known)
    cuts = Counter(cut.reason for cut in reading.cuts)
    return reading, ReadPage(title_key(first.article.title), keys, cuts)


def cut_repeated_lines(shown: Preview, repeated: RepeatedLines | None) -> Preview:
    """Cut lines that stand on most pages of the source from a preview, with the reason.

    The first sentence stays, as a lead that following would keep may.
    """
    first = next(filter(is_prose, shown.article.text.split("\n")), "")
    keys = {title_key(line): line for line in shown.article.text.split("\n") if line != first}
    known = repeated.among(keys) if repeated else frozenset[str]()
    article = _without(shown.article, known)
    if article is shown.article:
        return shown
    sentences = tuple(article.text[start:end] for start, end in split_sentences(article.text))
    cuts = tuple(Cut(line, CutReason.REPEATED) for key, line in keys.items() if key in known)
    return replace(shown, article=article, sentences=sentences, cuts=(*shown.cuts, *cuts))


def cut_repeated(article: Article, page: ReadPage, repeated: RepeatedLines) -> Article:
    """Cut lines from an article that were found to be repeated after its page was read."""
    return _without(article, repeated.among(page.lines))


def _without(article: Article, known: frozenset[str]) -> Article:
    lines = article.text.split("\n")
    left = [line for line in lines if title_key(line) not in known]
    if len(left) == len(lines) or not has_sentence(left):
        return article
    return replace(article, text="\n".join(left))


def _may_repeat(reading: PageReading, feed_text: str) -> tuple[str, ...]:
    """Return the keys of the lines of a page that are not its headline or lead."""
    title = reading.article.title
    prose = (line for line in reading.article.text.split("\n") if is_prose(line))
    lead = next(prose, "")
    is_own = title_key(lead) in title_key(feed_text) or shares_words(lead, title)
    own = {title_key(title), title_key(lead) if is_own else ""}
    return tuple(key for key in reading.lines if key not in own)
