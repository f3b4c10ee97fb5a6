"""Watched folders: list article files with their modification stamps."""

import os
from pathlib import Path

from index.articles.validation import strip_unstorable
from index.errors import InputError
from index.models.problem import Code, Problem

SUFFIXES = (".txt", ".html", ".htm", ".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")


def scan_folder(folder: str) -> dict[str, str]:
    """Return the stamp (modification time and size) of each article file below a folder.

    Raises:
        InputError: If the folder does not exist or cannot be read.
    """
    failed: list[OSError] = []
    stamps: dict[str, str] = {}
    for parent, subfolders, names in os.walk(folder, onerror=failed.append):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(names):
            path = Path(parent, name)
            if _is_wanted(name) and strip_unstorable(str(path)) == str(path):
                try:
                    details = path.stat()
                except OSError:  # it went away meanwhile
                    continue
                stamps[str(path)] = f"{details.st_mtime_ns}:{details.st_size}"
    if failed:
        cause = (failed[0].strerror or str(failed[0])).lower()
        raise InputError(Problem(Code.FOLDER, folder=failed[0].filename, cause=cause))
    return stamps


def _is_wanted(name: str) -> bool:
    return not name.startswith(".") and name.lower().endswith(SUFFIXES)
