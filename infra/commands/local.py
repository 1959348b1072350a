"""The application on this machine."""

from __future__ import annotations

import shutil
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
from botocore.exceptions import ClientError
from rich.console import Console

from infra.archives import PackagingError
from infra.assembly import IncompleteTemplateError
from infra.demo import DemonstrationError
from infra.local import process, stack
from infra.local.people import NobodyError
from infra.places import LOCAL_DATA

if TYPE_CHECKING:
    from infra.local.stack import Stack

PORT, CONTROL_PORT = 8000, 4566

port_option = click.option("--port", default=PORT, show_default=True, help="Port of the API.")
control_option = click.option(
    "--control-port", default=CONTROL_PORT, show_default=True, help="Port of the local cloud's own services."
)
data_option = click.option(
    "--data", type=click.Path(path_type=Path), default=LOCAL_DATA, help="Folder that everything is kept in."
)


@click.command()
@port_option
@control_option
@data_option
@click.option("--once", is_flag=True, help="Stop as soon as everything is up.")
@click.option("--vendored", is_flag=True, help="Run the archive that AWS would run, with its own libraries.")
@click.option("--auth", is_flag=True, help="Enforce the roles of the functions.")
@click.option("--seed/--no-seed", default=True, help="Fill an empty community with the demonstration.")
def run(
    port: int, control_port: int, data: Path, *, once: bool, vendored: bool, auth: bool, seed: bool
) -> None:
    """Start everything on this machine, from the template that AWS is given."""
    console = Console(highlight=False)
    started = time.monotonic()

    def progress(step: str) -> None:
        console.print(f"[dim]{time.monotonic() - started:5.1f} s[/]  {step}")

    for asked in (
        signal.SIGINT,
        signal.SIGTERM,
    ):  # a shell starts what it puts in the background deaf to SIGINT
        signal.signal(asked, _interrupt)
    try:
        with stack.running(
            data, port, control_port, vendored=vendored, seed=seed, auth=auth, progress=progress
        ) as up:
            progress("Ready")
            _introduce(console, up)
            if not once:
                _stay(up)
    except KeyboardInterrupt:
        console.print("Saved. Bye!")
    except (process.LocalCloudError, PackagingError, IncompleteTemplateError, DemonstrationError) as failure:
        raise click.ClickException(str(failure)) from failure


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _stay(up: Stack) -> None:
    cloud = up.process
    if cloud is not None and cloud.wait():
        raise process.LocalCloudError("The local cloud stopped by itself: see cloud.log in its data folder.")


def _introduce(console: Console, up: Stack) -> None:
    site = f"http://localhost:{up.port}"
    console.print()
    for what, where in {
        "API": f"{site}/v1",
        "WebSocket": f"ws://localhost:{up.port}/ws",
        "Documentation": f"{site}/docs/",
        "Mailbox": f"{site}/mail",
        "Widget": f"{site}/demo",
    }.items():
        console.print(f"  {what:<14} [bold]{where}[/]")
    known = up.people.everyone()
    if known:
        console.print("\n  An access token for:")
    for username, name in known.items():
        console.print(f"  {name:<26} make token AS={username}")
    console.print("\n  Ctrl-C saves and stops.\n")


@click.command()
@control_option
@data_option
def reset(control_port: int, data: Path) -> None:
    """Forget everything that was kept on this machine."""
    if process.is_answering(control_port):
        raise click.ClickException("The local cloud is running: stop it first.")
    shutil.rmtree(data, ignore_errors=True)
    click.echo(f"{data} is gone.")


@click.command()
@click.option("--as", "username", required=True, metavar="NAME", help="Whose, such as camille.")
@control_option
def token(username: str, control_port: int) -> None:
    """Print an access token of someone of the local community, and nothing else."""
    try:
        click.echo(attached(control_port).people.token(username))
    except NobodyError as unknown:
        raise click.ClickException(str(unknown)) from unknown


@click.command()
@control_option
def people(control_port: int) -> None:
    """List the people of the local community."""
    for username, name in attached(control_port).people.everyone().items():
        click.echo(f"{username:<16} {name}")


def attached(control_port: int) -> Stack:
    """The application that someone else started on this machine; raises ClickException when nobody did."""
    if not process.is_answering(control_port):
        raise click.ClickException("The local cloud is not running: make run starts it.")
    up = stack.Stack(PORT, control_port)
    try:
        _ = up.names
    except ClientError as undeployed:
        raise click.ClickException("Nothing is deployed in the local cloud yet.") from undeployed
    return up
