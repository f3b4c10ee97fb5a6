"""Fixtures of the tests of the store: an empty database of each kind, and its articles."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from index.language.analyser import VERSION
from index.store import Articles, Database
from tests.support.libraries import empty_database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> URL:
    """The address of an empty database."""
    if request.param == "sqlite":
        return empty_database(tmp_path)
    found: URL = request.getfixturevalue("postgresql_address")
    return found


@pytest.fixture
def database(address: URL) -> Iterator[Database]:
    opened = Database(address)
    yield opened
    opened.close()


@pytest.fixture
def articles(database: Database) -> Articles:
    return Articles(database, VERSION)
