"""How many modules of the library a question runs through, from `find_answer` to the quotes."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import FrameType

import pytest

from bot.questions.service import find_answer
from tests.support.articles import ARTICLES
from tests.support.libraries import open_library

MOST_MODULES = 40
TODAY = date(2023, 9, 5)


@contextmanager
def modules_run() -> Iterator[set[str]]:
    """Collect the modules of `index` whose functions run, but not those that find words for 🔔."""
    seen = set[str]()

    def called(frame: FrameType, event: str, _: object) -> None:
        name = frame.f_globals.get("__name__", "")
        is_of_answer = name.startswith("index.") and not name.startswith("index.alerts.")
        if event == "call" and is_of_answer:
            seen.add(name)

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        yield seen
    finally:
        sys.setprofile(before)


@pytest.mark.parametrize(
    "question",
    [
        "hôm qua có bao nhiêu người chết vì lũ?",
        "ngày 3/9/2023 ai dự hội nghị?",
        "tháng 9/2023 lũ quét ở Xuân Kvởng Tnăm làm bao nhiêu người chết?",
        "hom qua ai du hoi nghi o muong long",
        "who attended the conference in September 2023?",
    ],
)
def test_a_dated_question_runs_through_few_modules(tmp_path: Path, question: str) -> None:
    with open_library(tmp_path / "data", ARTICLES) as library:
        find_answer(library, "ai du hoi nghi?", (), 3, TODAY)  # reads the word lists
        with modules_run() as modules:
            find_answer(library, question, (), 3, TODAY)

    assert 20 < len(modules) <= MOST_MODULES, sorted(modules)
