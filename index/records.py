"""JSON Lines records: a mapping checked field by field and made an article."""

import re
import unicodedata
from collections.abc import Mapping

from index.address import host_of, is_address
from index.article import Article
from index.dates import parse_iso
from index.encoding import without_controls
from index.errors import InputError
from index.legacy import reject_legacy

_SURROGATE = re.compile("[\ud800-\udfff]")
_MAX_TEXT = 5_000_000  # characters
_MAX_FIELD = 10_000  # characters, of every other field


def parse_record(record: Mapping[str, object]) -> Article:
    """Make an article of a record.

    Its fields are `url`, `id`, `title`, `text`, `published` (ISO 8601),
    `source` and `author`. Only `text` must be there; unknown fields are passed over.
    `text` is kept as it is but for Unicode NFC and control characters, so that
    offsets into it hold.

    Args:
        record: A JSON object, as `json.loads` gives it.

    Returns:
        The article; its source is the record's own, or else the address's host.

    Raises:
        InputError: If a field has the wrong type or value, naming it.
    """
    title = " ".join((_text(record, "title") or "").split())
    text = _text(record, "text", _MAX_TEXT) or ""
    if not text.strip():
        raise InputError("text: missing or empty; a record needs one")
    reject_legacy(f"{title} {text}")
    url = _stripped(record, "url")
    if url and not is_address(url):
        raise InputError(f"url: expected an http(s) address, got {url[:80]!r}")
    published = _stripped(record, "published")
    return Article(
        title=title,
        text=text,
        url=url,
        id=_id(record),
        published=parse_iso(published) if published else None,
        source=_stripped(record, "source") or host_of(url),
        author=_stripped(record, "author"),
    )


def _stripped(record: Mapping[str, object], name: str) -> str | None:
    text = _text(record, name)
    return (text.strip() or None) if text else None


def _id(record: Mapping[str, object]) -> str | None:
    value = record.get("id")
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
        return str(value)
    return _stripped(record, "id")


def _text(record: Mapping[str, object], name: str, limit: int = _MAX_FIELD) -> str | None:
    value = record.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise InputError(f"{name}: expected text, got {_kind(value)}")
    if len(value) > limit:
        raise InputError(f"{name}: {len(value):,} characters, more than {limit:,}")
    if _SURROGATE.search(value):
        raise InputError(f"{name}: holds half a character (a lone surrogate)")
    return unicodedata.normalize("NFC", without_controls(value))


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "number"
    return "list" if isinstance(value, list) else "object"
