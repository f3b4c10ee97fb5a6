"""Embedded search engine on tantivy: the index in use, and one being built beside it."""

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
    raising_on_damage,
)
from index.errors import DamagedError, StorageError
from index.store.private_files import make_private_folder, replace_file

_LOCK_WAIT_SECONDS = 600
_NAME = re.compile(r"tantivy-\d+-\w+")

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Manifest:
    """Folder name of the index in use, its origin, and the revision that it was indexed up to."""

    folder: str
    origin: Origin
    revision: int

    @property
    def version(self) -> int:
        """Version of the engine that built the index, which is part of the folder name."""
        return int(self.folder.split("-")[1])


class ManifestFile:
    """File of the manifest; writing it switches from one index to another, atomically.

    Args:
        folder: The engine's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "mark.json"

    def read(self) -> Manifest | None:
        """Read the manifest; None if it is missing or unreadable."""
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
        """Return when the manifest was last written, in nanoseconds; None if it is missing."""
        try:
            return self._path.stat().st_mtime_ns
        except FileNotFoundError:
            return None

    def write(self, manifest: Manifest) -> None:
        """Replace the manifest; a crash leaves the old one or the new one."""
        replace_file(self._path, json.dumps(asdict(manifest)).encode())


class TantivyEngine:
    """Search engine on tantivy in a folder.

    Args:
        folder: Created when missing; contains the manifest, and a folder each for the index in
            use and for one that is being built.

    Raises:
        StorageError: The folder cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._manifest_file = ManifestFile(folder)
        self._writer_lock = FileLock(folder / "writer.lock")
        self._builder_lock = FileLock(folder / "builder.lock")
        self._damaged: str | None = None
        self._name: str | None = None
        self._indexes = Indexes()
        self._loaded_at: object = None
        self._snapshot = TantivySnapshot(self._indexes)
        self.snapshot()
        if any(self._leftovers()):
            with suppress(Timeout, OSError), self._builder_lock.acquire(0):
                self._delete_leftovers()

    def origin(self) -> Origin | None:
        """Return the origin of the index in use; None if it is missing or damaged."""
        manifest = self._manifest()
        return manifest.origin if manifest else None

    def is_outdated(self) -> bool:
        """Whether an older version of the engine made it."""
        manifest = self._manifest()
        return manifest is not None and manifest.version != VERSION

    def revision(self) -> int:
        """Return the revision up to which the store has been indexed; 0 without an index."""
        manifest = self._manifest()
        return manifest.revision if manifest else 0

    def snapshot(self) -> "TantivySnapshot":
        """Return the index as last committed, or the one before if that is damaged."""
        while (written_at := self._manifest_file.written_at()) != self._loaded_at:
            with self._storage_errors():
                self._load_current(self._manifest(), written_at)
        return self._snapshot

    def faults(self) -> list[str]:
        """Describe the damaged files of the index that the manifest names."""
        manifest = self._manifest_file.read()
        if manifest is None:
            return []
        return [f"{path} is damaged" for path in find_damage(self._folder / manifest.folder)]

    def update(self, changed_since: ChangedSince, *, wait: bool = True) -> None:
        """Index the articles changed since `revision()`, and commit."""
        with self._locked(self._writer_lock, wait=wait) as is_mine:
            self.snapshot()
            manifest = self._manifest()
            if not is_mine or manifest is None or manifest.version != VERSION:
                return
            with self._indexes.writing() as writers:
                revision = writers.index_changed(changed_since, manifest.revision)
                writers.commit()
            self._manifest_file.write(replace(manifest, revision=revision))

    def rebuild(self, changed_since: ChangedSince, origin: Origin) -> None:
        """Build a new index beside the one in use, then switch to it."""
        before = self._manifest_file.read()
        with self._locked(self._builder_lock):
            if _is_newer(self._manifest(), before, origin):
                return  # another process built it while this one waited
            self._delete_leftovers()
            name = f"tantivy-{VERSION}-{secrets.token_hex(4)}"
            with Indexes(self._folder / name).writing() as writers:
                revision = writers.index_changed(changed_since, 0)
                writers.commit()
                with self._locked(self._writer_lock):
                    # Changes made meanwhile, now that no other process writes.
                    revision = writers.index_changed(changed_since, revision)
                    writers.commit()
                    for path in find_damage(self._folder / name):
                        raise StorageError(
                            f"search index {path}: it is damaged as soon as written; check the "
                            "disk; the index before stays in use"
                        )
                    self._manifest_file.write(Manifest(name, origin, revision))
            self._delete_leftovers()

    def close(self) -> None:
        """Do nothing: the files of an index are closed when no snapshot reads them."""

    def _manifest(self) -> Manifest | None:
        """Return the manifest if this version can search the index that it names."""
        manifest = self._manifest_file.read()
        if manifest is None or manifest.folder == self._damaged or manifest.version not in READABLE:
            return None
        return manifest

    def _load_current(self, manifest: Manifest | None, written_at: object) -> None:
        """Load the index that the manifest names, unless the manifest changed again meanwhile."""
        try:
            if manifest is not None:
                self._load(manifest.folder)
        except DamagedError as error:
            if self._manifest_file.written_at() != written_at:
                return
            assert manifest is not None
            _LOGGER.warning("%s: %s", self._folder / manifest.folder, error)
            self._damaged = manifest.folder
        self._loaded_at = written_at

    @raising_on_damage
    def _load(self, name: str) -> None:
        """Load the index in a folder as last committed."""
        indexes = self._indexes
        if name == self._name:
            indexes.reload()
        else:
            indexes = Indexes(self._folder / name, is_new=False)
        snapshot = TantivySnapshot(indexes)
        snapshot.totals(Field.SYLLABLES)  # reads enough to detect most damage
        self._name, self._indexes, self._snapshot = name, indexes, snapshot

    def _leftovers(self) -> Iterator[Path]:
        """Find the folders of indexes that were replaced or never completed."""
        manifest = self._manifest_file.read()
        for path in self._folder.glob("tantivy-*"):
            if manifest is None or path.name != manifest.folder:
                yield path

    def _delete_leftovers(self) -> None:
        """Delete unused indexes; a process that still searches one keeps its files open."""
        for path in list(self._leftovers()):
            shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def _locked(self, lock: FileLock, *, wait: bool = True) -> Iterator[bool]:
        """Acquire a lock; yield False if another process holds it and `wait` is false."""
        with ExitStack() as stack:
            stack.enter_context(self._storage_errors())
            try:
                make_private_folder(self._folder)
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
    def _storage_errors(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError) as error:
            raise StorageError(f"search index {self._folder}: {self._reason(error)}") from error

    def _reason(self, error: OSError | ValueError) -> str:
        folder = next(path for path in (self._folder, *self._folder.parents) if path.exists())
        if shutil.disk_usage(folder).free < WRITER_MEMORY_BYTES:
            return "the disk is full; free some space, what was stored before is kept"
        if "Read-only" in str(error) or not os.access(folder, os.W_OK):
            return "it cannot be written; check the folder's permissions"
        return f"{error}; if it is damaged, delete the folder: it is rebuilt from the database"


def _is_newer(manifest: Manifest | None, before: Manifest | None, origin: Origin) -> bool:
    """Whether another index of the same origin was built since, by this version."""
    if manifest is None or (before is not None and manifest.folder == before.folder):
        return False
    return manifest.origin == origin and manifest.version == VERSION
