"""Read articles from files, folders and standard input, one by one."""

import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from index.articles.readers.encoding import decode
from index.articles.readers.html import Cut, read_html_page
from index.articles.readers.json_lines import read_json_lines
from index.articles.readers.reading import Reading
from index.articles.readers.text_page import parse_text_page
from index.articles.urls import host_of
from index.errors import PROGRAM_ERRORS, InputError
from index.models.article import Article, Rejection
from index.models.problem import Code, Problem, program_problem, reason

_MAX_PAGE_BYTES = 20_000_000
_TEXT = (".txt",)
_HTML = (".html", ".htm")
_JSON_LINES = (".jsonl", ".ndjson")
_GZIPPED = tuple(f"{suffix}.gz" for suffix in _JSON_LINES)
_KNOWN = (*_TEXT, *_HTML, *_JSON_LINES, *_GZIPPED)
_KNOWN_LISTED = ", ".join(_KNOWN)

Progress = Callable[[int], object]
"""Callback with the number of bytes read from files since its last call."""


def read(
    inputs: Iterable[str | Path],
    stdin: BinaryIO | None = None,
    on_progress: Progress | None = None,
) -> Iterator[Article | Rejection]:
    """Read articles from files, folders and standard input; see `read_with_cuts`."""
    for found in read_with_cuts(inputs, stdin, on_progress):
        yield found.article if isinstance(found, Reading) else found


def read_with_cuts(
    inputs: Iterable[str | Path],
    stdin: BinaryIO | None = None,
    on_progress: Progress | None = None,
) -> Iterator[Reading | Rejection]:
    """Read articles and what their pages lost, from files, folders and standard input.

    Memory is bounded: one article at a time.

    Args:
        inputs: Paths of `.txt`, `.html`, `.jsonl` and `.jsonl.gz` files, folders of
            them, and "-" for JSON Lines on standard input.
        stdin: Stream of "-"; standard input by default.
        on_progress: Called with the number of bytes read since the last call,
            counted in files as they lie on the disk.

    Yields:
        Readings, whose articles of pages have their origin, and a rejection for each
        input that could not be read.
    """
    for item in inputs:
        name = str(item)
        if name == "-":
            yield from read_json_lines(stdin or sys.stdin.buffer, "standard input")
        else:
            yield from _read_path(Path(name), on_progress or (lambda _: None))


def list_files(folder: Path) -> Iterator[Path | OSError]:
    """Yield the files below a folder that articles can be in, sorted.

    At the end come the errors of those folders that cannot be listed.
    """
    failed: list[OSError] = []
    for parent, subfolders, names in os.walk(folder, onerror=failed.append):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and name.lower().endswith(_KNOWN):
                yield Path(parent, name)
    yield from failed


def total_size(inputs: Iterable[str | Path]) -> int:
    """Return the size in bytes of all files that `read` will read."""
    size = 0
    for item in inputs:
        paths = _files_of(Path(item)) if str(item) != "-" else iter(())
        for path in paths:
            if isinstance(path, Path):
                try:
                    size += path.stat().st_size
                except OSError:  # it will be rejected when it is read
                    continue
    return size


def _read_path(path: Path, progress: Progress) -> Iterator[Reading | Rejection]:
    empty = True
    for file in _files_of(path):
        empty = False
        if isinstance(file, Rejection):
            yield file
        else:
            yield from _read_file(file, progress)
    if empty:
        yield Rejection(str(path), f"no articles in this folder: no file ends in {_KNOWN_LISTED}")


def _files_of(path: Path) -> Iterator[Path | Rejection]:
    """List a file itself, or the files of a folder that articles can be in, sorted."""
    for entry in list_files(path) if _is_folder(path) else (path,):
        if isinstance(entry, OSError):
            yield Rejection(str(entry.filename), _words(entry))
        else:
            yield entry


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # no permission, or too long a name: said when it is read as a file
        return False


def _read_file(path: Path, progress: Progress) -> Iterator[Reading | Rejection]:
    name = path.name.lower()
    try:
        details = path.stat()
        if not stat.S_ISREG(details.st_mode):
            raise InputError("it is not a file")
        if not name.endswith(_KNOWN):
            raise InputError(f"an unknown kind of file: give one that ends in {_KNOWN_LISTED}")
        if name.endswith((*_JSON_LINES, *_GZIPPED)):
            if details.st_size == 0:
                raise InputError(Problem(Code.EMPTY))
            with path.open("rb") as file:
                gzipped = name.endswith(".gz")
                yield from read_json_lines(file, str(path), gzipped=gzipped, on_progress=progress)
        else:
            yield _read_page(path, details.st_size, progress)
    except InputError as error:
        yield Rejection(str(path), reason(error))
    except OSError as error:
        yield Rejection(str(path), _words(error))
    except PROGRAM_ERRORS as error:
        yield Rejection(str(path), program_problem(error))


def _read_page(path: Path, size: int, progress: Progress) -> Reading:
    limit = f"more than {_MAX_PAGE_BYTES // 1_000_000} MB, too large for one page"
    if size > _MAX_PAGE_BYTES:
        progress(size)
        raise InputError(f"{size / 1e6:,.0f} MB: {limit}; several articles belong in JSON Lines")
    with path.open("rb") as file:
        data = file.read(_MAX_PAGE_BYTES + 1)
    progress(len(data))
    if len(data) > _MAX_PAGE_BYTES:
        raise InputError(limit)
    article, cuts = _parse_page(path, data)
    source = article.source or host_of(article.url)
    return Reading(str(path), replace(article, source=source, origin=str(path.absolute())), cuts)


def _parse_page(path: Path, data: bytes) -> tuple[Article, tuple[Cut, ...]]:
    if path.name.lower().endswith(_HTML):
        page = read_html_page(data)
        return page.article, page.cuts
    return parse_text_page(decode(data)), ()


def _words(error: OSError) -> str:
    return f"it cannot be read: {(error.strerror or str(error)).lower()}"
