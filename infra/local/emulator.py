"""MiniStack with what its stock form lacks for daily use. Every private name of it that we touch is here.

Pinned to 1.5.33: read this page again before moving the pin.
"""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import ministack.app
from ministack.core import lambda_runtime
from ministack.services.cloudformation import engine

if TYPE_CHECKING:
    from infra.local.asgi import App


def app() -> App:
    """The emulator."""
    emulator: App = ministack.app.app
    return emulator


def run_functions_with(python: str) -> None:
    """Choose the interpreter of functions: the emulator's own has packages that would shadow ours."""
    stock = lambda_runtime._detect_runtime_binary  # noqa: SLF001

    def detect(runtime: str) -> Any:
        if runtime.startswith("python"):
            return python, lambda_runtime._PYTHON_WORKER_SCRIPT  # noqa: SLF001
        return stock(runtime)

    lambda_runtime._detect_runtime_binary = detect  # noqa: SLF001


def restart_streams_from_zero() -> None:
    """Make consumers of streams survive a restart.

    The emulator saves how far they have read and not the stream itself: starting again with an empty stream,
    they would skip as many new records as they had read before.
    """
    stock = ministack.app._load_persisted_state  # noqa: SLF001

    def load() -> None:
        stock()
        from ministack.services import lambda_svc  # noqa: PLC0415 - it must be loaded by the emulator, in its order

        positions = lambda_svc._dynamodb_stream_positions._data  # noqa: SLF001
        for key in list(positions):
            positions[key] = 0

    ministack.app._load_persisted_state = load  # noqa: SLF001


def take_large_templates() -> None:
    """Take more resources than a template may have: what is one API on AWS is several for each route here."""
    engine._SECTION_QUOTAS = tuple(  # noqa: SLF001
        (section, *names, most if section != "Resources" else 10 * most)
        for section, *names, most in engine._SECTION_QUOTAS  # noqa: SLF001
    )


def save_every(seconds: float) -> None:
    """Save the state now and then: the emulator does it at a clean stop only."""

    def keep_saving() -> None:
        while True:
            time.sleep(seconds)
            started = time.monotonic()
            ministack.app.save_all(ministack.app._build_persistence_save_dict())  # noqa: SLF001
            if (took := time.monotonic() - started) > 5:
                print(f"saving took {took:.1f} s", file=sys.stderr, flush=True)

    threading.Thread(target=keep_saving, daemon=True, name="snapshots").start()
