"""Put the dates and filter errors of a question into words."""

from datetime import date

from telegram import Message

from bot.messages.html import Piece
from bot.messages.voice import Translator
from bot.questions.page_state import DateOutcome
from index.language.dates import format_day, format_month
from index.models.period import Period, vietnam
from index.search.query import FilterError


def date_asked(message: Message) -> date:
    """Return the date in Vietnam when a message was sent, which its question calls today."""
    return message.date.astimezone(vietnam()).date()


def days_heading(voice: Translator, days: DateOutcome, period: Period | None) -> Piece | None:
    """Return the heading about the dates in the question, if there is one."""
    if days is DateOutcome.NONE or period is None:
        return None
    key = {
        DateOutcome.WITHIN: "heading_days_within",
        DateOutcome.BOOSTED: "heading_days_favoured",
        DateOutcome.UNMATCHED: "heading_days_missed",
    }[days]
    return voice.piece(key, days=period_words(voice, period))


def period_words(voice: Translator, period: Period) -> str:
    """Put a period into words: a day, a month, a year, since, until, or between."""
    language = voice.language
    first, last = (day and format_day(day, language) for day in (period.first, period.last))
    if period.first is None or period.last is None:
        key = "days_since" if first else "days_until"
        return voice.plain(key, day=first or last or "")
    if period.first == period.last:
        return voice.plain("days_one", day=format_day(period.first, language))
    if period == Period.of_year(period.first.year):
        return voice.plain("days_year", year=period.first.year)
    if period == Period.of_months(period.first.year, period.first.month, period.first.month):
        return voice.plain("days_month", month=format_month(period.first, language))
    return voice.plain("days_between", first=first or "", last=last or "")


def filter_error_text(voice: Translator, error: FilterError) -> str:
    """Explain why a filter cannot be understood, as Telegram HTML; it is called as typed here."""
    values = {
        name: format_day(value, voice.language) if isinstance(value, date) else value
        for name, value in error.values.items()
    }
    if "field" in values:
        values["field"] = voice.plain(f"filter_{values['field']}")
    return voice.text(f"filter_{error.reason}", **values)
