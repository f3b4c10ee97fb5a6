"""What a chat asks to be alerted of, and which subscriptions a new article is for.

What a person typed becomes a `Wish` (`parse`); a `Matcher` holds the wishes of
all subscriptions and says, for each new article, whose it is and which sentences
to show; `wish_highlights` says what to make bold in them, and `frequency` how
often an alert is to be expected. Nothing here is stored or sent.
"""

from index.subscriptions.bold import wish_highlights
from index.subscriptions.errors import Reason, SubscriptionError
from index.subscriptions.expected import Frequency, Pace, frequency
from index.subscriptions.matching import Match, Matcher
from index.subscriptions.parsing import parse
from index.subscriptions.wish import Phrase, Place, Wish

__all__ = [
    "Frequency",
    "Match",
    "Matcher",
    "Pace",
    "Phrase",
    "Place",
    "Reason",
    "SubscriptionError",
    "Wish",
    "frequency",
    "parse",
    "wish_highlights",
]
