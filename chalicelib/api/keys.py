from __future__ import annotations

import time

import jwt

COOLING = 5.0
"""Seconds for which an issuer that did not answer is left alone."""


class Keys(jwt.PyJWKClient):
    """An issuer's published keys: asked for hourly, and those last seen still good while it does not answer.

    An unknown key id asks again at most every 30 s: forged tokens cannot flood the issuer.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url, lifespan=3600, timeout=2)
        self._seen: jwt.PyJWKSet | None = None
        self._silent_until = 0.0

    def get_jwk_set(self, refresh: bool = False) -> jwt.PyJWKSet:
        """The issuer's keys; raises PyJWKClientConnectionError when none were ever had."""
        if time.monotonic() >= self._silent_until:
            try:
                self._seen = super().get_jwk_set(refresh)
            except (jwt.PyJWTError, OSError, ValueError):  # no answer, or one that holds no keys
                self._silent_until = time.monotonic() + COOLING
        if self._seen is None:
            raise jwt.PyJWKClientConnectionError(f"no keys from {self.uri}")
        return self._seen
