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
    def read(cls, text: str) -> Self:
        """Deserialise from JSON."""
        return cls(**json.loads(text))

    def written(self) -> str:
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
    sources: Sequence[Source], told: ReportedSources
) -> tuple[SourceChange, ReportedSources]:
    """Return the changes since the last report, and the state once these are reported.

    Args:
        sources: All followed sources.
        told: The state already reported.
    """
    on_web = [source for source in sources if source.is_on_web and _is_wanted(source)]
    offline = _stays_offline(on_web) if told.offline else _is_offline(on_web)
    gave_out = [] if offline else [source for source in sources if source.paused_by_failures]
    paused = [
        source for source in gave_out if told.pauses.get(source_key(source)) != _since(source)
    ]
    readable = [
        source for source in sources if source_key(source) in told.pauses and _is_read(source)
    ]
    news = SourceChange(
        paused=tuple(paused),
        readable=tuple(readable),
        unreadable=tuple(on_web) if offline and not told.offline else (),
        online=told.offline and any(map(_is_read, on_web)),
    )
    kept = {source_key(source) for source in sources} - {source_key(source) for source in readable}
    pauses = {name: since for name, since in told.pauses.items() if name in kept}
    pauses |= {source_key(source): _since(source) for source in paused}
    return news, ReportedSources(pauses=pauses, offline=offline)


def assume_pauses_reported(sources: Sequence[Source]) -> ReportedSources:
    """Return what admins are taken to know who were never told anything."""
    return ReportedSources(
        pauses={source_key(each): _since(each) for each in sources if each.paused_by_failures}
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


def _since(source: Source) -> int:
    return source.checked_at or 0
