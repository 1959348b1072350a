"""The live channel: connect with a ticket, then one frame, one command, refusals on the same socket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from chalice.app import Blueprint, WebsocketAPI

from chalicelib.api import frames
from chalicelib.domain import errors, limits, messages, questions, salons, standing
from chalicelib.domain import live as channel
from chalicelib.domain.live import presence
from chalicelib.domain.live.frames import moment, page_frame
from chalicelib.gateways import push

if TYPE_CHECKING:
    from collections.abc import Callable

live = Blueprint(__name__)
# Chalice leaves a blueprint's WebSocket handlers unwrapped unless the API is there before the decorators
live.websocket_api = WebsocketAPI()
logger = Logger(service="live")

Answer = dict[str, Any]


def _ack(**said: Any) -> Answer:
    return {
        "kind": "ack",
        "seq": None,
        "message_id": None,
        "at": None,
        "replayed": False,
        "others": None,
        **said,
    }


def _ping(_connection: Any, _frame: Any) -> Answer:
    return {"kind": "pong"}


def _subscribe(connection: Any, frame: Any) -> Answer:
    if frame.notifications:
        channel.listen_to_notifications(connection, wanted=True)
        return _ack()
    if frame.salon_id is not None:
        return _ack(seq=channel.listen_to_salon(connection, frame.organization_id, frame.salon_id))
    seq, others = channel.listen_to_conversation(connection, frame.organization_id, frame.conversation_id)
    return _ack(seq=seq, others=[vars(one) for one in others])


def _unsubscribe(connection: Any, frame: Any) -> Answer:
    if frame.notifications:
        channel.listen_to_notifications(connection, wanted=False)
    elif frame.salon_id is not None:
        channel.leave_salon(connection, frame.salon_id)
    else:
        channel.leave_conversation(connection, frame.conversation_id)
    return _ack()


def _resume(connection: Any, frame: Any) -> Answer:
    if frame.salon_id is not None:
        missed = channel.resume(connection, frame.organization_id, frame.salon_id, frame.after_seq)
    else:
        missed = channel.resume_conversation(
            connection, frame.organization_id, frame.conversation_id, frame.after_seq
        )
    return page_frame(missed.messages, has_more=missed.has_more)


def _say(connection: Any, frame: Any) -> Answer:
    posted: Any
    if frame.salon_id is not None:
        words = frame.model_dump(include={"client_message_id", "text", "reply_to", "mentions"})
        posted = channel.say(connection, frame.organization_id, frame.salon_id, **words)
    else:
        words = frame.model_dump(include={"client_message_id", "text"})
        posted = channel.say_in_conversation(
            connection, frame.organization_id, frame.conversation_id, **words
        )
    said = posted.said
    return _ack(seq=int(said.seq), message_id=said.id, at=moment(said.at), replayed=posted.is_replay)


def _typing(connection: Any, frame: Any) -> Answer:
    channel.type_in(connection, frame.organization_id, frame.conversation_id)
    return _ack()


def _presence(connection: Any, frame: Any) -> Answer:
    state = presence.renew(
        connection.member_id,
        connection.id,
        state=frame.state,
        opted_in=frame.notifiable,
        asked=bool(connection.notified),
    )
    return {"kind": "presence", "state": state}


COMMANDS: dict[str, Callable[[Any, Any], Answer]] = {
    "ping": _ping,
    "subscribe": _subscribe,
    "unsubscribe": _unsubscribe,
    "resume": _resume,
    "say": _say,
    "typing": _typing,
    "presence": _presence,
}
"""What may be asked over the socket, by the frame's kind."""

_SALON = (salons.SalonNotFound,)
_PLACE = (*_SALON, channel.ConversationNotFound, standing.Suspended, channel.TooManySubscriptions)
REFUSALS: dict[str, tuple[type[errors.Refusal], ...]] = {
    "subscribe": _PLACE,
    "resume": (*_PLACE, limits.TooManyRequests),
    "say": (
        *_SALON,
        channel.ConversationNotFound,
        salons.FollowFirst,
        standing.Suspended,
        messages.SalonClosedToWords,
        messages.SlowMode,
        messages.ReplyToUnknown,
        questions.WordsNoLongerKept,
        limits.TooManyRequests,
    ),
    "typing": (channel.ConversationNotFound, standing.Suspended, limits.TooManyRequests),
}
"""What each kind may be refused with, beyond what any frame may be."""

ALWAYS: tuple[type[errors.Refusal], ...] = (
    frames.FrameUnknown,
    frames.FrameTooLarge,
    frames.FrameBinary,
    errors.InvalidRequest,
    channel.TooManyFrames,
    channel.ConnectionOver,
    channel.FrameFailed,
    errors.Busy,
)
"""What any frame may be refused with."""


@live.on_ws_connect()
def connect_live(event: Any) -> dict[str, int]:
    """Let in whoever shows an unused ticket."""
    query = event.to_dict().get("queryStringParameters") or {}
    try:
        channel.connect(_text(query.get("ticket")), event.connection_id)
    except errors.Refusal as refusal:
        logger.info("refused", extra={"code": refusal.code()})
        return {"statusCode": 401}
    logger.info("connected")
    return {"statusCode": 200}


@live.on_ws_message()
def receive_live(event: Any) -> None:
    """Carry out one frame and answer it."""
    told = event.to_dict()
    address = {"api_id": told["requestContext"]["apiId"], "stage": told["requestContext"]["stage"]}
    answer = _answer(
        event.connection_id, _text(told.get("body")), is_binary=bool(told.get("isBase64Encoded"))
    )
    if answer is None:
        return
    logger.info("frame", extra={"answered": answer["kind"], "code": answer.get("code")})
    if not push.send(event.connection_id, answer, **address):
        channel.disconnect(event.connection_id)
    elif answer.get("code") == channel.ConnectionOver.code():
        push.close(event.connection_id, **address)


@live.on_ws_disconnect()
def disconnect_live(event: Any) -> None:
    """Forget the connection."""
    channel.disconnect(event.connection_id)
    logger.info("disconnected")


def _answer(connection_id: str, raw: str, *, is_binary: bool) -> Answer | None:
    ref, language = frames.ref_of(raw), "en"
    try:
        connection = channel.hear(connection_id)
        language = connection.language
        frame = frames.held(frames.read(raw, is_binary=is_binary), language)
        return {**COMMANDS[frame.kind](connection, frame), "ref": ref}
    except errors.Refusal as refused:
        return frames.refusal(refused, ref=ref, language=language)
    except channel.Unheard:
        return None
    except Exception:
        logger.exception("frame failed")
        return frames.refusal(channel.FrameFailed(), ref=ref, language=language)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
