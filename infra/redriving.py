"""Gives parked messages another chance: the service's own move task is missing where we test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_AT_ONCE = 10


def parked(sqs: Any, dead_letters: str) -> int:
    """About how many messages wait in a dead-letter queue."""
    answer = sqs.get_queue_attributes(QueueUrl=dead_letters, AttributeNames=["ApproximateNumberOfMessages"])
    return int(answer["Attributes"]["ApproximateNumberOfMessages"])


def redrive(sqs: Any, dead_letters: str, queue: str) -> int:
    """Move everything that waits back into the queue; how many that was.

    A message is removed once its copy is in the queue, so that dying in between delivers it twice and loses
    nothing: consumers have each event's effect once. What is parked again meanwhile is left there.
    """
    remaining, moved = parked(sqs, dead_letters), 0
    for batch in _batches(sqs, dead_letters):
        moved += _move(sqs, batch, dead_letters, queue)
        remaining -= len(batch)
        if remaining <= 0:
            break
    return moved


def _batches(sqs: Any, url: str) -> Iterator[list[dict[str, Any]]]:
    while True:
        answer = sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=_AT_ONCE, VisibilityTimeout=60, WaitTimeSeconds=1
        )
        if not answer.get("Messages"):
            return
        yield answer["Messages"]


def _move(sqs: Any, batch: list[dict[str, Any]], source: str, target: str) -> int:
    sent = sqs.send_message_batch(
        QueueUrl=target,
        Entries=[{"Id": str(place), "MessageBody": message["Body"]} for place, message in enumerate(batch)],
    )
    arrived = [entry["Id"] for entry in sent.get("Successful", [])]
    if arrived:
        sqs.delete_message_batch(
            QueueUrl=source,
            Entries=[{"Id": place, "ReceiptHandle": batch[int(place)]["ReceiptHandle"]} for place in arrived],
        )
    return len(arrived)
