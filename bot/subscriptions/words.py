"""Put subscriptions into words: query, schedule, expected frequency."""

from bot.chat_settings.views import format_clock
from bot.messages.captions import clip
from bot.messages.voice import Translator
from index.alerts import AlertPhrase, AlertQuery, FieldScope, Frequency, FrequencyUnit
from index.models.schedule import Rhythm, Schedule
from index.store.chats import Subscription

SHOWN_LIMIT = 80  # UTF-16 units; a subscription in a line of a list


def describe_query(voice: Translator, query: AlertQuery) -> str:
    """Describe a query in one plain line."""
    anywhere = [each for each in query.required if each.place is FieldScope.ANYWHERE]
    titled = [each for each in query.required if each.place is FieldScope.TITLE]
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


def subscription_name(voice: Translator, subscription: Subscription, query: AlertQuery) -> str:
    """Return the name of a subscription, else its query in words."""
    return clip(subscription.name or describe_query(voice, query), SHOWN_LIMIT)


def describe_schedule(voice: Translator, schedule: Schedule) -> str:
    """Describe when alerts are sent: at once, every hour, daily at 07:00, Mondays at 07:00."""
    if schedule.rhythm is Rhythm.NOW:
        return voice.plain("rhythm_now")
    if schedule.rhythm is Rhythm.HOURLY:
        return voice.plain("rhythm_hourly")
    at = format_clock(schedule.minute)
    if schedule.rhythm is Rhythm.DAILY:
        return voice.plain("rhythm_daily", at=at)
    return voice.plain("rhythm_weekly", at=at, day=weekday_name(voice, schedule.weekday))


def describe_frequency(voice: Translator, found: Frequency) -> str:
    """Describe how often alerts are expected."""
    key = {
        FrequencyUnit.DAILY: "pace_daily",
        FrequencyUnit.WEEKLY: "pace_weekly",
        FrequencyUnit.RARELY: "pace_rarely",
        FrequencyUnit.NEVER: "pace_never",
    }[found.pace]
    return voice.plain(key, count=voice.count(found.count))


def weekday_name(voice: Translator, weekday: int) -> str:
    """Return the name of a weekday, 0 for Monday."""
    return voice.plain("weekdays").split(", ")[weekday]


def _words(phrase: AlertPhrase) -> str:
    return " ".join(phrase.syllables)
