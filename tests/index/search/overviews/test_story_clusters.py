"""Clusters of articles made by one template."""

import tracemalloc
from pathlib import Path

import pytest

from index.search.overviews.story_clusters import cluster_stories
from index.store import Lead
from tests.support.libraries import open_library

GROUPS, IN_EACH, WORDS = 4, 200, 60


def lead(number: int, group: int) -> Lead:
    shared = {f"mẫu{group}x{at}" for at in range(WORDS)}
    return Lead(number, ("Báo A",), f"Tin {number}", "", frozenset(shared | {f"riêng{number}"}))


@pytest.mark.slow
def test_hundreds_of_articles_of_one_template_take_little_memory(tmp_path: Path) -> None:
    leads = [lead(number, number % GROUPS) for number in range(GROUPS * IN_EACH)]
    with open_library(tmp_path / "data") as library:
        snapshot = library.search_context.engine.snapshot()
        tracemalloc.start()
        stories = cluster_stories(leads, [], snapshot)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert [len(story) for story in stories] == [IN_EACH] * GROUPS
    assert peak < 50_000_000
