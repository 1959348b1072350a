"""The clock of a local cloud, moved: what takes days takes seconds."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta


class Clock:
    """How far the functions of a cloud are ahead of everyone's clock, and what is due by then."""

    def __init__(self, cloud):
        self._cloud, self._functions, self.ahead = cloud, cloud.boto("lambda"), timedelta()

    def now(self):
        return datetime.now(UTC) + self.ahead

    def forward(self, **by):
        """Move every function's clock, and ring what is due by then, as the scheduler would have."""
        self.ahead += timedelta(**by)
        self._set()
        return self.ring()

    def ring(self):
        """Put into the timers' queue what the schedules that are due would have put there; how many."""
        schedules, rung = self._cloud.boto("scheduler"), 0
        for found in schedules.get_paginator("list_schedules").paginate():
            for schedule in found["Schedules"]:
                whole = schedules.get_schedule(Name=schedule["Name"], GroupName=schedule["GroupName"])
                body = whole["Target"]["Input"]
                if datetime.fromisoformat(json.loads(body)["due"]) <= self.now():
                    queue = self._cloud.names["TimersQueue"]
                    self._cloud.boto("sqs").send_message(QueueUrl=queue, MessageBody=body)
                    schedules.delete_schedule(Name=schedule["Name"], GroupName=schedule["GroupName"])
                    rung += 1
        return rung

    def _set(self):
        for found in self._functions.get_paginator("list_functions").paginate():
            for function in found["Functions"]:
                variables = function.get("Environment", {}).get("Variables", {})
                told = {**variables, "CLOCK_AHEAD": str(self.ahead.total_seconds())}
                self._functions.update_function_configuration(
                    FunctionName=function["FunctionName"], Environment={"Variables": told}
                )


@contextmanager
def moved(cloud):
    """A clock that may be moved, and is back afterwards."""
    clock = Clock(cloud)
    try:
        yield clock
    finally:
        clock.ahead = timedelta()
        clock._set()
