"""Watched folders: their files, and which of them changed."""

import os
from pathlib import Path

from index.articles.validation import strip_unstorable
from index.errors import InputError
from index.models.problem import Code, Problem

SUFFIXES = (".txt", ".html", ".htm", ".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")


def scan_folder(folder: str) -> dict[str, str]:
    """Return the stamp (time and size) of each file in a folder that articles can be in.

    Raises:
        InputError: If the folder is not there, or cannot be read.
    """
    failed: list[OSError] = []
    found: dict[str, str] = {}
    for place, subfolders, names in os.walk(folder, onerror=failed.append):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if _is_wanted(name) and strip_unstorable(str(path)) == str(path):
                try:
                    details = path.stat()
                except OSError:  # it went away meanwhile
                    continue
                found[str(path)] = f"{details.st_mtime_ns}:{details.st_size}"
    if failed:
        cause = (failed[0].strerror or str(failed[0])).lower()
        raise InputError(Problem(Code.FOLDER, folder=failed[0].filename, cause=cause))
    return found


def _is_wanted(name: str) -> bool:
    return not name.startswith(".") and name.lower().endswith(SUFFIXES)
