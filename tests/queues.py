"""Deliveries from queues and streams, as Lambda receives them."""

from __future__ import annotations

import json

from chalice.test import Client

from app import app
from chalicelib.gateways import aws
from chalicelib.models.journal import JournalEntry


def envelope(event):
    """A domain event as EventBridge puts it into a queue."""
    return json.dumps(
        {
            "version": "0",
            "source": "entraide.test",
            "detail-type": event.detail_type(),
            "detail": event.detail(),
        }
    )


def deliver(function, *bodies, received=1):
    """Hand message bodies to a consumer, for the nth time; the positions of those it gave back."""
    with Client(app) as client:
        batch = client.events.generate_sqs_event(list(bodies))
        for position, record in enumerate(batch["Records"]):
            record["messageId"] = str(position)
            record["attributes"]["ApproximateReceiveCount"] = str(received)
        answer = client.lambda_.invoke(function, batch).payload
    return [int(failure["itemIdentifier"]) for failure in answer["batchItemFailures"]]


def journal_images():
    """The journal's items as its stream carries them."""
    return aws.client("dynamodb").scan(TableName=JournalEntry.Meta.table_name)["Items"]


def relay(images):
    """Hand journal items to the relay."""
    with Client(app) as client:
        batch = {
            "Records": [
                {
                    "eventID": str(position),
                    "eventName": "INSERT",
                    "eventVersion": "1.1",
                    "eventSource": "aws:dynamodb",
                    "awsRegion": "eu-west-3",
                    "eventSourceARN": "arn:aws:dynamodb:eu-west-3:000000000000:table/journal/stream/s",
                    "dynamodb": {
                        "ApproximateCreationDateTime": 1,
                        "Keys": {"pk": image["pk"], "sk": image["sk"]},
                        "NewImage": image,
                        "SequenceNumber": str(position),
                        "SizeBytes": 1,
                        "StreamViewType": "NEW_IMAGE",
                    },
                }
                for position, image in enumerate(images)
            ]
        }
        return client.lambda_.invoke("relay_journal", batch).payload


def bus(name="everything", detail_types=None):
    """A queue behind the tenant's bus, for these events or all of them; a function that empties it."""
    sqs, events = aws.client("sqs"), aws.client("events")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = {"source": ["entraide.test"], **({"detail-type": detail_types} if detail_types else {})}
    events.put_rule(Name=name, EventBusName="entraide", EventPattern=json.dumps(pattern))
    events.put_targets(Rule=name, EventBusName="entraide", Targets=[{"Id": "q", "Arn": arn}])

    def received():
        found = []
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                found.append(message["Body"])
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return found

    return received


def named(bodies):
    """The `(detail-type, event id)` of each of these."""
    read = [json.loads(body) for body in bodies]
    return [(body["detail-type"], body["detail"]["id"]) for body in read]


def roads(**consumers):
    """A queue for each consumer's own events: `roads(rewards=rewards.SUBSCRIPTIONS)`."""
    return {
        name: bus(name, [event.detail_type() for event in subscriptions])
        for name, subscriptions in consumers.items()
    }
