"""Followed sources: add, find, claim due ones, record checks, pause, resume, remove."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, delete, insert, or_, select, update

from index.articles.validation import strip_unstorable
from index.models.problem import Code, Problem, from_stored, to_stored
from index.models.source_kind import SourceKind
from index.store.database import Database, change_rows_in, columns_of
from index.store.sources.claims import SourceClaims
from index.store.sources.errors import SourceError
from index.store.sources.items import SourceItems
from index.store.sources.pages import SourcePages
from index.store.sources.readings import SourceReadings, read_last_articles
from index.store.tables import sources

FIRST_INTERVAL_SECONDS = 900
"""Interval of the checks of a new source, until its items show how often it has news."""

PAUSED_BY_COMMAND = "by command"
"""Reason of a pause by an operator."""


class SourceState(StrEnum):
    """State of a source: not read yet, read, failing, or paused."""

    NEW = "new"
    READ = "read"
    FAILING = "failing"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Followed source; times are in seconds since the epoch, `interval` is in seconds.

    `given` is the address or folder that the operator entered, `address` the one that is read.
    `paused` is the reason of a pause, or None. `failures` counts consecutive failures.
    `first_read_at` is when its back catalogue was recorded: later items are news. `last_error`
    is why it could not be read, a `Problem` if the cause is known.
    """

    id: int
    name: str
    given: str
    kind: SourceKind
    address: str
    pattern: str | None
    paused: str | None
    added_at: int
    checked_at: int | None
    next_check_at: int
    interval: int
    failures: int
    last_error: str | None
    etag: str | None
    last_modified: str | None
    first_read_at: int | None

    @property
    def is_on_web(self) -> bool:
        """Whether it is read over the network."""
        return self.kind is not SourceKind.FOLDER

    @property
    def target(self) -> tuple[SourceKind, str, str | None]:
        """What a check of it reads."""
        return self.kind, self.address, self.pattern

    @property
    def was_read(self) -> bool:
        """Whether its last check succeeded."""
        return self.checked_at is not None and self.last_error is None

    @property
    def state(self) -> SourceState:
        """Its state, by its last check."""
        if self.paused is not None:
            return SourceState.PAUSED
        if self.checked_at is None:
            return SourceState.NEW
        return SourceState.READ if self.last_error is None else SourceState.FAILING

    @property
    def paused_by_failures(self) -> bool:
        """Whether it was paused because of failures, not by an operator."""
        return self.paused is not None and self.paused != PAUSED_BY_COMMAND


class Sources:
    """Followed sources of a database.

    `items` are the items that they announced, `pages` their last pages as they were read, `claims`
    which worker checks them.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.claims = SourceClaims(database)
        self.items = SourceItems(database)
        self.pages = SourcePages(database)

    def add(
        self,
        *,
        name: str,
        given: str,
        kind: SourceKind,
        address: str,
        pattern: str | None = None,
        now: int,
    ) -> Source:
        """Add a source.

        Raises:
            SourceError: The name is taken, or the address is followed already.
        """
        values = {
            "name": name,
            "given": given,
            "kind": kind.value,
            "address": address,
            "pattern": pattern,
            "added_at": now,
            "next_check_at": now,
            "interval": FIRST_INTERVAL_SECONDS,
            "failures": 0,
        }
        with self._database.writing() as connection:
            if same := connection.execute(_SOURCES.where(_is_at(given, address))).first():
                raise SourceError(Problem(Code.FOLLOWED, given, name=same.name))
            named = _SOURCES.where(sources.c.name == name)
            if connection.execute(named).first():
                raise SourceError(Problem(Code.NAME_TAKEN, repr(name)))
            connection.execute(insert(sources).values(values))
            return _source(connection.execute(named).one())

    def all(self) -> list[Source]:
        """List all sources, by name."""
        with self._database.reading() as connection:
            return [_source(row) for row in connection.execute(_SOURCES.order_by(sources.c.name))]

    def by_name(self, name: str) -> Source:
        """Find a source by its name, else by its address.

        Raises:
            SourceError: There is none.
        """
        with self._database.reading() as connection:
            for condition in (sources.c.name == name, _is_at(name, name)):
                if row := connection.execute(_SOURCES.where(condition)).first():
                    return _source(row)
        raise SourceError(f"no source is named {name!r}; see: hoibao sources list")

    def by_id(self, source: int) -> Source:
        """Return the source with this number.

        Raises:
            SourceError: It was removed.
        """
        with self._database.reading() as connection:
            row = connection.execute(_SOURCES.where(sources.c.id == source)).first()
        if row is None:
            raise SourceError("the source was removed meanwhile")
        return _source(row)

    def readings(self, source: int) -> SourceReadings:
        """Sum up how the last articles of a source read."""
        return read_last_articles(self._database, source)

    def claim(
        self, worker: str | None, now: int, most: int, besides: Iterable[int] = ()
    ) -> list[Source]:
        """Claim sources that are due to be checked, longest waiting first.

        See `SourceClaims.claim`.
        """
        claimed = self.claims.claim(worker, now, most, besides)
        query = _SOURCES.where(sources.c.id.in_(claimed))
        with self._database.reading() as connection:
            waiting = query.order_by(sources.c.next_check_at, sources.c.id)
            return [_source(row) for row in connection.execute(waiting)]

    def remove(self, source: int) -> None:
        """Remove a source with its items; its articles are kept."""
        with self._database.writing() as connection:
            connection.execute(delete(sources).where(sources.c.id == source))

    def pause(self, source: int, reason: str = PAUSED_BY_COMMAND) -> None:
        """Pause a source until it is resumed."""
        self._change(source, paused=reason)

    def resume(self, source: int, now: int) -> Source:
        """Resume a paused source, and reset its failures."""
        self._change(source, paused=None, failures=0, next_check_at=now)
        return self.by_id(source)

    def check_soon(self, chosen: Iterable[int], now: int) -> None:
        """Make sources due for a check now, and resume paused ones."""
        is_paused = sources.c.paused.is_not(None)
        values = {
            "next_check_at": now,
            "failures": case((is_paused, 0), else_=sources.c.failures),
            "paused": None,
        }
        with self._database.writing() as connection:
            change_rows_in(connection, update(sources).values(values), sources.c.id, chosen)

    def change_address(
        self,
        source: int,
        *,
        kind: SourceKind,
        address: str,
        pattern: str | None,
        given: str | None = None,
    ) -> Source:
        """Change the address of a source; its next check reads it in full.

        Args:
            source: The source.
            kind: The kind of what is read.
            address: The address that is read.
            pattern: Which links of a listing page are articles.
            given: What the operator entered, if that changed: then the items of its next check
                are its back catalogue.
        """
        changed: dict[str, object] = {"kind": kind.value, "address": address, "pattern": pattern}
        if given is not None:
            changed |= {"given": given, "first_read_at": None}
        self._change(source, etag=None, last_modified=None, **changed)
        return self.by_id(source)

    def record_success(
        self,
        source: Source,
        *,
        now: int,
        next_check_at: int,
        interval: int,
        etag: str | None,
        last_modified: str | None,
        worker: str | None = None,
    ) -> bool:
        """Record a successful check, with the validators of the next request.

        Args:
            source: The source, as it was checked.
            now: The time of the check.
            next_check_at: The time of the next one.
            interval: The interval of its checks.
            etag: The ETag header.
            last_modified: The Last-Modified header.
            worker: The worker whose claim ends; nothing is recorded if it has lost that.

        Returns:
            Whether it was recorded; not if the source was changed or removed meanwhile.
        """
        return self._record(
            source,
            worker,
            checked_at=now,
            next_check_at=next_check_at,
            interval=interval,
            etag=etag,
            last_modified=last_modified,
            failures=0,
            last_error=None,
        )

    def record_failure(
        self,
        source: Source,
        error: str,
        *,
        now: int,
        next_check_at: int,
        failures: int,
        paused: str | None = None,
        worker: str | None = None,
    ) -> bool:
        """Record a failed check, and pause the source if a reason is given.

        Args:
            source: The source, as it was checked.
            error: Why it failed.
            now: The time of the check.
            next_check_at: The time of the next one.
            failures: The number of failures in a row.
            paused: The reason of a pause.
            worker: The worker whose claim ends; nothing is recorded if it has lost that.

        Returns:
            Whether it was recorded; not if the source was changed or removed meanwhile.
        """
        changed = {"paused": paused} if paused else {}
        return self._record(
            source,
            worker,
            checked_at=now,
            next_check_at=next_check_at,
            failures=failures,
            last_error=strip_unstorable(to_stored(error)),
            **changed,
        )

    def _record(self, source: Source, worker: str | None, **values: object) -> bool:
        """Record a check, and end the claim of the worker that made it.

        If the source was changed meanwhile, only the claim ends: the check says nothing of what
        is read now, not even that it was read.
        """
        mine, ended = [sources.c.id == source.id], {}
        if worker is not None:
            mine.append(sources.c.claimed_by == worker)
            ended = {"claimed_by": None}
        kind, address, pattern = source.target
        same = (
            sources.c.kind == kind.value,
            sources.c.address == address,
            sources.c.pattern.is_not_distinct_from(pattern),
        )
        with self._database.writing() as connection:
            recorded = update(sources).where(*mine, *same).values(**values, **ended)
            if connection.execute(recorded).rowcount > 0:
                return True
            unread = update(sources).where(*mine).values(first_read_at=None, **ended)
            connection.execute(unread)
        return False

    def _change(self, source: int, **values: object) -> None:
        changed = update(sources).where(sources.c.id == source).values(**values)
        with self._database.writing() as connection:
            connection.execute(changed)


_SOURCES: Select[Any] = select(*columns_of(Source, sources))


def _is_at(given: str, address: str) -> ColumnElement[bool]:
    return or_(sources.c.given.in_((given, address)), sources.c.address.in_((given, address)))


def _source(row: Row[*tuple[Any, ...]]) -> Source:
    error = None if row.last_error is None else from_stored(row.last_error)
    return Source(**dict(row._mapping) | {"kind": SourceKind(row.kind), "last_error": error})
