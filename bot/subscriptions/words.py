"""Put subscriptions into words: query, schedule, expected frequency."""

from collections.abc import Sequence

from bot.chat_settings.views import format_clock
from bot.messages.voice import Translator
from index.alerts import AlertPhrase, AlertQuery, FieldScope, Frequency
from index.alerts.query import holds_connector
from index.models.schedule import Schedule


def describe_query(voice: Translator, query: AlertQuery) -> str:
    """Describe a query in one plain line, in the words and capitals that were typed."""
    connector = voice.plain("wish_or")
    alternatives = [_describe_alternative(voice, phrases) for phrases in query.alternatives]
    parts = [f" {connector} ".join(alternatives)] if alternatives else []
    if query.sources:
        sources = " / ".join(map(phrase_words, query.sources))
        parts.append(voice.plain("wish_source", words=sources))
    if not parts:
        parts.append(voice.plain("wish_everything"))
    if query.excluded:
        excluded = ", ".join(map(phrase_words, query.excluded))
        parts.append(voice.plain("wish_without", words=excluded))
    return ", ".join(parts)


def phrase_words(phrase: AlertPhrase) -> str:
    """Return the words of a phrase, in quotes if it holds one that parts alternatives."""
    return f"“{phrase.words}”" if holds_connector(phrase.words) else phrase.words


def describe_phrase(voice: Translator, phrase: AlertPhrase) -> str:
    """Describe one phrase of a query: its words, and where they are to be or not to be."""
    words = phrase_words(phrase)
    if phrase.excluded:
        return voice.plain("wish_without", words=words)
    if phrase.place is FieldScope.SOURCE:
        return voice.plain("wish_source", words=words)
    return _describe_alternative(voice, [phrase])


def _describe_alternative(voice: Translator, phrases: Sequence[AlertPhrase]) -> str:
    anywhere, titled = (
        " ".join(phrase_words(phrase) for phrase in phrases if phrase.place is place)
        for place in (FieldScope.ANYWHERE, FieldScope.TITLE)
    )
    in_title = voice.plain("wish_title", words=titled) if titled else ""
    return ", ".join(filter(None, (anywhere, in_title)))


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
