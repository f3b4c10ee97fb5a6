"""Run the `hoibao` command in a process, and read its output."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[2]
HOIBAO = Path(sys.executable).with_name("hoibao")
FULL_DISK = ("bash", "-c", 'ulimit -f 300; exec "$0" "$@"')
"""Command prefix that limits files to 300 KiB."""

IN_ONE_PROCESS = {"HOIBAO_ANSWERING_PROCESSES": "0"}
"""Environment of a bot that has no other processes, of which a test does not tell."""

PERMISSIONS = (
    ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
)
"""Command prefix that applies file permissions to the superuser too."""

RECORDS = (
    {
        "id": "lu",
        "url": "https://songthuong.example/lu",
        "title": "Lũ quét ở Mường Lống",
        "text": "Lũ quét xảy ra đêm 3/9. Có 120 hộ dân bị cô lập.",
        "published": "2023-09-04T08:05:00+07:00",
        "source": "Báo Sông Thương",
    },
    {"id": "bong", "title": "Bóng đá học sinh", "text": "Trường Lê Lợi thắng 3-1."},
)


class Commands:
    """Runner of `hoibao` in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {**os.environ, "LC_ALL": "C"}

    def __call__(
        self, *arguments: str | Path, text: str = "", within: Sequence[str] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Run a command: in a fork of a process that imported it, or new, `within` another one."""
        if not within:
            return _run_in_fork(list(map(str, arguments)), self.folder, self.environment, text)
        return subprocess.run(
            [*within, HOIBAO, *arguments],
            cwd=self.folder,
            env=self.environment,
            input=text,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [HOIBAO, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )


@cache
def _command_server() -> subprocess.Popen[str]:
    """Start the server of this process; it ends with it."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.command_server"],
        cwd=ROOT,
        env={**os.environ, "LC_ALL": "C"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )


def _run_in_fork(
    arguments: list[str], folder: Path, environment: Mapping[str, str], text: str
) -> subprocess.CompletedProcess[str]:
    server = _command_server()
    assert server.stdin is not None
    assert server.stdout is not None
    with TemporaryDirectory() as streams:
        paths = {name: Path(streams, name) for name in ("input", "output", "error")}
        for name, path in paths.items():
            path.write_text(text if name == "input" else "", encoding="utf-8", newline="")
        request = {"arguments": arguments, "folder": str(folder), "environment": dict(environment)}
        request |= {name: str(path) for name, path in paths.items()}
        server.stdin.write(json.dumps(request) + "\n")
        server.stdin.flush()
        status = int(server.stdout.readline())
        output, error = (paths[name].read_text(encoding="utf-8") for name in ("output", "error"))
    return subprocess.CompletedProcess([HOIBAO, *arguments], status, output, error)


def lines(values: Sequence[Any]) -> str:
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def answers(result: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def is_one_line(result: subprocess.CompletedProcess[str], *words: str) -> bool:
    error = result.stderr
    return (
        result.returncode == 2
        and error.count("\n") == 1
        and "Traceback" not in error
        and all(word in error for word in words)
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
