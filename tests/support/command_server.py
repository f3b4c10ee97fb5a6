"""Run `hoibao` commands in forks of a process that has imported it already.

A command is a process of its own, with its folder, environment and streams, but for the imports,
which cost more than most commands. Read from standard input: one JSON object a line with
`arguments`, `folder`, `environment`, and the paths `input`, `output` and `error`. Write to standard
output: the exit status of each.
"""

import importlib
import json
import os
import pkgutil
import sys
import time
from typing import NoReturn

import bot.cli
from bot.cli import main as run_command

COMMANDS = [f"bot.cli.{module.name}" for module in pkgutil.iter_modules(bot.cli.__path__)]
IMPORTED_LATE = ("index.store.migrations", "sqlalchemy.dialects.sqlite")
STREAMS = (("input", os.O_RDONLY), ("output", os.O_WRONLY), ("error", os.O_WRONLY))
"""The standard streams, in the order of their numbers."""


def serve() -> None:
    """Run the commands in turn, until standard input ends."""
    for module in (*COMMANDS, *IMPORTED_LATE):
        importlib.import_module(module)
    for line in sys.stdin:
        request = json.loads(line)
        process = os.fork()
        if process == 0:
            _run(request)
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _run(request: dict[str, object]) -> NoReturn:
    """Become the process of a command."""
    assert isinstance(request["arguments"], list)
    assert isinstance(request["environment"], dict)
    for number, (name, mode) in enumerate(STREAMS):
        opened = os.open(str(request[name]), mode)
        os.dup2(opened, number)
        os.close(opened)
    os.chdir(str(request["folder"]))
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    sys.argv = ["hoibao", *request["arguments"]]
    run_command()


if __name__ == "__main__":
    serve()
