"""The `hoibao` command: lazy subcommands, errors as one line, exit status.

Only click is imported until a subcommand runs, so that `hoibao --help` is quick.
"""

import gc
import os
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click

from bot.cli.groups import CommandGroup

COLLECTION_THRESHOLD = 50_000  # new objects: little of what a start makes is garbage

COMMANDS: Mapping[str, tuple[str, str]] = {
    "adopt": ("upkeep.moving", "Make a restored database a collection of its own."),
    "ask": ("ask", "Answer a question, or each line of standard input."),
    "backup": ("upkeep.store", "Write everything stored to a compressed file."),
    "check": (
        "upkeep.store",
        "Check that database and search index are complete and agree.",
    ),
    "copy": ("upkeep.moving", "Copy everything stored to another database, and compare."),
    "deploy": (
        "upkeep.deploy",
        "Print a systemd unit, Dockerfile, dashboard or alerting rules.",
    ),
    "evaluate": ("evaluate", "Measure answers by questions with known answers."),
    "ingest": ("ingest", "Add articles from files, folders, addresses or standard input."),
    "playground": ("serve", "Run the same bot in a chat page; needs no token."),
    "preview": ("preview", "Show what articles would become; stores nothing."),
    "reindex": ("upkeep.store", "Rebuild the search index from the database."),
    "restore": ("upkeep.store", "Replace everything stored with a backup."),
    "run": ("serve", "Run the bot on Telegram."),
    "sources": ("sources", "Follow feeds, sitemaps, section pages and folders."),
    "status": (
        "upkeep.store",
        "Show what is stored, and whether all of it is searchable.",
    ),
}
"""Module of each command, and its line in `hoibao --help`."""


class LazyCommand(click.Command):
    """Command that is imported from its module when it runs.

    Args:
        name: Its name, on the command line and in the module.
        module: The module's name in `bot.cli`.
        summary: Its line in the group's help.
    """

    def __init__(self, name: str, module: str, summary: str) -> None:
        super().__init__(name, help=summary)
        self.module = module

    def load(self) -> click.Command:
        """Import the command itself."""
        command = getattr(import_module(f"bot.cli.{self.module}"), self.name or "")
        assert isinstance(command, click.Command)
        return command

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Delegate to the imported command, which click then runs."""
        return self.load().make_context(*args, **kwargs)


@click.group(
    cls=CommandGroup,
    commands=[LazyCommand(name, *command) for name, command in COMMANDS.items()],
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
)
@click.version_option(package_name="hoibao", prog_name="hoibao")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file [config.toml].")
@click.option("--data", type=click.Path(path_type=Path), help="Data folder [data].")
@click.pass_context
def hoibao(click_context: click.Context, config: Path | None, data: Path | None) -> None:
    """Ask the news: quotes from Vietnamese articles, word for word, with date and source."""
    if click_context.invoked_subcommand is None:
        click.echo(click_context.get_help(), err=True)
        sys.exit(2)
    from bot.cli.context import Context

    click_context.obj = Context(config, data)


def main() -> NoReturn:
    """Run the command line; a failure is one line on standard error and exit status 2."""
    gc.set_threshold(COLLECTION_THRESHOLD)
    # Worker processes import nothing from the folder in which the command is run.
    os.environ.setdefault("PYTHONSAFEPATH", "1")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    status = _run()
    gc.freeze()  # the last collection would take a sixth of the time of a short command
    sys.exit(status)


def _run() -> int:
    """Run the command, and return the exit status."""
    try:
        hoibao.main(standalone_mode=False)
    except click.ClickException as error:
        return _fail(error.format_message())
    except (KeyboardInterrupt, click.Abort):
        return 130
    except BrokenPipeError:
        # The reader of the output has gone; there is nobody to report it to.
        sys.stdout = None
        return 1
    except OSError as error:
        reason = error.strerror or str(error)
        return _fail(f"{error.filename}: {reason}" if error.filename else reason)
    except _hoibao_error() as error:
        return _fail(str(error))
    return 0


def _hoibao_error() -> type[Exception]:
    """Import the base of the program's errors, once an exception is compared with it."""
    from index.errors import HoiBaoError

    return HoiBaoError


def _fail(message: str) -> int:
    click.echo(f"hoibao: {' '.join(message.split())}", err=True)
    return 2
