from chalicelib.domain import following
from tests.factories import a_caller, an_organization


def test_following_twice_makes_one_membership_and_announces_once(announced):
    acme = an_organization()

    first = following.follow(a_caller("noor"), acme.id)
    second = following.follow(a_caller("noor"), acme.id)

    assert first.followed_at == second.followed_at
    assert announced() == ["organization.created.v1", "organization.followed.v1"]
