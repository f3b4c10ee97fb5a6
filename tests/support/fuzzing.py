"""Coverage-guided fuzzing: mutate inputs, keep those that reach new lines, check what each costs.

An input is kept if a line of `bot` or `index` is run that was not before, or far more often. A
finding is an undocumented exception, or a call that costs too much CPU time or memory.
"""

import json
import random
import re
import resource
import signal
import sys
import time
import traceback
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Self

from tests.support.paths import ROOT

MOST_SECONDS = 1.0
"""CPU time of a call."""

MOST_MEMORY = 200_000  # kB, as getrusage counts
MINIMISING_SECONDS = 10.0
LONGEST_SECONDS = 30.0  # CPU time that is given to a call that loads models, or is followed
TRACED = 10_000  # bytes: longer inputs are tried, but too slow to follow
RECENT = 30  # inputs that were kept last, of which half of the new ones are made

Tracer = Callable[[FrameType, str, Any], Any]

_OURS = (f"{ROOT / 'bot'}/", f"{ROOT / 'index'}/")
_ODD = (
    *("\0", "\x0b", "\x1f", "\x85", "\u200b", "\u202e", "\u2028", "\ufeff", "\ufffd", "\uffff"),
    *(
        "\u0301",
        "\u0323\u0301",
        "ﬁ",
        "İ",
        "ß",
        "ǆ",
        "𝟙",
        "²",
        "٣",
        "😀",
        "👩‍👩‍👧",
        "đ",
        "Ế",
        "ơ\u0301",
    ),
    *("\\ud83d", "%00", "%", "xn--", "&#0;", "&#xd800;", "&amp;", "]]>", "<!--", "\r", "\n", "\t"),
)
_NUMBERS = (
    *("0", "-0", "-1", "1", "00", "29", "31", "32", "99", "255", "999", "1900", "9999", "10000"),
    *("65536", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808"),
    *("253402300800", "-62135596801", "1e999", "1.5", "NaN", "1" * 40, "1" * 5_000),
)
_VALUES: tuple[object, ...] = (
    *(None, True, False, 0, -1, 1.5, 1 << 31, 1 << 63, 1 << 64, 10**30, float("nan"), "", " "),
    *("\ud83d", "\0", "a" * 5_000, [], {}, [[]], {"": {}}, [None], "/ask", "*", "@hoibao_bot"),
)
_WORD = re.compile(rb"[\w:./@#-]{2,24}|[<>&\"'={}\[\],;()!?%|]{1,4}|[\x80-\xff]{2,12}")
_NUMBER = re.compile(rb"\d+")


class TooSlowError(BaseException):
    """A call was interrupted after `MOST_SECONDS`."""


@dataclass(frozen=True, slots=True)
class Target:
    """Function to fuzz, with its seed inputs.

    `prepare` opens what is needed, to be closed with the stack, and returns the function that is
    called with each input; `errors` are those that it documents, `longest` the bytes of an input.
    """

    prepare: Callable[[ExitStack], Callable[[bytes], object]]
    seeds: tuple[bytes, ...]
    errors: tuple[type[Exception], ...] = ()
    longest: int = 200_000


@dataclass(frozen=True, slots=True)
class Finding:
    """Kind and place of a failure, with its traceback."""

    kind: str
    place: str
    details: str = ""

    def __str__(self) -> str:
        return f"{self.kind} in {self.place}"


@dataclass(slots=True)
class Figures:
    """Counts of calls, kept inputs and reached lines."""

    calls: int = 0
    kept: int = 0
    lines: int = 0


class Fuzzer:
    """Fuzzer of one target.

    Args:
        target: What is fuzzed.
        run: What its `prepare` returned.
        seed: Of the random mutations.
    """

    def __init__(self, target: Target, run: Callable[[bytes], object], seed: int) -> None:
        self._target = target
        self._run = run
        self._chance = random.Random(seed)
        self._corpus = list(target.seeds)
        self._words = sorted({word for data in target.seeds for word in _WORD.findall(data)})
        self._seen: set[tuple[int, int, int]] = set()
        self.figures = Figures()
        with _Outcome(), interrupted_after(LONGEST_SECONDS):  # it loads models
            run(target.seeds[0])
        for data in target.seeds:
            if len(data) <= TRACED:
                self._reaches_more(data)

    def fuzz(self, seconds: float, trying: Path) -> Iterator[tuple[Finding, bytes]]:
        """Yield what is found in some seconds, each kind at a place once, in a small form.

        Args:
            seconds: For how long.
            trying: File that holds the input of the call that is running.
        """
        end = time.monotonic() + seconds
        places: set[tuple[str, str]] = set()
        for data in self._inputs(end):
            trying.write_bytes(data)
            self.figures.calls += 1
            finding = self.check(data)
            if finding is None:
                if len(data) <= TRACED and self._reaches_more(data):
                    self._corpus.append(data)
                    self.figures.kept += 1
            elif (finding.kind, finding.place) not in places:
                places.add((finding.kind, finding.place))
                yield finding, self._minimised(data, finding)
        self.figures.lines = len({place[:2] for place in self._seen})
        trying.unlink(missing_ok=True)

    def check(self, data: bytes) -> Finding | None:
        """Call the function; what is slow is called again, since others use the machine too."""
        finding = self._check(data)
        if finding and finding.kind == "slow":
            again = self._check(data)
            return finding if again and again.kind == "slow" else None
        return finding

    def _check(self, data: bytes) -> Finding | None:
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.thread_time()
        with _Outcome() as outcome, interrupted_after(MOST_SECONDS):
            self._run(data)
        seconds, error = time.thread_time() - started, outcome.error
        if isinstance(error, TooSlowError):
            return _finding("slow", error)
        if error and not isinstance(error, self._target.errors):
            return _finding(type(error).__name__, error)
        if seconds > MOST_SECONDS:
            return Finding("slow", "one long step")
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
        return Finding("memory", f"{grown // 1000} MB") if grown > MOST_MEMORY else None

    def _inputs(self, end: float) -> Iterator[bytes]:
        yield from self._target.seeds
        while time.monotonic() < end:
            recent = self._corpus[-RECENT:] if self._chance.random() < 0.5 else self._corpus
            data = min(self._chance.choices(recent, k=2), key=len)
            for _ in range(self._chance.choice((1, 1, 2, 3, 6))):
                data = self._mutated(data)[: self._target.longest]
            yield data

    def _mutated(self, data: bytes) -> bytes:
        if data[:1] in (b"{", b"[") and self._chance.random() < 0.7:
            with suppress(ValueError, RecursionError):
                return mutated_json(data, self._chance)
        return mutated_bytes(data, self._chance, self._words, self._corpus, self._target.longest)

    def _reaches_more(self, data: bytes) -> bool:
        lines: Counter[tuple[int, int]] = Counter()

        def in_frame(frame: FrameType, event: str, _: object) -> Tracer:
            if event == "line":
                lines[id(frame.f_code), frame.f_lineno] += 1
            return in_frame

        def trace(frame: FrameType, _event: str, _: object) -> Tracer | None:
            return in_frame if frame.f_code.co_filename.startswith(_OURS) else None

        with _Outcome(), interrupted_after(LONGEST_SECONDS):  # an error is known already
            sys.settrace(trace)
            self._run(data)
        sys.settrace(None)
        reached = {(*place, times.bit_length()) for place, times in lines.items()}
        is_new = not reached <= self._seen
        self._seen |= reached
        return is_new

    def _minimised(self, data: bytes, finding: Finding) -> bytes:
        """Leave out parts of an input, ever smaller ones, as long as the finding stays."""
        end = time.monotonic() + MINIMISING_SECONDS
        size = len(data) // 2
        while size:
            start = 0
            while start < len(data) and time.monotonic() < end:
                shorter = data[:start] + data[start + size :]
                found = self.check(shorter)
                if found and (found.kind, found.place) == (finding.kind, finding.place):
                    data = shorter
                else:
                    start += size
            size //= 2
        return data


class _Outcome:
    """Context that keeps the error of its body, whatever it is."""

    error: BaseException | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> bool:
        self.error = error
        return isinstance(error, (Exception, TooSlowError))


@contextmanager
def interrupted_after(seconds: float) -> Iterator[None]:
    """Raise `TooSlowError` in a call that takes so much CPU time of its thread."""
    started = time.thread_time()

    def interrupt(*_: object) -> None:
        left = seconds - (time.thread_time() - started)
        if left <= 0:
            raise TooSlowError
        signal.setitimer(signal.ITIMER_PROF, left)  # the rest was of other threads

    before = signal.signal(signal.SIGPROF, interrupt)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def mutated_bytes(
    data: bytes, chance: random.Random, words: list[bytes], others: list[bytes], longest: int
) -> bytes:
    """Change an input at random: its bytes, words, numbers, repeats, parts of other inputs."""
    start = chance.randint(0, len(data))
    end = min(len(data), start + int(2 ** chance.uniform(0, 12)))
    before, part, after = data[:start], data[start:end], data[end:]
    match chance.randrange(10):
        case 0:
            part = chance.randbytes(min(len(part), 4))
        case 1:
            part = b""
        case 2:
            part *= 2
        case 3:
            part = part[: chance.randint(1, 40)] * int(2 ** (16 * chance.random() ** 2))
            part = part[:longest]
        case 4:
            part = chance.choice(words) if words else b""
        case 5:
            part += chance.choice(words) if words else b""
        case 6:
            part = chance.choice(_ODD).encode() + part
        case 7:
            number = chance.choice(_NUMBERS).encode()
            found = _NUMBER.search(data, start)
            return data[: found.start()] + number + data[found.end() :] if found else data + number
        case 8:
            other = chance.choice(others)
            place = chance.randint(0, len(other))
            part = other[place : place + int(2 ** chance.uniform(0, 12))]
        case _:
            place = chance.randint(0, len(before))
            return before[:place] + part + before[place:] + after
    return before + part + after


def mutated_json(data: bytes, chance: random.Random) -> bytes:
    """Change a value of a JSON document at random: its type, its fields, how deep it lies.

    Raises:
        ValueError: It is no JSON, or has no values.
    """
    document = json.loads(data)
    places = list(_places(document))
    if not places:
        raise ValueError("no values")
    holder, key = chance.choice(places)
    value = holder[key]
    match chance.randrange(8):
        case 0:
            del holder[key]
        case 1:
            holder[key] = [value]
        case 2:
            holder[key] = [value] * int(2 ** chance.uniform(0, 10))
        case 3:
            other, place = chance.choice(places)
            holder[key] = json.loads(json.dumps(other[place]))
        case 4 if isinstance(holder, dict):
            other, place = chance.choice(places)
            holder[str(place)] = json.loads(json.dumps(other[place]))
        case 5 if isinstance(value, str):
            odd = chance.choice((*_ODD, *_NUMBERS))
            place = chance.randint(0, len(value))
            holder[key] = value[:place] + odd + value[place:]
        case 6 if type(value) is int:
            holder[key] = value + chance.choice((-1, 1, 1 << 31, -(1 << 31), -value, -2 * value))
        case _:
            holder[key] = chance.choice(_VALUES)
    return json.dumps(document).encode()


def _places(document: object) -> Iterator[tuple[Any, Any]]:
    """Yield each value of a JSON document by what holds it, and its key or index there."""
    fields: Iterable[tuple[object, object]] = ()
    if isinstance(document, dict):
        fields = document.items()
    elif isinstance(document, list):
        fields = enumerate(document)
    for key, value in fields:
        yield document, key
        yield from _places(value)


def write_finding(folder: Path, name: str, seed: int, finding: Finding, data: bytes) -> Path:
    """Write a finding to a new file of a folder: what, the input in base64, the traceback."""
    number = len(list(folder.glob(f"{name}-*.txt"))) + 1
    path = folder / f"{name}-{number}.txt"
    encoded = b64encode(data).decode()
    path.write_text(f"{name}, seed {seed}: {finding}\n{encoded}\n\n{finding.details}", "utf-8")
    return path


def read_finding(path: Path) -> tuple[str, bytes]:
    """Return the target and the input of a file that `write_finding` wrote."""
    head, encoded, *_ = path.read_text("utf-8").splitlines()
    return head.partition(",")[0], b64decode(encoded)


def _finding(kind: str, error: BaseException) -> Finding:
    """Return a finding at the innermost line of ours in the traceback of an exception."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(_OURS)] or frames
    path = Path(ours[-1].filename)
    name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name
    details = "".join(traceback.format_exception(error))
    return Finding(kind, f"{name}, {ours[-1].name}", details)
