"""Pages of headlines: articles that were asked for, each with one sentence as a quote."""

from dataclasses import dataclass
from enum import StrEnum

from index.models.answer import Quote
from index.models.article import StoredArticle
from index.models.period import Period


class ArticleRequestKind(StrEnum):
    """Kind of a request for articles."""

    NEWS = "news"
    """The newest articles, on a subject or on anything."""

    SUBJECT = "subject"
    """The best articles on a subject."""

    INTRODUCTION = "introduction"
    """The sentences that say who or what the subject is."""

    TIMELINE = "timeline"
    """What happened on a subject, oldest first."""

    COUNT = "count"
    """How many articles there are on a subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """An article of a page, with its best sentence.

    `quote` is the title itself, with `start` None, where the article has no sentence. `sources`
    names the sources of the article and of its near-duplicates, its own first.
    """

    quote: Quote
    sources: tuple[str, ...] = ()

    @property
    def article(self) -> StoredArticle:
        """The article."""
        return self.quote.article


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlinePage:
    """A page of the articles that a request asks for; near-duplicates are one of them.

    `subject` is the subject as articles write it, else as it was typed; empty for articles on
    anything. `more` tells whether further ones follow. `period` holds the days that the articles
    are of; None where the request names none, or where there are no articles of those: they are
    then in `missed`.
    """

    kind: ArticleRequestKind
    subject: str
    headlines: tuple[Headline, ...]
    more: bool = False
    period: Period | None = None
    missed: Period | None = None
