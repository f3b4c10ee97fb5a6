"""Subscriptions in words: what is wished for, and how often alerts come."""

from bot.chat_settings.views import clock_in_words
from bot.messages.captions import clip
from bot.messages.voice import Translator
from index.alerts import AlertPhrase, AlertQuery, FieldScope, Frequency, FrequencyUnit
from index.models.schedule import Rhythm, Schedule
from index.store.chats import Subscription

SHOWN_LIMIT = 80  # UTF-16 units; a subscription in a line of a list


def wish_in_words(voice: Translator, wish: AlertQuery) -> str:
    """Return what a wish asks for, as one plain line."""
    anywhere = [each for each in wish.required if each.place is FieldScope.ANYWHERE]
    titled = [each for each in wish.required if each.place is FieldScope.TITLE]
    parts = [" + ".join(map(_words, anywhere))] if anywhere else []
    if titled:
        parts.append(voice.plain("wish_title", words=" + ".join(map(_words, titled))))
    if wish.sources:
        parts.append(voice.plain("wish_source", words=" / ".join(map(_words, wish.sources))))
    if not parts:
        parts.append(voice.plain("wish_everything"))
    if wish.excluded:
        parts.append(voice.plain("wish_without", words=", ".join(map(_words, wish.excluded))))
    return ", ".join(parts)


def subscription_name(voice: Translator, subscription: Subscription, wish: AlertQuery) -> str:
    """Return what to call a subscription: its name, else what it asks for."""
    return clip(subscription.name or wish_in_words(voice, wish), SHOWN_LIMIT)


def schedule_in_words(voice: Translator, schedule: Schedule) -> str:
    """Return when alerts come: at once, every hour, daily at 07:00, Mondays at 07:00."""
    if schedule.rhythm is Rhythm.NOW:
        return voice.plain("rhythm_now")
    if schedule.rhythm is Rhythm.HOURLY:
        return voice.plain("rhythm_hourly")
    at = clock_in_words(schedule.minute)
    if schedule.rhythm is Rhythm.DAILY:
        return voice.plain("rhythm_daily", at=at)
    return voice.plain("rhythm_weekly", at=at, day=weekday_in_words(voice, schedule.weekday))


def frequency_in_words(voice: Translator, found: Frequency) -> str:
    """Return how often alerts are to be expected."""
    key = {
        FrequencyUnit.DAILY: "pace_daily",
        FrequencyUnit.WEEKLY: "pace_weekly",
        FrequencyUnit.RARELY: "pace_rarely",
        FrequencyUnit.NEVER: "pace_never",
    }[found.pace]
    return voice.plain(key, count=voice.count(found.count))


def weekday_in_words(voice: Translator, weekday: int) -> str:
    """Return a day of the week by its number, 0 for Monday."""
    return voice.plain("weekdays").split(", ")[weekday]


def _words(phrase: AlertPhrase) -> str:
    return " ".join(phrase.syllables)
