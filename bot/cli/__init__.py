"""The `hoibao` command line: one module a command, imported when the command is run."""

from bot.cli.main import hoibao, main

__all__ = ["hoibao", "main"]
