"""Create files and folders that only their owner can read, whatever the umask.

On Windows the access rights of the folder around them hold instead.
"""

import os
from pathlib import Path

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700

_OTHERS = 0o007


def make_private_folder(path: Path) -> None:
    """Create a folder and its missing parents; those that exist stay as they are."""
    for folder in (*reversed(path.parents), path):
        folder.mkdir(PRIVATE_FOLDER, exist_ok=True)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file for its owner only; if that fails, the one that is there stays.

    A pipe or device, such as `/dev/stdout`, is written to.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    target = path.resolve()
    draft = target.with_name(f".{target.name}.new")
    draft.unlink(missing_ok=True)  # of a process that was killed
    try:
        draft.touch(PRIVATE_FILE)
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def is_open_to_others(path: Path) -> bool:
    """Whether users other than the owner and the group may use it; never so on Windows."""
    return os.name == "posix" and path.exists() and bool(path.stat().st_mode & _OTHERS)
