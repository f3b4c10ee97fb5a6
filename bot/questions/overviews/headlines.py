"""Pages of headlines: find the articles that a message asks for, and render them with buttons.

`find_headlines` is called by `bot.questions.service`, in a process of the answer pool; it calls
`Library.headlines`, whose rules stand in `index.search.overviews.headlines`. A page shows of each
article its linked title, source and date, and one sentence as a quote: the bot adds no word on the
news. The buttons turn the page, subscribe to the words that they name, and lead to the timeline of
the subject.
"""

from dataclasses import dataclass, replace
from datetime import date

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.conversation.callback_data import Action, button
from bot.messages.captions import caption, clip
from bot.messages.html import Piece, join
from bot.messages.links import page_address
from bot.messages.quotes import Space, render_sentence
from bot.messages.rendered import MESSAGE_LIMIT, Rendered
from bot.messages.voice import Translator
from bot.questions.follow_button import LABEL_LIMIT, topic_words
from bot.questions.overviews.timeline import TimelineAction
from bot.questions.words import period_words
from index import Library
from index.errors import QuestionError
from index.language.patterns import fold_words
from index.models.headlines import ArticleRequestKind, Headline, HeadlinePage

ROWS = 5  # articles per page: as many as a reply asks first, see `bot.questions.reply_scope`
PAGES_LIMIT = 36
ROW_QUOTE = Space(length=300, spans=5)  # UTF-16 units, and bold spans
SUBJECT_LIMIT = 60  # UTF-16 units, in the heading
LABEL_LIMIT_BESIDE = 20  # characters of a button that shares a row, on a phone


class HeadlineAction(Action):
    """Actions of the buttons under a page of headlines."""

    PAGE = "h{page:36}"  # show another page
    FOLLOW = "H"  # subscribe to the subject


@dataclass(frozen=True, slots=True)
class FoundHeadlines:
    """A page of headlines that a message asks for.

    Args:
        page: The articles.
        number: The number of the page, from 0.
        words: The words to subscribe to; none where it has no subject.
    """

    page: HeadlinePage
    number: int = 0
    words: str | None = None


def find_headlines(
    library: Library, question: str, number: int, today: date
) -> FoundHeadlines | None:
    """Find a page of the articles that a question asks for; None if it does not ask for any.

    Args:
        library: The library to ask.
        question: The question.
        number: The number of the page, from 0.
        today: The date of the question.

    Raises:
        QuestionError: If the question cannot be understood.
    """
    page = library.headlines(question, limit=ROWS, offset=number * ROWS, today=today)
    if page is None:
        return None
    last = number + 1 >= PAGES_LIMIT
    words = _words_to_follow(library, page)
    return FoundHeadlines(replace(page, more=page.more and not last), number, words)


def words_to_follow(library: Library, question: str, today: date) -> str | None:
    """Return the words that the button under the headlines of a question names."""
    try:
        found = find_headlines(library, question, 0, today)
    except QuestionError:  # a source that it names may be gone
        return None
    return found.words if found else None


def _words_to_follow(library: Library, page: HeadlinePage) -> str | None:
    """Return the subject if articles hold it like this, else the words that they hold instead."""
    if not page.subject:
        return None
    sought = fold_words(page.subject)
    texts = [text for row in page.headlines for text in (row.quote.text, row.article.title)]
    if any(sought in fold_words(text) for text in texts):
        return page.subject
    quotes = [row.quote for row in page.headlines[:1]]
    query = library.alert_queries.topic(page.subject, quotes)
    if query is None:
        return None
    return topic_words(query)


def render_headlines(voice: Translator, found: FoundHeadlines) -> Rendered:
    """Render a page of headlines: a heading, and a numbered row for each article."""
    heading = _heading(voice, found)
    first = found.number * ROWS + 1
    quote_first = found.page.kind is ArticleRequestKind.INTRODUCTION
    rows = [
        _row(voice, row, first + at, quote_first=quote_first)
        for at, row in enumerate(found.page.headlines)
    ]
    hint = voice.piece("latest_hint")
    for shown in range(len(rows), 0, -1):
        message = join("\n\n", [heading, *rows[:shown], hint])
        if message.length <= MESSAGE_LIMIT:
            break
    addresses = (page_address(row.article.url, voice.bot) for row in found.page.headlines)
    preview = next(filter(None, addresses), None)
    return Rendered(message.html, _keyboard(voice, found), preview)


def _heading(voice: Translator, found: FoundHeadlines) -> Piece:
    page = found.page
    subject = clip(page.subject, SUBJECT_LIMIT)
    if not page.subject:
        lines = [voice.piece("headlines_newest")]
    elif page.kind is ArticleRequestKind.NEWS:
        lines = [voice.piece("headlines_newest_about", subject=subject)]
    elif page.kind is ArticleRequestKind.INTRODUCTION:
        lines = [voice.piece("headlines_introduction", subject=subject)]
    else:
        lines = [voice.piece("headlines_about", subject=subject)]
    if page.period:
        lines.append(voice.piece("headlines_days", days=period_words(voice, page.period)))
    elif page.missed:
        lines.append(voice.piece("headlines_days_missed", days=period_words(voice, page.missed)))
    if found.number:
        lines.append(voice.piece("page", page=found.number + 1))
    return join("\n", lines)


def _row(voice: Translator, row: Headline, number: int, *, quote_first: bool) -> Piece:
    """Render the title, source, date and quote of an article; the quote first if it answers."""
    article, quote = row.article, row.quote
    several = len(row.sources) > 1
    quotes = [quote] if quote.start is not None else []
    # All sources are counted, so that none but the first is named.
    named = replace(article, also=()) if several else article
    head = caption(voice, named, quotes, number=number)
    if several:
        counted = voice.plain("count_sources", count=voice.count(len(row.sources)))
        head += Piece.plain(f" · {counted}")
    if not quotes:
        return head
    sentence = render_sentence(quote, ROW_QUOTE)
    return join("\n", [sentence, head] if quote_first else [head, sentence])


def _keyboard(voice: Translator, found: FoundHeadlines) -> InlineKeyboardMarkup | None:
    """Return the buttons: other pages; the timeline of the subject, and to follow it."""
    turning: list[InlineKeyboardButton] = []
    if found.number:
        turning.append(button(voice.plain("button_back"), HeadlineAction.PAGE, found.number - 1))
    if found.page.more:
        turning.append(button(voice.plain("button_more"), HeadlineAction.PAGE, found.number + 1))
    on_subject = [*_follow_button(voice, found), *_timeline_button(voice, found)]
    is_wide = any(len(one.text) > LABEL_LIMIT_BESIDE for one in on_subject)
    rows = [turning, *([one] for one in on_subject)] if is_wide else [turning, on_subject]
    filled = [row for row in rows if row]
    return InlineKeyboardMarkup(filled) if filled else None


def _timeline_button(voice: Translator, found: FoundHeadlines) -> list[InlineKeyboardButton]:
    if not found.page.subject:
        return []
    return [button(voice.plain("button_timeline"), TimelineAction.OPEN)]


def _follow_button(voice: Translator, found: FoundHeadlines) -> list[InlineKeyboardButton]:
    if not found.words:
        return []
    label = voice.plain("button_follow_subject", subject=clip(found.words, LABEL_LIMIT))
    return [button(label, HeadlineAction.FOLLOW)]
