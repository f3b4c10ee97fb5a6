"""Fixtures of the tests of the store: an empty database, and its articles."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.language.analyser import VERSION
from index.store import Articles, Database
from tests.support.libraries import empty_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(empty_database(tmp_path))
    yield opened
    opened.close()


@pytest.fixture
def articles(database: Database) -> Articles:
    return Articles(database, VERSION)
