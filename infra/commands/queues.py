"""What consumers gave up on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import click

from infra import redriving
from infra.commands.local import attached, control_option

if TYPE_CHECKING:
    from collections.abc import Mapping

_DEAD_LETTERS = "DeadLetters"


@click.command()
@click.argument("queue")
@click.option("--dry-run", is_flag=True, help="Say how many messages wait, and move none.")
@click.option("--stack", help="A stack on AWS, with the credentials at hand; else this machine's.")
@control_option
def redrive(queue: str, stack: str | None, control_port: int, *, dry_run: bool) -> None:
    """Put what was parked for QUEUE (emails, rewards) back into it."""
    sqs, names = _reach(stack, control_port)
    title = queue.title()
    if f"{title}{_DEAD_LETTERS}" not in names or f"{title}Queue" not in names:
        known = sorted(name.removesuffix("Queue").lower() for name in names if name.endswith("Queue"))
        raise click.ClickException(f"There is no queue called {queue}: there are {', '.join(known)}.")
    dead_letters = names[f"{title}{_DEAD_LETTERS}"]
    if dry_run:
        click.echo(f"{redriving.parked(sqs, dead_letters)} messages wait for {queue}.")
    else:
        moved = redriving.redrive(sqs, dead_letters, names[f"{title}Queue"])
        click.echo(f"{moved} messages are back in {queue}.")


def _reach(stack: str | None, control_port: int) -> tuple[Any, Mapping[str, str]]:
    if stack is None:
        local = attached(control_port)
        return local.boto("sqs"), local.names
    described = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    names = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
    return boto3.client("sqs"), names
