"""Questions: from someone who asks to someone who can help, and back. One room per verb."""

from chalicelib.domain.questions import deadlines, shared, sharing, spectators, watching
from chalicelib.domain.questions.asking import ASKING, LinkedQuestionUnknown, ask
from chalicelib.domain.questions.awaiting import NothingToWaitFor, call_back, wait
from chalicelib.domain.questions.claiming import (
    CannotHelpYourself,
    NotOfferedToYou,
    QuestionAlreadyClaimed,
    claim,
    end_lease,
    release,
)
from chalicelib.domain.questions.company import (
    EnoughCompany,
    come,
    invite,
    stay_away,
)
from chalicelib.domain.questions.ending import NotADuplicate, expire, withdraw
from chalicelib.domain.questions.handing_over import CannotBringIn, accept, decline, end_hand_over, propose
from chalicelib.domain.questions.inheriting import inherit
from chalicelib.domain.questions.keeping import purge
from chalicelib.domain.questions.listing import Published, of_person, published, read, waiting_in
from chalicelib.domain.questions.losing import lose_helper, lose_leaver, lose_suspended
from chalicelib.domain.questions.parting import NobodyToBlock, block
from chalicelib.domain.questions.queue import HandsFull
from chalicelib.domain.questions.resolving import (
    ReopenTooLate,
    answered,
    close_unconfirmed,
    confirm,
    reopen,
)
from chalicelib.domain.questions.seeing import see
from chalicelib.domain.questions.sharing import NotSaidYet, NotToBeShared
from chalicelib.domain.questions.states import (
    OnlyTheAsker,
    OnlyTheHelper,
    QuestionNotFound,
    QuestionStateRefused,
    WordsNoLongerKept,
)
from chalicelib.domain.questions.thanking import ThanksComeLater, thank
from chalicelib.domain.questions.watching import EnoughSpectators

__all__ = [
    "ASKING",
    "CannotBringIn",
    "CannotHelpYourself",
    "EnoughCompany",
    "EnoughSpectators",
    "HandsFull",
    "LinkedQuestionUnknown",
    "NobodyToBlock",
    "NotADuplicate",
    "NotOfferedToYou",
    "NotSaidYet",
    "NotToBeShared",
    "NothingToWaitFor",
    "OnlyTheAsker",
    "OnlyTheHelper",
    "Published",
    "QuestionAlreadyClaimed",
    "QuestionNotFound",
    "QuestionStateRefused",
    "ReopenTooLate",
    "ThanksComeLater",
    "WordsNoLongerKept",
    "accept",
    "answered",
    "ask",
    "block",
    "call_back",
    "claim",
    "close_unconfirmed",
    "come",
    "confirm",
    "deadlines",
    "decline",
    "end_hand_over",
    "end_lease",
    "expire",
    "inherit",
    "invite",
    "lose_helper",
    "lose_leaver",
    "lose_suspended",
    "of_person",
    "propose",
    "published",
    "purge",
    "read",
    "release",
    "reopen",
    "see",
    "shared",
    "sharing",
    "spectators",
    "stay_away",
    "thank",
    "wait",
    "waiting_in",
    "watching",
    "withdraw",
]
