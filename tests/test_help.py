"""Tests for how little `hoibao --help` needs."""

import subprocess
import sys
from pathlib import Path


def test_help_loads_neither_the_library_nor_the_settings(tmp_path: Path) -> None:
    code = (
        "import sys; from bot.cli import hoibao; hoibao.main(['--help'], standalone_mode=False); "
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    loaded = set(result.stdout.splitlines()[-1].split())
    assert not loaded & {"index", "pydantic", "sqlalchemy", "numpy", "telegram"}
