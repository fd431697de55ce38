"""A CloudFormation template resolved with parameters, as far as that is possible without a deployment."""

import re

NO_VALUE = object()
VARIABLE = re.compile(r"\$\{([^!${}]+)}")


class Refused(Exception):
    """The template or the parameters are wrong; the text says how."""


class Stack:
    """Conditions are decided, parameters and mappings replaced; references to resources stay."""

    def __init__(self, template, given):
        self.template = template
        self.parameters = self.checked(given)
        self.mappings = template.get("Mappings", {})
        self.present = {name for name, resource in template["Resources"].items()
                        if "Condition" not in resource or self.condition(resource["Condition"])}
        self.resources = {name: self.resource(template["Resources"][name]) for name in sorted(self.present)}
        self.outputs = {name: self.resolved({k: v for k, v in output.items() if k != "Condition"})
                        for name, output in template.get("Outputs", {}).items()
                        if "Condition" not in output or self.condition(output["Condition"])}

    def conditions(self):
        return {name: self.condition(name) for name in sorted(self.template.get("Conditions", {}))}

    def refusals(self):
        """Returns what the violated rules say."""
        return [assertion["AssertDescription"]
                for rule in self.template.get("Rules", {}).values()
                if "RuleCondition" not in rule or self.resolved(rule["RuleCondition"])
                for assertion in rule["Assertions"] if not self.resolved(assertion["Assert"])]

    def nested(self):
        """Yields path, and values of the parameters, of each nested stack that is a file here."""
        for resource in self.resources.values():
            properties = resource.get("Properties", {})
            if resource["Type"] == "AWS::CloudFormation::Stack":
                yield properties["TemplateURL"], {
                    name: text(value) for name, value in properties.get("Parameters", {}).items()}

    def checked(self, given):
        declared = self.template.get("Parameters", {})
        if unknown := set(given) - set(declared):
            raise Refused(f"no such parameter: {', '.join(sorted(unknown))}")
        return {name: value(name, parameter, given) for name, parameter in declared.items()}

    def condition(self, name):
        return self.resolved(self.template["Conditions"][name])

    def resource(self, resource):
        for other in listed(resource.get("DependsOn", [])):
            self.require(other)
        kept = {key: part for key, part in resource.items() if key not in ("Condition", "Metadata")}
        return self.resolved(kept)

    def require(self, name):
        if name not in self.present and not name.startswith("AWS::"):
            raise Refused(f"{name} is named, but is no resource of this stack")

    def resolved(self, part):
        if isinstance(part, list):
            return [item for item in map(self.resolved, part) if item is not NO_VALUE]
        if not isinstance(part, dict):
            return part
        if len(part) == 1:
            (function, argument), = part.items()
            call = getattr(self, "call_" + function.removeprefix("Fn::"), None)
            if call and (function.startswith("Fn::") or function in ("Ref", "Condition")):
                return call(argument)
        items = {key: self.resolved(item) for key, item in part.items()}
        return {key: item for key, item in items.items() if item is not NO_VALUE}

    def call_Ref(self, argument):
        name = self.resolved(argument)
        if name == "AWS::NoValue":
            return NO_VALUE
        if name in self.parameters:
            return self.parameters[name]
        self.require(name)
        return {"Ref": name}

    def call_GetAtt(self, argument):
        name, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
        name = self.resolved(name)
        self.require(name)
        return {"Fn::GetAtt": [name, attribute]}

    def call_Condition(self, name):
        return self.condition(name) if isinstance(name, str) else {"Condition": self.resolved(name)}

    def call_If(self, argument):
        name, then, otherwise = argument
        return self.resolved(then if self.condition(name) else otherwise)

    def call_Equals(self, argument):
        one, other = map(self.resolved, argument)
        return str(one) == str(other)

    def call_EachMemberEquals(self, argument):
        members, wanted = map(self.resolved, argument)
        return all(member == wanted for member in members)

    def call_Not(self, argument):
        return not self.resolved(argument[0])

    def call_And(self, argument):
        return all(map(self.resolved, argument))

    def call_Or(self, argument):
        return any(map(self.resolved, argument))

    def call_FindInMap(self, argument):
        mapping, first, second = map(self.resolved, argument)
        return self.mappings[mapping][first][second]

    def call_Join(self, argument):
        separator, parts = argument[0], self.resolved(argument[1])
        if isinstance(parts, list) and all(isinstance(part, (str, int)) for part in parts):
            return separator.join(map(str, parts))
        return {"Fn::Join": [separator, parts]}

    def call_Split(self, argument):
        separator, whole = argument[0], self.resolved(argument[1])
        return whole.split(separator) if isinstance(whole, str) else {"Fn::Split": [separator, whole]}

    def call_Select(self, argument):
        index, parts = map(self.resolved, argument)
        return parts[int(index)] if isinstance(parts, list) else {"Fn::Select": [index, parts]}

    def call_Sub(self, argument):
        pattern, own = (argument, {}) if isinstance(argument, str) else argument
        own = {name: self.resolved(part) for name, part in own.items()}
        kept = {name: part for name, part in own.items() if isinstance(part, dict)}

        def replaced(match):
            name = match[1]
            known = own.get(name, self.parameters.get(name))
            if known is None:
                self.require(name.split(".")[0])
            return match[0] if known is None or name in kept else str(known)

        result = VARIABLE.sub(replaced, pattern)
        if not VARIABLE.search(result):
            return result.replace("${!", "${")
        return {"Fn::Sub": [result, kept]} if kept else {"Fn::Sub": result}


def value(name, parameter, given):
    """Returns the value of a parameter, checked against its declaration."""
    if name not in given and "Default" not in parameter:
        raise Refused(f"{name} is needed")
    raw = str(given.get(name, parameter.get("Default")))
    parts = raw.split(",") if parameter["Type"] == "CommaDelimitedList" else [raw]
    for part in parts:
        if not re.search(parameter.get("AllowedPattern", ""), part):
            raise Refused(f"{name}: {part} does not match {parameter['AllowedPattern']}")
    if "AllowedValues" in parameter and raw not in map(str, parameter["AllowedValues"]):
        raise Refused(f"{name}: {raw} is none of {parameter['AllowedValues']}")
    if parameter["Type"] == "Number":
        number = float(raw)
        if not parameter.get("MinValue", number) <= number <= parameter.get("MaxValue", number):
            raise Refused(f"{name}: {raw} is out of range")
        return int(raw) if number.is_integer() else number
    return parts if parameter["Type"] == "CommaDelimitedList" else raw


def text(part):
    """Returns a text of the right shape for a value that only a deployment knows."""
    if isinstance(part, dict):
        (function, argument), = part.items()
        if function == "Fn::GetAtt":
            return f"arn:aws:service:us-east-1:123456789012:{argument[0]}"
        if function == "Fn::Join":
            return argument[0].join(map(text, argument[1]))
        if function == "Fn::Sub":
            return VARIABLE.sub(lambda match: match[1], argument if isinstance(argument, str) else argument[0])
        return argument.split("::")[-1]
    return ",".join(map(text, part)) if isinstance(part, list) else str(part)


def listed(part):
    return part if isinstance(part, list) else [part]
