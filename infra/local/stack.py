"""The whole application on this machine: the way in for `make run`, for tests and for load."""

from __future__ import annotations

import fcntl
import json
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from infra import demo, packaging
from infra.local import deployment, process
from infra.local.people import People

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path


def _silent(_step: str) -> None:
    pass


@dataclass(frozen=True)
class Stack:
    """A tenant that runs on this machine."""

    port: int
    control_port: int
    process: subprocess.Popen[bytes] | None = None
    """The embedded cloud, when it is ours to watch."""

    @property
    def api(self) -> str:
        """Root of the API."""
        return f"{self.origin}/v1"

    @property
    def origin(self) -> str:
        """Where the API, the documentation and the mailbox are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def live(self) -> str:
        """Address of the WebSocket."""
        return f"ws://127.0.0.1:{self.port}/ws"

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The outputs of the template: tables, queues, user pool."""
        return deployment.outputs(self.control_port)

    @cached_property
    def people(self) -> People:
        """Accounts and tokens."""
        names = self.names
        return People(self.boto("cognito-idp"), names["UserPoolId"], names["UserPoolClientId"])

    def boto(self, service: str) -> Any:
        """The boto3 client of one of the cloud's services."""
        return deployment.client(service, self.control_port)

    def mail(self) -> list[dict[str, Any]]:
        """The e-mails that were sent, the last one first."""
        with urllib.request.urlopen(f"{self.origin}/mail.json", timeout=10) as answer:  # noqa: S310 - ours
            found: list[dict[str, Any]] = json.load(answer)
            return found

    def is_empty(self) -> bool:
        """Whether nobody has ever done anything here."""
        scanned = self.boto("dynamodb").scan(TableName=self.names["CommunityTable"], Limit=1)
        return not scanned["Items"]


@contextmanager
def running(
    data_dir: Path,
    port: int,
    control_port: int,
    *,
    vendored: bool = False,
    seed: bool = False,
    auth: bool = False,
    progress: Callable[[str], None] = _silent,
) -> Iterator[Stack]:
    """The application as it stands, deployed on this machine while the block runs; data stays in `data_dir`.

    With `vendored`, functions import what the archive holds and nothing else, as on AWS; with `auth`, their
    roles are enforced. With `seed`, an empty community is filled with the demonstration. Raises
    LocalCloudError, PackagingError, IncompleteTemplateError, or the demonstration's DemonstrationError.
    """
    data = data_dir.resolve()
    with _alone_in(data, control_port):
        yield from _running(
            data, port, control_port, vendored=vendored, seed=seed, auth=auth, progress=progress
        )


def _running(
    data: Path,
    port: int,
    control_port: int,
    *,
    vendored: bool,
    seed: bool,
    auth: bool,
    progress: Callable[[str], None],
) -> Iterator[Stack]:
    options = process.Options(data=data, port=port, control_port=control_port, vendored=vendored, auth=auth)
    progress("Starting the local cloud")
    with process.running(options) as cloud:
        progress("Packaging the application")
        package = packaging.build(data / "build", vendored=vendored)
        progress("Deploying its template")
        deployment.deploy(package, port, control_port)
        stack = Stack(port, control_port, cloud)
        if seed:
            _seed(stack, data, progress)
        yield stack


@contextmanager
def _alone_in(data: Path, control_port: int) -> Iterator[None]:
    """Hold a data folder for one cloud, at the control port that its queues' addresses were made with."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "held").open("a+", encoding="utf-8") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise process.LocalCloudError(f"Another local cloud is at work in {data}.") from busy
        held.seek(0)
        known = held.read().strip()
        if known and int(known) != control_port:
            raise process.LocalCloudError(
                f"What is in {data} was made with --control-port {known}: use that one, or another --data."
            )
        if not known:
            held.write(str(control_port))
            held.flush()
        yield


def _seed(stack: Stack, data: Path, progress: Callable[[str], None]) -> None:
    """Fill a community that nobody has used, and finish what was interrupted."""
    mark = data / "demonstration"
    begun = mark.exists() and mark.read_text("utf-8") == "begun"
    if begun or (not mark.exists() and stack.is_empty()):
        mark.write_text("begun", "utf-8")
        demo.seed(stack.people, stack.api, progress)
        mark.write_text("done", "utf-8")
