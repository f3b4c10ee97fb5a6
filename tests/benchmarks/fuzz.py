"""Fuzz what reads foreign text: `python -m tests.benchmarks.fuzz [--minutes N] [--target NAME]`.

Inputs are mutated from samples, guided by the lines of code that they reach. A finding is an
exception that is not documented, a call of over 1 s of CPU time, or one that takes 200 MB of
memory; it is printed, and written with a small input to a file. The exit status is 1 then.
"""

import random
import sys
import tempfile
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path

import click

from tests.benchmarks._machine import machine
from tests.support.fuzz_targets import TARGETS
from tests.support.fuzzing import Finding, Fuzzer, read_finding, write_finding

LATE_SECONDS = 120  # after which a process that fuzzes hangs


@click.command(help=__doc__)
@click.option("--minutes", default=1.0, show_default=True, help="For each target.")
@click.option("--target", "names", type=click.Choice(list(TARGETS)), multiple=True)
@click.option("--seed", type=int, help="Of the random mutations.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the findings.")
@click.option("--replay", type=click.Path(path_type=Path, exists=True), help="File of a finding.")
def main(
    minutes: float, names: tuple[str, ...], seed: int | None, out: Path | None, replay: Path | None
) -> None:
    """Fuzz each target in a process of its own, which may die or hang."""
    if replay:
        sys.exit(_replay(replay))
    seed = random.SystemRandom().randrange(1 << 32) if seed is None else seed
    folder = out or Path(tempfile.mkdtemp(prefix="hoibao-fuzz-"))
    folder.mkdir(parents=True, exist_ok=True)
    print(machine())
    print(f"seed {seed}; findings go to {folder}", flush=True)
    has_failed = False
    for name in names or TARGETS:
        has_failed |= _fuzz_apart(name, seed, minutes * 60, folder)
    sys.exit(has_failed)


def _fuzz_apart(name: str, seed: int, seconds: float, folder: Path) -> bool:
    """Fuzz a target in a process of its own; return whether anything was found."""
    process = get_context("spawn").Process(target=_fuzz, args=(name, seed, seconds, folder))
    process.start()
    process.join(seconds + LATE_SECONDS)
    if process.exitcode in (0, 1):
        return process.exitcode == 1
    kind = "hang" if process.exitcode is None else f"death of the process ({process.exitcode})"
    process.kill()
    process.join()
    trying = _trying(folder, name)
    data = trying.read_bytes() if trying.exists() else b""
    _report(folder, name, seed, Finding(kind, "the input that was tried last"), data)
    return True


def _fuzz(name: str, seed: int, seconds: float, folder: Path) -> None:
    target, found = TARGETS[name], 0
    with ExitStack() as stack:
        run = target.prepare(stack)
        fuzzer = Fuzzer(target, run, seed)
        for finding, data in fuzzer.fuzz(seconds, _trying(folder, name)):
            _report(folder, name, seed, finding, data)
            found += 1
        figures = fuzzer.figures
    print(
        f"{name}: {figures.calls:,} inputs, {figures.kept:,} kept, {figures.lines:,} lines "
        f"reached, {found} findings",
        flush=True,
    )
    sys.exit(found > 0)


def _replay(path: Path) -> bool:
    """Try the input of a finding again; return whether it is still one."""
    name, data = read_finding(path)
    target = TARGETS[name]
    with ExitStack() as stack:
        run = target.prepare(stack)
        finding = Fuzzer(target, run, 0).check(data)
    print(f"{name}: {finding or 'no finding any more'}")
    if finding:
        print(finding.details)
    return finding is not None


def _report(folder: Path, name: str, seed: int, finding: Finding, data: bytes) -> None:
    path = write_finding(folder, name, seed, finding, data)
    print(f"{name}: {finding}, with {len(data):,} bytes: {path}", flush=True)


def _trying(folder: Path, name: str) -> Path:
    """Return the file that holds the input of the call that is running."""
    return folder / f"{name}.running"


if __name__ == "__main__":
    main()
