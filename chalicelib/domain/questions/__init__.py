"""Questions: from someone who asks to someone who can help, and back. One room per verb."""

from chalicelib.domain.questions import deadlines
from chalicelib.domain.questions.asking import LinkedQuestionUnknown, ask
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
    NobodyToBlock,
    block,
    come,
    invite,
    stay_away,
)
from chalicelib.domain.questions.ending import NotADuplicate, expire, withdraw
from chalicelib.domain.questions.handing_over import CannotBringIn, accept, decline, end_hand_over, propose
from chalicelib.domain.questions.inheriting import inherit
from chalicelib.domain.questions.listing import of_person, read, waiting_in
from chalicelib.domain.questions.losing import lose_absent, lose_helper, lose_leaver
from chalicelib.domain.questions.queue import HandsFull
from chalicelib.domain.questions.resolving import (
    ReopenTooLate,
    answered,
    close_unconfirmed,
    confirm,
    reopen,
)
from chalicelib.domain.questions.states import (
    OnlyTheAsker,
    OnlyTheHelper,
    QuestionNotFound,
    QuestionStateRefused,
)
from chalicelib.domain.questions.thanking import ThanksComeLater, thank

__all__ = [
    "CannotBringIn",
    "CannotHelpYourself",
    "EnoughCompany",
    "HandsFull",
    "LinkedQuestionUnknown",
    "NobodyToBlock",
    "NotADuplicate",
    "NotOfferedToYou",
    "OnlyTheAsker",
    "OnlyTheHelper",
    "QuestionAlreadyClaimed",
    "QuestionNotFound",
    "QuestionStateRefused",
    "ReopenTooLate",
    "ThanksComeLater",
    "accept",
    "answered",
    "ask",
    "block",
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
    "lose_absent",
    "lose_helper",
    "lose_leaver",
    "of_person",
    "propose",
    "read",
    "release",
    "reopen",
    "stay_away",
    "thank",
    "waiting_in",
    "withdraw",
]
