"""How an open question finds someone: wave after wave of offers, and what still waits for who comes later."""

from chalicelib.domain.routing.running import begin, run_wave
from chalicelib.domain.routing.waiting import OfferedQuestion, waiting_for
from chalicelib.domain.routing.waves import WHY

__all__ = ["WHY", "OfferedQuestion", "begin", "run_wave", "waiting_for"]
