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
