"""Last pages of sources as they were read: lines that stand on most of them, and what was cut.

A line that stands on most pages of a source is furniture, whatever its words: an invitation, a
slogan, an imprint. Pages with the same headline count as one, since an article has several.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import delete, insert, select

from index.store.database import Database
from index.store.tables import source_pages, sources

PAGES_KEPT = 30
"""Pages of a source that are remembered, the last ones."""

LINES_A_PAGE = 300
"""Lines of a page that are remembered: 2.4 kB."""

LEAST_PAGES = 5
"""Pages of a source before any of its lines is furniture."""

LEAST_SHARE = 0.6
"""Share of the pages on which a line stands that is furniture."""

_KEY_BYTES = 8
_HEADLINE_BYTES = 12


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page as it was read.

    `lines` are the keys of the lines that were kept, without the article's own lead. `cuts` counts
    the lines that were left out by reason.
    """

    headline: str
    lines: tuple[str, ...]
    cuts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RepeatedLines:
    """Lines that stand on most pages of a source, as hashes of their keys."""

    hashes: frozenset[bytes] = frozenset()

    def among(self, keys: Iterable[str]) -> frozenset[str]:
        """Return those of some lines' keys that stand on most pages."""
        return frozenset(key for key in keys if _hash(key) in self.hashes)


class SourcePages:
    """Last pages of the sources of a database, as they were read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, source: int, now: int, pages: Sequence[ReadPage]) -> None:
        """Remember pages of a source, and forget those before its last `PAGES_KEPT`."""
        if not pages:
            return
        rows = {_headline(page): page for page in pages}
        this = source_pages.c.source == source
        kept = (
            select(source_pages.c.headline)
            .where(this)
            .order_by(source_pages.c.read_at.desc(), source_pages.c.headline)
            .limit(PAGES_KEPT)
        )
        with self._database.writing() as connection:
            if connection.scalar(select(sources.c.id).where(sources.c.id == source)) is None:
                return  # it was removed meanwhile
            connection.execute(delete(source_pages).where(this, source_pages.c.headline.in_(rows)))
            values = [
                {
                    "source": source,
                    "headline": headline,
                    "read_at": now,
                    "lines": _pack(page.lines),
                    "cuts": json.dumps(dict(page.cuts)),
                }
                for headline, page in rows.items()
            ]
            connection.execute(insert(source_pages), values)
            last = list(connection.scalars(kept))
            connection.execute(
                delete(source_pages).where(this, source_pages.c.headline.not_in(last))
            )

    def repeated(self, source: int) -> RepeatedLines:
        """Return the lines that stand on most of the last pages of a source."""
        query = select(source_pages.c.lines).where(source_pages.c.source == source)
        with self._database.reading() as connection:
            pages = list(connection.scalars(query))
        if len(pages) < LEAST_PAGES:
            return RepeatedLines()
        counts = Counter(hashed for page in pages for hashed in _unpack(page))
        least = LEAST_SHARE * len(pages)
        return RepeatedLines(frozenset(key for key, count in counts.items() if count >= least))

    def cuts(self, source: int) -> Counter[str]:
        """Count what was cut from the last pages of a source, by reason."""
        query = select(source_pages.c.cuts).where(source_pages.c.source == source)
        with self._database.reading() as connection:
            pages = list(connection.scalars(query))
        total: Counter[str] = Counter()
        for page in pages:
            total.update(json.loads(page))
        return total


def _hash(key: str, size: int = _KEY_BYTES) -> bytes:
    return hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=size).digest()


def _headline(page: ReadPage) -> str:
    return _hash(page.headline, _HEADLINE_BYTES).hex()


def _pack(keys: Iterable[str]) -> bytes:
    return b"".join(islice({_hash(key): None for key in keys if key}, LINES_A_PAGE))


def _unpack(packed: bytes) -> list[bytes]:
    return [packed[at : at + _KEY_BYTES] for at in range(0, len(packed), _KEY_BYTES)]
