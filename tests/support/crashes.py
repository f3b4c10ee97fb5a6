"""Crash test: kill -9 at random moments, and count lost articles and inconsistencies.

The process is killed while it ingests, indexes, upgrades old analyses, migrates and restores a
backup, in turn. After each kill the data folder is opened again and checked by
`index.engine.consistency`.
"""

import random
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from index import Library, Quote
from index.engine.consistency import ConsistencyReport
from index.workers.fork_server import FORKING, serving
from tests.support.old_versions import age_analyses, downgrade

OLD, NEW = 60, 120
"""Numbers of stored articles, and of articles to ingest."""
AT_ONCE = 20
"""Articles of one call of `ingest`."""
FIRST_SCHEMA = "0001"
LONGEST_SECONDS = 120.0
TRIES_A_KILL = 20
LATER_THAN_USUAL = 1.1
"""Latest moment of a kill, relative to the duration without a kill."""


@dataclass(slots=True)
class Figures:
    """Results of one phase; `recovery` is the seconds of reopening the library."""

    kills: int = 0
    lost: int = 0
    wrong: int = 0
    recovery: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Phase:
    """Operation that is interrupted.

    Args:
        prepare: Turns a data folder with the old articles into the initial state.
        work: Runs it, and reports the number of acknowledged new articles.
    """

    prepare: Callable[[Path], object]
    work: Callable[[Path, Callable[[int], object]], object]


def record(number: int) -> dict[str, str]:
    text = f"Xã số {number} thu hoạch {number} tấn lúa. Vụ mùa năm nay được giá. Dân vui."
    return {"id": f"lua-{number}", "title": f"Vụ lúa thứ {number}", "text": text}


def _ingest(folder: Path, acknowledge: Callable[[int], object]) -> None:
    with Library.open(folder) as library:
        for start in range(0, NEW, AT_ONCE):
            library.ingest(map(record, range(OLD + start, OLD + start + AT_ONCE)))
            acknowledge(start + AT_ONCE)


def _lose_index(folder: Path) -> None:
    shutil.rmtree(folder / "engine")


def _index(folder: Path, _: Callable[[int], object]) -> None:
    Library.open(folder).close()


def _upgrade(folder: Path, _: Callable[[int], object]) -> None:
    with Library.open(folder) as library:
        library.index_sync.upgrade()


def _downgrade(folder: Path) -> None:
    downgrade(folder / "hoibao.db", FIRST_SCHEMA)


def _back_up(folder: Path) -> None:
    """Back up the old articles, and ingest the new ones."""
    with Library.open(folder) as library:
        library.index_sync.back_up(folder / "backup.gz")
        library.ingest(map(record, range(OLD, OLD + NEW)))


def _restore(folder: Path, _: Callable[[int], object]) -> None:
    with Library.open(folder) as library:
        library.index_sync.restore(folder / "backup.gz")


PHASES = {
    "ingest": Phase(lambda _: None, _ingest),
    "indexing": Phase(_lose_index, _index),
    "reindexing": Phase(age_analyses, _upgrade),
    "migration": Phase(_downgrade, _index),
    "restore": Phase(_back_up, _restore),
}


class Crashes:
    """Killer of processes that work on copies of a data folder.

    Args:
        folder: The parent of the data folders.
        chance: The random generator of the moments.
        phases: What is interrupted, by name.
    """

    def __init__(self, folder: Path, chance: random.Random, phases: Mapping[str, Phase]) -> None:
        self._folder = folder
        self._chance = chance
        self._usual: dict[str, float] = {}
        with Library.open(folder / "old") as library:
            library.ingest(map(record, range(OLD)))
        for name, phase in phases.items():
            shutil.copytree(folder / "old", folder / name)
            phase.prepare(folder / name)

    def kill(self, name: str, figures: Figures) -> None:
        """Kill a phase once before it ends, and examine the data folder."""
        if name not in self._usual:
            with self._copy(name) as data:
                self._usual[name] = _run(name, data, None)[1] or LONGEST_SECONDS
        for _ in range(TRIES_A_KILL):
            with self._copy(name) as data:
                moment = self._chance.uniform(0, LATER_THAN_USUAL * self._usual[name])
                acknowledged, seconds = _run(name, data, moment)
                if seconds is None:
                    figures.kills += 1
                    self._examine(name, data, acknowledged, figures)
                    return

    def _examine(self, name: str, data: Path, acknowledged: int, figures: Figures) -> None:
        started = time.perf_counter()
        with Library.open(data) as library:
            figures.recovery.append(time.perf_counter() - started)
            figures.wrong += _is_wrong(library)
            if library.index_sync.is_outdated():
                library.index_sync.upgrade()
                figures.wrong += _is_wrong(library)
            expected = {f"lua-{number}" for number in range(OLD + acknowledged)}
            if name == "restore" and library.status().articles > OLD:
                expected = {f"lua-{number}" for number in range(OLD + NEW)}
            figures.lost += sum(library.find(each) is None for each in expected)
            if name == "ingest":
                there = library.status().articles - OLD
                report = library.ingest(map(record, range(OLD, OLD + NEW)))
                figures.lost += (report.added, report.unchanged) != (NEW - there, there)
                figures.wrong += _is_wrong(library)

    @contextmanager
    def _copy(self, name: str) -> Iterator[Path]:
        data = self._folder / "copy"
        shutil.copytree(self._folder / name, data)
        try:
            yield data
        finally:
            shutil.rmtree(data)


def _is_wrong(library: Library) -> bool:
    """Tell whether store and engine disagree, or a quote is not in its article."""
    if library.status().behind or list(
        library.index_sync.check(ConsistencyReport(), sentences=True)
    ):
        return True
    for number in range(0, OLD, OLD // 4):
        quotes = library.ask(f"Xã số {number} thu hoạch bao nhiêu tấn?").quotes
        if not quotes or f"{number} tấn" not in quotes[0].text:
            return True
        if any(each.text != _article_text(each) for each in quotes):
            return True
    return False


def _article_text(quote: Quote) -> str:
    """Return the article's text at the span of a quote."""
    article = quote.article
    return article.title if quote.start is None else article.text[quote.start : quote.end]


def _run(name: str, data: Path, moment: float | None) -> tuple[int, float | None]:
    """Run a phase in a process, and kill it at a moment, in seconds after it began.

    Returns:
        The number of acknowledged new articles, and the seconds; None if it was killed.
    """
    ours, theirs = FORKING.Pipe(duplex=False)
    process = FORKING.Process(target=_work, args=(name, data, theirs))
    with serving():
        process.start()
    theirs.close()
    ours.recv()
    started = time.perf_counter()
    process.join(LONGEST_SECONDS if moment is None else moment)
    if process.exitcode:
        raise SystemExit(f"{name} failed by itself, with status {process.exitcode}")
    seconds = None if process.exitcode is None else time.perf_counter() - started
    process.kill()
    process.join()
    return _last(ours), seconds


def _work(name: str, data: Path, pipe: Connection) -> None:
    pipe.send(0)
    PHASES[name].work(data, pipe.send)


def _last(pipe: Connection) -> int:
    """Return the last number that a process sent before it ended."""
    last = 0
    with pipe:
        try:
            while pipe.poll():
                last = pipe.recv()
        except (EOFError, OSError):
            return last
    return last


def measure(
    times: int, seed: int | None, names: Sequence[str] = tuple(PHASES)
) -> dict[str, Figures]:
    """Kill so many times, the phases in turn; return the results by phase."""
    found = {name: Figures() for name in names}
    with TemporaryDirectory(prefix="hoibao-") as folder:
        phases = {name: PHASES[name] for name in names}
        crashes = Crashes(Path(folder), random.Random(seed), phases)
        for number in range(times):
            name = names[number % len(names)]
            crashes.kill(name, found[name])
    return found
