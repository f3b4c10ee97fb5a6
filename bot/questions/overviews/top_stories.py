"""Top stories: what most sources report, as a page of titles with a sentence each, with buttons.

A page says how it was chosen: from how many articles of which time, in the order of how many
sources report each; and it counts the names that are suddenly frequent. The bot adds no word on the
news. The buttons turn the page, which is found again for the same moment, and offer the bulletin.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.conversation.callback_data import Action, button
from bot.messages.captions import clip, origin_line, title_line
from bot.messages.html import Piece, join
from bot.messages.quotes import Space, render_sentence
from bot.messages.rendered import MESSAGE_LIMIT, Rendered
from bot.messages.voice import Translator
from bot.questions.words import period_words
from index import Library
from index.language.dates import format_datetime
from index.models.period import Period, from_seconds
from index.models.stories import RisingName, Story, StoryPage, StoryWindow

ROWS = 5  # stories per page, as of headlines
PAGES_LIMIT = 36
ROW_QUOTE = Space(length=300, spans=0)  # UTF-16 units
SOURCES_NAMED = 3
SOURCE_LIMIT = 40  # UTF-16 units of each of them
NAME_LIMIT = 40  # UTF-16 units of a name that is suddenly frequent

WINDOWS = {
    StoryWindow.DAYS: "stories_today",
    StoryWindow.LAST_HOURS: "stories_last_hours",
    StoryWindow.NEWEST_DAY: "stories_newest_day",
}
"""Keys of the lines that say of which articles a page was chosen."""

_LAST_MINUTE = 50_000_000  # since 1970, in 2065
_LAST_DAY = date.max.toordinal()


class StoriesAction(Action):
    """Actions of the buttons under top stories."""

    PAGE = f"d{{page:36}}.{{minute:{_LAST_MINUTE}}}"  # show another page
    PAGE_OF_DAYS = f"{PAGE}.{{first:{_LAST_DAY}}}.{{last:{_LAST_DAY}}}"
    DAILY = "D"  # offer the bulletin


@dataclass(frozen=True, slots=True)
class StoriesAsked:
    """A page of top stories that is asked for.

    Args:
        minute: The moment, in minutes since 1970.
        period: The days; None for those of the moment.
        number: The number of the page, from 0.
    """

    minute: int
    period: Period | None = None
    number: int = 0

    @classmethod
    def at(cls, moment: datetime | float, period: Period | None = None) -> "StoriesAsked":
        """Ask for the first page at a moment, which may be given in seconds since 1970."""
        seconds = moment.timestamp() if isinstance(moment, datetime) else moment
        return cls(int(seconds // 60), period)

    def button(self, label: str, number: int) -> InlineKeyboardButton:
        """Return the button that shows another page."""
        if self.period is None or self.period.first is None or self.period.last is None:
            return button(label, StoriesAction.PAGE, number, self.minute)
        days = (day.toordinal() - 1 for day in (self.period.first, self.period.last))
        return button(label, StoriesAction.PAGE_OF_DAYS, number, self.minute, *days)

    @classmethod
    def of(cls, number: int, minute: int, *days: int) -> "StoriesAsked":
        """Read the values of callback data."""
        period = Period(*(date.fromordinal(day + 1) for day in days)) if days else None
        return cls(minute, period, number)


def find_stories(library: Library, asked: StoriesAsked) -> StoryPage | None:
    """Find a page of top stories; None where there are none. Blocks."""
    page = library.stories(
        from_seconds(asked.minute * 60),
        period=asked.period,
        limit=ROWS,
        offset=asked.number * ROWS,
    )
    if page is None or not page.stories:
        return None
    return replace(page, more=page.more and asked.number + 1 < PAGES_LIMIT)


def render_stories(
    voice: Translator,
    page: StoryPage,
    asked: StoriesAsked,
    *,
    heading: str = "stories",
    buttons: Sequence[InlineKeyboardButton] = (),
    has_keyboard: bool = True,
) -> Rendered:
    """Render a page of top stories: how it was chosen, a numbered row for each, frequent names.

    Args:
        voice: The translator.
        page: The page.
        asked: What was asked for.
        heading: The key of the heading.
        buttons: The buttons of a row of their own.
        has_keyboard: Whether there are any buttons.
    """
    first = asked.number * ROWS + 1
    rows = [_row(voice, story, first + at) for at, story in enumerate(page.stories)]
    top = _heading(voice, page, asked, heading)
    below = [] if asked.number or not page.names else [_names(voice, page.names)]
    for shown in range(len(rows), 0, -1):
        message = join("\n\n", [top, *rows[:shown], *below])
        if message.length <= MESSAGE_LIMIT:
            break
    turning: list[InlineKeyboardButton] = []
    if asked.number:
        turning.append(asked.button(voice.plain("button_back"), asked.number - 1))
    if page.more:
        turning.append(asked.button(voice.plain("button_more"), asked.number + 1))
    keyboard = [row for row in (turning, list(buttons)) if row]
    return Rendered(
        message.html, InlineKeyboardMarkup(keyboard) if keyboard and has_keyboard else None
    )


def daily_button(voice: Translator, *, has_bulletin: bool) -> InlineKeyboardButton:
    """Return the button that offers the bulletin, or other hours to a chat that has one."""
    label = "button_bulletin_manage" if has_bulletin else "button_bulletin_daily"
    return button(voice.plain(label), StoriesAction.DAILY)


def _heading(voice: Translator, page: StoryPage, asked: StoriesAsked, heading: str) -> Piece:
    """Return the heading: of which articles the page was chosen, and how."""
    window = "stories_period" if asked.period else WINDOWS[page.window]
    count = voice.count(page.articles)
    counted = voice.plain(
        "stories_articles" if page.is_complete else "stories_articles_newest", count=count
    )
    days = period_words(voice, page.period)
    lines = [
        voice.piece(heading),
        voice.piece(window, articles=counted, days=days),
    ]
    if asked.number:
        lines.append(voice.piece("page", page=asked.number + 1))
    return join("\n", lines)


def _row(voice: Translator, story: Story, number: int) -> Piece:
    """Render the title of a story, its sources, its date and its sentence."""
    article, quote = story.article, story.quote
    quotes = [quote] if quote.start is not None else []
    title = title_line(voice, article, quotes, number=number)
    sentence = [render_sentence(quote, ROW_QUOTE)] if quotes else []
    return join("\n", [title, Piece.plain(_origin(voice, story)), *sentence])


def _origin(voice: Translator, story: Story) -> str:
    """Return the source of a story, or the number of its sources and some of them; its date."""
    if len(story.sources) < 2:
        return origin_line(voice, story.article)
    named = [clip(name, SOURCE_LIMIT) for name in story.sources[:SOURCES_NAMED]]
    left = len(story.sources) - len(named)
    names = ", ".join(named) + (f" +{left}" if left else "")
    count = voice.count(len(story.sources))
    sources = voice.plain("stories_sources", count=count, names=names)
    return f"{sources} · {format_datetime(story.article.published, voice.language)}"


def _names(voice: Translator, names: Sequence[RisingName]) -> Piece:
    """Render the names that are suddenly frequent, with their counts."""
    lines = [
        voice.piece(
            "stories_name",
            name=clip(name.name, NAME_LIMIT),
            count=voice.count(name.articles),
            before=voice.count(name.before),
        )
        for name in names
    ]
    return join("\n", [voice.piece("stories_names"), *lines])
