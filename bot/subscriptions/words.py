"""Put subscriptions into words: query, schedule, expected frequency."""

from bot.chat_settings.views import format_clock
from bot.messages.voice import Translator
from index.alerts import AlertQuery, FieldScope, Frequency
from index.models.schedule import Schedule


def describe_query(voice: Translator, query: AlertQuery) -> str:
    """Describe a query in one plain line, in the words and capitals that were typed."""
    anywhere = [phrase for phrase in query.required if phrase.place is FieldScope.ANYWHERE]
    titled = [phrase for phrase in query.required if phrase.place is FieldScope.TITLE]
    parts = [" ".join(phrase.words for phrase in anywhere)] if anywhere else []
    if titled:
        parts.append(voice.plain("wish_title", words=" ".join(phrase.words for phrase in titled)))
    if query.sources:
        sources = " / ".join(phrase.words for phrase in query.sources)
        parts.append(voice.plain("wish_source", words=sources))
    if not parts:
        parts.append(voice.plain("wish_everything"))
    if query.excluded:
        excluded = ", ".join(phrase.words for phrase in query.excluded)
        parts.append(voice.plain("wish_without", words=excluded))
    return ", ".join(parts)


def describe_schedule(voice: Translator, schedule: Schedule) -> str:
    """Describe when alerts are sent: at once, every hour, daily at 07:00, Mondays at 07:00."""
    day, at = weekday_name(voice, schedule.weekday), format_clock(schedule.minute)
    return voice.plain(f"rhythm_{schedule.rhythm}", day=day, at=at)


def describe_frequency(voice: Translator, frequency: Frequency) -> str:
    """Describe how often alerts are expected."""
    return voice.plain(f"pace_{frequency.pace}", count=voice.count(frequency.count))


def weekday_name(voice: Translator, weekday: int) -> str:
    """Return the name of a weekday in a sentence, 0 for Monday."""
    return voice.plain("weekdays").split(", ")[weekday]


def weekday_label(voice: Translator, weekday: int) -> str:
    """Return the name of a weekday on a button, 0 for Monday."""
    return voice.plain("weekdays_short").split(", ")[weekday]
