from __future__ import annotations

import importlib
import json
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import boto3
import pytest

from chalicelib.api.endpoints import CORS
from chalicelib.gateways.timers import LONGEST_DELAY
from chalicelib.handlers import consumers as ours
from chalicelib.handlers.consumers import pictures as looked_at
from chalicelib.models import tables
from chalicelib.models.journal import JournalEntry
from chalicelib.settings import Settings
from infra import assembly
from infra.consumers import Consumer, ConsumerWithoutRoleError

TABLES = {
    "CommunityTable": tables.CommunityItem,
    "MessagesTable": tables.MessageItem,
    "JournalTable": JournalEntry,
    "LiveTable": tables.LiveItem,
}
FORGIVEN = {
    "W1030": "an optional parameter is empty by default, and used only under the condition that it is not",
}


@pytest.mark.plain
def test_cloudformation_has_nothing_to_say(package, tmp_path):
    page = tmp_path / "template.json"
    page.write_text(json.dumps(package.template))

    linter = Path(sys.executable).with_name("cfn-lint")
    said = subprocess.run(  # noqa: S603 - the linter and a page of ours
        [linter, "--ignore-checks", *FORGIVEN, "--template", page],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (said.returncode, said.stdout) == (0, "")


@pytest.mark.plain
def test_it_fits_into_what_cloudformation_takes(package):
    assert len(assembly.minified(package.template)) < 900_000


@pytest.mark.plain
def test_nothing_of_a_tenant_nor_of_the_decorators_is_compiled_in(package):
    text = assembly.minified(package.template)

    assert assembly.PLACEHOLDER not in text
    assert "000000000000" not in text
    assert "eu-west-3" not in text


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_what_their_models_say(resources, name):
    # the models have created theirs in memory
    known = boto3.client("dynamodb").describe_table(TableName=TABLES[name].Meta.table_name)["Table"]
    declared = resources[name]["Properties"]

    def by_name(definitions):
        return sorted(definitions, key=lambda definition: definition["AttributeName"])

    def shapes(indexes):
        return [(index["IndexName"], index["KeySchema"], index["Projection"]) for index in indexes]

    assert declared["KeySchema"] == known["KeySchema"]
    assert by_name(declared["AttributeDefinitions"]) == by_name(known["AttributeDefinitions"])
    assert shapes(declared.get("GlobalSecondaryIndexes", [])) == shapes(
        known.get("GlobalSecondaryIndexes", [])
    )
    assert declared["BillingMode"] == "PAY_PER_REQUEST"


@pytest.mark.plain
def test_each_table_lasts_as_long_as_its_lifecycle(of_type):
    declared = of_type("AWS::DynamoDB::Table")

    expiring = {name for name in declared if "AttributeName" in declared[name]["TimeToLiveSpecification"]}
    streamed = {name for name in declared if "StreamSpecification" in declared[name]}
    backed_up = {
        name
        for name in declared
        if declared[name]["PointInTimeRecoverySpecification"] != {"Ref": "AWS::NoValue"}
    }

    assert expiring == {"CommunityTable", "MessagesTable", "LiveTable"}
    assert streamed == {"MessagesTable", "JournalTable"}
    assert backed_up == {"CommunityTable", "MessagesTable", "JournalTable"}


@pytest.mark.plain
def test_every_function_has_a_role_of_its_kind(of_type, resources):
    for name, properties in of_type("AWS::Serverless::Function").items():
        role, attribute = properties["Role"]["Fn::GetAtt"]
        assert (resources[role]["Type"], attribute) == ("AWS::IAM::Role", "Arn"), name


@pytest.mark.plain
def test_no_role_may_do_anything_or_anywhere(of_type):
    policies = [p for role in of_type("AWS::IAM::Role").values() for p in role["Policies"]]
    policies += of_type("AWS::IAM::Policy").values()

    for statement in (s for policy in policies for s in policy["PolicyDocument"]["Statement"]):
        assert "*" not in json.dumps(statement["Action"]), statement
        assert statement["Resource"] != "*", statement


@pytest.mark.plain
def test_functions_are_told_exactly_what_the_settings_read(package):
    class Recorder(dict):
        def get(self, name, default=None):
            read.add(name)
            return default

    read: set[str] = set()
    Settings.from_environment(Recorder())
    told = package.template["Globals"]["Function"]["Environment"]["Variables"]

    # the platform's: the region, and where its services are; and a rehearsal's, whose clock is ahead
    assert set(told) == read - {"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "CLOCK_AHEAD"}


@pytest.mark.plain
def test_every_queue_and_stream_reports_partial_failures_and_parks_what_it_gives_up_on(of_type, resources):
    mappings = [
        (function, event["Type"], event["Properties"])
        for function in of_type("AWS::Serverless::Function").values()
        for event in function.get("Events", {}).values()
        if event["Type"] in ("SQS", "DynamoDB")
    ]

    assert mappings
    for function, kind, mapping in mappings:
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        if kind == "SQS":
            queue = resources[mapping["Queue"]["Fn::GetAtt"][0]]["Properties"]
            assert queue["VisibilityTimeout"] >= 6 * function["Timeout"]
            assert queue["RedrivePolicy"]["maxReceiveCount"] == 5
        else:
            assert mapping["DestinationConfig"]["OnFailure"]
            assert mapping["MaximumRetryAttempts"] > 0


@pytest.mark.plain
def test_every_dead_letter_queue_keeps_two_weeks_and_rings(of_type):
    queues = {n: q for n, q in of_type("AWS::SQS::Queue").items() if n.endswith("DeadLetters")}
    ringing = {
        dimension["Value"]["Fn::GetAtt"][0]
        for alarm in of_type("AWS::CloudWatch::Alarm").values()
        for dimension in alarm["Dimensions"]
        if dimension["Name"] == "QueueName" and alarm["Threshold"] == 1
    }

    assert {queue["MessageRetentionPeriod"] for queue in queues.values()} == {14 * 24 * 3600}
    assert set(queues) == ringing


@pytest.mark.plain
def test_a_stream_that_is_not_kept_up_with_rings(of_type):
    late = {
        alarm["Dimensions"][0]["Value"]["Ref"]: alarm["Threshold"]
        for alarm in of_type("AWS::CloudWatch::Alarm").values()
        if (alarm["Namespace"], alarm["MetricName"]) == ("AWS/Lambda", "IteratorAge")
    }
    following = {
        name
        for name, function in of_type("AWS::Serverless::Function").items()
        if any(event["Type"] == "DynamoDB" for event in function.get("Events", {}).values())
    }

    assert set(late) == following
    assert late["TellSpoken"] <= 60_000  # milliseconds: somebody waits for an answer


@pytest.mark.plain
def test_a_queue_that_is_not_kept_up_with_rings(of_type):
    late = {
        alarm["Dimensions"][0]["Value"]["Fn::GetAtt"][0]: alarm["Threshold"]
        for alarm in of_type("AWS::CloudWatch::Alarm").values()
        if (alarm["Namespace"], alarm["MetricName"]) == ("AWS/SQS", "ApproximateAgeOfOldestMessage")
    }

    assert set(late) == {name for name in of_type("AWS::SQS::Queue") if name.endswith("Queue")}
    assert late["DeliveriesQueue"] <= 180
    assert late["TimersQueue"] > LONGEST_DELAY  # what waits for its moment is not late


@pytest.mark.plain
def test_faults_of_the_live_channel_ring_as_those_of_the_api_do(of_type):
    ringing = {
        alarm["Dimensions"][0]["Value"]["Ref"]
        for alarm in of_type("AWS::CloudWatch::Alarm").values()
        if (alarm["Namespace"], alarm["MetricName"]) == ("AWS/Lambda", "Errors")
    }

    assert {"WebsocketConnect", "WebsocketMessage", "WebsocketDisconnect"} <= ringing


@pytest.mark.plain
def test_whatever_rings_wakes_someone_and_tells_when_it_is_over(of_type):
    for name, alarm in of_type("AWS::CloudWatch::Alarm").items():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "Alarms"}], name
        assert alarm["TreatMissingData"] == "notBreaching", name


@pytest.fixture(scope="session")
def may(of_type):
    """Which functions may do something, to something whose resource is called so."""
    attached = {}
    for role, properties in of_type("AWS::IAM::Role").items():
        attached[role] = [s for p in properties["Policies"] for s in p["PolicyDocument"]["Statement"]]
    for policy in of_type("AWS::IAM::Policy").values():
        for role in policy["Roles"]:
            attached[role["Ref"]] += policy["PolicyDocument"]["Statement"]

    def who(action, on=""):
        return {
            name
            for name, function in of_type("AWS::Serverless::Function").items()
            for statement in attached[function["Role"]["Fn::GetAtt"][0]]
            if action in _listed(statement["Action"]) and on in json.dumps(statement["Resource"])
        }

    return who


def _listed(actions):
    return [actions] if isinstance(actions, str) else actions


WEB = {"APIHandler", "WebsocketConnect", "WebsocketMessage", "WebsocketDisconnect"}
TIMEKEEPERS = {"SetDeadlines", "Route", "RingTimers", "TendMeetups"}
PUSHERS = {"DeliverFrames", "GiveNotice"}
RIGHTS = [
    ("ses:SendEmail", "", {"SendEmails"}),
    ("ses:SendRawEmail", "", {"SendEmails"}),
    ("secretsmanager:GetSecretValue", "", {*WEB, "SendEmails"}),
    ("scheduler:CreateSchedule", "", TIMEKEEPERS),
    ("scheduler:DeleteSchedule", "", TIMEKEEPERS),
    ("iam:PassRole", "", TIMEKEEPERS),
    ("sqs:SendMessage", "TimersQueue", TIMEKEEPERS),
    ("sqs:SendMessage", "DeliveriesQueue", {*WEB, *PUSHERS, "TellSpoken"}),
    ("execute-api:ManageConnections", "", {*WEB, *PUSHERS, "TellSpoken"}),
    ("events:PutEvents", "", {"RelayJournal", "SweepJournal"}),
    ("dynamodb:PutItem", "JournalTable", {*WEB, *TIMEKEEPERS, "Reward", "LookAtPictures"}),
    ("dynamodb:PutItem", "CommunityTable", {*WEB, *TIMEKEEPERS, "Reward", "SendEmails", "LookAtPictures"}),
    ("dynamodb:UpdateItem", "CommunityTable", {*WEB, *TIMEKEEPERS, "Reward"}),
    ("dynamodb:DeleteItem", "CommunityTable", {*WEB, *TIMEKEEPERS}),
    ("dynamodb:PutItem", "MessagesTable", WEB),
    ("dynamodb:DeleteItem", "MessagesTable", {*WEB, *TIMEKEEPERS}),
    ("dynamodb:Query", "MessagesTable", {*WEB, *TIMEKEEPERS, "TellSpoken", "SendEmails"}),
    ("dynamodb:BatchWriteItem", "LiveTable", {*WEB, *PUSHERS, "TellSpoken"}),
    ("s3:PutObject", "uploads/*", WEB),  # nobody may but whoever holds what these signed
    ("s3:GetObject", "uploads/*", {"LookAtPictures"}),
    ("s3:DeleteObject", "uploads/*", {"LookAtPictures"}),
    ("s3:PutObject", "pictures/*", {"LookAtPictures"}),
    ("s3:GetObject", "pictures/*", WEB),
    ("s3:DeleteObject", "pictures/*", {"LookAtPictures"}),
    ("s3:ListBucket", "", {"LookAtPictures"}),
]


@pytest.mark.plain
@pytest.mark.parametrize(("action", "on", "who"), RIGHTS, ids=[f"{right[0]}-{right[1]}" for right in RIGHTS])
def test_only_those_whose_work_it_is_may(may, action, on, who):
    assert may(action, on) == who


@pytest.mark.plain
def test_the_bucket_is_shut_encrypted_and_forgets_what_was_never_said_to_be_sent(of_type):
    (bucket,) = of_type("AWS::S3::Bucket").values()
    (policy,) = of_type("AWS::S3::BucketPolicy").values()
    uploads, unfinished = bucket["LifecycleConfiguration"]["Rules"]
    (cors,) = bucket["CorsConfiguration"]["CorsRules"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    (encrypted,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]

    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    assert encrypted["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert (uploads["Prefix"], uploads["Status"]) == ("uploads/", "Enabled")
    # what is said to be sent is there for as long as anything may still be told of it
    queues = of_type("AWS::SQS::Queue")
    waiting, parked = (
        queues[name]["MessageRetentionPeriod"] for name in ("PicturesQueue", "PicturesDeadLetters")
    )
    assert uploads["ExpirationInDays"] * 86400 > waiting + parked
    assert queues["PicturesQueue"]["RedrivePolicy"]["maxReceiveCount"] == looked_at.LAST
    assert unfinished["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"] == 1
    assert set(cors["AllowedMethods"]) == {"GET", "POST"}
    assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": False}})


@pytest.mark.plain
def test_whoever_looks_at_pictures_has_the_memory_for_it(of_type):
    functions = of_type("AWS::Serverless::Function")

    assert functions["LookAtPictures"]["MemorySize"] >= 1024
    assert (
        functions["LookAtPictures"]["Events"]["LookAtPicturesSqsEventSource"]["Properties"]["BatchSize"] == 1
    )


@pytest.mark.plain
def test_whoever_consumes_a_queue_may_receive_from_it_and_has_a_role_of_their_kind(may, of_type):
    for name, function in of_type("AWS::Serverless::Function").items():
        for event in function.get("Events", {}).values():
            if event["Type"] == "SQS":
                (queue, _) = event["Properties"]["Queue"]["Fn::GetAtt"]
                assert name in may("sqs:ReceiveMessage", queue)


@pytest.mark.plain
def test_a_consumer_of_which_nobody_said_what_it_may_do_is_refused():
    newcomer = Consumer("newcomers", "GreetNewcomers", "Mapping", ())

    with pytest.raises(ConsumerWithoutRoleError):
        newcomer.resources()


def consumers():
    """The modules that subscribe to something."""
    names = [module.name for module in pkgutil.iter_modules(ours.__path__)]
    modules = [importlib.import_module(f"chalicelib.handlers.consumers.{name}") for name in names]
    known = zip(names, modules, strict=True)
    return {name: module for name, module in known if module.__dict__.get("SUBSCRIPTIONS")}


@pytest.mark.plain
def test_what_nobody_subscribes_for_has_a_queue_and_no_rule(resources):
    assert "DeliveriesQueue" in resources
    assert "DeliveriesRule" not in resources


@pytest.mark.plain
@pytest.mark.parametrize("consumer", consumers())
def test_a_queue_gets_what_its_consumer_subscribes_to(resources, consumer):
    subscriptions = consumers()[consumer].SUBSCRIPTIONS
    if not subscriptions:  # what it is given is no event
        assert f"{consumer.title()}Rule" not in resources
        return
    rule = resources[f"{consumer.title()}Rule"]["Properties"]

    assert rule["EventPattern"] == {"detail-type": sorted(event.detail_type() for event in subscriptions)}
    (target,) = rule["Targets"]
    assert target["Arn"] == {"Fn::GetAtt": [f"{consumer.title()}Queue", "Arn"]}
    assert target["DeadLetterConfig"]["Arn"] == {"Fn::GetAtt": [f"{consumer.title()}DeadLetters", "Arn"]}


@pytest.mark.plain
def test_what_the_gateway_says_by_itself_is_a_problem_that_any_origin_can_read(resources):
    for kind, response in resources["RestAPI"]["Properties"]["GatewayResponses"].items():
        body = json.loads(response["ResponseTemplates"]["application/json"])
        headers = response["ResponseParameters"]["Headers"]

        assert body["type"] == f"urn:entraide:problem:{body['code']}", kind
        assert body["request_id"] == "$context.requestId"
        assert body.get("status") == response.get("StatusCode", body.get("status"))
        assert headers["Content-Type"] == "'application/problem+json'"
        assert headers["Access-Control-Allow-Origin"] == f"'{CORS.allow_origin}'"


@pytest.mark.plain
def test_new_websocket_routes_are_deployed(resources):
    (deployment,) = [name for name in resources if name.startswith("WebsocketAPIDeployment")]

    assert re.fullmatch(r"WebsocketAPIDeployment[0-9a-f]{8}", deployment)
    assert resources["WebsocketAPIStage"]["Properties"]["DeploymentId"] == {"Ref": deployment}
