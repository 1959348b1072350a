"""The community that `make run` is filled with: thirty people who know things, as they would tell them.

Nothing of it is written to a table: people sign up, follow, talk and thank through the public API, so that
what a newcomer finds is what the application does. Its words are in the YAML files beside this one.
"""

from infra.demo.cast import Person, persons
from infra.demo.client import DemonstrationError
from infra.demo.seeding import seed

__all__ = ["DemonstrationError", "Person", "persons", "seed"]
