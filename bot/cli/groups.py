"""Groups of commands whose help shows what each command does in full."""

import click


class CommandGroup(click.Group):
    """Group of commands whose lines in `--help` are wrapped, where click would cut them."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands, each with the first paragraph of its help."""
        rows = []
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None and not command.hidden:
                summary = (command.short_help or command.help or "").split("\n\n", maxsplit=1)[0]
                rows.append((name, " ".join(summary.split())))
        with formatter.section("Commands"):
            formatter.write_dl(rows)
