"""What is near: a meetup is listed in every cell with a point within its reach; one cell is looked in."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pygeohash

EARTH = 6371.0
"""Mean radius, in kilometres."""

DISTRICT = 5
"""Length of the geohash that a place is known by to everyone: some five kilometres across."""

POLE = 79.5
"""Further from the equator cells are too narrow: a meetup would be in more than one transaction writes."""


@dataclass(frozen=True)
class Reach:
    """How far one looks, and in cells of which size."""

    kilometres: int
    precision: int


REACHES = (Reach(3, 5), Reach(20, 4))
"""Round the corner, and around town. Each meetup is listed for both."""


def reach_of(kilometres: float) -> Reach:
    """The narrowest reach that goes so far; the widest there is, beyond."""
    return next((reach for reach in REACHES if kilometres <= reach.kilometres), REACHES[-1])


def cell_of(latitude: float, longitude: float, reach: Reach) -> str:
    """The cell to look in from here."""
    return pygeohash.encode(latitude, longitude, precision=reach.precision)


def district_of(latitude: float, longitude: float) -> str:
    """The district that a place is in, by its geohash."""
    return pygeohash.encode(latitude, longitude, precision=DISTRICT)


def middle_of(district: str) -> tuple[float, float]:
    """The middle of a district."""
    known = pygeohash.decode(district)
    return float(known[0]), float(known[1])


def blurred(latitude: float, longitude: float) -> tuple[float, float]:
    """The middle of the district that a place is in: what everyone may know of where it is."""
    return middle_of(district_of(latitude, longitude))


def cells_around(latitude: float, longitude: float) -> list[str]:
    """Every cell from where a place is within reach, as far as everyone may know where it is."""
    middle = blurred(latitude, longitude)
    return sorted({cell for reach in REACHES for cell in _within(*middle, reach)})


def kilometres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """As the crow flies."""
    (north, east), (there_north, there_east) = (map(math.radians, place) for place in (one, other))
    chord = (
        math.sin((there_north - north) / 2) ** 2
        + math.cos(north) * math.cos(there_north) * math.sin((there_east - east) / 2) ** 2
    )
    return 2 * EARTH * math.asin(math.sqrt(min(1.0, chord)))


def _within(latitude: float, longitude: float, reach: Reach) -> list[str]:
    up = math.degrees(reach.kilometres / EARTH)
    aside = up / math.cos(math.radians(min(POLE, abs(latitude) + up)))
    south, north = max(-90.0, latitude - up), min(90.0, latitude + up)
    found: list[str] = []
    for west, east in _unwrapped(longitude - aside, longitude + aside):
        box = pygeohash.BoundingBox(south, west, north, east)
        found += pygeohash.geohashes_in_box(box, precision=reach.precision)
    return found


def _unwrapped(west: float, east: float) -> list[tuple[float, float]]:
    """A span of longitudes, as one or two that do not cross the date line."""
    if west < -180:
        return [(west + 360, 180.0), (-180.0, east)]
    if east > 180:
        return [(west, 180.0), (-180.0, east - 360)]
    return [(west, east)]
