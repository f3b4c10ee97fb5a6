"""CPU time and memory of processes, from Linux' /proc."""

import os
from pathlib import Path


def family(pid: int) -> list[int]:
    """Return the ids of a process and its descendants, itself first."""
    parents = {number: int(_stat(number)[1]) for number in _processes()}
    found = [pid]
    for one in found:
        found += [number for number, parent in parents.items() if parent == one]
    return found


def cpu_seconds(pid: int) -> float:
    """Return the CPU seconds of a running process."""
    stat = _stat(pid)
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


def family_cpu_seconds(pid: int) -> float:
    """Return the CPU seconds of a process and its descendants, also of those that ended."""
    ticks = sum(int(each) for number in family(pid) for each in _stat(number)[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def core_wait_seconds() -> float:
    """Return the seconds that this thread waited for a CPU core."""
    return int(Path("/proc/thread-self/schedstat").read_text(encoding="ascii").split()[1]) / 1e9


def megabytes(pid: int) -> float:
    """Return the resident memory of a process in MB; 0 after its end."""
    return _status(pid, "VmRSS")


def peak_megabytes(pid: int) -> float:
    """Return the peak resident memory of a running process in MB."""
    return _status(pid, "VmHWM")


def is_running(pid: int) -> bool:
    """Tell whether a process exists, if only as a zombie."""
    return Path(f"/proc/{pid}").exists()


def _processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat from the state on; zeros after its end."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ["0"] * 15
    return text.rpartition(")")[2].split()


def _status(pid: int, name: str) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(name)), 0.0)
