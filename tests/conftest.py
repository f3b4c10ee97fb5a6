"""What holds for all tests: how hypothesis looks for examples, and which files begin."""

import gc

import hypothesis
import pytest

# Until the tests are in the folders of their packages.
from tests.bot.conftest import *  # noqa: F403
from tests.index.conftest import *  # noqa: F403

LONGEST_FILES = ("test_fanout.py", "test_crash.py", "test_sending.py")
# How long an example takes says more of the machine than of the code.
hypothesis.settings.register_profile(
    "shared", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("shared")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files, so that no worker is left with one at the end."""
    items.sort(key=lambda item: item.path.name not in LONGEST_FILES)


def pytest_collection_finish() -> None:
    """Look for garbage among what tests make, not among the thousands of tests each time."""
    gc.collect()
    gc.freeze()
