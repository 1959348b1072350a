"""Volunteers: what they decide for themselves, who is really there, how long people wait.

What one volunteer does is measured nowhere.
"""

from chalicelib.domain.helping.appearing import appear, vanish
from chalicelib.domain.helping.availability import NO_TOPIC, Availability
from chalicelib.domain.helping.availability import look as look_around
from chalicelib.domain.helping.availability import of as availability
from chalicelib.domain.helping.settings import (
    Helping,
    PauseIsOver,
    QuietHoursUnclear,
    pause,
    read,
    resume,
    set_up,
)

__all__ = [
    "NO_TOPIC",
    "Availability",
    "Helping",
    "PauseIsOver",
    "QuietHoursUnclear",
    "appear",
    "availability",
    "look_around",
    "pause",
    "read",
    "resume",
    "set_up",
    "vanish",
]
