"""The operator's tool: `python -m infra --help`."""

from __future__ import annotations

import click

from infra.commands import artifact, local, queues


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Build Entraide, run it on this machine, and look after what is deployed."""


for command in (local.run, local.reset, local.token, local.people, artifact.package, queues.redrive):
    cli.add_command(command)

if __name__ == "__main__":
    cli()
