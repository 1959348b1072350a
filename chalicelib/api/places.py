from urllib.parse import urlsplit

from chalicelib.settings import settings


def live() -> str:
    """Where clients open the WebSocket."""
    return settings().live_url


def reachable(path: str) -> str:
    """A path as clients must ask for it: under the stage's name where the API has no domain of its own."""
    return urlsplit(settings().public_url).path + path
