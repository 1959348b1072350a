from __future__ import annotations

import json
from dataclasses import replace

import pytest

from chalicelib.gateways import aws, timers
from chalicelib.settings import settings
from tests.schedules import GROUP


@pytest.fixture
def timers_queue(monkeypatch):
    """The queue that timers ring in; what waits there, delayed or not, is read without waiting."""
    sqs = aws.client("sqs")
    url = sqs.create_queue(QueueName="timers")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    aws.client("scheduler").create_schedule_group(Name=GROUP)
    known = replace(
        settings(),
        timers_queue=url,
        timers_queue_arn=arn,
        timers_group=GROUP,
        timers_role="arn:aws:iam::123456789012:role/timers",
    )
    monkeypatch.setattr(timers, "settings", lambda: known)
    return known


@pytest.fixture
def sent(monkeypatch, timers_queue):
    """What was put into the timers' queue: `(body, delay)`."""
    client, kept = aws.client("sqs"), []
    send = client.send_message

    def keep(**call):
        kept.append((json.loads(call["MessageBody"]), call["DelaySeconds"]))
        return send(**call)

    monkeypatch.setattr(client, "send_message", keep)
    return kept
