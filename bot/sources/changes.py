"""Compare the states of sources with those reported to admins: pauses, recoveries, offline.

The rules, in order. While no source on the web can be read, only that is reported, once: pauses
meanwhile are reported when a source can be read again, or when all are paused. Each pause by
failures is reported once, and so is each recovery.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Self

from index.store.sources import Source

FAILURES = 3
"""Failures in a row after which a source counts as unreadable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedSources:
    """State already reported to admins.

    `pauses` maps the key of each source reported as paused to the time of the last failure, in
    seconds since the epoch; `offline` is whether it was reported that no source can be read.
    """

    pauses: Mapping[str, int] = field(default_factory=dict)
    offline: bool = False

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Deserialise from JSON."""
        return cls(**json.loads(text))

    def to_json(self) -> str:
        """Serialise to JSON."""
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceChange:
    """Changes not yet reported to admins: sources that were paused, or can be read again.

    `unreadable` are all sources on the web, if none can be read; `online` is whether one can
    again.
    """

    paused: tuple[Source, ...] = ()
    readable: tuple[Source, ...] = ()
    unreadable: tuple[Source, ...] = ()
    online: bool = False

    def __bool__(self) -> bool:
        return bool(self.paused or self.readable or self.unreadable or self.online)


def compare_sources(
    sources: Sequence[Source], reported: ReportedSources
) -> tuple[SourceChange, ReportedSources]:
    """Return the changes since the last report, and the state once these are reported.

    Args:
        sources: All followed sources.
        reported: The state already reported.
    """
    on_web = [source for source in sources if source.is_on_web and _is_wanted(source)]
    offline = _stays_offline(on_web) if reported.offline else _is_offline(on_web)
    by_key = {source_key(source): source for source in sources}
    pauses = {} if offline else assume_pauses_reported(sources).pauses
    readable = {
        key: source for key, source in by_key.items() if key in reported.pauses and _is_read(source)
    }
    change = SourceChange(
        paused=tuple(
            by_key[key] for key, since in pauses.items() if reported.pauses.get(key) != since
        ),
        readable=tuple(readable.values()),
        unreadable=tuple(on_web) if offline and not reported.offline else (),
        online=reported.offline and any(map(_is_read, on_web)),
    )
    kept = by_key.keys() - readable.keys()
    earlier = {key: since for key, since in reported.pauses.items() if key in kept}
    return change, ReportedSources(pauses={**earlier, **pauses}, offline=offline)


def assume_pauses_reported(sources: Sequence[Source]) -> ReportedSources:
    """Return what admins are taken to know who were never told anything."""
    return ReportedSources(
        pauses={
            source_key(source): source.checked_at or 0
            for source in sources
            if source.paused_by_failures
        }
    )


def source_key(source: Source) -> str:
    """Return a key that is unique over all sources, also removed ones."""
    return f"{source.id}.{source.added_at}"


def _is_offline(on_web: Sequence[Source]) -> bool:
    failing = all(source.paused_by_failures or source.failures >= FAILURES for source in on_web)
    return len(on_web) > 1 and failing and _stays_offline(on_web)


def _stays_offline(on_web: Sequence[Source]) -> bool:
    """Whether none can be read, and some are not paused."""
    return any(source.paused is None for source in on_web) and not any(map(_is_read, on_web))


def _is_wanted(source: Source) -> bool:
    return source.paused is None or source.paused_by_failures


def _is_read(source: Source) -> bool:
    return source.paused is None and source.was_read
