from __future__ import annotations

import copy

import pytest

from infra.local import localise, rest_api

pytestmark = pytest.mark.plain

PLACE = localise.Place(control_port=4999, bucket="artifacts", key="code.zip")


@pytest.fixture(scope="module")
def local(package):
    return localise.localised(package.template, PLACE)


def test_what_is_replaced_is_named_and_all_the_rest_is_there(package, local):
    replaced = {n for n, r in package.template["Resources"].items() if r["Type"] in localise.REPLACED}

    assert {n.rstrip("0123456789abcdef") for n in replaced} == {
        "RestAPI",
        "WebsocketAPIDeployment",
        "FilesBucketPolicy",
    }
    assert set(package.template["Resources"]) - replaced <= set(local["Resources"])
    assert local["Outputs"] == package.template["Outputs"]
    assert local["Parameters"] == package.template["Parameters"]


def test_every_operation_is_still_served(package, local):
    paths = package.template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    declared = sorted(verb.upper() for operations in paths.values() for verb in operations)
    methods = [r["Properties"] for r in local["Resources"].values() if r["Type"] == "AWS::ApiGateway::Method"]

    assert sorted(method["HttpMethod"] for method in methods) == declared


def test_every_answer_of_the_gateway_is_still_given(package, local):
    declared = package.template["Resources"]["RestAPI"]["Properties"]["GatewayResponses"]
    kept = [
        resource["Properties"]["ResponseType"]
        for resource in local["Resources"].values()
        if resource["Type"] == "AWS::ApiGateway::GatewayResponse"
    ]

    assert sorted(kept) == sorted(declared)


def test_preflights_keep_their_headers(local):
    preflights = [
        resource["Properties"]
        for resource in local["Resources"].values()
        if resource["Type"] == "AWS::ApiGateway::Method" and resource["Properties"]["HttpMethod"] == "OPTIONS"
    ]

    for preflight in preflights:
        (answer,) = preflight["Integration"]["IntegrationResponses"]
        assert "method.response.header.Access-Control-Allow-Origin" in answer["ResponseParameters"]


def test_something_new_in_the_api_is_translated_before_it_is_run(package):
    template = copy.deepcopy(package.template)
    template["Resources"]["RestAPI"]["Properties"]["Auth"] = {"ApiKeyRequired": True}

    with pytest.raises(rest_api.UnknownDeclarationError, match="Auth"):
        localise.localised(template, PLACE)


def test_the_template_for_aws_is_left_as_it_was(package):
    before = copy.deepcopy(package.template)
    localise.localised(package.template, PLACE)

    assert package.template == before


def test_the_live_channel_is_called_where_it_is(local):
    variables = local["Globals"]["Function"]["Environment"]["Variables"]

    assert variables["LIVE_URL"] == {"Fn::Sub": "${PublicUrl}/ws"}
    assert variables["FILES_ENDPOINT"] == {"Ref": "PublicUrl"}
    assert variables["LIVE_ENDPOINT"] == "http://127.0.0.1:4999/_aws/execute-api/entraidelive/api"


def test_where_roles_are_enforced_nothing_is_refused_that_aws_allows(package, local):
    def statements(template):
        for resource in template["Resources"].values():
            documents = []
            if resource["Type"] == "AWS::IAM::Role":
                documents = [policy["PolicyDocument"] for policy in resource["Properties"]["Policies"]]
            if resource["Type"] == "AWS::IAM::Policy":
                documents = [resource["Properties"]["PolicyDocument"]]
            for document in documents:
                yield from document["Statement"]

    batches = [one for one in statements(local) if "sqs:SendMessageBatch" in one["Action"]]
    (schedules,) = [one for one in statements(local) if "scheduler:CreateSchedule" in one["Action"]]

    assert all(one["Action"] == ["sqs:SendMessage", "sqs:SendMessageBatch"] for one in batches)
    assert len(batches) == sum(one["Action"] == "sqs:SendMessage" for one in statements(package.template))
    assert schedules["Resource"]["Fn::Sub"].endswith(":schedule/default/*")


def test_tables_that_expire_are_told_apart(package):
    assert set(localise.times_to_live(package.template)) == {"CommunityTable", "MessagesTable", "LiveTable"}
