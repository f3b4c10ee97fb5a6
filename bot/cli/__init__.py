"""The `hoibao` command line: one module for each command, imported when it runs."""

from bot.cli.main import hoibao, main

__all__ = ["hoibao", "main"]
