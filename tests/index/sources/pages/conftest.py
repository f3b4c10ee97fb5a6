"""The tests of pages are about what is read, whatever stores it: they run on SQLite."""

import pytest


@pytest.fixture
def server() -> None:
    """The server of the libraries: none."""
