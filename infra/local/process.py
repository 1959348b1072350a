"""Starts and stops the embedded cloud's process."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from infra.places import CLOUD_PYTHON, DEMO, DOCS, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

REGION = "eu-west-3"
ACCOUNT = "000000000000"

_SERVICES = (
    "apigateway", "cloudformation", "cognito-idp", "dynamodb", "dynamodbstreams", "events", "iam", "kms",
    "lambda", "logs", "monitoring", "s3", "scheduler", "secretsmanager", "ses", "sns", "sqs", "sts",
)  # fmt: skip
_STARTS_WITHIN = 60
_SAVES_WITHIN = 60


class LocalCloudError(Exception):
    """The local cloud cannot run, said for the person who started it."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """How to run it."""

    data: Path
    port: int
    control_port: int
    vendored: bool = False
    auth: bool = False


@contextmanager
def running(options: Options) -> Iterator[subprocess.Popen[bytes]]:
    """The embedded cloud while the block runs, ready to be called; its state is saved on the way out.

    Raises LocalCloudError when a port is taken or it does not start.
    """
    for port in (options.port, options.control_port):
        _require_free(port)
    for name in ("state", "s3", "mail"):
        (options.data / name).mkdir(parents=True, exist_ok=True)
    _empty(options.data / "tmp")
    with (
        (options.data / "cloud.log").open("ab") as log,
        subprocess.Popen(
            [CLOUD_PYTHON, "-m", "infra.local.cloud"],
            cwd=ROOT, env=_environment(options), stdin=subprocess.PIPE, stdout=log, stderr=log,
            start_new_session=True,  # Ctrl-C is for us: the cloud is told to save, then waited for
        ) as cloud,
    ):  # fmt: skip
        try:
            _wait_until_ready(cloud, options)
            yield cloud
        finally:
            cloud.terminate()
            try:
                cloud.wait(_SAVES_WITHIN)
            except subprocess.TimeoutExpired:
                cloud.kill()


def _empty(folder: Path) -> None:
    """Make a folder anew. Functions unpack their code there, by the thousand files: nobody waits for them."""
    if folder.exists():
        folder.rename(folder.with_name(f"discarded-{time.time_ns()}"))
    for discarded in folder.parent.glob("discarded-*"):
        threading.Thread(target=shutil.rmtree, args=(discarded, True), daemon=True).start()
    folder.mkdir()


def is_answering(port: int) -> bool:
    """Whether something of this machine listens on this port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as taken:
            raise LocalCloudError(f"Port {port} is taken: is it already running? Choose another.") from taken


def _wait_until_ready(cloud: subprocess.Popen[bytes], options: Options) -> None:
    ready = f"http://127.0.0.1:{options.control_port}/_ministack/ready"
    deadline = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < deadline:
        if cloud.poll() is not None:
            break
        try:
            with urllib.request.urlopen(ready, timeout=2) as said:
                if json.load(said).get("status") == "completed":
                    return
        except OSError:
            time.sleep(0.1)
    raise LocalCloudError(f"The local cloud did not start: see {options.data / 'cloud.log'}")


def _environment(options: Options) -> dict[str, str]:
    # a clean one: functions inherit it whole
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    # vendored code must find what it imports in its own archive, as on AWS, and nowhere else
    python = Path(sys.base_prefix) / "bin" / "python3" if options.vendored else Path(sys.executable)
    return inherited | {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(options.control_port),
        "FRONT_PORT": str(options.port),
        "DOCS_DIR": str(DOCS),
        "DEMO_DIR": str(DEMO),
        "MAIL_DIR": str(options.data / "mail"),
        "PERSIST_STATE": "1",
        "STATE_DIR": str(options.data / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(options.data / "s3"),
        "TMPDIR": str(options.data / "tmp"),
        "SNAPSHOT_SECONDS": "15",
        "MINISTACK_REGION": REGION,
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": "local",
        "LAMBDA_PYTHON": str(python),
        "LAMBDA_ACCOUNT_CONCURRENCY": "16",
        "LAMBDA_WARM_TTL_SECONDS": "60",
        "AUTH": "true" if options.auth else "false",
        "SERVICES": ",".join(_SERVICES),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
