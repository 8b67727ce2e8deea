"""Reads a service with boto3, and checks every answer against botocore's model of the API: each member known, each of its type.

Usage: read_service.py ENDPOINT CLUSTER SERVICE; prints the service as JSON.
"""

import json
import sys

import boto3

SCALARS = {
    "string": str, "boolean": bool, "integer": int, "long": int, "double": (int, float), "float": (int, float),
    # Protocol JSON 1.1: seconds since 1970, as a number.
    "timestamp": (int, float),
}

# What ECS answers since 2026 and the pinned botocore does not know yet. Clients pass over what they do not know.
NEWER = {"resetOnHealthyTask", "thresholdConfiguration"}


def problems(value, shape, path):
    """Yields what is wrong with a part of a raw answer."""
    if value is None:
        yield f"{path}: null"
    elif shape.type_name == "structure":
        if not isinstance(value, dict):
            yield f"{path}: {type(value).__name__} instead of a structure"
            return
        for name, member in value.items():
            if name in NEWER - shape.members.keys():
                continue
            if name not in shape.members:
                yield f"{path}.{name}: the model has no such member"
            else:
                yield from problems(member, shape.members[name], f"{path}.{name}")
    elif shape.type_name == "list":
        if not isinstance(value, list):
            yield f"{path}: {type(value).__name__} instead of a list"
            return
        for index, element in enumerate(value):
            yield from problems(element, shape.member, f"{path}[{index}]")
    elif shape.type_name == "map":
        for name, element in value.items():
            yield from problems(element, shape.value, f"{path}.{name}")
    else:
        wanted = SCALARS[shape.type_name]
        if not isinstance(value, wanted) or isinstance(value, bool) != (wanted is bool):
            yield f"{path}: {value!r} is not {shape.type_name}"
        elif getattr(shape, "enum", None) and value not in shape.enum:
            yield f"{path}: {value!r} is not one of {shape.enum}"


def main(endpoint, cluster, service_name):
    client = boto3.client("ecs", endpoint_url=endpoint)
    found = []

    def check(response_dict, operation_model, **_):
        raw = json.loads(response_dict["body"])
        found.extend(problems(raw, operation_model.output_shape, operation_model.name))

    client.meta.events.register("before-parse.ecs", check)
    described = client.describe_services(cluster=cluster, services=[service_name], include=["TAGS"])
    service = described["services"][0]
    definition = client.describe_task_definition(taskDefinition=service["taskDefinition"], include=["TAGS"])
    client.describe_clusters(clusters=[cluster])
    client.list_task_definitions(familyPrefix=definition["taskDefinition"]["family"])
    services = client.list_services(cluster=cluster)["serviceArns"]
    tasks = client.list_tasks(cluster=cluster, serviceName=service_name)["taskArns"]
    if tasks:
        client.describe_tasks(cluster=cluster, tasks=tasks)
    client.list_tags_for_resource(resourceArn=service["serviceArn"])
    deployments = client.list_service_deployments(cluster=cluster, service=service_name)["serviceDeployments"]
    if deployments:
        arns = [deployment["serviceDeploymentArn"] for deployment in deployments]
        client.describe_service_deployments(serviceDeploymentArns=arns)
        client.describe_service_revisions(serviceRevisionArns=[deployments[0]["targetServiceRevisionArn"]])
    if found:
        sys.exit("\n".join(found))
    print(json.dumps({
        "service": service, "taskDefinition": definition["taskDefinition"], "services": services, "tasks": tasks,
        "deployments": deployments,
    }, default=str))


main(*sys.argv[1:])
