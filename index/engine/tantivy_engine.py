"""The embedded engine: a tantivy index that answers, and at times one that is built beside it."""

import json
import logging
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from index.engine.checksums import find_damage
from index.engine.protocol import ChangedSince, Field, Origin
from index.engine.tantivy_index import (
    READABLE,
    VERSION,
    WRITER_MEMORY_BYTES,
    Indexes,
    TantivySnapshot,
    raises_on_damage,
)
from index.errors import DamagedError, StorageError

_LOCK_WAIT_SECONDS = 600
_NAME = re.compile(r"tantivy-\d+-\w+")

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What answers: the name of a folder, what it was made from, and up to which revision."""

    folder: str
    origin: Origin
    revision: int

    @property
    def version(self) -> int:
        """The version of the engine that made the folder, which is named after it."""
        return int(self.folder.split("-")[1])


class ManifestFile:
    """The file of the mark. To write it is to switch from one folder to another, all at once.

    Args:
        folder: That of the engine.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "mark.json"

    def read(self) -> Manifest | None:
        """The mark; None if there is none that makes sense."""
        try:
            written: dict[str, Any] = json.loads(self._path.read_bytes())
            if not _NAME.fullmatch(written["folder"]):
                return None
            return Manifest(
                written["folder"], Origin(**written["origin"]), int(written["revision"])
            )
        except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def written_at(self) -> int | None:
        """Changes whenever the mark is written; None if there is none."""
        try:
            return self._path.stat().st_mtime_ns
        except FileNotFoundError:
            return None

    def write(self, mark: Manifest) -> None:
        """Put another mark in its place; a crash leaves the one or the other."""
        draft = self._path.with_suffix(".new")
        with draft.open("w") as file:
            json.dump(asdict(mark), file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)


class TantivyEngine:
    """A tantivy engine in a folder.

    Args:
        folder: Created when missing; holds the mark, and a folder for the index that answers
            and for one that is being built.

    Raises:
        StorageError: The folder cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._marks = ManifestFile(folder)
        self._writer_lock = FileLock(folder / "writer.lock")
        self._builder_lock = FileLock(folder / "builder.lock")
        self._damaged: str | None = None
        self._name: str | None = None
        self._indexes = Indexes()
        self._taken_at: object = None
        self._snapshot = TantivySnapshot(self._indexes)
        self.snapshot()
        if any(self._leftovers()):
            with suppress(Timeout, OSError), self._builder_lock.acquire(0):
                self._sweep()

    def origin(self) -> Origin | None:
        """What the index that answers was made from; None if there is none, or it is damaged."""
        mark = self._mark()
        return mark.origin if mark else None

    def is_outdated(self) -> bool:
        """Whether an older version of the engine made it."""
        mark = self._mark()
        return mark is not None and mark.version != VERSION

    def revision(self) -> int:
        """The revision up to which the store has been indexed."""
        mark = self._mark()
        return mark.revision if mark else 0

    def snapshot(self) -> "TantivySnapshot":
        """The collection as last committed; the one before, if that is damaged."""
        while (written_at := self._marks.written_at()) != self._taken_at:
            with self._in_words():
                self._take(self._mark(), written_at)
        return self._snapshot

    def faults(self) -> list[str]:
        """The files of the index that is to answer that are damaged, noticed before or not."""
        mark = self._marks.read()
        return [str(path) for path in find_damage(self._folder / mark.folder)] if mark else []

    def update(self, changed_since: ChangedSince, *, wait: bool = True) -> None:
        """Index what changed in the store since `revision()`, and commit."""
        with self._locked(self._writer_lock, wait=wait) as is_mine:
            self.snapshot()
            mark = self._mark()
            if not is_mine or mark is None or mark.version != VERSION:
                return
            with self._indexes.writing() as writers:
                revision = writers.take(changed_since, mark.revision)
                writers.commit()
            self._marks.write(replace(mark, revision=revision))

    def rebuild(self, changed_since: ChangedSince, origin: Origin) -> None:
        """Make an index beside the one that answers, which then takes its place."""
        before = self._marks.read()
        with self._locked(self._builder_lock):
            if _is_newer(self._mark(), before, origin):
                return  # another process did it while this one waited
            self._sweep()
            name = f"tantivy-{VERSION}-{secrets.token_hex(4)}"
            with Indexes(self._folder / name).writing() as writers:
                revision = writers.take(changed_since, 0)
                writers.commit()
                with self._locked(self._writer_lock):
                    # What came meanwhile, now that nothing more comes.
                    revision = writers.take(changed_since, revision)
                    writers.commit()
                    self._marks.write(Manifest(name, origin, revision))
            self._sweep()

    def _mark(self) -> Manifest | None:
        """The mark, if what it names can be asked."""
        mark = self._marks.read()
        if mark is None or mark.folder == self._damaged or mark.version not in READABLE:
            return None
        return mark

    def _take(self, mark: Manifest | None, written_at: object) -> None:
        """Take up what the mark names, unless that has changed again."""
        try:
            if mark is not None:
                self._take_up(mark.folder)
        except DamagedError as error:
            if self._marks.written_at() != written_at:
                return
            assert mark is not None
            _LOGGER.warning("%s: %s", self._folder / mark.folder, error)
            self._damaged = mark.folder
        self._taken_at = written_at

    @raises_on_damage
    def _take_up(self, name: str) -> None:
        """Answer from a folder, as it is now."""
        indexes = self._indexes
        if name == self._name:
            indexes.reload()
        else:
            indexes = Indexes(self._folder / name, is_new=False)
        snapshot = TantivySnapshot(indexes)
        snapshot.totals(Field.SYLLABLES)  # reads enough to see most damages
        self._name, self._indexes, self._snapshot = name, indexes, snapshot

    def _leftovers(self) -> Iterator[Path]:
        """The folders that do not answer: one that was replaced, or never completed."""
        mark = self._marks.read()
        for path in self._folder.glob("tantivy-*"):
            if mark is None or path.name != mark.folder:
                yield path

    def _sweep(self) -> None:
        """Delete what does not answer; who still asks it has its files open."""
        for path in list(self._leftovers()):
            shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def _locked(self, lock: FileLock, *, wait: bool = True) -> Iterator[bool]:
        """Hold a lock, where it can be had; without waiting it may be had or not."""
        with ExitStack() as stack:
            stack.enter_context(self._in_words())
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                stack.enter_context(lock.acquire(_LOCK_WAIT_SECONDS if wait else 0))
            except Timeout:
                if wait:
                    raise StorageError(
                        f"search index {self._folder}: another process has been writing it for "
                        f"{_LOCK_WAIT_SECONDS} seconds; stop that one or try again"
                    ) from None
                yield False
            else:
                yield True

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except Timeout:
            raise
        except (OSError, ValueError) as error:
            raise StorageError(f"search index {self._folder}: {self._reason(error)}") from error

    def _reason(self, error: OSError | ValueError) -> str:
        folder = next(path for path in (self._folder, *self._folder.parents) if path.exists())
        if shutil.disk_usage(folder).free < WRITER_MEMORY_BYTES:
            return "the disk is full; free some space, what was stored before is kept"
        if "Read-only" in str(error) or not os.access(folder, os.W_OK):
            return "it cannot be written; check the folder's permissions"
        return f"{error}; if it is damaged, delete the folder: it is made again from the database"


def _is_newer(mark: Manifest | None, before: Manifest | None, origin: Origin) -> bool:
    """Whether an index was made since from the same, by this version."""
    if mark is None or (before is not None and mark.folder == before.folder):
        return False
    return mark.origin == origin and mark.version == VERSION
