"""`hoibao deploy`: print the files to run the bot as a service."""

import click

from bot.deploy import NAMES, read


@click.command()
@click.argument("tool", type=click.Choice(list(NAMES)))
def deploy(tool: str) -> None:
    """Print a systemd unit, a Dockerfile, a dashboard for Grafana or alerting rules for Prometheus.

    The first lines of the unit and of the Dockerfile say how to use them.
    """
    click.echo(read(tool), nl=False)
