"""The statement of reasons, mailed to whoever is suspended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from chalicelib.domain import mails
from chalicelib.gateways import links
from chalicelib.models.members import Member
from chalicelib.models.moderation import Statement
from chalicelib.models.organizations import Organization
from chalicelib.models.suspensions import Suspension
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.events import MemberSuspended


RULES = {
    "illegal_content": {"en": "nothing illegal", "fr": "rien d’illégal"},
    "private_data": {"en": "nobody’s private data", "fr": "pas de données privées d’autrui"},
    "threats": {"en": "no threats", "fr": "pas de menaces"},
    "harassment": {"en": "no harassment", "fr": "pas de harcèlement"},
    "hate": {"en": "no hatred", "fr": "pas de haine"},
    "deception": {"en": "no deception", "fr": "pas de tromperie"},
    "spam": {"en": "no advertising in bulk", "fr": "pas de publicité en masse"},
}
"""What may be a ground for restricting someone or their words, as they are told."""

DAYS = {"en": "%Y-%m-%d, %H:%M", "fr": "%d/%m/%Y à %Hh%M"}


@dataclass(frozen=True, kw_only=True)
class Letter(mails.Letter):
    """A statement of reasons that is to be mailed."""

    rule: str
    """In words."""
    facts: str
    statement_id: str
    statement_url: str
    until: str
    """On the clock of whoever reads it, as is the next one."""
    appeal_until: str


def letter_for(event: MemberSuspended) -> Letter | None:
    """The letter that tells someone why they are suspended, None when there is none to send (any more).

    A decision about someone reaches them whether or not they accept other mails. Raises MailUnderWay while
    another delivery is at it.
    """
    organization_id, member_id = event.organization_id, event.member_id
    reservation = mails.reserve(member_id, organization_id, f"suspension@1#{event.suspension_id}")
    if reservation is None:
        return None
    organization, member, statement, suspension = load(
        Organization.key(organization_id),
        Member.key(member_id),
        Statement.key(organization_id, event.statement_id),
        Suspension.key(organization_id, member_id, event.suspension_id),
    )
    if organization is None or statement is None or suspension is None or suspension.state == "lifted":
        mails.skip(reservation, "over")
    elif member is None or not member.email or not member.email_verified:
        mails.skip(reservation, "no_verified_address")
    else:
        rule, path = RULES[statement.rule], f"/organizations/{organization.id}/statements/{statement.id}"
        return Letter(
            reservation=reservation,
            message_id=f"<suspension.{suspension.id}@{links.mail_domain()}>",
            language=member.language,
            recipient=member.email,
            organization_id=organization.id,
            organization_name=organization.name,
            unsubscribe_url=links.unsubscribe(member_id, organization.id),
            rule=rule.get(member.language, rule["en"]),
            facts=statement.facts,
            statement_id=statement.id,
            statement_url=organization.site_url or links.api(path),
            until=_told(suspension.until, member),
            appeal_until=_told(statement.appeal_until, member),
        )
    return None


def _told(moment: datetime, reader: Member) -> str:
    there = moment.astimezone(ZoneInfo(reader.time_zone))
    return f"{there:{DAYS.get(reader.language, DAYS['en'])}} ({reader.time_zone})"
