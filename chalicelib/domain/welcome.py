"""Who is welcomed, by whom, and why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain import mails
from chalicelib.domain.roles import HOSTS
from chalicelib.gateways import links
from chalicelib.models.mails import MailRefusal, MailReservation
from chalicelib.models.members import Member
from chalicelib.models.memberships import Membership
from chalicelib.models.organizations import Organization
from chalicelib.models.salons import Salon
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from chalicelib.domain.events import OrganizationFollowed

MAIL = "welcome@1"


class NotToBeSent(Exception):  # noqa: N818
    """There is no letter to send, for the reason it carries."""


@dataclass(frozen=True, kw_only=True)
class Letter(mails.Letter):
    """A welcome that is to be sent: what it says, and who answers replies."""

    first_name: str
    aim: str
    manager_name: str
    manager_address: str
    manager_story: str
    default_salon_name: str
    salon_url: str

    @property
    def sender_name(self) -> str:
        """Whoever welcomes, by name."""
        return f"{self.manager_name} — {self.organization_name}"

    @property
    def reply_to(self) -> tuple[str, str]:
        """Whoever welcomes answers in person."""
        return self.manager_name, self.manager_address


@dataclass(frozen=True)
class _Scene:
    organization: Organization
    member: Member
    manager: Member
    manager_here: Membership
    salon: Salon


def write_to(event: OrganizationFollowed) -> Letter | None:
    """The letter that this newcomer is to get, None when there is none to send (any more).

    Everything is read now, when it is sent. Raises MailUnderWay while another delivery is at it.
    """
    reservation = mails.reserve(event.actor_id, event.organization_id, MAIL)
    if reservation is None:
        return None
    try:
        return _letter(_scene(event), reservation)
    except NotToBeSent as reason:
        mails.skip(reservation, str(reason))
        return None


def _scene(event: OrganizationFollowed) -> _Scene:
    """Everyone and everything the letter speaks of; raises NotToBeSent."""
    organization, member, membership, refusal = load(
        Organization.key(event.organization_id),
        Member.key(event.actor_id),
        Membership.key(event.organization_id, event.actor_id),
        MailRefusal.key(event.actor_id, event.organization_id),
    )
    if organization is None or member is None or membership is None:
        raise NotToBeSent("left")
    if refusal is not None:
        raise NotToBeSent("unsubscribed")
    if not organization.settings["welcome_email"]["value"]:
        raise NotToBeSent("switched_off")
    if not member.email or not member.email_verified:
        raise NotToBeSent("no_verified_address")
    return _scene_with_manager(organization, member)


def _scene_with_manager(organization: Organization, member: Member) -> _Scene:
    manager_id = organization.community_manager_id or "nobody"
    if manager_id == member.id:
        raise NotToBeSent("is_the_manager")
    manager, here, salon = load(
        Member.key(manager_id),
        Membership.key(organization.id, manager_id),
        Salon.key(organization.default_salon_id),
    )
    if manager is None or here is None or here.role not in HOSTS or not manager.email or salon is None:
        raise NotToBeSent("no_manager")
    if here.first_posted_at is None:
        # a welcome is a person's: one who never said a word there would be a mailing
        raise NotToBeSent("manager_never_spoke")
    return _Scene(organization, member, manager, here, salon)


def _letter(scene: _Scene, reservation: MailReservation) -> Letter:
    organization, member = scene.organization, scene.member
    salon_path = f"/organizations/{organization.id}/salons/{scene.salon.id}/messages"
    return Letter(
        reservation=reservation,
        message_id=f"<welcome.{organization.id}.{member.id}@{links.mail_domain()}>",
        language=member.language,
        recipient=str(member.email),
        first_name=member.name.split()[0],
        organization_id=organization.id,
        organization_name=organization.name,
        aim=organization.aim,
        manager_name=scene.manager.name,
        manager_address=str(scene.manager.email),
        manager_story=scene.manager_here.story,
        default_salon_name=scene.salon.title,
        salon_url=organization.site_url or links.api(salon_path),
        unsubscribe_url=links.unsubscribe(member.id, organization.id),
    )
