"""Find the overview that a question asks for, and render it."""

from datetime import date

from bot.messages.rendered import Rendered
from bot.messages.voice import Translator
from bot.questions.overviews.counts import FoundCounts, find_counts, render_counts
from bot.questions.overviews.headlines import FoundHeadlines, find_headlines, render_headlines
from bot.questions.overviews.timeline import FoundTimeline, find_timeline, render_timeline
from index import Library
from index.models.headlines import ArticleRequestKind
from index.search.query import parse_article_request

Overview = FoundHeadlines | FoundTimeline | FoundCounts


def find_overview(library: Library, question: str, today: date) -> Overview | None:
    """Find what a question asks for: counts, a timeline, else headlines.

    Args:
        library: The library to ask.
        question: The question.
        today: The date of the question.

    Returns:
        The first page, of headlines maybe without any; None if the question asks for none.

    Raises:
        QuestionError: If the question cannot be understood.
    """
    request = parse_article_request(question, today)
    if request is None:
        return None
    if request.kind is ArticleRequestKind.TIMELINE:
        found = find_timeline(library, question, 0, today)
        if found and found.timeline.events:
            return found
    if request.kind is ArticleRequestKind.COUNT:
        return find_counts(library, question, today)
    return find_headlines(library, question, 0, today)


def render_overview(voice: Translator, found: Overview) -> Rendered:
    """Render an overview with its buttons."""
    if isinstance(found, FoundTimeline):
        return render_timeline(voice, found)
    if isinstance(found, FoundCounts):
        return render_counts(voice, found)
    return render_headlines(voice, found)
