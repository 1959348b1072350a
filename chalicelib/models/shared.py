from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.attributes import UnicodeAttribute

from chalicelib.models.tables import CommunityItem

if TYPE_CHECKING:
    from chalicelib.models.questions import Question
    from chalicelib.pages import Page, Slice


class SharedQuestion(CommunityItem, discriminator="shared_question"):
    """That everyone reads a question and its answer, exactly as long as they may."""

    question_id = UnicodeAttribute()
    asker_id = UnicodeAttribute()
    helper_id = UnicodeAttribute()

    @classmethod
    def of(cls, question: Question) -> SharedQuestion:
        shared_at = question.shared_at.isoformat(timespec="microseconds")
        return cls(
            f"ORG#{question.organization_id}#SHARED", f"{shared_at}#{question.id}",
            question_id=question.id, asker_id=question.asker_id, helper_id=question.helper_id,
        )  # fmt: skip

    @classmethod
    def in_organization(cls, organization_id: str, page: Page) -> Slice[SharedQuestion]:
        """What everyone may read, the latest shared first."""
        return cls.slice(f"ORG#{organization_id}#SHARED", page, newest_first=True)
