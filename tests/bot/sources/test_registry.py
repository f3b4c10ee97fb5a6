"""Sources of the settings that other workers add at the same moment."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.settings import SourceSetting
from bot.sources.registry import follow_settings
from index.models.source_kind import SourceKind
from index.store import Database, Sources
from index.store.sources import Source, SourceError
from tests.support.libraries import empty_database

VALUES = (
    {"url": "https://a.example/rss", "name": "A"},
    {"url": "https://b.example/rss"},
    {"folder": "/srv/tin"},
)
WANTED = tuple(SourceSetting.model_validate(values) for values in VALUES)


class OvertakenSources(Sources):
    """Table of sources into which another worker writes just before each new source."""

    def __init__(self, database: Database, overtake: Callable[[Sources], None]) -> None:
        super().__init__(database)
        self._overtake = partial(overtake, Sources(database))

    def add(self, **values: Any) -> Source:
        self._overtake()
        return super().add(**values)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(empty_database(tmp_path))
    yield opened
    opened.close()


def test_what_another_worker_has_just_added_is_followed_once(database: Database) -> None:
    sources = OvertakenSources(database, lambda others: follow_settings(others, WANTED))
    follow_settings(sources, WANTED)
    assert len(sources.all()) == len(WANTED)


def test_a_name_that_another_source_has_just_taken_is_refused(database: Database) -> None:
    def take(others: Sources) -> None:
        others.add(name="A", given="x", kind=SourceKind.FEED, address="x", now=0)

    with pytest.raises(SourceError, match="a source of this name"):
        follow_settings(OvertakenSources(database, take), WANTED)
