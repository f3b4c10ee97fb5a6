"""Validate articles before they are stored."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from index.articles.identity import url_key
from index.errors import InputError
from index.language.dates import is_to_come
from index.language.spelling import nfc
from index.models.article import Article
from index.models.period import vietnam

# An index of PostgreSQL takes keys of up to 2,704 bytes.
LONGEST_ID = 200
LONGEST_URL = 2_000
LONGEST_NAME = 500

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def validate(article: Article, now: datetime | None = None) -> Article:
    """Normalise an article for the store, or reject it.

    A date of publication that is yet to come is not known: it would be the newest for ever.

    Args:
        article: An article as it was read.
        now: The time of reading, with an offset. The present by default.

    Raises:
        InputError: A field holds a lone surrogate or NUL, is too long, or its date is out of range.
    """
    for name in ("title", "text", "url", "id", "author"):
        value = getattr(article, name)
        if value and _UNSTORABLE.search(value):
            raise InputError(f"{name}: it holds half a character or a NUL; repair its encoding")
    limited = (
        ("id", article.id, LONGEST_ID),
        ("url", article.url, LONGEST_URL),
        ("url", url_key(article.url), LONGEST_URL),  # percent-encoded, and so longer
    )
    for name, value, longest in limited:
        if len(value or "") > longest:
            raise InputError(f"{name}: more than {longest:,} characters")
    return replace(
        article,
        title=nfc(article.title),
        text=nfc(article.text),
        published=_known_date(article.published, now or datetime.now(UTC)),
        source=_fit_name(article.source),
        author=_fit_name(article.author),
        origin=_fit_name(article.origin),
    )


def strip_unstorable(text: str) -> str:
    """Replace lone surrogates and NUL, which no database stores."""
    return _UNSTORABLE.sub("\ufffd", text)


def _fit_name(name: str | None) -> str | None:
    """Shorten a name and make it storable; that of a file may be in an encoding of its own."""
    return strip_unstorable(nfc(name))[:LONGEST_NAME] if name else None


def _known_date(moment: datetime | None, now: datetime) -> datetime | None:
    checked = _check_range(moment) if moment else None
    return None if checked and is_to_come(checked, now) else checked


def _check_range(moment: datetime) -> datetime:
    offset = moment.utcoffset()
    if offset is None:
        moment = moment.replace(tzinfo=vietnam())
    elif offset % timedelta(minutes=1):
        moment = moment.astimezone(UTC)
    try:
        moment.astimezone(UTC)
        moment.astimezone(vietnam())
    except (OverflowError, ValueError):
        raise InputError(f"published: {moment.isoformat()} is out of range") from None
    return moment.replace(microsecond=0)
