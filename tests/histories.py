"""How property tests look for a history that breaks a rule."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("HISTORIES", "1"))
"""How many times as many as usual. More than one: other histories at each run, to look for what we missed."""


def histories(examples: int) -> Any:
    """Try so many of them: the same at every run, so that a failure is the change's and not chance's."""
    return settings(
        max_examples=examples * TIMES,
        derandomize=TIMES == 1,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
