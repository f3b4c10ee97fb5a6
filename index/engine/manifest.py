"""Manifest of a search engine folder: the index in use, its origin and its revision."""

import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.engine.protocol import Origin

_NAME = re.compile(r"tantivy-\d+-\w+")


@dataclass(frozen=True, slots=True)
class Manifest:
    """The folder of the index in use, its origin, and the revision it is up to."""

    folder: str
    origin: Origin
    revision: int

    @property
    def version(self) -> int:
        """Version of the engine that made the folder, read from its name."""
        return int(self.folder.split("-")[1])


class ManifestFile:
    """Reads and writes the manifest. Writing it switches to another index atomically.

    Args:
        folder: The folder of the engine.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "mark.json"  # its name in existing data folders

    def read(self) -> Manifest | None:
        """Read the manifest; None if it is missing or invalid."""
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
        """Return the modification time in nanoseconds; None if there is no manifest."""
        try:
            return self._path.stat().st_mtime_ns
        except FileNotFoundError:
            return None

    def write(self, manifest: Manifest) -> None:
        """Replace the manifest atomically: a crash leaves the old or the new one."""
        draft = self._path.with_suffix(".new")
        with draft.open("w") as file:
            json.dump(asdict(manifest), file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)
