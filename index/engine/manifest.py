"""The mark of an engine on disk: which of its folders answers, and how far that has come."""

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
