#!/usr/bin/env python3
"""Writes the shape tables from botocore's models: what the product sends, and what the local ECS answers.

    generate-shapes.py --newest             refreshes everything: fetches the newest botocore, writes the tables, and moves
                                            the pin of botocore in Tests/clients/requirements.txt. This is the one command.
    generate-shapes.py                      writes the tables from the botocore that Python imports
    generate-shapes.py --wheel FILE.whl     writes them from a wheel: pip download --no-deps botocore
    generate-shapes.py --check FOLDER       compares instead of writing, with exactly the version that the tables record:
                                            the botocore that Python imports, else a wheel in FOLDER, else one that pip
                                            downloads there. Exit code 0: equal, 1: different, 4: that version is out of
                                            reach (offline).

A table holds every shape that can be reached from the inputs of the operations below. To add an operation, name it here
and run the script again; nothing else knows the list. Each service has a table of its own, because names of shapes mean
different things in different services (`TagKey`, for one).

Format, one shape a line; a line that begins with a space continues the one above; `#` begins a comment line:

    source VERSION
    operation NAME INPUT
    structure NAME [+document] [+union] MEMBER=SHAPE ...    MEMBER! is required, MEMBER~ is deprecated
    list NAME ELEMENT [MIN..MAX]
    map NAME KEY VALUE
    string NAME [MIN..MAX] [/PATTERN] or string NAME : VALUE VALUE ...
    integer NAME [MIN..MAX]          likewise long, double
    boolean NAME                     likewise timestamp, blob

PATTERN is one class of characters, repeated: `([^\\u{0}-\\u{1F}:/|]*)`; CLASSES says which of the models' patterns are written
as which class.
"""

import argparse
import gzip
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PINS = ROOT / "Tests/clients/requirements.txt"
WIDTH = 112


class Service:
    def __init__(self, name, model, file, text, operations, extends="package static let", of="ShapeTable", patterns=True):
        self.name = name
        self.model = f"data/{model}/service-2.json"
        self.target = pathlib.Path(__file__).parent / file
        self.text = text
        self.operations = operations
        self.of = of
        self.extends = extends
        # Whether a pattern that the engine cannot read is an error; otherwise any text is taken.
        self.patterns = patterns


def simulated(name, model, file, text, operations):
    """A table of the local ECS, which checks more operations than the product sends, and no patterns."""
    return Service(
        name, model, f"../Simulator/Requests/InputShapes+{file}.swift", text, operations.split(), "static let", "InputShapes", False)


SERVICES = [
    Service(
        "Amazon ECS", "ecs/2014-11-13", "ShapeTable+ECS.swift", "ecsText",
        ["CreateCluster", "CreateService", "RegisterTaskDefinition", "RunTask", "UpdateService"],
    ),
    Service(
        "Application Auto Scaling", "application-autoscaling/2016-02-06", "ShapeTable+AutoScaling.swift",
        "applicationAutoScalingText", ["PutScalingPolicy", "PutScheduledAction", "RegisterScalableTarget"],
    ),
    simulated(
        "Amazon ECS", "ecs/2014-11-13", "ECS", "ecsText",
        "ContinueServiceDeployment CreateCapacityProvider CreateCluster CreateService CreateTaskSet DeleteAccountSetting"
        " DeleteAttributes DeleteCapacityProvider DeleteCluster DeleteService DeleteTaskDefinitions DeleteTaskSet"
        " DeregisterTaskDefinition DescribeCapacityProviders DescribeClusters DescribeContainerInstances"
        " DescribeServiceDeployments DescribeServiceRevisions DescribeServices DescribeTaskDefinition DescribeTaskSets"
        " DescribeTasks GetTaskProtection ListAccountSettings ListAttributes ListClusters ListContainerInstances"
        " ListServiceDeployments ListServices ListServicesByNamespace ListTagsForResource ListTaskDefinitionFamilies"
        " ListTaskDefinitions ListTasks PutAccountSetting PutAccountSettingDefault PutAttributes"
        " PutClusterCapacityProviders RegisterTaskDefinition RunTask StopServiceDeployment StopTask TagResource"
        " UntagResource UpdateCapacityProvider UpdateCluster UpdateClusterSettings UpdateContainerInstancesState"
        " UpdateService UpdateServicePrimaryTaskSet UpdateTaskProtection UpdateTaskSet",
    ),
    simulated(
        "Application Auto Scaling", "application-autoscaling/2016-02-06", "AutoScaling", "applicationAutoScalingText",
        "DeleteScalingPolicy DeleteScheduledAction DeregisterScalableTarget DescribeScalableTargets"
        " DescribeScalingActivities DescribeScalingPolicies DescribeScheduledActions ListTagsForResource"
        " PutScalingPolicy PutScheduledAction RegisterScalableTarget TagResource UntagResource",
    ),
    simulated(
        "Systems Manager", "ssm/2014-11-06", "SSM", "ssmText",
        "DeleteParameter DescribeParameters GetParameter GetParameters PutParameter",
    ),
    simulated(
        "CloudWatch Logs", "logs/2014-03-28", "Logs", "logsText",
        "CreateLogGroup CreateLogStream DeleteLogGroup DeleteRetentionPolicy DescribeLogGroups DescribeLogStreams"
        " GetLogEvents ListTagsForResource PutLogEvents PutRetentionPolicy TagResource UntagResource",
    ),
    simulated(
        "Amazon ECR", "ecr/2015-09-21", "ECR", "ecrText",
        "BatchGetImage CreateRepository DeleteRepository DescribeImages DescribeRepositories ListImages"
        " ListTagsForResource PutImage TagResource",
    ),
    simulated(
        "Secrets Manager", "secretsmanager/2017-10-17", "Secrets", "secretsManagerText",
        "CreateSecret DeleteSecret DescribeSecret GetSecretValue ListSecrets PutSecretValue RestoreSecret TagResource",
    ),
    simulated("STS", "sts/2011-06-15", "STS", "stsText", "AssumeRole GetCallerIdentity"),
    simulated(
        "IAM", "iam/2010-05-08", "IAM", "iamText",
        "AttachRolePolicy CreateRole DeleteRole DeleteRolePolicy DetachRolePolicy GetRole GetRolePolicy"
        " ListAttachedRolePolicies ListInstanceProfilesForRole ListRolePolicies ListRoleTags ListRoles PutRolePolicy"
        " SimulatePrincipalPolicy TagRole UntagRole UpdateAssumeRolePolicy UpdateRole",
    ),
    simulated(
        "Elastic Load Balancing", "elbv2/2015-12-01", "Balancers", "elasticLoadBalancingText",
        "AddTags CreateListener CreateLoadBalancer CreateRule CreateTargetGroup DeleteListener DeleteLoadBalancer"
        " DeleteRule DeleteTargetGroup DescribeListeners DescribeLoadBalancerAttributes DescribeLoadBalancers"
        " DescribeRules DescribeTags DescribeTargetGroupAttributes DescribeTargetGroups DescribeTargetHealth"
        " ModifyListener ModifyLoadBalancerAttributes ModifyRule ModifyTargetGroup ModifyTargetGroupAttributes RemoveTags",
    ),
]

# What a pattern of the models says, as one class of characters.
CLASSES = {
    # Everything that XML can hold; written in UTF-16, where the last range is that of the surrogates.
    r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*":
        r"([\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}\u{D}\u{A}\u{9}]*)",
    # In some regular expressions this means ASCII only; where that is not known for certain the laxer is taken.
    r"\p{Print}+": r"([^\u{0}-\u{1F}\u{7F}-\u{9F}]*)",
    # That no space stands at either end is left to AWS.
    r"(?!((^[ ]+.*)|(.*([\u0000-\u001f]|[\u007f-\u009f]|[:/|])+.*)|(.*[ ]+$))).+":
        r"([^\u{0}-\u{1F}\u{7F}-\u{9F}:/|]*)",
}

HEADER = '''\
// Written by generate-shapes.py from botocore {version}. Do not edit: run the script again.

extension {of} {{
    /// The table of {service} as text; the script says how it is built.
    {extends} {text} = #"""
'''
FOOTER = '''\
        """#
}
'''


class Models:
    """The models of one version of botocore."""

    def __init__(self, version, read):
        self.version = version
        self.read = read

    def of(self, service):
        return json.loads(self.read(service.model))


def unpacked(name, data):
    return gzip.decompress(data) if name.endswith(".gz") else data


def installed_models():
    try:
        import botocore
    except ImportError:
        return None
    folder = pathlib.Path(botocore.__file__).parent

    def read(model):
        for path in (folder / model, folder / f"{model}.gz"):
            if path.exists():
                return unpacked(path.name, path.read_bytes())
        sys.exit(f"botocore is installed without {model}")

    return Models(botocore.__version__, read)


def models_in_wheel(path):
    wheel = zipfile.ZipFile(path)
    metadata = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    version = re.search(r"^Version: (\S+)$", wheel.read(metadata).decode(), re.MULTILINE).group(1)

    def read(model):
        name = next(name for name in wheel.namelist() if name.startswith("botocore/" + model))
        return unpacked(name, wheel.read(name))

    return Models(version, read)


def downloaded_models(folder, requirement):
    """The models of a version that pip fetches into a folder; None where it cannot."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary", ":all:", "--dest", str(folder), requirement]
    try:
        if subprocess.run(command, capture_output=True, timeout=60, check=False).returncode != 0:
            return None
    except (OSError, subprocess.TimeoutExpired):
        return None
    wheels = sorted(pathlib.Path(folder).glob("botocore-*.whl"), key=lambda path: path.stat().st_mtime)
    return models_in_wheel(wheels[-1]) if wheels else None


def models_of(version, folder):
    """The models of exactly this version; None where they are out of reach."""
    installed = installed_models()
    if installed and installed.version == version:
        return installed
    for path in pathlib.Path(folder).glob(f"botocore-{version}-*.whl"):
        return models_in_wheel(path)
    return downloaded_models(folder, f"botocore=={version}")


def reachable(shapes, roots):
    found, open_names = set(), list(roots)
    while open_names:
        name = open_names.pop()
        if name in found:
            continue
        found.add(name)
        shape = shapes[name]
        open_names += [member["shape"] for member in shape.get("members", {}).values()]
        open_names += [shape[role]["shape"] for role in ("member", "key", "value") if role in shape]
    return sorted(found)


def bounds(shape):
    if "min" not in shape and "max" not in shape:
        return ""
    return f" {shape.get('min', '')}..{shape.get('max', '')}"


def line(name, shape, patterns=True):
    kind = shape["type"]
    if kind == "structure":
        required = set(shape.get("required", []))
        flags = "".join(f" +{flag}" for flag in ("document", "union") if shape.get(flag))
        members = "".join(
            f" {member}{'!' if member in required else ''}{'~' if target.get('deprecated') else ''}={target['shape']}"
            for member, target in shape["members"].items()
        )
        return f"structure {name}{flags}{members}"
    if kind == "list":
        return f"list {name} {shape['member']['shape']}{bounds(shape)}"
    if kind == "map":
        return f"map {name} {shape['key']['shape']} {shape['value']['shape']}"
    if kind == "string":
        if "enum" in shape:
            if any(re.search(r"\s", value) for value in shape["enum"]):
                sys.exit(f"the table cannot hold the enum of {name}")
            return f"string {name} : {' '.join(shape['enum'])}"
        pattern = shape.get("pattern")
        pattern = CLASSES.get(pattern, pattern)
        known = set(CLASSES.values())
        if pattern and pattern not in known and not re.fullmatch(r"\(\[(\\p\{[A-Z]\}|\\?[^\]\s\\])+\]\*\)", pattern):
            # The engine reads one character class, repeated; whoever meets another pattern teaches it more.
            if patterns:
                sys.exit(f"the engine does not know the pattern of {name}: {pattern}")
            pattern = None
        return f"string {name}{bounds(shape)}{' /' + pattern if pattern else ''}"
    kind = "double" if kind == "float" else kind
    if kind in ("integer", "long", "double", "boolean", "timestamp", "blob"):
        return f"{kind} {name}{bounds(shape)}"
    sys.exit(f"the table does not know the type {kind} of {name}")


def table(models, service):
    model = models.of(service)
    shapes = model["shapes"]
    inputs = {name: model["operations"][name].get("input", {}).get("shape", "Nothing") for name in service.operations}
    shapes.setdefault("Nothing", {"type": "structure", "members": {}})
    lines = [f"source botocore {models.version}"]
    lines += [f"operation {name} {shape}" for name, shape in inputs.items()]
    lines += [line(name, shapes[name], service.patterns) for name in reachable(shapes, inputs.values())]
    wrapped = []
    for text in lines:
        wrapped += textwrap.wrap(
            text, WIDTH, subsequent_indent=" ", break_long_words=False, break_on_hyphens=False
        )
    body = "".join(f"        {text}\n" for text in wrapped)
    return HEADER.format(
        version=models.version, service=service.name, text=service.text, of=service.of, extends=service.extends,
    ) + body + FOOTER


def recorded_version(service):
    found = re.search(r"^ *source botocore (\S+)$", service.target.read_text(), re.MULTILINE)
    return found.group(1) if found else sys.exit(f"{service.target.name} records no version")


def check(folder):
    versions = {recorded_version(service) for service in SERVICES}
    if len(versions) != 1:
        sys.exit(f"the tables are of different versions: {', '.join(sorted(versions))}")
    version = versions.pop()
    models = models_of(version, folder)
    if models is None:
        print(f"botocore {version} is neither installed nor in {folder}, and pip cannot download it")
        sys.exit(4)
    for service in SERVICES:
        if service.target.read_text() != table(models, service):
            print(f"{service.target.name} differs from botocore {version}; run generate-shapes.py")
            sys.exit(1)
    print(f"the tables of {' and '.join(dict.fromkeys(service.name for service in SERVICES))} equal botocore {version}")


def write(models):
    for service in SERVICES:
        service.target.write_text(table(models, service))
        print(f"wrote {service.target.name} from botocore {models.version}")


def write_newest():
    with tempfile.TemporaryDirectory() as folder:
        models = downloaded_models(folder, "botocore")
        if models is None:
            sys.exit("pip cannot download botocore")
        write(models)
    # boto3 bears the version of the botocore it was made for; the AWS CLI pins one of its own.
    pins = re.sub(r"^(boto(?:core|3))==.*$", rf"\1=={models.version}", PINS.read_text(), flags=re.MULTILINE)
    PINS.write_text(pins)
    print(f"pinned it in {PINS.relative_to(ROOT)}; if pip then refuses awscli, move its pin too")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--newest", action="store_true")
    arguments.add_argument("--wheel", type=pathlib.Path)
    arguments.add_argument("--check", type=pathlib.Path, metavar="FOLDER")
    options = arguments.parse_args()
    if options.check:
        return check(options.check)
    if options.newest:
        return write_newest()
    models = models_in_wheel(options.wheel) if options.wheel else installed_models()
    if models is None:
        sys.exit("no botocore is installed")
    write(models)


if __name__ == "__main__":
    main()
