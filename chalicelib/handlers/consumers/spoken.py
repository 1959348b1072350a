"""The messages table's stream → those who listen."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger
from chalice.app import Blueprint

from chalicelib.domain.live import spoken as speech

spoken = Blueprint(__name__)
logger = Logger(service="spoken")

STREAM = "arn:aws:dynamodb:eu-west-3:000000000000:table/messages/stream/replaced-by-the-template"


@spoken.on_dynamodb_record(stream_arn=STREAM, batch_size=100)
def tell_spoken(event: Any) -> dict[str, Any]:
    """Tell what was said and changed, in its order. What fails holds back what follows, for a while."""
    records = [record for record in event if record.new_image]
    read = [(record, _news(record)) for record in records]
    wanted = [(record, news) for record, news in read if news is not None]
    told = 0
    try:
        telling = speech.Telling.of([news for _, news in wanted])
        for _, news in wanted:
            telling.tell(news)
            told += 1
    except Exception:
        failed = wanted[told][0]
        logger.exception("failed", extra={"told": told, "of": len(wanted)})
        return {"batchItemFailures": [{"itemIdentifier": failed.sequence_number}]}
    logger.info("told", extra={"records": len(records), "told": told})
    return {"batchItemFailures": []}


def _news(record: Any) -> Any:
    """What a record tells; one that cannot be read is told to nobody, and holds up nobody."""
    try:
        return speech.news_in(record.new_image, record.old_image)
    except (ValueError, KeyError, TypeError):
        logger.exception("unreadable", extra={"sequence_number": record.sequence_number})
        return None
