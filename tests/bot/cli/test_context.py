"""Threads share what memory they free."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.context import ARENAS

COUNTED = """
import ctypes, sys
from threading import Barrier, Thread
from bot.cli.context import limit_arenas

if sys.argv[1:]:
    limit_arenas()
libc = ctypes.CDLL(None)
if not hasattr(libc, "malloc_info"):  # another C library than glibc has no arenas
    print(0)
    sys.exit()
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
all_there = Barrier(9)

def allocate():
    libc.malloc(ctypes.c_size_t(1000))
    all_there.wait()

threads = [Thread(target=allocate) for _ in range(8)]
for thread in threads:
    thread.start()
all_there.wait()
file = ctypes.c_void_p(libc.fopen(b"arenas.xml", b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
print(open("arenas.xml").read().count("<heap nr="))
"""


@pytest.mark.slow
def test_threads_share_arenas(tmp_path: Path) -> None:
    def arenas(*arguments: str) -> int:
        command = [sys.executable, "-c", COUNTED, *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
        return int(done.stdout)

    assert arenas("shared") == min(ARENAS, arenas())
