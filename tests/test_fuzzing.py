"""The fuzzer finds what is planted, and its targets take the inputs that it begins with."""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.support.fuzz_targets import TARGETS
from tests.support.fuzzing import Finding, Fuzzer, Target, read_finding, write_finding

SECONDS = 0.2


def fuzzer_of(run: Callable[[bytes], object], *seeds: bytes) -> Fuzzer:
    return Fuzzer(Target(lambda _: run, seeds, (ValueError,)), run, seed=1)


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_takes_its_samples(name: str) -> None:
    target = TARGETS[name]
    with ExitStack() as stack:
        run = target.prepare(stack)
        for data in target.seeds:
            with suppress(*target.errors):
                run(data)


def test_an_undocumented_error_is_found_once_with_a_small_input(tmp_path: Path) -> None:
    def run(data: bytes) -> None:
        if b"<" in data:
            raise KeyError("planted")
        int(data)

    found = list(fuzzer_of(run, b"12 <a>", b"3 <b>").fuzz(SECONDS, tmp_path / "running"))
    assert [(finding.kind, data) for finding, data in found] == [("KeyError", b"<")]
    assert not list(tmp_path.iterdir())


def test_a_call_that_never_ends_is_a_finding() -> None:
    def loop(data: bytes) -> None:
        while data:
            pass

    found = fuzzer_of(loop, b"").check(b"<")
    assert found is not None
    assert found.kind == "slow"


def test_a_finding_is_read_again_from_its_file(tmp_path: Path) -> None:
    path = write_finding(tmp_path, "dates", 1, Finding("slow", "a.py, f"), b"\0\xff")
    assert read_finding(path) == ("dates", b"\0\xff")
