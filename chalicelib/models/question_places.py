from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.attributes import UnicodeAttribute

from chalicelib.models.tables import CommunityItem

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.models.questions import Question
    from chalicelib.pages import Page, Slice


class QuestionPlace(CommunityItem, discriminator="question_place"):
    """What someone is or was to a question, asker, helper, companion or proposed, seen from them."""

    question_id = UnicodeAttribute()

    @classmethod
    def of(
        cls, question: Question, person_id: str, role: str, *, until: datetime | None = None
    ) -> QuestionPlace:
        expires_at = int(until.timestamp()) if until else None
        pk = cls._collection(question.organization_id, person_id, role)
        return cls(pk, question.id, question_id=question.id, expires_at=expires_at)

    def seen_by(self, organization_id: str, person_id: str, role: str) -> QuestionPlace:
        """The same question, seen from someone else."""
        pk = self._collection(organization_id, person_id, role)
        return QuestionPlace(pk, self.sk, question_id=self.question_id)

    @classmethod
    def of_person(cls, organization_id: str, person_id: str, role: str, page: Page) -> Slice[QuestionPlace]:
        """The questions that someone asked, or helped with, newest first."""
        return cls.slice(cls._collection(organization_id, person_id, role), page, newest_first=True)

    @staticmethod
    def _collection(organization_id: str, person_id: str, role: str) -> str:
        return f"PERSON#{person_id}#ORG#{organization_id}#QUESTIONS#{role.upper()}"
