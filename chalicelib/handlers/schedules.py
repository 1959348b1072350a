"""What the clock starts."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger
from chalice.app import Blueprint, Rate

from chalicelib.domain import announcements

schedules = Blueprint(__name__)
logger = Logger(service="schedules")


@schedules.schedule(Rate(1, unit=Rate.MINUTES))
def sweep_journal(event: Any) -> None:  # noqa: ARG001 - Chalice passes it
    """Publish again what is still marked as pending after a minute."""
    logger.info("swept", extra={"published": announcements.sweep()})
