"""What someone who comes shows to another who does: each is told the other was there."""

from __future__ import annotations

import hmac

from chalicelib.gateways import signatures

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0 and O, no 1, I and L: read aloud in a café, nobody asks twice."""

LENGTH = 6


def code_of(meetup_id: str, member_id: str) -> str:
    """The code of one person at one meetup: made again whenever it is needed, kept nowhere."""
    drawn = int.from_bytes(signatures.key_for(f"check-in of {member_id} at {meetup_id}"))
    letters = []
    for _ in range(LENGTH):
        drawn, rest = divmod(drawn, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)


def is_code_of(given: str, meetup_id: str, member_id: str) -> bool:
    """Whether this is that person's code; in any case and with spaces, as people write."""
    plain = "".join(given.split()).upper().replace("-", "")
    return hmac.compare_digest(plain.encode(), code_of(meetup_id, member_id).encode())
