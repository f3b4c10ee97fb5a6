"""Put subscriptions into words: query, schedule, expected frequency."""

from bot.chat_settings.views import format_clock
from bot.messages.voice import Translator
from index.alerts import AlertPhrase, AlertQuery, FieldScope, Frequency
from index.models.schedule import Schedule


def describe_query(voice: Translator, query: AlertQuery) -> str:
    """Describe a query in one plain line."""
    anywhere = [phrase for phrase in query.required if phrase.place is FieldScope.ANYWHERE]
    titled = [phrase for phrase in query.required if phrase.place is FieldScope.TITLE]
    parts = [" + ".join(map(_words, anywhere))] if anywhere else []
    if titled:
        parts.append(voice.plain("wish_title", words=" + ".join(map(_words, titled))))
    if query.sources:
        parts.append(voice.plain("wish_source", words=" / ".join(map(_words, query.sources))))
    if not parts:
        parts.append(voice.plain("wish_everything"))
    if query.excluded:
        parts.append(voice.plain("wish_without", words=", ".join(map(_words, query.excluded))))
    return ", ".join(parts)


def describe_schedule(voice: Translator, schedule: Schedule) -> str:
    """Describe when alerts are sent: at once, every hour, daily at 07:00, Mondays at 07:00."""
    day, at = weekday_name(voice, schedule.weekday), format_clock(schedule.minute)
    return voice.plain(f"rhythm_{schedule.rhythm}", day=day, at=at)


def describe_frequency(voice: Translator, frequency: Frequency) -> str:
    """Describe how often alerts are expected."""
    return voice.plain(f"pace_{frequency.pace}", count=voice.count(frequency.count))


def weekday_name(voice: Translator, weekday: int) -> str:
    """Return the name of a weekday, 0 for Monday."""
    return voice.plain("weekdays").split(", ")[weekday]


def _words(phrase: AlertPhrase) -> str:
    return " ".join(phrase.syllables)
