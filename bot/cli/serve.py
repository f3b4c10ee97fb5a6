"""`hoibao run` and `hoibao playground`: the bot on Telegram, or in a chat page."""

import gc
import logging
import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from bot.app.logs import set_up_log
from bot.app.runner import run as run_bot
from bot.app.runner import run_playground
from bot.cli.context import Context
from bot.playground import samples
from bot.settings import Settings, file_with_secret
from index.errors import HoiBaoError
from index.library import Library
from index.store.private_files import is_open_to_others

SAMPLE_DATA = Path("sample-data")
FAILED = 2  # exit status
SWITCH_SECONDS = 0.0003  # after which a busy thread makes way for the event loop, not 0.005

_LOGGER = logging.getLogger(__name__)


@click.command()
@click.pass_obj
def run(context: Context) -> None:
    """Run the bot on Telegram."""
    prepare_process()
    with _logging(context.settings), context.open_library() as library:
        _warn_of_open_files(context, library)
        run_bot(library, context.settings)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True)
@click.option("--limits", is_flag=True, help="Enforce Telegram's limits of sending.")
@click.pass_obj
def playground(context: Context, host: str, port: int, limits: bool) -> None:
    """Run the same bot in a chat page on this machine; needs no token."""
    prepare_process()
    with ExitStack() as stack:
        stack.enter_context(_logging(context.settings))
        library = stack.enter_context(context.open_library())
        if not (context.has_own_data or context.settings.sources or _is_in_use(library)):
            library = stack.enter_context(_open_samples(context))
        _warn_of_open_files(context, library)
        run_playground(
            library,
            context.settings,
            host=host,
            port=port,
            has_limits=limits,
            announce=click.echo,
        )


def prepare_process() -> None:
    """Prepare to serve, once all has been imported: the event loop goes before busy threads."""
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.freeze()  # what has been imported stays, and need not be looked through again
    # After `kill -9` the tracker of semaphores would warn of those that it cleans up.
    os.environ.setdefault("PYTHONWARNINGS", "ignore:resource_tracker:UserWarning")


@contextmanager
def _logging(settings: Settings) -> Iterator[None]:
    """Log as the settings say; in JSON also why the command fails, which else is a plain line."""
    set_up_log(settings)
    try:
        yield
    except (HoiBaoError, OSError) as error:
        if settings.log_format != "json":
            raise
        _LOGGER.critical("%s", getattr(error, "strerror", None) or error)
        sys.exit(FAILED)


def _warn_of_open_files(context: Context, library: Library) -> None:
    """Warn of a data folder with chats, or a settings file with a secret, that others may use."""
    is_file = library.address.get_backend_name() == "sqlite"
    paths = (library.folder if is_file else None, file_with_secret(context.config))
    if exposed := [str(path) for path in paths if path and is_open_to_others(path)]:
        warning = (
            f"other users of this machine may use {' and '.join(exposed)}; to keep it "
            f"private: chmod -R o= {shlex.join(exposed)}"
        )
        if context.settings.log_format == "json":
            _LOGGER.warning("%s", warning)
        else:
            click.echo(f"hoibao: {warning}", err=True)


def _is_in_use(library: Library) -> bool:
    return bool(library.latest(1) or library.followed.all())


def _open_samples(context: Context) -> Library:
    library = context.open_library(SAMPLE_DATA)
    library.ingest([samples.path()])
    click.echo(
        f"No articles of your own in {context.data} yet: these are samples, kept in {SAMPLE_DATA}."
    )
    return library
