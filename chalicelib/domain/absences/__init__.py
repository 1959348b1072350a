"""Who is away from a conversation, and what becomes of it: nobody is left waiting for someone who is gone."""

from chalicelib.domain.absences.letters import Letter, letter_for
from chalicelib.domain.absences.returning import LinkOver, Return, come_back
from chalicelib.domain.absences.unseen import leave_unseen
from chalicelib.domain.absences.waits import watch

__all__ = ["Letter", "LinkOver", "Return", "come_back", "leave_unseen", "letter_for", "watch"]
