"""The tests of a part import no more than that part needs."""

import subprocess
import sys


def test_the_index_is_tested_without_telegram_and_without_a_browser() -> None:
    code = "import sys, tests.index.conftest; print(*sys.modules)"
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert not {"bot", "playwright", "telegram"} & set(printed.stdout.split())
