"""`hoibao status`, `check`, `reindex`, `backup` and `restore`: maintain the data folder."""

import sys
import time
from dataclasses import asdict
from pathlib import Path

import click

from bot.cli.context import Context, pluralise, print_json
from index.engine.consistency import ConsistencyReport
from index.language.dates import format_datetime

PROBLEMS_SHOWN = 20


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print it as one JSON line.")
@click.pass_obj
def status(context: Context, as_json: bool) -> None:
    """Show what is stored, and whether all of it is searchable."""
    with context.open_library() as library:
        state, sources = library.status(), library.sources()
        subscriptions, alerts = library.subscriptions.count(), library.outbox.counts()
        is_outdated = library.index_sync.is_outdated()
    if as_json:
        counts = asdict(state) | {"sources": [asdict(source) for source in sources]}
        alerting = {"subscriptions": subscriptions, "alerts": dict(alerts)}
        print_json(counts | {"outdated": is_outdated} | alerting)
        return
    articles = pluralise(state.articles, "article")
    click.echo(f"{articles}, {pluralise(state.sentences, 'sentence')} in {context.data}")
    behind = f"{pluralise(state.behind, 'change')} to index"
    if state.behind:
        click.echo(behind)
    elif state.articles:
        click.echo("everything is searchable")
    if is_outdated:
        click.echo("indexed by an older version; renewed by: hoibao reindex")
    if state.embedded is not None:
        click.echo(f"{state.embedded:,} of {articles} can also be found by meaning")
    if subscriptions:
        counts_of_alerts = ", ".join(f"{count} {name}" for name, count in sorted(alerts.items()))
        alerts_in_words = counts_of_alerts or "none yet"
        click.echo(f"{pluralise(subscriptions, 'subscription')}; alerts: {alerts_in_words}")
    for source in sources:
        latest = format_datetime(source.latest, "en")
        click.echo(f"  {source.name}: {pluralise(source.articles, 'article')}, latest {latest}")
    if state.unnamed:
        click.echo(f"  without a source: {pluralise(state.unnamed, 'article')}")


@click.command()
@click.option("--sentences", is_flag=True, help="Compare each sentence and each of its terms.")
@click.option("--json", "as_json", is_flag=True, help="Print it as one JSON line.")
@click.pass_obj
def check(context: Context, sentences: bool, as_json: bool) -> None:
    """Check that database and search index are complete and agree; exit status 1 if not."""
    started, checked = time.monotonic(), ConsistencyReport()
    shown: list[dict[str, str]] = []
    count = 0
    with context.open_library(is_there=True) as library:
        for problem in library.index_sync.check(checked, sentences=sentences):
            count += 1
            if count <= PROBLEMS_SHOWN:
                shown.append({"problem": problem.what, "remedy": problem.remedy})
                if not as_json:
                    click.echo(f"{problem.what}; try: {problem.remedy}")
    seconds = time.monotonic() - started
    if as_json:
        counts = {"articles": checked.articles, "sentences": checked.sentences}
        print_json(counts | {"problems": count, "shown": shown, "seconds": round(seconds, 3)})
    else:
        if count > PROBLEMS_SHOWN:
            click.echo(f"… and {count - PROBLEMS_SHOWN} more")
        verdict = pluralise(count, "problem") if count else "database and search index agree"
        of = f"{pluralise(checked.articles, 'article')}, {pluralise(checked.sentences, 'sentence')}"
        click.echo(f"{verdict}: {of} ({seconds:.1f} s)")
    if count:
        sys.exit(1)


@click.command()
@click.option("--sentences", is_flag=True, help="Also split and analyse every article again.")
@click.pass_obj
def reindex(context: Context, sentences: bool) -> None:
    """Rebuild the search index from the database; the old one answers meanwhile."""
    with context.open_library(indexing=False) as library:
        library.index_sync.rebuild(sentences=sentences)
        state = library.status()
    size = f"{pluralise(state.sentences, 'sentence')} of"
    click.echo(f"indexed {size} {pluralise(state.articles, 'article')}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def backup(context: Context, file: Path) -> None:
    """Write everything stored to FILE, compressed; the bot may keep running."""
    with context.open_library(is_there=True, indexing=False) as library:
        articles = library.index_sync.back_up(file)
    click.echo(f"{pluralise(articles, 'article')} in {file} ({file.stat().st_size / 1e6:.1f} MB)")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def restore(context: Context, file: Path) -> None:
    """Replace everything stored with the backup FILE; the bot may keep running."""
    with context.open_library(indexing=False) as library:
        articles = library.index_sync.restore(file)
    click.echo(f"{pluralise(articles, 'article')} restored from {file}")
