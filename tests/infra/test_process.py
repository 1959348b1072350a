from __future__ import annotations

import socket

import pytest

from infra.local import process

pytestmark = pytest.mark.plain


def options(data, port):
    return process.Options(data=data, port=port, control_port=port + 1)


def test_a_taken_port_is_said_plainly_and_nothing_is_started(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as someone:
        port = someone.getsockname()[1]

        with (
            pytest.raises(process.LocalCloudError, match=f"Port {port} is taken"),
            process.running(options(tmp_path, port)),
        ):
            pass

    assert list(tmp_path.iterdir()) == []


def test_functions_inherit_nothing_of_whoever_starts_them(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_OF_MINE", "x")

    environment = process._environment(options(tmp_path, 8000))

    assert "SECRET_OF_MINE" not in environment
    assert environment["BIND_HOST"] == "127.0.0.1"


def test_vendored_code_is_run_by_an_interpreter_without_our_libraries(tmp_path):
    quick = process._environment(options(tmp_path, 8000))
    vendored = process._environment(
        process.Options(data=tmp_path, port=8000, control_port=8001, vendored=True)
    )

    assert quick["LAMBDA_PYTHON"] != vendored["LAMBDA_PYTHON"]


def test_what_functions_left_is_put_aside(tmp_path):
    (tmp_path / "tmp" / "worker").mkdir(parents=True)

    process._empty(tmp_path / "tmp")

    assert list((tmp_path / "tmp").iterdir()) == []
