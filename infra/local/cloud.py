"""The embedded cloud, in one process: `var/cloud/bin/python -m infra.local.cloud`, configured by environment.

It runs with the emulator's own packages, so it imports nothing of the project but its neighbours here.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hypercorn.asyncio import serve
from hypercorn.config import Config

from infra.local import deployment, emulator
from infra.local.demonstration import Demonstration
from infra.local.front import Front
from infra.local.guard import guarded
from infra.local.mailbox import Mailbox, watched
from infra.local.people import People

if TYPE_CHECKING:
    from infra.local.asgi import App, Receive, Scope, Send


def assembled(front_port: int, docs: Path, mailbox: Mailbox, demonstration: App) -> App:
    """Two doors on one emulator: the front for people and clients, the control port for programs."""
    stock = emulator.app()
    front = Front(stock, docs, mailbox, demonstration)
    control = guarded(watched(stock, mailbox))

    async def doors(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await stock(scope, receive, send)
        elif scope["server"][1] == front_port:
            await front(scope, receive, send)
        else:
            await control(scope, receive, send)

    return doors


def _token_of(control_port: int, username: str) -> str:
    """A token of someone of the local pool; raises NobodyError."""
    names = deployment.outputs(control_port)
    cognito = deployment.client("cognito-idp", control_port)
    return People(cognito, names["UserPoolId"], names["UserPoolClientId"]).token(username)


def _stop_with_parent() -> None:
    """Stop when whoever started this is gone, however they ended: they hold the other end of stdin."""

    def wait() -> None:
        while os.read(0, 1):  # not sys.stdin: its lock would still be held when the process ends
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True, name="parent").start()


def main() -> None:
    """Serve until told to stop, then save."""
    front_port, control_port = int(os.environ["FRONT_PORT"]), int(os.environ["GATEWAY_PORT"])
    emulator.run_functions_with(os.environ["LAMBDA_PYTHON"])
    emulator.restart_streams_from_zero()
    emulator.take_large_templates()
    emulator.save_every(float(os.environ["SNAPSHOT_SECONDS"]))
    _stop_with_parent()
    config = Config()
    config.bind = [f"127.0.0.1:{control_port}", f"127.0.0.1:{front_port}"]
    config.loglevel = "WARNING"
    config.keep_alive_timeout = 75
    config.graceful_timeout = 5
    demonstration = Demonstration(Path(os.environ["DEMO_DIR"]), partial(_token_of, control_port))
    mailbox = Mailbox(Path(os.environ["MAIL_DIR"]))
    app = assembled(front_port, Path(os.environ["DOCS_DIR"]), mailbox, demonstration)
    asyncio.run(serve(app, config))


if __name__ == "__main__":
    main()
