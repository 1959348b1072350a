"""What is near is found, whoever looks and from wherever; where it is exactly is never told."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.domain.meetups.vicinity import (
    EARTH,
    POLE,
    REACHES,
    blurred,
    cell_of,
    cells_around,
    kilometres_between,
    reach_of,
)
from tests.histories import histories

pytestmark = pytest.mark.plain

INHABITED = st.floats(-POLE + 0.2, POLE - 0.2)
AROUND = st.one_of(st.floats(-180, 180), st.floats(179.5, 180), st.floats(-180, -179.5))


def gone(start, kilometres, bearing):
    """Where one is after so many kilometres in a direction."""
    north, east = map(math.radians, start)
    far = kilometres / EARTH
    there = math.asin(math.sin(north) * math.cos(far) + math.cos(north) * math.sin(far) * math.cos(bearing))
    aside = math.atan2(
        math.sin(bearing) * math.sin(far) * math.cos(north), math.cos(far) - math.sin(north) * math.sin(there)
    )
    longitude = (math.degrees(east + aside) + 180) % 360 - 180
    return math.degrees(there), longitude


@histories(1500)
@given(INHABITED, AROUND, st.sampled_from(REACHES), st.floats(0, 0.9999), st.floats(0, 2 * math.pi))
@example(0.0, 180.0, REACHES[1], 0.9999, math.pi / 2)
@example(48.85, 179.999, REACHES[0], 0.9999, math.pi / 2)
@example(-79.2, -180.0, REACHES[1], 0.9999, 3 * math.pi / 2)
def test_whoever_is_within_reach_looks_in_a_cell_that_lists_it(latitude, longitude, reach, part, bearing):
    middle = blurred(latitude, longitude)
    here = gone(middle, part * reach.kilometres, bearing)

    assert kilometres_between(here, middle) <= reach.kilometres
    assert cell_of(*here, reach) in cells_around(latitude, longitude)


@histories(800)
@given(st.floats(-90, 90), AROUND)
@example(90.0, 180.0)
@example(-90.0, -180.0)
@example(POLE, 179.99)
def test_no_place_on_earth_is_in_more_cells_than_one_transaction_writes_and_takes_away(latitude, longitude):
    assert 1 <= len(cells_around(latitude, longitude)) <= 42


@histories(800)
@given(INHABITED, AROUND)
def test_a_blurred_place_is_near_and_the_same_for_all_of_its_district(latitude, longitude):
    middle = blurred(latitude, longitude)

    assert kilometres_between((latitude, longitude), middle) <= 3.5
    assert blurred(*middle) == pytest.approx(middle)
    assert cells_around(latitude, longitude) == cells_around(*middle)


def test_two_places_of_a_district_are_told_alike_and_neither_as_it_is():
    cafe, corner = (45.7485, 4.8467), (45.7600, 4.8700)

    assert blurred(*cafe) == blurred(*corner)
    assert blurred(*cafe) not in (cafe, corner)


@histories(300)
@given(INHABITED, AROUND, INHABITED, AROUND)
def test_a_distance_is_the_same_both_ways_and_never_more_than_half_the_earth(a, b, c, d):
    there = kilometres_between((a, b), (c, d))

    assert 0 <= there <= math.pi * EARTH + 0.001
    assert there == pytest.approx(kilometres_between((c, d), (a, b)), abs=1e-3)


def test_across_the_date_line_is_as_near_as_it_is():
    assert kilometres_between((0, 179.99), (0, -179.99)) == pytest.approx(2.22, abs=0.01)


@pytest.mark.parametrize(("kilometres", "reach"), [(0.1, 3), (3, 3), (3.1, 20), (20, 20)])
def test_one_looks_no_further_than_one_must(kilometres, reach):
    assert reach_of(kilometres).kilometres == reach
