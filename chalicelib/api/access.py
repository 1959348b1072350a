"""Who an endpoint is open to. Any other answer is the name of a scope that an operator grants."""

EVERYONE = None
"""Access for anyone, signed in or not; a token that is sent must still be valid."""

PEOPLE = "*"
"""Access for members, and for the guests of the organization in the path."""

GUESTS = "?"
"""Access for guests alone, whichever organization's they are."""

MEMBERS = ""
"""Access for anyone signed in. What a member may do is decided in the domain."""
