"""The live channel: who may open it, what they hear and say there, and who is there."""

from chalicelib.domain.live.connections import (
    ConnectionOver,
    FrameFailed,
    TicketRefused,
    TooManyFrames,
    Unheard,
    connect,
    disconnect,
    end_all,
    hear,
)
from chalicelib.domain.live.conversations import ConversationNotFound
from chalicelib.domain.live.drafts import close as close_drafts_to
from chalicelib.domain.live.rooms import (
    Missed,
    TooManySubscriptions,
    leave_conversation,
    leave_salon,
    listen_to_conversation,
    listen_to_notifications,
    listen_to_salon,
    resume,
    resume_conversation,
)
from chalicelib.domain.live.sanctions import close as close_to
from chalicelib.domain.live.talking import say, say_in_conversation, type_in
from chalicelib.domain.live.tickets import IssuedTicket, issue, issue_in

__all__ = [
    "ConnectionOver",
    "ConversationNotFound",
    "FrameFailed",
    "IssuedTicket",
    "Missed",
    "TicketRefused",
    "TooManyFrames",
    "TooManySubscriptions",
    "Unheard",
    "close_drafts_to",
    "close_to",
    "connect",
    "disconnect",
    "end_all",
    "hear",
    "issue",
    "issue_in",
    "leave_conversation",
    "leave_salon",
    "listen_to_conversation",
    "listen_to_notifications",
    "listen_to_salon",
    "resume",
    "resume_conversation",
    "say",
    "say_in_conversation",
    "type_in",
]
