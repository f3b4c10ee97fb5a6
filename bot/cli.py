"""The command line: a thin layer over the library, and the bot's switch."""

import gc
import io
import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

import click

from bot.counted import counted
from bot.evaluation_cli import evaluate
from bot.sources_cli import sources
from bot.upkeep_cli import backup, check, reindex, restore

# Each command imports what it needs when it runs: `--help` and `ask` stay quick.
if TYPE_CHECKING:
    from bot.settings import Settings
    from index.article import Answer
    from index.errors import HoiBaoError
    from index.library import Library
    from index.reports import IngestReport

MOST_QUOTES = 100  # for one question
MOST_WORKERS = 64
MOST_REPEATS = 3  # other articles named under a quote
SAMPLE_DATA = Path("sample-data")
GARBAGE_FROM = 50_000  # new objects: little of what a start makes is garbage


@dataclass(frozen=True)
class Context:
    """What all commands share. Settings are read when a command needs them: `--help` does not."""

    config: Path | None
    folder: Path | None

    @cached_property
    def settings(self) -> "Settings":
        """The settings."""
        from bot.settings import load

        return load(self.config)

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder or self.settings.data

    @property
    def has_own_data(self) -> bool:
        """Whether a data folder was chosen."""
        return self.folder is not None or "data" in self.settings.model_fields_set

    def open_library(
        self, data: Path | None = None, *, indexing: bool = True, is_there: bool = False
    ) -> "Library":
        """Open the library of the data folder; see `Library.open`.

        Args:
            data: Another folder.
            indexing: Whether what the search index lacks is indexed.
            is_there: Whether it is an error that nothing has been stored there yet.
        """
        from index.arenas import share_memory
        from index.errors import StorageError
        from index.library import Library
        from index.store.database import DATABASE_FILE

        share_memory()
        folder = data or self.data
        secret = self.settings.database
        database = secret.get_secret_value() if secret and data is None else None
        if is_there and not database and not (folder / DATABASE_FILE).is_file():
            raise StorageError(
                f"data folder {folder}: nothing is stored there; is it the right one?"
            )
        return Library.open(
            folder,
            database=database,
            semantic=self.settings.semantic,
            indexing=indexing,
        )


class Day(click.ParamType[date]):
    """A calendar day, as 2021-01-05 or day first, as 5/1/2021."""

    name = "date"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Read the day."""
        from index.dates import read_datetime

        if isinstance(value, date):
            return value
        moment = read_datetime(value)
        if moment is None:
            self.fail(f"{value!r} is not a date; write 2021-01-05 or 5/1/2021", param, ctx)
        return moment.date()


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, invoke_without_command=True)
@click.version_option(package_name="hoibao", prog_name="hoibao")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file [config.toml].")
@click.option("--data", type=click.Path(path_type=Path), help="Data folder [data].")
@click.pass_context
def hoibao(click_context: click.Context, config: Path | None, data: Path | None) -> None:
    """Ask the news: quotes from Vietnamese articles, word for word, with date and source."""
    if click_context.invoked_subcommand is None:
        click.echo(click_context.get_help(), err=True)
        sys.exit(2)
    click_context.obj = Context(config, data)


@hoibao.command()
@click.argument("inputs", metavar="PATH_OR_URL...", nargs=-1, required=True)
@click.option(
    "--alert",
    type=click.Choice(["recent", "all", "none"]),
    default="recent",
    show_default=True,
    help="Of which new articles people are alerted.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, MOST_WORKERS),
    help="Processes that analyse many articles [as many as cores].",
)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON, last line.")
@click.pass_obj
def ingest(
    context: Context, inputs: tuple[str, ...], alert: str, workers: int | None, as_json: bool
) -> None:
    """Take in articles: .txt, .html, .jsonl, .jsonl.gz, folders, addresses, - for JSON Lines."""
    from bot.progress import ingest_with_progress
    from index.sources.inputs import WebAccess

    with context.open_library() as library:
        report = ingest_with_progress(
            library,
            inputs,
            alert=alert,
            web=WebAccess(context.settings.contact, context.settings.private_networks),
            workers=workers,
        )
    if as_json:
        click.echo(json.dumps(asdict(report), ensure_ascii=False))
    else:
        _print_report(report)
    if report.rejected:
        sys.exit(1)


@hoibao.command()
@click.argument("question", required=False)
@click.option("--limit", type=click.IntRange(1, MOST_QUOTES), default=3, show_default=True)
@click.option("--since", type=Day(), help="First day of publication.")
@click.option("--until", type=Day(), help="Last day of publication.")
@click.option("--source", help="Name of a source.")
@click.option("--article", metavar="ID_OR_URL", help="Ask this article only.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as one JSON line.")
@click.pass_obj
def ask(
    context: Context,
    question: str | None,
    limit: int,
    since: date | None,
    until: date | None,
    source: str | None,
    article: str | None,
    as_json: bool,
) -> None:
    """Answer QUESTION, or each line of standard input with a JSON line.

    A line is a question or {"id", "question", "article", "limit"}; blank lines are skipped.
    """
    from bot.batch import Line, answer_line, answer_lines, scope_of, whole

    for name, text in (("question", question), ("source", source)):
        whole(text or "", name)
    with context.open_library() as library:
        _note_outdated(library)
        scope = scope_of(library, article) if article else ()
        ask = partial(
            library.ask, limit=limit, since=since, until=until, source=source, scope=scope
        )
        if question is None:
            failed = False
            for line in answer_lines(library, _standard_input(), ask, MOST_QUOTES):
                _print_json(line)
                failed |= "error" in line
            if failed:
                sys.exit(1)
        elif as_json:
            _print_json(answer_line(Line(question), ask(question)))
        else:
            _print_answer(ask(question), empty=library.status().articles == 0)


@hoibao.command()
@click.pass_obj
def run(context: Context) -> None:
    """Run the bot on Telegram."""
    from bot.running import run as run_bot

    with context.open_library() as library:
        run_bot(library, context.settings)


@hoibao.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True)
@click.option("--limits", is_flag=True, help="Enforce Telegram's limits of sending.")
@click.pass_obj
def playground(context: Context, host: str, port: int, limits: bool) -> None:
    """Run the same bot in a chat page on this machine; needs no token."""
    from bot.running import run_playground

    with ExitStack() as stack:
        library = stack.enter_context(context.open_library())
        if not (context.has_own_data or context.settings.sources or _is_in_use(library)):
            library = stack.enter_context(_open_samples(context))
        run_playground(
            library,
            context.settings,
            host=host,
            port=port,
            has_limits=limits,
            announce=click.echo,
        )


@hoibao.command()
@click.option("--json", "as_json", is_flag=True, help="Print it as one JSON line.")
@click.pass_obj
def status(context: Context, as_json: bool) -> None:
    """Say what there is: articles, sentences, sources, and whether all is searchable."""
    from index.dates import to_words

    with context.open_library() as library:
        state, sources = library.status(), library.sources()
        subscriptions, alerts = library.subscriptions.count(), library.outbox.tally()
        is_outdated = library.upkeep.is_outdated()
    if as_json:
        named = [
            {
                "name": source.name,
                "articles": source.articles,
                "latest": source.latest.isoformat() if source.latest else None,
            }
            for source in sources
        ]
        alerting = {"subscriptions": subscriptions, "alerts": dict(alerts)}
        _print_json(asdict(state) | {"sources": named, "outdated": is_outdated} | alerting)
        return
    articles = counted(state.articles, "article")
    click.echo(f"{articles}, {counted(state.sentences, 'sentence')} in {context.data}")
    behind = f"{counted(state.behind, 'change')} to index"
    click.echo(behind if state.behind else "all searchable")
    if is_outdated:
        click.echo("indexed by an older version; renewed by: hoibao reindex")
    if state.embedded is not None:
        click.echo(f"{state.embedded:,} of {articles} found by meaning too")
    if subscriptions:
        counts = ", ".join(f"{count} {state}" for state, count in sorted(alerts.items()))
        click.echo(f"{counted(subscriptions, 'subscription')}; alerts: {counts or 'none yet'}")
    for source in sources:
        latest = to_words(source.latest, "en")
        click.echo(f"  {source.name}: {counted(source.articles, 'article')}, latest {latest}")


hoibao.add_command(evaluate)
hoibao.add_command(sources)
for command in (backup, check, reindex, restore):
    hoibao.add_command(command)


def main() -> NoReturn:
    """Run the command line; a failure is one line on standard error and exit status 2."""
    gc.set_threshold(GARBAGE_FROM)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    status = _exit_status(partial(hoibao.main, standalone_mode=False))
    gc.freeze()  # or the end looks for garbage in all that there is, a sixth of a short command
    sys.exit(status)


def _exit_status(command: Callable[[], object]) -> int:
    try:
        command()
    except click.ClickException as error:
        return _fail(error.format_message())
    except (KeyboardInterrupt, click.Abort):
        return 130
    except BrokenPipeError:
        # Whoever read the output has gone; nothing can be said to them.
        sys.stdout = None
        return 1
    except OSError as error:
        what = error.strerror or str(error)
        return _fail(f"{error.filename}: {what}" if error.filename else what)
    except _own_error() as error:
        return _fail(str(error))
    return 0


def _own_error() -> "type[HoiBaoError]":
    """Return what all errors of this program are: looked up when there is one."""
    from index.errors import HoiBaoError

    return HoiBaoError


def _fail(message: str) -> int:
    click.echo(f"hoibao: {' '.join(message.split())}", err=True)
    return 2


def _note_outdated(library: "Library") -> None:
    if library.upkeep.is_outdated():
        click.echo(
            "hoibao: an older version indexed these articles; hoibao run renews that while it "
            "answers, and so does: hoibao reindex",
            err=True,
        )


def _standard_input() -> TextIO:
    return io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", errors="replace")


def _is_in_use(library: "Library") -> bool:
    return library.status().articles > 0 or bool(library.followed.all())


def _open_samples(context: Context) -> "Library":
    from bot import samples

    library = context.open_library(SAMPLE_DATA)
    library.ingest([samples.path()])
    click.echo(
        f"No articles of your own in {context.data} yet: these are samples, kept in {SAMPLE_DATA}."
    )
    return library


def _print_report(report: "IngestReport") -> None:
    for rejection in report.rejected:
        click.echo(f"rejected {rejection.input}: {rejection.reason}", err=True)
    click.echo(
        f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged, "
        f"{len(report.rejected)} rejected ({counted(report.sentences, 'sentence')}, "
        f"{report.seconds:.1f} s)"
    )


def _print_answer(answer: "Answer", *, empty: bool) -> None:
    from index.dates import to_words

    if empty:
        click.echo("There are no articles yet; take some in with: hoibao ingest PATH")
    elif not answer.confident:
        click.echo("No article answers this." + (" Nearest:" if answer.quotes else ""))
    elif answer.missed:
        click.echo(f"Nothing found of {answer.missed}; from any time:")
    elif answer.period:
        click.echo(f"Of {answer.period}:")
    for quote in answer.quotes:
        article = quote.article
        click.echo(f"\n“{quote.text}”")
        origin = " · ".join(filter(None, (article.source, to_words(article.published, "vi"))))
        click.echo(f"  {article.title}\n  {origin}")
        if article.url:
            click.echo(f"  {article.url}")
        if quote.also_in:
            titles = "; ".join(other.title for other in quote.also_in[:MOST_REPEATS])
            left = len(quote.also_in) - MOST_REPEATS
            click.echo(f"  Also in: {titles}" + (f" +{left}" if left > 0 else ""))


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))
    sys.stdout.flush()
