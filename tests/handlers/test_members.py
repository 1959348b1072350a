def test_a_first_call_makes_a_member(api):
    answer = api.get("/me", by="camille")

    assert answer.status == 200, answer
    assert answer.json["name"] == "Camille"
    assert answer.headers["etag"].startswith('"1-')


def test_editing_on_a_replaced_version_is_refused(api):
    api.get("/me", by="camille")

    assert api.patch("/me", by="camille", body={"name": "Cam"}, If_Match='"1"').status == 200
    late = api.patch("/me", by="camille", body={"name": "Camomille"}, If_Match='"1"')

    assert (late.status, late.code) == (412, "changed_meanwhile")


def test_a_change_whose_answer_was_lost_may_be_sent_again(api):
    api.get("/me", by="camille")
    change = {"by": "camille", "body": {"name": "Cam"}, "If_Match": '"1"'}

    first, again = api.patch("/me", **change), api.patch("/me", **change)

    assert (first.status, again.status) == (200, 200)
    assert first.json == again.json
