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


def deliver(function, *bodies):
    """Hand message bodies to a consumer; the positions of those it gave back to the queue."""
    with Client(app) as client:
        batch = client.events.generate_sqs_event(list(bodies))
        for position, record in enumerate(batch["Records"]):
            record["messageId"] = str(position)
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


def bus():
    """A queue behind the tenant's bus; a function that empties it, giving `(detail-type, event id)`."""
    sqs, events = aws.client("sqs"), aws.client("events")
    url = sqs.create_queue(QueueName="everything")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="everything", EventBusName="entraide", EventPattern='{"source":["entraide.test"]}')
    events.put_targets(Rule="everything", EventBusName="entraide", Targets=[{"Id": "q", "Arn": arn}])

    def received():
        found = []
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                body = json.loads(message["Body"])
                found.append((body["detail-type"], body["detail"]["id"]))
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return found

    return received
