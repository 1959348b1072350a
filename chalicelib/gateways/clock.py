from datetime import UTC, datetime


def now() -> datetime:
    """The server's clock, in UTC: the only one that any rule reads."""
    return datetime.now(UTC)
