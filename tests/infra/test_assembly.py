from __future__ import annotations

import pytest

from infra import assembly, consumers

pytestmark = pytest.mark.plain


def function(**properties):
    return {"Type": "AWS::Serverless::Function", "Properties": {"Handler": "app.app", **properties}}


def test_an_intrinsic_replaces_another_instead_of_joining_it():
    merged = assembly.merged({"a": {"Fn::Sub": "x"}, "b": {"c": 1}}, {"a": {"Ref": "Y"}, "b": {"d": 2}})

    assert merged == {"a": {"Ref": "Y"}, "b": {"c": 1, "d": 2}}


def test_a_function_that_nobody_dressed_is_refused(package):
    undressed = {**package.template, "Resources": {"New": function(Role=assembly.PLACEHOLDER)}}

    with pytest.raises(assembly.IncompleteTemplateError, match="New"):
        assembly._require_complete(undressed)


def test_dressing_a_function_that_is_gone_is_refused():
    with pytest.raises(assembly.IncompleteTemplateError, match="infra/template knows it"):
        assembly.assemble({"Resources": {"RestAPI": {"Type": "x", "Properties": {}}}})


def test_a_consumer_without_subscriptions_has_a_queue_and_no_rule():
    idle = consumers.Consumer("timers", "SendLater", "Source", ()).resources()["Resources"]

    assert "TimersQueue" in idle
    assert "TimersRule" not in idle
