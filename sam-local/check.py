"""Runs .github/check-deployment with the functions of sam local, and with faults that it must find."""

import copy
import json
import os
import re
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from stack import HERE, ROOT, Failed

DETAILS = "ANY /api/v1/batches/{batch_id}"
PARAMETERS = {"JwtIssuer": "https://issuer.example", "AllowedOrigins": "https://app.example",
              "AccountsClaim": "account_ids", "ReadScope": "pulso:read", "OperateScope": "pulso:operate"}
# Functions that no route of the HTTP API leads to. Without their database they fail.
FAILS = {"batch-upkeep", "event-push", "event-socket"}


class Gateway(BaseHTTPRequestHandler):
    """Refuses callers without a token, and answers preflights."""

    def do_GET(self):
        self.send_response_only(401)
        self.end_headers()

    def do_OPTIONS(self):
        self.send_response_only(204)
        self.end_headers()


def deployment(port, gateway):
    """What CloudFormation and the gateway say of a deployment with an issuer."""
    outputs, integrations, routes = {"ApiUrl": f"http://127.0.0.1:{gateway}/api/v1"}, [], []
    template = (ROOT / "template.yaml").read_text()
    for name, block in re.findall(r"^  (\w+Function):\n((?: {4}.*\n|\n| {4,}#.*\n)+)", template, re.M):
        outputs[f"{name}Name"] = name
        integrations.append({"IntegrationId": name.lower(), "IntegrationUri": uri(name)})
        routes += [{"RouteKey": f"ANY {path}", "Target": f"integrations/{name.lower()}"}
                   for path in re.findall(r'Method: ANY, Path: "?([^" ]+)', block)]
    routes += [{"RouteKey": route, "Target": "integrations/eventsocketfunction"}
               for route in re.findall(r"RouteKey: (\$\w+)", template)]
    return {
        "port": port,
        "cloudformation describe-stacks": {"Stacks": [{
            "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in PARAMETERS.items()],
            "Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in outputs.items()]}]},
        "cloudformation describe-stack-resource": {"StackResourceDetail": {"PhysicalResourceId": "api"}},
        "apigatewayv2 get-integrations": {"Items": integrations},
        "apigatewayv2 get-routes": {"Items": routes},
    }


def uri(function):
    return ("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
            f"arn:aws:lambda:us-east-1:123456789012:function:{function}:live/invocations")


def with_faults(answers):
    """The deployment with a fault of each kind, and what the check says of each."""
    # Summary and upkeep swapped: a container takes one event at a time, so each function is called once.
    swapped = {"BatchListFunction": "GoneFunction", "BatchSummaryFunction": "BatchUpkeepFunction",
               "BatchUpkeepFunction": "BatchSummaryFunction"}
    text = re.sub(r'(:|"OutputValue": ")(\w+Function)(?=:live|")',
                  lambda found: found[1] + swapped.get(found[2], found[2]), json.dumps(answers))
    answers = json.loads(text)
    routes = {one["RouteKey"]: one for one in answers["apigatewayv2 get-routes"]["Items"]}
    details, accounts = routes[DETAILS], routes["ANY /api/v1/accounts"]
    details["Target"], accounts["Target"] = accounts["Target"], details["Target"]
    routes["$default"]["Target"] = accounts["Target"]
    answers["cloudformation describe-stacks"]["Stacks"][0]["Outputs"].append(
        {"OutputKey": "BatchNewFunctionName", "OutputValue": "BatchNewFunction"})
    answers["events"] = {"BatchCancelFunction:live": []}
    return answers, [
        r"batch-list: aws lambda invoke: .*GoneFunction",
        r"batch-summary: answer to an anonymous caller: expected 401 UNAUTHENTICATED, got \{",
        r"batch-upkeep: answers like a function behind the gateway: ",
        rf"batch-details: function of the route {re.escape(DETAILS)}: "
        "expected BatchDetailsFunction:live, got AccountListFunction:live",
        r"account-list: function of the route .*, got BatchDetailsFunction:live",
        r"event-socket: function of the route \$default: expected EventSocketFunction:live, got ",
        r"batch-new: has no event events/batch-new.json",
        r"batch-cancel: fails with \{"]


def for_everybody(answers):
    """The same functions, which refuse anonymous callers, after a deployment that was to let them in."""
    answers = copy.deepcopy(answers)
    answers["cloudformation describe-stacks"]["Stacks"][0]["Parameters"][0]["ParameterValue"] = ""
    return answers, [
        "batch-status: answer to an anonymous caller: expected 405 METHOD_NOT_ALLOWED, got 401 UNAUTHENTICATED",
        "event-socket: answer to a ticket that was never given: expected Allow, got Deny"]


def without_database(answers):
    """The same functions, when none reaches its database, and what the check says of each. But for deliveries, of which
    a run waits for its minute."""
    answers = copy.deepcopy(answers)
    stack = answers["cloudformation describe-stacks"]["Stacks"][0]
    stack["Outputs"] = [one for one in stack["Outputs"] if one["OutputKey"] != "WebhookDeliveryFunctionName"]
    names = [re.sub("(?<!^)([A-Z])", r"-\1", one["OutputValue"].removesuffix("Function")).lower()
             for one in stack["Outputs"] if one["OutputKey"].endswith("FunctionName")]
    return answers, [
        f"{name}: fails with " if name in FAILS
        else f"{name}: answer from its database: expected (200|404 BATCH_NOT_FOUND), got 503 DATABASE_UNAVAILABLE"
        for name in names]


def must_say(stack, answers, faults):
    said = run(stack, answers)
    for fault in faults:
        if said.returncode != 1 or not re.search(f"^WRONG: {fault}", said.stderr, re.M):
            raise Failed(f"the check did not say {fault}:\n{said.stdout}{said.stderr}")


def check_deployment(stack):
    gateway = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=gateway.serve_forever, daemon=True).start()
    try:
        good = deployment(stack.port, gateway.server_port)
        said = run(stack, good)
        checks = len(good["apigatewayv2 get-integrations"]["Items"]) + 4
        if said.returncode or f"{checks} of {checks} checks passed" not in said.stdout:
            raise Failed(f"the check of a good deployment:\n{said.stdout}{said.stderr}")
        for answers, faults in (with_faults(good), for_everybody(good)):
            must_say(stack, answers, faults)
        with stack.database_away():
            must_say(stack, *without_database(good))
    finally:
        gateway.shutdown()


def run(stack, answers):
    file = stack.folder / "deployment.json"
    file.write_text(json.dumps(answers))
    return subprocess.run(
        [ROOT / ".github/check-deployment", "pulso-dev"], capture_output=True, text=True, timeout=300,
        env={**os.environ, "STAND_IN": str(file), "PATH": f"{HERE / 'stand-in'}:{os.environ['PATH']}"})
