"""The messages table's stream and the deliveries' queue, as Lambda receives them."""

from __future__ import annotations

from chalice.test import Client

from app import app
from chalicelib.gateways import aws
from chalicelib.models.tables import MessageItem
from tests.queues import deliver


class MessageStream:
    """What happens in the messages table from now on."""

    def __init__(self):
        self._known = _images()

    def flow(self, *, also=()):
        """Hand over what happened since the last time; what the function answers."""
        images = _images()
        records = [
            _record(str(place), image, self._known.get(key))
            for place, (key, image) in enumerate(sorted(images.items()))
            if image != self._known.get(key)
        ]
        self._known = images
        return tell([*also, *records])


def tell(records):
    with Client(app) as client:
        return client.lambda_.invoke("tell_spoken", {"Records": records}).payload


def deliver_frames(*bodies):
    """Hand message bodies to the workers; the positions of those given back to the queue."""
    return deliver("deliver_frames", *bodies)


def _images():
    items = aws.client("dynamodb").scan(TableName=MessageItem.Meta.table_name)["Items"]
    return {(item["pk"]["S"], item["sk"]["S"]): item for item in items}


def _record(number, new, old=None):
    images = {"NewImage": new, **({"OldImage": old} if old else {})}
    return {
        "eventID": number,
        "eventName": "MODIFY" if old else "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-west-3",
        "eventSourceARN": "arn:aws:dynamodb:eu-west-3:000000000000:table/messages/stream/s",
        "dynamodb": {
            "ApproximateCreationDateTime": 1,
            "Keys": {"pk": new["pk"], "sk": new["sk"]},
            "SequenceNumber": number,
            "SizeBytes": 1,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
            **images,
        },
    }
