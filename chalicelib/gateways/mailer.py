from __future__ import annotations

from chalicelib.gateways import aws


def send(raw: bytes, *, sender: str, recipient: str) -> str:
    """Hand a whole MIME message to the mail service; its id there."""
    answer = aws.client("sesv2").send_email(
        FromEmailAddress=sender,
        Destination={"ToAddresses": [recipient]},
        Content={"Raw": {"Data": raw}},
    )
    return str(answer["MessageId"])
