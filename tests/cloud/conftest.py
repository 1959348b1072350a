from __future__ import annotations

import socket
from pathlib import Path

import pytest

from infra.local import stack

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.cloud)


@pytest.fixture(scope="session")
def cloud(tmp_path_factory):
    """The application deployed on a local cloud of its own, with the roles of its functions enforced."""
    port, control_port = _free_ports(2)
    with stack.running(tmp_path_factory.mktemp("cloud"), port, control_port, auth=True) as running:
        yield running


def _free_ports(count):
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports
