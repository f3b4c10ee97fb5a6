"""Find damaged files of tantivy indexes by their checksums."""

import json
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

_BYTES_AT_ONCE = 1 << 20
_MAGIC = 1337  # tantivy ends each file of a segment with a footer, its length, and this
_TAIL = struct.Struct("<II")


def find_damage(folder: Path) -> Iterator[Path]:
    """Find index files whose checksum is wrong.

    Files that a killed process left half written belong to no segment, and are ignored.

    Args:
        folder: Contains one folder an index.
    """
    for description in sorted(folder.glob("*/meta.json")):
        segments = _segments(description)
        if segments is None:
            yield description
            continue
        for path in sorted(description.parent.iterdir()):
            if path.stem in segments and not _is_whole(path):
                yield path


def _segments(description: Path) -> set[str] | None:
    """Read the file name stems of an index's segments; None if `meta.json` is unreadable."""
    names: set[str] = set()
    try:
        for segment in json.loads(description.read_bytes())["segments"]:
            name = segment["segment_id"].replace("-", "")
            names.add(name)
            if deletes := segment["deletes"]:
                names.add(f"{name}.{deletes['opstamp']}")
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return names


def _is_whole(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _TAIL.size))
            length, magic = _TAIL.unpack(file.read(_TAIL.size))
            end = size - _TAIL.size - length
            if magic != _MAGIC or end < 0:
                return False
            file.seek(end)
            checksum = int(json.loads(file.read(length))["crc"])
            file.seek(0)
            actual = 0
            while left := end - file.tell():
                actual = zlib.crc32(file.read(min(left, _BYTES_AT_ONCE)), actual)
    except FileNotFoundError:
        return True  # merged away meanwhile
    except (ValueError, KeyError, TypeError, struct.error):
        return False
    return actual == checksum
