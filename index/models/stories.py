"""Top stories: articles that report one thing, and names that are suddenly frequent."""

from dataclasses import dataclass
from enum import StrEnum

from index.models.answer import Quote
from index.models.article import StoredArticle
from index.models.period import Period


class StoryWindow(StrEnum):
    """Time in which the articles of top stories were published."""

    DAYS = "days"
    """The days that were asked for, or else today."""

    LAST_HOURS = "hours"
    """The last 24 hours, where today has few articles."""

    NEWEST_DAY = "newest"
    """The newest day with articles, where the last 24 hours have none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The articles that report one thing.

    `quote` is the first sentence of the article whose title and lead have most in common with
    those of the others; it is the title itself, with `start` None, where there is no sentence.
    `sources` names the sources of all of them, `articles` is their number.
    """

    quote: Quote
    sources: tuple[str, ...]
    articles: int

    @property
    def article(self) -> StoredArticle:
        """The article that is shown."""
        return self.quote.article


@dataclass(frozen=True, slots=True, kw_only=True)
class RisingName:
    """A name, the number of articles that hold it, and that of the seven days before."""

    name: str
    articles: int
    before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPage:
    """A page of top stories, those of most sources first.

    `articles` is the number of articles among which they were found: all of the window, or the
    newest of it where `is_complete` is false. `period` holds the days of the window.
    """

    window: StoryWindow
    period: Period
    stories: tuple[Story, ...]
    names: tuple[RisingName, ...] = ()
    articles: int = 0
    is_complete: bool = True
    more: bool = False
