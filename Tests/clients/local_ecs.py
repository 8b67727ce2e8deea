"""What the tests of the local ECS share: clients, the control endpoint, and a check of every answer against the model.

Needs MOORING_SIMULATE_URL, the address of a running local ECS (`mooring simulate`), and boto3. botocore drops members it
does not know; so raw answers are compared here: each member must be known to the installed model and of its type.
"""

import json
import os
import sys
import time
import unittest
import urllib.request
import xml.etree.ElementTree

import boto3
import botocore
import botocore.config
import botocore.exceptions

URL = os.environ.get("MOORING_SIMULATE_URL", "")
REGION = "eu-central-1"
ACCOUNT = "123456789012"
GROUP = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:targetgroup/web/0123456789abcdef"
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"]}}

# Members that a botocore older than these versions cannot know. With the pinned version nothing is let off.
NEWER_MEMBERS = {
    (1, 44, 5): {"resetOnHealthyTask", "thresholdConfiguration"},
}
INSTALLED = tuple(int(part) for part in botocore.__version__.split("."))
LET_OFF = {name for version, names in NEWER_MEMBERS.items() if INSTALLED < version for name in names}

QUICK = {"Delay": 1, "MaxAttempts": 90}


def control(method, path, document=None):
    data = None if document is None else json.dumps(document).encode()
    request = urllib.request.Request(URL + "/_mooring/" + path, data=data, method=method)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def scenario(**members):
    control("PUT", "scenario", {"timing": {"preset": "brisk"}, **members})


class Model:
    """Compares raw answers with the output shapes of a client's model, and remembers what it has seen."""

    def __init__(self, *clients):
        self.problems = []
        self.operations = set()
        self.members = set()
        for client in clients:
            self.watch(client)

    def watch(self, client):
        client.meta.events.register("before-parse.*.*", self.check)
        return client

    def check(self, operation_model, response_dict, **_):
        service = operation_model.service_model
        if response_dict["status_code"] != 200:
            return
        self.operations.add((service.service_name, operation_model.name))
        if service.protocol == "query":
            self.check_xml(operation_model, response_dict["body"])
            return
        body = json.loads(response_dict["body"] or b"{}")
        if operation_model.output_shape is None:
            if body != {}:
                self.problems.append(f"{operation_model.name} has no output, yet answered {body}")
            return
        self.walk(operation_model.output_shape, body, operation_model.name)

    def check_xml(self, operation_model, body):
        root = xml.etree.ElementTree.fromstring(body)
        name = operation_model.name
        if local(root) != name + "Response":
            self.problems.append(f"{name}: the root is {local(root)}")
        if operation_model.output_shape is None:
            return
        wrapper = operation_model.output_shape.serialization.get("resultWrapper", name + "Result")
        results = [child for child in root if local(child) == wrapper]
        if len(results) != 1:
            self.problems.append(f"{name}: {len(results)} elements {wrapper}")
            return
        self.walk_xml(operation_model.output_shape, results[0], name)

    def walk(self, shape, value, path):
        kind = shape.type_name
        if kind == "structure":
            if not isinstance(value, dict):
                self.problems.append(f"{path}: {value!r} is no structure")
                return
            for name, member in value.items():
                if name in shape.members:
                    self.members.add(f"{shape.name}.{name}")
                    self.walk(shape.members[name], member, f"{path}.{name}")
                elif name not in LET_OFF:
                    self.problems.append(f"{path}.{name} is not in the model")
        elif kind == "list":
            if not isinstance(value, list):
                self.problems.append(f"{path}: {value!r} is no list")
                return
            for element in value:
                self.walk(shape.member, element, path + "[]")
        elif kind == "map":
            if not isinstance(value, dict):
                self.problems.append(f"{path}: {value!r} is no map")
                return
            for element in value.values():
                self.walk(shape.value, element, path + "{}")
        else:
            self.leaf(shape, value, path)

    def leaf(self, shape, value, path):
        kind = shape.type_name
        if kind in ("string", "blob", "character"):
            if not isinstance(value, str):
                self.problems.append(f"{path}: {value!r} is no string")
            elif kind == "string" and shape.enum and value not in shape.enum:
                self.problems.append(f"{path}: {value!r} is none of {shape.enum}")
        elif kind in ("integer", "long"):
            if isinstance(value, bool) or not isinstance(value, int):
                self.problems.append(f"{path}: {value!r} is no integer")
        elif kind == "boolean":
            if not isinstance(value, bool):
                self.problems.append(f"{path}: {value!r} is no boolean")
        elif kind in ("timestamp", "double", "float"):
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                self.problems.append(f"{path}: {value!r} is no number")

    def walk_xml(self, shape, element, path):
        kind = shape.type_name
        if kind == "structure":
            names = {target.serialization.get("name", name): name for name, target in shape.members.items()}
            for child in element:
                if local(child) in names:
                    name = names[local(child)]
                    self.members.add(f"{shape.name}.{name}")
                    self.walk_xml(shape.members[name], child, f"{path}.{name}")
                else:
                    self.problems.append(f"{path}.{local(child)} is not in the model")
        elif kind == "list":
            for child in element:
                if local(child) != shape.member.serialization.get("name", "member"):
                    self.problems.append(f"{path}: an element is called {local(child)}")
                self.walk_xml(shape.member, child, path + "[]")
        elif kind == "map":
            for child in element:
                self.walk_xml(shape.value, next(e for e in child if local(e) == "value"), path + "{}")
        else:
            text = element.text or ""
            if len(element):
                self.problems.append(f"{path} holds elements instead of a {kind}")
            elif kind == "string" and shape.enum and text not in shape.enum:
                self.problems.append(f"{path}: {text!r} is none of {shape.enum}")
            elif kind in ("integer", "long") and not text.lstrip("-").isdigit():
                self.problems.append(f"{path}: {text!r} is no integer")
            elif kind == "boolean" and text not in ("true", "false"):
                self.problems.append(f"{path}: {text!r} is no boolean")
            elif kind == "timestamp" and not text.endswith("Z"):
                self.problems.append(f"{path}: {text!r} is no time")

    def coverage(self, client, supported):
        """How much of the client's model was answered: of all of it, and of the operations that are supported."""
        model = client.meta.service_model

        def members(names):
            found, seen = set(), set()
            for name in names:
                if model.operation_model(name).output_shape is not None:
                    output_members(model.operation_model(name).output_shape, found, seen)
            return found

        every, own = members(model.operation_names), members(supported)
        called = {name for service, name in self.operations if service == model.service_name}
        if os.environ.get("MOORING_UNSEEN_MEMBERS"):
            print(f"{model.service_name}, unseen: {sorted(own - self.members)}", file=sys.stderr)
        print(
            f"{model.service_name}: {len(called)} of {len(model.operation_names)} operations, "
            f"{len(self.members & every)} of {len(every)} output members; of the {len(supported)} supported operations "
            f"{len(self.members & own)} of {len(own)}", file=sys.stderr)
        return sorted(supported - called)


def output_members(shape, members, seen):
    kind = shape.type_name
    if kind == "structure" and shape.name not in seen:
        seen.add(shape.name)
        for name, member in shape.members.items():
            members.add(f"{shape.name}.{name}")
            output_members(member, members, seen)
    elif kind == "list":
        output_members(shape.member, members, seen)
    elif kind == "map":
        output_members(shape.value, members, seen)


def local(element):
    return element.tag.split("}")[-1]


def supported(api):
    """The operations that the local ECS says it answers, by the name that IAM gives the API."""
    names = control("GET", "operations")["operations"]
    return {name.split(":")[1] for name in names if name.split(":")[0] == api}


def client(service, key="AKIALOCAL", **options):
    retries = options.pop("retries", {"max_attempts": 4, "mode": "standard"})
    return boto3.client(
        service, endpoint_url=URL, region_name=options.pop("region", REGION), aws_access_key_id=key,
        aws_secret_access_key=options.pop("secret", "secret"), aws_session_token=options.pop("token", None),
        config=botocore.config.Config(
            parameter_validation=options.pop("validation", True), retries=retries, connect_timeout=5,
            read_timeout=20),
    )


class Base(unittest.TestCase):
    """Tests that have a cluster of their own, and whose every answer is compared with the model."""

    @classmethod
    def setUpClass(cls):
        scenario()
        cls.ecs = client("ecs")
        cls.model = Model(cls.ecs)
        # A cluster of its own per class keeps the classes apart.
        cls.cluster = f"{cls.__name__}-{time.time_ns()}"
        cls.ecs.create_cluster(clusterName=cls.cluster, tags=[{"key": "team", "value": "a b"}])

    @classmethod
    def tearDownClass(cls):
        scenario()

    def tearDown(self):
        problems, self.model.problems = self.model.problems, []
        self.assertEqual(problems, [])

    def register(self, image="web:1", family=None, **container):
        return self.ecs.register_task_definition(
            family=family or self.cluster, networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="256",
            memory="512", executionRoleArn=f"arn:aws:iam::{ACCOUNT}:role/execution",
            taskRoleArn=f"arn:aws:iam::{ACCOUNT}:role/task", containerDefinitions=[{
                "name": "app", "image": image, "portMappings": [{"containerPort": 80}],
                "environment": [{"name": "XAP_T", "value": "1"}, {"name": "SE", "value": "2"},
                                {"name": "XAP_E", "value": "3"}, {"name": "ST", "value": "4"}],
                "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/web"}}, **container,
            }],
            tags=[{"key": "commit", "value": "abc"}],
        )["taskDefinition"]

    def create(self, name, desired=2, **members):
        arguments = dict(
            cluster=self.cluster, serviceName=name, taskDefinition=self.cluster, desiredCount=desired,
            launchType="FARGATE", networkConfiguration=NETWORK,
            deploymentConfiguration={"deploymentCircuitBreaker": {"enable": True, "rollback": True}},
            tags=[{"key": "mooring:commit", "value": "abc"}],
        )
        arguments.update(members)
        return self.ecs.create_service(**arguments)["service"]

    def service(self, name):
        return self.ecs.describe_services(cluster=self.cluster, services=[name])["services"][0]

    def stable(self, *names):
        self.ecs.get_waiter("services_stable").wait(
            cluster=self.cluster, services=list(names), WaiterConfig=QUICK)

    def until(self, condition, what):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if condition():
                return
            time.sleep(0.2)
        self.fail(f"not within a minute: {what}")

    def completed(self, name):
        self.until(
            lambda: self.service(name)["deployments"][0]["rolloutState"] == "COMPLETED", f"{name} completes")

    def refused(self, code, call, message=None, **arguments):
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            call(**arguments)
        error = caught.exception.response["Error"]
        self.assertEqual(error["Code"], code)
        if message is not None:
            self.assertRegex(error["Message"], message)
        return error


def main():
    if not URL:
        sys.exit("Set MOORING_SIMULATE_URL to the address of a running local ECS.")
    unittest.main(module="__main__", verbosity=2)
