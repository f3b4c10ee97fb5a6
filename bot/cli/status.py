"""`hoibao status`: count articles, sentences, subscriptions and alerts; report index lag."""

import json
from dataclasses import asdict

import click

from bot.cli.context import Context, pluralise
from index.language.dates import format_datetime
from index.models.article import SourceSummary


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print it as one JSON line.")
@click.pass_obj
def status(context: Context, as_json: bool) -> None:
    """Say what there is: articles, sentences, sources, and whether all is searchable."""
    with context.open_library() as library:
        state, sources = library.status(), library.sources()
        subscriptions, alerts = library.subscriptions.count(), library.outbox.counts()
        is_outdated = library.index_sync.is_outdated()
    if as_json:
        counts = asdict(state) | {"sources": [_as_json(source) for source in sources]}
        alerting = {"subscriptions": subscriptions, "alerts": dict(alerts)}
        values = counts | {"outdated": is_outdated} | alerting
        click.echo(json.dumps(values, ensure_ascii=False))
        return
    articles = pluralise(state.articles, "article")
    click.echo(f"{articles}, {pluralise(state.sentences, 'sentence')} in {context.data}")
    behind = f"{pluralise(state.behind, 'change')} to index"
    click.echo(behind if state.behind else "all searchable")
    if is_outdated:
        click.echo("indexed by an older version; renewed by: hoibao reindex")
    if state.embedded is not None:
        click.echo(f"{state.embedded:,} of {articles} found by meaning too")
    if subscriptions:
        counts_of_alerts = ", ".join(f"{count} {name}" for name, count in sorted(alerts.items()))
        alerts_in_words = counts_of_alerts or "none yet"
        click.echo(f"{pluralise(subscriptions, 'subscription')}; alerts: {alerts_in_words}")
    for source in sources:
        latest = format_datetime(source.latest, "en")
        click.echo(f"  {source.name}: {pluralise(source.articles, 'article')}, latest {latest}")


def _as_json(source: SourceSummary) -> dict[str, object]:
    latest = source.latest.isoformat() if source.latest else None
    return {"name": source.name, "articles": source.articles, "latest": latest}
