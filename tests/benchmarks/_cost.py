"""Measure wall time, CPU time and memory of a function in a fresh process and its children."""

import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.support.processes import family, megabytes

_SAMPLE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost of all processes together: wall seconds, CPU seconds, peak megabytes."""

    wall: float
    cpu: float
    megabytes: float


def cost_of(work: Callable[..., object], *arguments: object) -> Cost:
    """Measure a function in a fresh process, its imports included.

    Memory is the sum over the processes: shared pages count several times.

    Args:
        work: A module-level function.
        arguments: Its arguments.
    """
    before, started = _children_cpu(), time.perf_counter()
    process = multiprocessing.get_context("spawn").Process(target=work, args=arguments)
    process.start()
    assert process.pid
    most = 0.0
    while process.is_alive():
        most = max(most, sum(map(megabytes, family(process.pid))))
        process.join(_SAMPLE_SECONDS)
    if process.exitcode:
        raise SystemExit(f"{work.__name__} failed: there is nothing to compare")
    return Cost(time.perf_counter() - started, _children_cpu() - before, most)


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
