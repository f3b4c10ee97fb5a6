"""The tests of the sender that use a library run on SQLite and on PostgreSQL."""

import pytest
from sqlalchemy.engine import URL

from tests.support.libraries import BOTH


@pytest.fixture(params=BOTH)
def server(request: pytest.FixtureRequest) -> URL | None:
    """The server of the libraries; None for SQLite."""
    if request.param == "sqlite":
        return None
    started: URL = request.getfixturevalue("postgresql")
    return started
