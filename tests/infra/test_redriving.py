from __future__ import annotations

import boto3
import pytest

from infra import redriving


@pytest.fixture
def sqs():
    return boto3.client("sqs")


@pytest.fixture
def queue(sqs):
    return sqs.create_queue(QueueName="emails")["QueueUrl"]


@pytest.fixture
def dead_letters(sqs):
    return sqs.create_queue(QueueName="emails-dead-letters")["QueueUrl"]


def test_everything_that_waits_goes_back_once(sqs, queue, dead_letters):
    for number in range(23):
        sqs.send_message(QueueUrl=dead_letters, MessageBody=f"event {number}")

    assert redriving.parked(sqs, dead_letters) == 23
    assert redriving.redrive(sqs, dead_letters, queue) == 23

    assert redriving.parked(sqs, dead_letters) == 0
    bodies = []
    while found := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        bodies += [message["Body"] for message in found]
    assert sorted(bodies) == sorted(f"event {number}" for number in range(23))


def test_nothing_waits_nothing_moves(sqs, queue, dead_letters):
    assert redriving.redrive(sqs, dead_letters, queue) == 0
