"""Importing this package imports every model: PynamoDB silently drops items of a kind it has not seen."""

from chalicelib.models import journal, markers, members, memberships, messages, organizations, rates, salons

__all__ = ["journal", "markers", "members", "memberships", "messages", "organizations", "rates", "salons"]
