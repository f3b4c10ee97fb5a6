"""Reading of an article from an input: the article, and what was cut from its page."""

from dataclasses import dataclass

from index.articles.readers.html import Cut
from index.models.article import Article


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as it was read, before it is validated and stored.

    `input` names the file, line or address that it is from, as a `Rejection` would. `cuts` are
    the lines of an HTML page that were left out. `problem` is why the article is the text in a
    feed and not that of its page.
    """

    input: str
    article: Article
    cuts: tuple[Cut, ...] = ()
    problem: str | None = None
