"""The infrastructure of each consumer of events: derived from the packaged application, declared once."""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from infra.places import TEMPLATE

if TYPE_CHECKING:
    from collections.abc import Mapping

_QUEUE = re.compile(r"arn:aws:sqs:[^:]+:\d+:(?P<name>[a-z]+)-replaced-by-the-template")

ROLES = {
    "deadlines": "TimekeeperRole",
    "deliveries": "PusherRole",
    "emails": "MailerRole",
    "meetups": "TimekeeperRole",
    "notices": "PusherRole",
    "pictures": "PicturerRole",
    "rewards": "RewarderRole",
    "routing": "TimekeeperRole",
    "timers": "TimekeeperRole",
}
"""What each consumer may do, by its kind of work: see roles.yaml."""

LATE = {"deliveries": 120}
"""Seconds after which it wakes someone that a consumer does not keep up."""
LATE_OTHERWISE = 1800
"""What waits in the timers' queue may do so for fifteen minutes, and what failed four times for twelve."""


class ConsumerWithoutRoleError(Exception):
    """Nobody said what a consumer may do."""


@dataclass(frozen=True)
class Consumer:
    """A function that consumes a queue of events."""

    name: str
    """The queue's name in the application, such as `emails`."""
    function: str
    """The function's logical id in the template."""
    mapping: str
    """The name of its event source in the template."""
    detail_types: tuple[str, ...]
    """What it subscribes to; nothing yet, for a consumer that is still to be written."""

    def resources(self) -> dict[str, Any]:
        """The part of the template that is this consumer's own."""
        if self.name not in ROLES:
            raise ConsumerWithoutRoleError(self.name)
        text = (TEMPLATE / "consumer.yaml").read_text("utf-8")
        for token, value in {
            "<Role>": ROLES[self.name],
            "<Late>": str(LATE.get(self.name, LATE_OTHERWISE)),
            "<Name>": self.name.title(),
            "<name>": self.name,
            "<Function>": self.function,
            "<Mapping>": self.mapping,
        }.items():
            text = text.replace(token, value)
        part: dict[str, Any] = yaml.safe_load(text)
        rule = f"{self.name.title()}Rule"
        # a rule must match something: without a subscription there is none
        if self.detail_types:
            part["Resources"][rule]["Properties"]["EventPattern"]["detail-type"] = list(self.detail_types)
        else:
            del part["Resources"][rule]
        return part


def packaged(template: Mapping[str, Any]) -> list[Consumer]:
    """The consumers among the functions of a template that Chalice has just written."""
    found = []
    for logical_id, resource in template["Resources"].items():
        for mapping, event in resource["Properties"].get("Events", {}).items():
            queue = _QUEUE.fullmatch(str(event["Properties"].get("Queue")))
            if queue:
                module = resource["Properties"]["Handler"].rpartition(".")[0]
                found.append(Consumer(queue["name"], logical_id, mapping, subscribed(module)))
    return found


def subscribed(module: str) -> tuple[str, ...]:
    """The detail-types that a module of consumers subscribes to."""
    subscriptions = importlib.import_module(module).SUBSCRIPTIONS
    return tuple(sorted(event.detail_type() for event in subscriptions))
