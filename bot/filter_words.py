"""Why a filter typed in a question cannot be, in words."""

from datetime import date

from bot.captions import Voice
from index.dates import day_to_words
from index.filters import FilterError, FilterReason


def filter_words(voice: Voice, error: FilterError) -> str:
    """Return what to say of a filter that cannot be understood, as Telegram HTML."""
    key = {
        FilterReason.NOT_A_DATE: "filter_not_a_date",
        FilterReason.NO_VALUE: "filter_no_value",
        FilterReason.TWICE: "filter_twice",
        FilterReason.REVERSED: "filter_reversed",
        FilterReason.UNKNOWN_SOURCE: "filter_unknown_source",
        FilterReason.NO_QUESTION: "filter_no_question",
    }[error.reason]
    values = {
        name: day_to_words(value, voice.language) if isinstance(value, date) else value
        for name, value in error.values.items()
    }
    return voice.text(key, **values)
