"""Alerts: standing queries matched against new articles, queued for the subscribed chats.

`parser` reads a typed text as an `AlertQuery`. A `Matcher` holds the queries of all subscriptions
and returns those that an article matches, with the sentences to show. `AlertAnnouncer` queues
their alerts in the transaction that stores the article. `alert_highlights` returns the spans to
make bold, `frequency` estimates how often an alert comes.
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
