"""Alerts: standing queries matched against new articles, queued for the subscribed chats.

What a person typed becomes an `AlertQuery` (`parse`); a `Matcher` holds the queries of
all subscriptions and says, for each new article, whose it is and which sentences
to show; `alert_highlights` says what to make bold in them, and `frequency` how
often an alert is to be expected. Nothing here is stored or sent.
"""

from index.alerts.errors import SubscriptionError, SubscriptionReason
from index.alerts.frequency import Frequency, FrequencyUnit
from index.alerts.query import AlertPhrase, AlertQuery, FieldScope
from index.alerts.service import alert_highlights

__all__ = [
    "AlertPhrase",
    "AlertQuery",
    "FieldScope",
    "Frequency",
    "FrequencyUnit",
    "SubscriptionError",
    "SubscriptionReason",
    "alert_highlights",
]
