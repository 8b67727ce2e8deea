#!/usr/bin/env python3
"""Records requests and answers of Amazon ECS in an account of yours, in the form of the captures.

Costs money and creates things: see README.md. Never run by Tests/run.
"""

import argparse
import collections
import datetime
import json
import pathlib
import re
import signal
import sys
import time
import uuid

import boto3
import botocore.config
import botocore.exceptions

TAG = "mooring-recording"
PREFIX = "mooring-rec-"
COST = """This creates in account and region of your credentials:
  1 cluster, 3 task definitions, 1 service and 1 task (Fargate, 0.25 vCPU and 512 MiB, at most 4 tasks at a time),
  all of them named {prefix}… and tagged {tag}; no load balancer, no role, no log group.
It takes 10 to 20 minutes, with --with-failure up to 45, and deletes everything at the end, also when interrupted.
Cost: 4 tasks for 45 minutes are 3 task hours at about 0.0124 USD, and 3 hours of public addresses at 0.005 USD:
less than 0.06 USD at the prices of us-east-1 of 2026, and never more than 0.45 USD a day if a clean-up is forgotten.
Say --i-pay to go ahead, or --endpoint for a local ECS."""


class Recorder:
    """An ECS client that writes every answer down as it came over the wire."""

    def __init__(self, folder, region, endpoint):
        self.folder = folder
        self.numbers = collections.Counter()
        self.strings = collections.defaultdict(list)
        self.body = None
        credentials = {}
        if endpoint:
            credentials = {"aws_access_key_id": "AKIDLOCAL", "aws_secret_access_key": "local"}
        self.client = boto3.client(
            "ecs", region_name=region, endpoint_url=endpoint,
            config=botocore.config.Config(retries={"max_attempts": 5, "mode": "standard"}), **credentials)
        # The answer before botocore drops what it does not know.
        self.client.meta.events.register("before-parse.ecs", self._keep)

    def _keep(self, response_dict, **_):
        self.body = response_dict["body"]

    def call(self, operation, record=True, **request):
        """Calls and records; errors of the API are recorded as texts, and answered as None."""
        method = re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()
        try:
            answer = getattr(self.client, method)(**request)
        except botocore.exceptions.ClientError as error:
            details = error.response["Error"]
            message = details.get("Message", "") or "(empty message)"
            self.note("errors", f"{operation} {details['Code']}: {message}")
            print(f"{operation}: {details['Code']}", flush=True)
            return None
        if record:
            print(operation, flush=True)
            self._write(operation, request, json.loads(self.body))
        for service in answer.get("services", []):
            self._note_service(service)
        for task in answer.get("tasks", []):
            self._note_task(task)
        for deployment in answer.get("serviceDeployments", []):
            self.note("status-reasons", deployment.get("statusReason"))
        return answer

    def _write(self, operation, request, body):
        folder = re.sub(r"(?<!^)(?=[A-Z])", "-", operation).lower()
        self.numbers[folder] += 1
        path = self.folder / folder / f"recorded__{folder}.{self.numbers[folder]}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        document = {
            "status_code": 200, "recorded": datetime.date.today().isoformat(), "operation": operation,
            "request": request, "data": body,
        }
        path.write_text(json.dumps(document, indent=1, default=str) + "\n")

    def note(self, kind, text):
        if text and text not in self.strings[kind]:
            self.strings[kind].append(text)

    def _note_service(self, service):
        for event in reversed(service.get("events", [])):
            self.note("service-events", event["message"])
        for deployment in service.get("deployments", []):
            self.note("status-reasons", deployment.get("rolloutStateReason"))

    def _note_task(self, task):
        if "stoppedReason" not in task:
            return
        parts = [f"stopCode {task['stopCode']}"] if "stopCode" in task else []
        parts.append(f"stoppedReason {task['stoppedReason']}")
        for container in task["containers"]:
            if "reason" in container:
                parts.append(f"container reason {container['reason']}")
            if "exitCode" in container:
                parts.append(f"exitCode {container['exitCode']}")
        self.note("stop-reasons", " | ".join(parts))

    def note_rollout(self, name, service, since):
        """The events of a rollout with their times."""
        for event in reversed(service.get("events", [])):
            if event["createdAt"] >= since:
                moment = event["createdAt"].astimezone(datetime.timezone.utc).strftime("%H:%M:%S.%f")[:-3]
                text = event["message"].split(") ", 1)[-1]
                self.strings["rollout-sequences"].append(f"{name} | {moment} | {text}")

    def write_strings(self):
        folder = self.folder / "strings"
        folder.mkdir(parents=True, exist_ok=True)
        for kind in ["service-events", "stop-reasons", "status-reasons", "errors", "rollout-sequences"]:
            rows = ["text\tsource"]
            for text in self.strings[kind]:
                # A row is a line.
                rows.append(text.replace("\t", " ").replace("\n", "\\n") + "\trecorded with Tests/aws/record.py")
            (folder / f"{kind}.tsv").write_text("\n".join(rows) + "\n")


class Session:
    """What is recorded, step by step."""

    def __init__(self, recorder, arguments):
        self.recorder = recorder
        self.run = arguments.run
        self.cluster = PREFIX + self.run
        self.family = PREFIX + self.run
        self.image = arguments.image
        self.patience = arguments.patience
        self.pause = arguments.pause
        self.with_failure = arguments.with_failure
        self.tags = [{"key": TAG, "value": self.run}]
        self.network = {"awsvpcConfiguration": {"subnets": arguments.subnets, "assignPublicIp": "ENABLED"}}
        if arguments.security_groups:
            self.network["awsvpcConfiguration"]["securityGroups"] = arguments.security_groups

    def call(self, operation, **request):
        return self.recorder.call(operation, **request)

    def definition(self, image, **more):
        """A request that shows defaults, orders and hash orders at once."""
        names = ["ZEBRA", "ALPHA", "MIKE", "BRAVO", "YANKEE", "CHARLIE", "DB_HOST", "DB_PORT", "DB_NAME"]
        container = {
            "name": "app", "image": image, "command": ["sh", "-c", "sleep 3600"],
            "environment": [{"name": name, "value": name.lower()} for name in names],
            "portMappings": [{"containerPort": port} for port in (8080, 443, 80)],
        }
        return dict(
            family=self.family, networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="256", memory="512",
            containerDefinitions=[container], tags=self.tags, **more)

    def describe(self, service, record=True):
        answer = self.recorder.call(
            "DescribeServices", record=record, cluster=self.cluster, services=[service], include=["TAGS"])
        return answer["services"][0]

    def until(self, what, condition):
        """Waits until the condition holds; silence costs nothing, so it looks often."""
        end = time.monotonic() + self.patience
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(f"waited {self.patience} s for {what}")
            time.sleep(self.pause)

    def is_settled(self, service):
        description = self.describe(service, record=False)
        primary = description["deployments"][0]
        return len(description["deployments"]) == 1 and primary.get("rolloutState") == "COMPLETED" \
            and description["runningCount"] == description["desiredCount"]

    def record(self):
        self.definitions()
        self.service()
        self.rollout()
        if self.with_failure:
            self.failure()
        self.task()
        self.tagging()
        self.refusals()
        self.deletion()

    def definitions(self):
        self.call("CreateCluster", clusterName=self.cluster, tags=self.tags)
        include = ["TAGS", "SETTINGS", "CONFIGURATIONS", "STATISTICS"]
        self.call("DescribeClusters", clusters=[self.cluster], include=include)
        self.call("RegisterTaskDefinition", **self.definition(self.image))
        self.call("DescribeTaskDefinition", taskDefinition=self.family, include=["TAGS"])
        self.call("RegisterTaskDefinition", **self.definition(
            self.image, runtimePlatform={"cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX"}))

    def service(self):
        self.call(
            "CreateService", cluster=self.cluster, serviceName="web", taskDefinition=f"{self.family}:1",
            desiredCount=1, launchType="FARGATE", networkConfiguration=self.network, tags=self.tags,
            deploymentConfiguration={"deploymentCircuitBreaker": {"enable": True, "rollback": True}})
        self.describe("web")
        self.until("the first deployment", lambda: self.is_settled("web"))
        self.describe("web")
        self.call("ListServices", cluster=self.cluster)
        tasks = self.call("ListTasks", cluster=self.cluster, serviceName="web")["taskArns"]
        self.call("DescribeTasks", cluster=self.cluster, tasks=tasks, include=["TAGS"])
        deployments = self.call("ListServiceDeployments", cluster=self.cluster, service="web")["serviceDeployments"]
        self.call("DescribeServiceDeployments", serviceDeploymentArns=[deployments[0]["serviceDeploymentArn"]])
        self.call("DescribeServiceRevisions", serviceRevisionArns=[deployments[0]["targetServiceRevisionArn"]])

    def rollout(self):
        answer = self.call("UpdateService", cluster=self.cluster, service="web", taskDefinition=f"{self.family}:2")
        since = answer["service"]["deployments"][0]["createdAt"]
        self.describe("web")
        self.until("the rollout", lambda: self.is_settled("web"))
        self.recorder.note_rollout("rolling 1->1, Fargate", self.describe("web"), since)
        self.call("UpdateService", cluster=self.cluster, service="web", desiredCount=2)
        self.until("the second task", lambda: self.is_settled("web"))

    def failure(self):
        """An image that is not there, until the circuit breaker has brought the old one back."""
        self.call("RegisterTaskDefinition", **self.definition("public.ecr.aws/docker/library/no-such-image:latest"))
        answer = self.call("UpdateService", cluster=self.cluster, service="web", taskDefinition=f"{self.family}:3")
        failed = answer["service"]["deployments"][0]
        self.until("the breaker", lambda: self.is_settled("web")
                   and self.describe("web", record=False)["deployments"][0]["id"] != failed["id"])
        self.recorder.note_rollout("breaker, desired 2, no such image", self.describe("web"), failed["createdAt"])
        stopped = self.call("ListTasks", cluster=self.cluster, desiredStatus="STOPPED")["taskArns"]
        if stopped:
            self.call("DescribeTasks", cluster=self.cluster, tasks=stopped[:10], include=["TAGS"])
        self.call("ListServiceDeployments", cluster=self.cluster, service="web")

    def task(self):
        answer = self.call(
            "RunTask", cluster=self.cluster, taskDefinition=f"{self.family}:2", launchType="FARGATE",
            networkConfiguration=self.network, tags=self.tags)
        arn = answer["tasks"][0]["taskArn"]

        def status():
            answer = self.recorder.call(
                "DescribeTasks", record=False, cluster=self.cluster, tasks=[arn], include=["TAGS"])
            return answer["tasks"][0]["lastStatus"]

        self.until("the task", lambda: status() == "RUNNING")
        self.call("StopTask", cluster=self.cluster, task=arn, reason="drill")
        self.until("the task's end", lambda: status() == "STOPPED")
        self.call("DescribeTasks", cluster=self.cluster, tasks=[arn], include=["TAGS"])

    def tagging(self):
        answer = self.call("DescribeTaskDefinition", taskDefinition=f"{self.family}:1")
        arn = answer["taskDefinition"]["taskDefinitionArn"]
        self.call("TagResource", resourceArn=arn, tags=[{"key": "TestKey", "value": "TestValue"}])
        self.call("ListTagsForResource", resourceArn=arn)
        self.call("UntagResource", resourceArn=arn, tagKeys=["TestKey"])

    def refusals(self):
        """Calls that AWS refuses: their texts."""
        self.call("UpdateService", cluster=self.cluster, service="nobody", desiredCount=1)
        self.call("UpdateService", cluster=self.cluster, service="web", taskDefinition="mooring-rec-never-registered")
        self.call(
            "CreateService", cluster=self.cluster, serviceName="web", taskDefinition=f"{self.family}:1",
            desiredCount=7, launchType="FARGATE", networkConfiguration=self.network)
        self.call("RunTask", cluster=self.cluster, taskDefinition=f"{self.family}:1", launchType="FARGATE")
        self.call("DeleteService", cluster=self.cluster, service="web")
        self.call("DeleteCluster", cluster=self.cluster)

    def deletion(self):
        self.call("DeregisterTaskDefinition", taskDefinition=f"{self.family}:1")
        self.call("UpdateService", cluster=self.cluster, service="web", taskDefinition=f"{self.family}:1")
        self.call("DeleteTaskDefinitions", taskDefinitions=[f"{self.family}:1"])
        self.call("DeleteService", cluster=self.cluster, service="web", force=True)
        self.describe("web")


class Cleaner:
    """Deletes what carries the tag, of this run or of one that could not clean up after itself."""

    def __init__(self, client, patience, pause):
        self.client = client
        self.patience = patience
        self.pause = pause

    def clean(self):
        """Returns the names of what was deleted."""
        deleted = []
        for cluster in self._clusters():
            self._empty(cluster)
            self.client.delete_cluster(cluster=cluster)
            deleted.append(cluster)
        for page in self.client.get_paginator("list_task_definition_families").paginate(
                familyPrefix=PREFIX, status="ALL"):
            for family in page["families"]:
                if self._deregister(family):
                    deleted.append(family)
        return deleted

    def _clusters(self):
        found = []
        for page in self.client.get_paginator("list_clusters").paginate():
            arns = page["clusterArns"]
            if not arns:
                continue
            for cluster in self.client.describe_clusters(clusters=arns, include=["TAGS"])["clusters"]:
                if cluster["status"] == "ACTIVE" and is_ours(cluster["clusterName"], cluster.get("tags", [])):
                    found.append(cluster["clusterName"])
        return found

    def _empty(self, cluster):
        for page in self.client.get_paginator("list_services").paginate(cluster=cluster):
            for service in page["serviceArns"]:
                self.client.delete_service(cluster=cluster, service=service, force=True)
        end = time.monotonic() + self.patience
        while True:
            tasks = self.client.list_tasks(cluster=cluster)["taskArns"]
            for task in tasks:
                self.client.stop_task(cluster=cluster, task=task, reason="recording is over")
            counts = self.client.describe_clusters(clusters=[cluster])["clusters"][0]
            left = counts["runningTasksCount"] + counts["pendingTasksCount"] + counts["activeServicesCount"]
            if not tasks and left == 0 and not self._draining(cluster):
                return
            if time.monotonic() > end:
                raise TimeoutError(f"{cluster} is not empty: run again with --clean-only")
            time.sleep(self.pause)

    def _draining(self, cluster):
        # Hidden from lists, and still in the way of deleting the cluster.
        answer = self.client.describe_services(cluster=cluster, services=["web"])
        return any(service["status"] == "DRAINING" for service in answer["services"])

    def _deregister(self, family):
        """Deletes all revisions of a family; says whether there was one of ours."""
        deleted = False
        for status in ["ACTIVE", "INACTIVE"]:
            for page in self.client.get_paginator("list_task_definitions").paginate(
                    familyPrefix=family, status=status):
                for arn in page["taskDefinitionArns"]:
                    answer = self.client.describe_task_definition(taskDefinition=arn, include=["TAGS"])
                    if not is_ours(family, answer.get("tags", [])):
                        continue
                    if status == "ACTIVE":
                        self.client.deregister_task_definition(taskDefinition=arn)
                    self.client.delete_task_definitions(taskDefinitions=[arn])
                    deleted = True
        return deleted


def is_ours(name, tags):
    """Both the name and the tag: nothing else is ever deleted."""
    return name.startswith(PREFIX) and any(tag["key"] == TAG for tag in tags)


def interrupted(number, _):
    raise KeyboardInterrupt(signal.Signals(number).name)


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--i-pay", action="store_true", help="yes, create all this in my account")
    parser.add_argument("--endpoint", help="a local ECS instead of AWS: costs nothing")
    parser.add_argument("--region", default="us-east-1")
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path("captures-of-mine"))
    parser.add_argument("--subnets", type=lambda text: text.split(","), help="with a way to the internet")
    parser.add_argument("--security-groups", type=lambda text: text.split(","))
    parser.add_argument("--image", default="public.ecr.aws/docker/library/busybox:stable")
    parser.add_argument("--with-failure", action="store_true", help="also let the circuit breaker roll back")
    parser.add_argument("--clean-only", action="store_true", help="only delete what earlier runs left")
    parser.add_argument("--patience", type=float, default=2700, help="seconds to wait for any one thing")
    parser.add_argument("--pause", type=float, default=5, help="seconds between two looks")
    arguments = parser.parse_args()
    arguments.run = uuid.uuid4().hex[:12]
    if not arguments.endpoint and not arguments.i_pay:
        print(COST.format(prefix=PREFIX, tag=TAG), file=sys.stderr)
        raise SystemExit(2)
    if not arguments.subnets and not arguments.clean_only:
        parser.error("--subnets is missing: tasks on Fargate need one that leads to the internet")
    return arguments


def main():
    arguments = parse()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    recorder = Recorder(arguments.output, arguments.region, arguments.endpoint)
    cleaner = Cleaner(recorder.client, arguments.patience, arguments.pause)
    left = cleaner.clean()
    if left:
        print("deleted what an earlier run left:", ", ".join(left))
    if arguments.clean_only:
        return 0
    status = 1
    try:
        Session(recorder, arguments).record()
        status = 0
    except KeyboardInterrupt as interruption:
        print(f"interrupted ({interruption}): cleaning up", file=sys.stderr)
    except (TimeoutError, botocore.exceptions.BotoCoreError) as error:
        print(f"ended early: {error}", file=sys.stderr)
    finally:
        # A second signal must not leave things behind that cost.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        recorder.write_strings()
        print("deleted:", ", ".join(cleaner.clean()) or "nothing")
    print(f"{sum(recorder.numbers.values())} answers in {arguments.output}")
    return status


if __name__ == "__main__":
    sys.exit(main())
