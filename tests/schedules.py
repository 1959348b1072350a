"""Schedules that are set, as the scheduler of the tests has them."""

from __future__ import annotations

from chalicelib.gateways import aws

GROUP = "timers-of-the-tests"


def schedules():
    client = aws.client("scheduler")
    found = client.list_schedules(GroupName=GROUP)["Schedules"]
    return {one["Name"]: client.get_schedule(GroupName=one["GroupName"], Name=one["Name"]) for one in found}
