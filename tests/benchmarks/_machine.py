"""The machine that a benchmark ran on, and what processes took of it (on Linux)."""

import os
import platform
from pathlib import Path


def machine() -> str:
    """One line: processor, cores, Python."""
    return f"{_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


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


def peak_megabytes(pid: int) -> float:
    """The most memory that a process which runs has taken so far."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def _processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]


def _stat(pid: int) -> list[str]:
    """The fields of a process from its state on; none are left of one that has ended."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ["0"] * 13
    return text.rpartition(")")[2].split()


def is_running(pid: int) -> bool:
    """Whether a process is there, if only for its end to be noticed."""
    return Path(f"/proc/{pid}").exists()
