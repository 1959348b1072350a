from __future__ import annotations

from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from chalicelib.contracts.base import Input
from chalicelib.contracts.meetups import Latitude, Longitude, TimeZone

FURTHEST = 20
"""Kilometres within which a meetup is near."""

Month = Annotated[str, Field(pattern="^2[01][0-9]{2}-(0[1-9]|1[0-2])$", examples=["2026-12"])]
Radius = Annotated[
    float,
    Field(
        gt=0,
        le=FURTHEST,
        allow_inf_nan=False,
        examples=[5],
        description="In kilometres, to the middle of the district that a meetup is in.",
    ),
]


class FindMeetups(Input):
    """Which meetups of an organization to list."""

    month: Annotated[
        Month | None, Field(description="All of this month, what is over too; left out: what is not over.")
    ] = None
    time_zone: Annotated[
        TimeZone | None, Field(description="Where the month is; left out: where the organization is.")
    ] = None

    @field_validator("time_zone")
    @classmethod
    def _of_a_month(cls, zone: str | None, given: ValidationInfo) -> str | None:
        if zone is not None and given.data.get("month", "") is None:
            raise PydanticCustomError("zone_without_month", "A time zone comes with a month")
        return zone


class FindMeetupsNear(Input):
    """Near which place to list meetups."""

    latitude: Latitude
    longitude: Longitude
    radius_km: Radius = FURTHEST
