from datetime import UTC, datetime, timedelta

from chalicelib.settings import settings


def now() -> datetime:
    """The server's clock, in UTC: the only one that any rule reads."""
    return datetime.now(UTC) + timedelta(seconds=settings().clock_ahead)
