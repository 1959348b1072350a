"""How an open question finds someone: wave after wave of offers, and what still waits for who comes later."""

from chalicelib.domain.routing.handing_on import hand_on, offer_hand_over
from chalicelib.domain.routing.running import begin, run_wave
from chalicelib.domain.routing.waiting import OfferedQuestion, waiting_for
from chalicelib.domain.routing.waves import WHY

__all__ = ["WHY", "OfferedQuestion", "begin", "hand_on", "offer_hand_over", "run_wave", "waiting_for"]
