"""What processes take of the machine, as Linux tells it."""

import os
from pathlib import Path


def family(pid: int) -> list[int]:
    """A process and all that it started, itself first."""
    parents = {number: int(_stat(number)[1]) for number in _processes()}
    found = [pid]
    for one in found:
        found += [number for number, parent in parents.items() if parent == one]
    return found


def cpu_seconds(pid: int) -> float:
    """The CPU seconds that a process which runs has taken so far."""
    stat = _stat(pid)
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


def core_wait_seconds() -> float:
    """For how long this thread has waited for a core so far, because others had them."""
    return int(Path("/proc/thread-self/schedstat").read_text(encoding="ascii").split()[1]) / 1e9


def megabytes(pid: int) -> float:
    """The memory that a process takes; none of one that has ended."""
    return _status(pid, "VmRSS")


def peak_megabytes(pid: int) -> float:
    """The most memory that a process which runs has taken so far."""
    return _status(pid, "VmHWM")


def is_running(pid: int) -> bool:
    """Whether a process is there, if only for its end to be noticed."""
    return Path(f"/proc/{pid}").exists()


def _processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]


def _stat(pid: int) -> list[str]:
    """The fields of a process from its state on; none are left of one that has ended."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ["0"] * 13
    return text.rpartition(")")[2].split()


def _status(pid: int, name: str) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(name)), 0.0)
