"""Errors of standing queries: the reason a text cannot be subscribed to.

    QuestionError (see `index.errors`)
    └── SubscriptionError

The reason is the key of a message and the values fill its placeholders; the message is
written elsewhere, in the reader's language.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from index.errors import QuestionError


class SubscriptionReason(StrEnum):
    """The reason for an error, as the key of a message; in brackets the values with it."""

    NO_WORDS = "no_words"
    """There is text, but no word in it, as in `!!!`."""

    ONLY_EXCLUDED = "only_excluded"
    """Only words to leave out, as in `-bóng`; `* -bóng` says that all else is wanted."""

    TOO_LONG = "too_long"
    """More characters than a subscription may have (`limit`)."""

    TOO_MANY_WORDS = "too_many_words"
    """More syllables than a subscription may have (`limit`, `count`)."""

    UNKNOWN_FIELD = "unknown_field"
    """A field that there is not, as in `author:x` (`field`)."""

    NO_VALUE = "no_value"
    """A field without a word behind it, as in `title:` (`field`)."""

    TOO_BROAD = "too_broad"
    """Nothing but words that nearly every article has, as in `của` (`words`)."""


class SubscriptionError(QuestionError):
    """A text that cannot be parsed as a standing query.

    Args:
        reason: The key of the message.
        values: The values of its placeholders, by the names given with the reason.
    """

    def __init__(self, reason: SubscriptionReason, **values: str | int) -> None:
        self.reason = reason
        self.values: Mapping[str, str | int] = MappingProxyType(values)
        super().__init__(
            ", ".join([reason, *(f"{name} {value}" for name, value in values.items())])
        )
