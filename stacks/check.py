"""Checks every template for every set of parameters; stacks/test says how to call it."""

import copy
import json
import logging
import re
import subprocess
import sys
import tempfile
import tomllib
from collections import defaultdict
from functools import cache
from hashlib import sha256
from pathlib import Path

import yaml
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

from stack import Refused, Stack

ROOT = Path(__file__).resolve().parent.parent
SETS = ROOT / "stacks/sets.yaml"
FOLDERS = ["watch", "edge", "infra"]
RESOURCES = ROOT / "stacks/resources.txt"

# Limits of CloudFormation: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
MOST_BYTES = 1_000_000
MOST_BYTES_WITHOUT_BUCKET = 51_200
MOST_BYTES_OF_PARAMETER = 4_096
# Of CloudWatch, the quota of a search expression.
MOST_CHARACTERS_OF_SEARCH = 1_024

# Functions that may start from a snapshot.
BUSY = {"BatchStatusFunction", "DashboardOverviewFunction", "BatchListFunction", "BatchDetailsFunction"}
MOST = {"Resources": 500, "Parameters": 200, "Outputs": 200, "Mappings": 200}

# Rules of cfn-lint for whole templates, not for variants side by side: the number of resources, which is checked
# here per stack, unique names, and whether a function with SnapStart has a version. ./verify lints template.yaml
# with these too.
NOT_OF_MERGED = ["E3010", "E3019", "W2530"]

# SAM ends the name of a version with a hash of what it consists of.
HASH = re.compile(r"(?<=FunctionVersion)[0-9a-f]{10}\b")


class NoPolicies:
    """The template uses no policy templates of SAM."""

    def load(self):
        return {}


@cache
def source(path):
    """The template with its loops written out, which takes most of the time; who changes it takes a copy."""
    expanded = subprocess.run([ROOT / "build/expand", ROOT / path], capture_output=True, text=True)
    if expanded.returncode:
        raise Refused(expanded.stderr.strip())
    return yaml_parse(expanded.stdout)


def transformed(path, parameters):
    """What CloudFormation makes of the template before it resolves anything."""
    template = copy.deepcopy(source(path))
    if len(json.dumps(template, default=str)) > MOST_BYTES:
        raise Refused(f"{path} has more than {MOST_BYTES} bytes")
    if "Transform" not in template:
        return template
    # sam package puts the address of the uploaded code there.
    template["Globals"]["Function"]["CodeUri"] = "s3://bucket/code"
    return transform(template, dict(parameters), NoPolicies())


def stacks(path, parameters):
    """Yields path and stack of a template and of those nested in it."""
    template = transformed(path, parameters)
    for section, most in MOST.items():
        if len(template.get(section, {})) > most:
            raise Refused(f"{path} has {len(template[section])} {section}, and may have {most}")
    stack = Stack(template, parameters)
    if refusals := stack.refusals():
        raise Refused(" ".join(refusals))
    for name, resource in stack.resources.items():
        if resource["Type"] == "AWS::CodeDeploy::DeploymentGroup":
            check_alarms(name, resource["Properties"])
        if resource["Type"] == "AWS::Lambda::Function" and "SnapStart" in resource["Properties"] and name not in BUSY:
            raise Refused(f"{name} has SnapStart: its first call fails after 14 idle days")
        # Lambda keeps 75 GB of code in a region.
        if resource["Type"] == "AWS::Lambda::Version" and resource.get("DeletionPolicy") != "Delete":
            raise Refused(f"{name} is kept for ever, as each version after it")
        if resource["Type"] == "AWS::CloudWatch::Dashboard":
            check_searches(name, resource["Properties"]["DashboardBody"]["Fn::Sub"])
    yield path, stack
    for resource in stack.resources.values():
        if resource["Type"] == "AWS::CloudFormation::Stack":
            for name, value in resource["Properties"]["Parameters"].items():
                if (length := len(longest(value, stack))) > MOST_BYTES_OF_PARAMETER:
                    raise Refused(f"{path}: {name} may have {length} bytes, and can have {MOST_BYTES_OF_PARAMETER}")
    for url, given in stack.nested():
        yield from stacks(str((Path(path).parent / url)), given)


def longest(value, stack):
    """Returns a text as long as the value can be, with the longest name of a stack and of a release."""
    if isinstance(value, list):
        return ",".join(longest(part, stack) for part in value)
    if not isinstance(value, dict):
        return str(value).replace(stack.parameters.get("Release", "\0"), "r" * 64)
    (function, argument), = value.items()
    if function == "Fn::Join":
        return argument[0].join(longest(part, stack) for part in argument[1])
    if function == "Fn::Sub":
        return longest(argument.replace("${AWS::StackName}", "s" * 128), stack)
    named = stack.resources.get(argument[0] if function == "Fn::GetAtt" else argument, {}).get("Properties", {})
    if function == "Fn::GetAtt":
        return "arn:aws-us-gov:cloudwatch:us-gov-east-1:123456789012:alarm:" + longest(named["AlarmName"], stack)
    return longest(named["LogGroupName"], stack) if "LogGroupName" in named else "n" * 128


def check_alarms(name, group):
    """A deployment group that CodeDeploy gets no alarms for may keep the ones that it has."""
    if "AlarmConfiguration" in group and not group["AlarmConfiguration"].get("Alarms"):
        raise Refused(f"{name} has an AlarmConfiguration without alarms")


def check_searches(name, body):
    """CloudWatch shows nothing for a search that is too long; CloudFormation names a function after its stack."""
    stages = source("template.yaml")["Parameters"]["Stage"]["AllowedValues"]
    stack = "pulso-" + max(stages, key=len)
    for search in re.findall(r"\bSEARCH\(.*?\)(?=\",)", body):
        whole = re.sub(r"(?<=\")\w+Function(?=\\?\")", rf"{stack}-\g<0>-{'x' * 12}", search).replace('\\"', '"')
        if len(whole) > MOST_CHARACTERS_OF_SEARCH:
            raise Refused(f"{name} has a search of up to {len(whole)} characters, and can have "
                          f"{MOST_CHARACTERS_OF_SEARCH}: {search[:80]}…")


def overrides(stage):
    """The parameters that samconfig.toml sets for a stage."""
    config = tomllib.loads((ROOT / "samconfig.toml").read_text())
    return dict(pair.split("=", 1) for pair in config[stage]["deploy"]["parameters"]["parameter_overrides"])


def sets():
    """Yields path of a template, name of a set, and its parameters."""
    for path, named in yaml.safe_load(SETS.read_text()).items():
        for name, given in named.items():
            given = dict(given)
            stage = given.pop("samconfig", None)
            yield path, name, {**(overrides(stage) if stage else {}), **given}


def variants(of):
    """Each resource, with its variants and the sets that have each; one that has no other is that of all its sets."""
    found = defaultdict(lambda: defaultdict(list))
    for name, stack in of.items():
        for resource, content in json.loads(HASH.sub("*", json.dumps(stack.resources))).items():
            found[f"{resource} {content['Type']}"][json.dumps(content, sort_keys=True)].append(name)
    return {row: {content: ", ".join(names) if len(each) > 1 else "all" for content, names in each.items()}
            for row, each in found.items()}


def listing(found):
    """One line per resource and condition, with the sets that have it, and a digest of what a resource is in them."""
    lines = ["# What CloudFormation makes of each template, per set of parameters in sets.yaml. The digits change with",
             "# the properties of the resource. stacks/test --update writes this file."]
    for path in sorted(found):
        of = found[path]
        lines += ["", f"== {path}", ""]
        lines += [f"{len(stack.resources):3} resources: {name}" for name, stack in of.items()]
        rows = defaultdict(list)
        for name, stack in of.items():
            for condition, holds in stack.conditions().items():
                rows["if " + condition] += [name] if holds else []
            for resource, content in stack.resources.items():
                rows[f"{HASH.sub('*', resource)} {content['Type']}"].append(name)
        digests = {row: " " + sha256(json.dumps(each, sort_keys=True).encode()).hexdigest()[:10]
                   for row, each in variants(of).items()}
        lines.append("")
        lines += [f"{row}: {'all' if len(names) == len(of) else ', '.join(names) or 'none'}{digests.get(row, '')}"
                  for row, names in sorted(rows.items())]
    return "\n".join(lines) + "\n"


def merged(of):
    """One template with the resources of all stacks, each variant once: cfn-lint takes its time with each."""
    resources, outputs, seen = {}, {}, set()
    for name, stack in of.items():
        suffix = "In" + re.sub(r"\W", "", name.title())
        for section, parts in ((resources, stack.resources), (outputs, stack.outputs)):
            for key, content in parts.items():
                if (variant := (key, json.dumps(content, sort_keys=True))) not in seen:
                    seen.add(variant)
                    section[key + suffix if key in section else key] = content
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": uploaded(resources)} | (
        {"Outputs": outputs} if outputs else {})


def uploaded(resources):
    """Nested templates at an address, where sam package puts them."""
    return {name: {**content, "Properties": {**content["Properties"], "TemplateURL": "https://s3.amazonaws.com/b/t"}}
            if content["Type"] == "AWS::CloudFormation::Stack" else content
            for name, content in resources.items()}


def linted(found):
    """Runs cfn-lint on what is deployed; returns whether it is content."""
    with tempfile.TemporaryDirectory() as folder:
        for path, of in found.items():
            (Path(folder) / f"{path.replace('/', '-')}.json").write_text(json.dumps(merged(of), indent=1))
        command = [Path(sys.executable).parent / "cfn-lint", "-f", "json", "-i", *NOT_OF_MERGED, "--", f"{folder}/*.json"]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    for match in json.loads(done.stdout or "[]"):
        place = "/".join(map(str, match["Location"]["Path"] or []))
        print(f"{Path(match['Filename']).stem} {place}: {match['Rule']['Id']} {match['Message']}", file=sys.stderr)
    return done.returncode == 0


class Readable(yaml.SafeDumper):
    """Short lists and mappings on one line, texts of several lines as such, nothing by reference."""

    def ignore_aliases(self, data):
        return True

    def represent_str(self, data):
        return self.represent_scalar("tag:yaml.org,2002:str", data, style="|" if "\n" in data else None)


Readable.add_representer(str, Readable.represent_str)


def readable(found):
    """Each variant of each resource, by the sets that have it."""
    whole = {path: {row: {names: json.loads(content) for content, names in each.items()}
                    for row, each in variants(of).items()} for path, of in found.items()}
    return yaml.dump(whole, Dumper=Readable, default_flow_style=None, width=180, sort_keys=True)


def differs(name, file, now):
    """Tells how a text differs from a file; returns whether it does."""
    return subprocess.run(["diff", "-u", "--label", name, "--label", "now", file, "-"], input=now,
                          text=True).returncode != 0


def show_changes(found):
    """Tells how the resources differ from those of the commit that accepted the last change, if git knows it."""
    asked = ["git", "log", "-1", "--format=%h", "--", RESOURCES]
    if not (commit := subprocess.run(asked, cwd=ROOT, capture_output=True, text=True).stdout.strip()):
        return
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(["git", "archive", commit], cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
        subprocess.run(["tar", "-xC", folder], input=archive, check=True)
        before = Path(folder) / "before"
        with before.open("w") as file:
            subprocess.run([sys.executable, f"{folder}/stacks/check.py", "--print"], stdout=file, check=True)
        differs(commit, before, readable(found))


def main(options):
    found, wrong = defaultdict(dict), []
    for path, name, parameters in sets():
        try:
            # docs/deploy.md deploys all others as they are.
            if path != "template.yaml" and (ROOT / path).stat().st_size > MOST_BYTES_WITHOUT_BUCKET:
                raise Refused(f"has more than {MOST_BYTES_WITHOUT_BUCKET} bytes")
            for part, stack in stacks(path, parameters):
                found[part][name] = stack
        except Refused as e:
            wrong.append(f"{path}, {name}: {e}")
    if not wrong:
        here = [ROOT / "template.yaml", *(file for folder in FOLDERS for file in ROOT.glob(f"{folder}/*.yaml"))]
        missed = {str(file.relative_to(ROOT)) for file in here} - set(found)
        wrong = [f"{path}: no set of parameters in stacks/sets.yaml reaches it" for path in sorted(missed)]
    if wrong:
        sys.exit("\n".join(wrong))
    if "--print" in options:
        print(readable(found), end="")
        return
    if "--update" in options:
        RESOURCES.write_text(listing(found))
    counts = [len(stack.resources) for of in found.values() for stack in of.values()]
    print(f"{len(counts)} stacks, {min(counts)} to {max(counts)} resources each")
    wrong = not linted(found)
    if differs(RESOURCES.relative_to(ROOT), RESOURCES, listing(found)):
        wrong = True
        print("The stacks change. If that is what you want: stacks/test --update", file=sys.stderr)
        show_changes(found)
    sys.exit(wrong)


logging.getLogger("samtranslator").setLevel(logging.ERROR)
main(sys.argv)
