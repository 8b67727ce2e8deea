"""What clients that others wrote make of the local ECS.

Needs MOORING_SIMULATE_URL, the address of a running local ECS (`mooring simulate`), and boto3. Every answer is
checked against botocore's model: each member must be known to it and of its type. The installed model may be older than
the service; members that it cannot know yet are listed below with the date of the version that added them.
"""

import concurrent.futures
import http.client
import json
import os
import shutil
import subprocess
import sys
import time
import unittest
import urllib.parse
import urllib.request

import boto3
import botocore.config
import botocore.exceptions

URL = os.environ.get("MOORING_SIMULATE_URL", "")
REGION = "eu-central-1"
GROUP = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/0123456789abcdef"

# Added between botocore 1.43.11 and 1.44.5.
NEWER_MEMBERS = {"resetOnHealthyTask", "thresholdConfiguration"}

QUICK = {"Delay": 1, "MaxAttempts": 90}


def control(method, path, document=None):
    data = None if document is None else json.dumps(document).encode()
    request = urllib.request.Request(URL + "/_mooring/" + path, data=data, method=method)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def scenario(**members):
    control("PUT", "scenario", {"timing": {"preset": "brisk"}, **members})


class Model:
    """Compares raw answers with the output shapes of a client's model."""

    def __init__(self, client):
        self.model = client.meta.service_model
        self.problems = []
        self.operations = set()
        self.members = set()
        client.meta.events.register("before-parse.*.*", self.check)

    def check(self, operation_model, response_dict, **_):
        if response_dict["status_code"] != 200:
            return
        self.operations.add(operation_model.name)
        body = json.loads(response_dict["body"] or b"{}")
        self.walk(operation_model.output_shape, body, operation_model.name)

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
                elif name not in NEWER_MEMBERS:
                    self.problems.append(f"{path}.{name} is not in the model")
        elif kind == "list":
            if not isinstance(value, list):
                self.problems.append(f"{path}: {value!r} is no list")
                return
            for element in value:
                self.walk(shape.member, element, path + "[]")
        elif kind == "map":
            for element in value.values():
                self.walk(shape.value, element, path + "{}")
        elif kind == "string":
            if not isinstance(value, str):
                self.problems.append(f"{path}: {value!r} is no string")
            elif shape.enum and value not in shape.enum:
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


def client(service, key="AKIALOCAL", **options):
    retries = options.pop("retries", {"max_attempts": 4, "mode": "standard"})
    return boto3.client(
        service, endpoint_url=URL, region_name=options.pop("region", REGION), aws_access_key_id=key,
        aws_secret_access_key=options.pop("secret", "secret"), aws_session_token=options.pop("token", None),
        config=botocore.config.Config(parameter_validation=True, retries=retries, connect_timeout=5, read_timeout=20),
    )


class Base(unittest.TestCase):
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
            memory="512", executionRoleArn="arn:aws:iam::123456789012:role/execution",
            containerDefinitions=[{
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
            launchType="FARGATE",
            networkConfiguration={"awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"]}},
            deploymentConfiguration={"deploymentCircuitBreaker": {"enable": True, "rollback": True}},
            tags=[{"key": "mooring:commit", "value": "abc"}],
        )
        arguments.update(members)
        return self.ecs.create_service(**arguments)["service"]

    def stable(self, *names):
        self.ecs.get_waiter("services_stable").wait(
            cluster=self.cluster, services=list(names), WaiterConfig=QUICK)


    def completed(self, name):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            service = self.ecs.describe_services(cluster=self.cluster, services=[name])["services"][0]
            if service["deployments"][0]["rolloutState"] == "COMPLETED":
                return
            time.sleep(0.2)
        self.fail(f"{name} did not complete")


class Rollouts(Base):
    def test_a_service_gets_stable_is_updated_and_goes(self):
        self.register(healthCheck={"command": ["CMD-SHELL", "true"], "interval": 5})
        self.create(
            "web", loadBalancers=[{"targetGroupArn": GROUP, "containerName": "app", "containerPort": 80}],
            healthCheckGracePeriodSeconds=5, enableExecuteCommand=True, propagateTags="SERVICE",
            serviceConnectConfiguration={"enabled": True, "namespace": "local"},
        )
        self.stable("web")
        self.completed("web")
        service = self.ecs.describe_services(
            cluster=self.cluster, services=["web"], include=["TAGS"])["services"][0]
        self.assertEqual(service["runningCount"], 2)
        self.assertEqual(service["tags"], [{"key": "mooring:commit", "value": "abc"}])
        self.assertEqual(service["platformVersion"], "LATEST")
        self.assertEqual(service["deployments"][0]["platformVersion"], "1.4.0")
        self.assertNotIn("serviceConnectConfiguration", service)
        self.assertIn("serviceConnectConfiguration", service["deployments"][0])
        arns = self.ecs.list_tasks(cluster=self.cluster, serviceName="web")["taskArns"]
        tasks = self.ecs.describe_tasks(cluster=self.cluster, tasks=arns, include=["TAGS"])["tasks"]
        self.assertEqual({task["lastStatus"] for task in tasks}, {"RUNNING"})
        self.assertEqual({task["healthStatus"] for task in tasks}, {"HEALTHY"})
        self.assertEqual(tasks[0]["tags"], [{"key": "mooring:commit", "value": "abc"}])

        arn = self.register("web:2")["taskDefinitionArn"]
        updated = self.ecs.update_service(cluster=self.cluster, service="web", taskDefinition=arn)["service"]
        self.assertEqual([d["status"] for d in updated["deployments"]], ["PRIMARY", "ACTIVE"])
        self.stable("web")
        deployments = self.ecs.list_service_deployments(cluster=self.cluster, service="web")["serviceDeployments"]
        details = self.ecs.describe_service_deployments(
            serviceDeploymentArns=[d["serviceDeploymentArn"] for d in deployments])["serviceDeployments"]
        self.assertEqual([d["status"] for d in details], ["SUCCESSFUL", "SUCCESSFUL"])
        revisions = self.ecs.describe_service_revisions(
            serviceRevisionArns=[details[0]["targetServiceRevision"]["arn"]])["serviceRevisions"]
        self.assertEqual(revisions[0]["taskDefinition"], arn)

        self.ecs.update_service(cluster=self.cluster, service="web", desiredCount=0)
        self.ecs.get_waiter("tasks_stopped").wait(cluster=self.cluster, tasks=arns, WaiterConfig=QUICK)
        self.stable("web")
        self.ecs.delete_service(cluster=self.cluster, service="web")
        self.ecs.get_waiter("services_inactive").wait(
            cluster=self.cluster, services=["web"], WaiterConfig=QUICK)

    def test_a_bad_image_is_rolled_back(self):
        scenario(images=[{"image": "*:bad", "cannotPull": True}])
        good = self.register("web:good")["taskDefinitionArn"]
        self.create("bad", desired=1)
        # Only a completed deployment is a place to go back to.
        self.completed("bad")
        self.register("web:bad")
        self.ecs.update_service(cluster=self.cluster, service="bad", taskDefinition=self.cluster)
        self.stable("bad")
        service = self.ecs.describe_services(cluster=self.cluster, services=["bad"])["services"][0]
        self.assertEqual(service["taskDefinition"], good)
        newest = self.ecs.list_service_deployments(cluster=self.cluster, service="bad")["serviceDeployments"][0]
        self.assertEqual(newest["status"], "ROLLBACK_SUCCESSFUL")
        stopped = self.ecs.list_tasks(
            cluster=self.cluster, serviceName="bad", desiredStatus="STOPPED")["taskArns"]
        task = self.ecs.describe_tasks(cluster=self.cluster, tasks=stopped[:1])["tasks"][0]
        self.assertEqual(task["stopCode"], "TaskFailedToStart")

    def test_a_service_that_never_gets_stable_makes_the_waiter_give_up(self):
        scenario(images=[{"image": "*:bad", "cannotPull": True}])
        self.register("web:bad")
        self.create("never", desired=1, deploymentConfiguration={})
        with self.assertRaises(botocore.exceptions.WaiterError):
            self.ecs.get_waiter("services_stable").wait(
                cluster=self.cluster, services=["never"], WaiterConfig={"Delay": 1, "MaxAttempts": 4})
        with self.assertRaises(botocore.exceptions.WaiterError):
            self.ecs.get_waiter("services_stable").wait(
                cluster=self.cluster, services=["nobody"], WaiterConfig=QUICK)

    def test_a_task_runs_by_itself(self):
        self.register("web:task")
        answer = self.ecs.run_task(
            cluster=self.cluster, taskDefinition=self.cluster, launchType="FARGATE", startedBy="me",
            networkConfiguration={"awsvpcConfiguration": {"subnets": ["subnet-1"]}})
        arn = answer["tasks"][0]["taskArn"]
        self.assertEqual(answer["tasks"][0]["lastStatus"], "PROVISIONING")
        self.ecs.get_waiter("tasks_running").wait(cluster=self.cluster, tasks=[arn], WaiterConfig=QUICK)
        self.ecs.stop_task(cluster=self.cluster, task=arn, reason="drill")
        self.ecs.get_waiter("tasks_stopped").wait(cluster=self.cluster, tasks=[arn], WaiterConfig=QUICK)
        task = self.ecs.describe_tasks(cluster=self.cluster, tasks=[arn])["tasks"][0]
        self.assertEqual((task["stopCode"], task["stoppedReason"]), ("UserInitiated", "drill"))

    @unittest.skipUnless(shutil.which("aws"), "the AWS CLI is not installed")
    def test_the_aws_cli_waits(self):
        self.register("web:cli")
        self.create("cli", desired=1)
        environment = dict(
            os.environ, AWS_ACCESS_KEY_ID="AKIALOCAL", AWS_SECRET_ACCESS_KEY="secret", AWS_DEFAULT_REGION=REGION,
            AWS_ENDPOINT_URL=URL, AWS_PAGER="")
        for arguments in (["wait", "services-stable"], ["describe-services"]):
            result = subprocess.run(
                ["aws", "ecs", *arguments, "--cluster", self.cluster, "--services", "cli"], env=environment,
                capture_output=True, text=True, timeout=90)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(json.loads(result.stdout)["services"][0]["runningCount"], 1)


class Reading(Base):
    def test_paginators_walk_everything(self):
        self.register()
        names = [f"s{index:02}" for index in range(25)]
        own = self.cluster + "-paged"
        self.ecs.create_cluster(clusterName=own)
        for name in names:
            self.create(name, desired=0, cluster=own)
        pages = list(self.ecs.get_paginator("list_services").paginate(cluster=own))
        self.assertEqual([len(page["serviceArns"]) for page in pages], [10, 10, 5])
        arns = [arn for page in pages for arn in page["serviceArns"]]
        self.assertEqual([arn.split("/")[-1] for arn in arns], names)
        described = self.ecs.describe_services(cluster=own, services=arns[:10])
        self.assertEqual(len(described["services"]), 10)
        for index in range(3):
            self.register(family=f"{self.cluster}-{index}")
        for operation, member, arguments in [
            ("list_task_definitions", "taskDefinitionArns", {"familyPrefix": f"{self.cluster}-1"}),
            ("list_task_definition_families", "families", {"familyPrefix": self.cluster}),
            ("list_clusters", "clusterArns", {}),
            ("list_tasks", "taskArns", {"cluster": self.cluster}),
            ("list_account_settings", "settings", {"effectiveSettings": True}),
        ]:
            whole = self.ecs.get_paginator(operation).paginate(**arguments).build_full_result()[member]
            by_one = self.ecs.get_paginator(operation).paginate(
                PaginationConfig={"PageSize": 1}, **arguments).build_full_result()[member]
            self.assertEqual(whole, by_one, operation)
        with self.assertRaises(self.ecs.exceptions.InvalidParameterException):
            self.ecs.list_services(cluster=self.cluster, nextToken="foreign")

    def test_a_task_definition_reads_back_as_ecs_fills_it(self):
        arn = self.register()["taskDefinitionArn"]
        answer = self.ecs.describe_task_definition(taskDefinition=arn, include=["TAGS"])
        definition = answer["taskDefinition"]
        container = definition["containerDefinitions"][0]
        self.assertEqual([e["name"] for e in container["environment"]], ["ST", "XAP_T", "SE", "XAP_E"])
        self.assertEqual(container["portMappings"], [{"containerPort": 80, "hostPort": 80, "protocol": "tcp"}])
        self.assertEqual((container["cpu"], container["essential"], container["mountPoints"]), (0, True, []))
        self.assertEqual(answer["tags"], [{"key": "commit", "value": "abc"}])
        self.ecs.deregister_task_definition(taskDefinition=arn)
        again = self.ecs.describe_task_definition(taskDefinition=arn)["taskDefinition"]
        self.assertEqual(again["status"], "INACTIVE")

    def test_tags_are_added_and_taken_away(self):
        self.register()
        arn = self.create("tagged", desired=0)["serviceArn"]
        self.ecs.tag_resource(resourceArn=arn, tags=[{"key": "a", "value": "1"}, {"key": "é", "value": "ü"}])
        self.ecs.untag_resource(resourceArn=arn, tagKeys=["mooring:commit", "absent"])
        tags = self.ecs.list_tags_for_resource(resourceArn=arn)["tags"]
        self.assertEqual(tags, [{"key": "a", "value": "1"}, {"key": "é", "value": "ü"}])
        clusters = self.ecs.describe_clusters(clusters=[self.cluster, "none"], include=["TAGS", "SETTINGS"])
        self.assertEqual(clusters["clusters"][0]["tags"], [{"key": "team", "value": "a b"}])
        self.assertEqual(clusters["failures"][0]["reason"], "MISSING")

    def test_misses_and_refusals_are_typed(self):
        errors = self.ecs.exceptions
        with self.assertRaises(errors.ClusterNotFoundException):
            self.ecs.list_services(cluster="nowhere")
        with self.assertRaises(errors.ServiceNotFoundException):
            self.ecs.update_service(cluster=self.cluster, service="nobody")
        with self.assertRaisesRegex(errors.ClientException, "Unable to describe task definition."):
            self.ecs.describe_task_definition(taskDefinition="none:1")
        self.register()
        self.create("twice", desired=0)
        with self.assertRaisesRegex(errors.InvalidParameterException, "Creation of service was not idempotent."):
            self.create("twice", desired=0)
        with self.assertRaises(errors.InvalidParameterException):
            self.ecs.describe_services(cluster=self.cluster, services=[f"s{n}" for n in range(11)])
        missing = self.ecs.describe_services(cluster=self.cluster, services=["nobody"])
        self.assertEqual(missing["failures"][0]["reason"], "MISSING")
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            self.ecs.list_daemons()
        self.assertEqual(caught.exception.response["Error"]["Code"], "UnknownOperationException")


class Accounts(Base):
    def test_roles_lead_into_other_accounts(self):
        sts = client("sts")
        self.assertEqual(sts.get_caller_identity()["Account"], "123456789012")
        role = "arn:aws:iam::210987654321:role/path/deployer"
        answer = sts.assume_role(RoleArn=role, RoleSessionName="mooring", DurationSeconds=900)
        keys = answer["Credentials"]
        self.assertEqual(
            answer["AssumedRoleUser"]["Arn"], "arn:aws:sts::210987654321:assumed-role/deployer/mooring")
        options = dict(key=keys["AccessKeyId"], secret=keys["SecretAccessKey"], token=keys["SessionToken"])
        self.assertEqual(client("sts", **options).get_caller_identity()["Account"], "210987654321")
        other = client("ecs", **options)
        arns = other.list_clusters()["clusterArns"]
        self.assertNotIn(self.cluster, [arn.split("/")[-1] for arn in arns])
        elsewhere = client("ecs", region="us-west-2").list_clusters()["clusterArns"]
        self.assertNotIn(self.cluster, [arn.split("/")[-1] for arn in elsewhere])
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            sts.assume_role(RoleArn="arn:aws:iam::1:user/x-and-more-text", RoleSessionName="mooring")
        self.assertEqual(caught.exception.response["Error"]["Code"], "ValidationError")

    def test_scalable_targets_are_remembered(self):
        scaling = client("application-autoscaling")
        model = Model(scaling)
        self.register()
        self.create("scaled", desired=0)
        key = dict(
            ServiceNamespace="ecs", ResourceId=f"service/{self.cluster}/scaled",
            ScalableDimension="ecs:service:DesiredCount")
        scaling.register_scalable_target(MinCapacity=1, MaxCapacity=4, **key)
        pages = scaling.get_paginator("describe_scalable_targets").paginate(
            ServiceNamespace="ecs", ResourceIds=[key["ResourceId"]])
        targets = pages.build_full_result()["ScalableTargets"]
        self.assertEqual((targets[0]["MinCapacity"], targets[0]["MaxCapacity"]), (1, 4))
        scaling.deregister_scalable_target(**key)
        with self.assertRaises(scaling.exceptions.ObjectNotFoundException):
            scaling.deregister_scalable_target(**key)
        self.assertEqual(model.problems, [])

    def test_parameters_are_put_and_read(self):
        ssm = client("ssm")
        model = Model(ssm)
        ssm.put_parameter(Name="/network/subnet-a", Value="subnet-1", Type="String")
        with self.assertRaises(ssm.exceptions.ParameterAlreadyExists):
            ssm.put_parameter(Name="/network/subnet-a", Value="subnet-2", Type="String")
        self.assertEqual(
            ssm.put_parameter(Name="/network/subnet-a", Value="subnet-2", Overwrite=True)["Version"], 2)
        answer = ssm.get_parameters(Names=["/network/subnet-a", "/network/subnet-a:1", "/none"])
        self.assertEqual([one["Value"] for one in answer["Parameters"]], ["subnet-2", "subnet-1"])
        self.assertEqual(answer["InvalidParameters"], ["/none"])
        self.assertEqual(model.problems, [])


class Unpleasantness(Base):
    def test_retries_get_past_throttles_and_server_errors(self):
        scenario(faults=[
            {"operation": "ListClusters", "ordinals": [1], "fault": "throttle"},
            {"operation": "ListClusters", "ordinals": [2], "fault": "serverError", "status": 503},
        ])
        self.assertTrue(self.ecs.list_clusters()["clusterArns"])

    def test_a_lost_answer_was_performed_all_the_same(self):
        self.register()
        scenario(faults=[{"operation": "CreateService", "ordinals": [1], "fault": "lostResponse"}])
        once = client("ecs", retries={"max_attempts": 0})
        with self.assertRaises(botocore.exceptions.HTTPClientError):
            once.create_service(
                cluster=self.cluster, serviceName="lost", taskDefinition=self.cluster, desiredCount=0,
                launchType="FARGATE",
                networkConfiguration={"awsvpcConfiguration": {"subnets": ["subnet-1"]}})
        found = self.ecs.describe_services(cluster=self.cluster, services=["lost"])["services"]
        self.assertEqual(found[0]["status"], "ACTIVE")

    def test_refusals_by_order(self):
        scenario(faults=[
            {"operation": "DeleteService", "fault": "accessDenied"},
            {"operation": "ListServices", "fault": "expiredCredentials"},
        ])
        with self.assertRaises(self.ecs.exceptions.AccessDeniedException):
            self.ecs.delete_service(cluster=self.cluster, service="x")
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            self.ecs.list_services(cluster=self.cluster)
        self.assertEqual(caught.exception.response["Error"]["Code"], "ExpiredTokenException")

    def test_nonsense_gets_an_answer_in_json(self):
        address = urllib.parse.urlparse(URL)
        target = "AmazonEC2ContainerServiceV20141113."
        long = b'{"services":["' + b"a" * 10_000_000 + b'"]}'
        for headers, body, code in [
            ({"X-Amz-Target": target + "ListServices"}, b'{"cluster":', "SerializationException"),
            ({"X-Amz-Target": target + "ListServices"}, b'{"cluster":[1]}', "SerializationException"),
            ({"X-Amz-Target": target + "ListServices"}, b'[]', "SerializationException"),
            ({"X-Amz-Target": target + "ListServices"}, b'\xff\xfe', "SerializationException"),
            ({"X-Amz-Target": target + "Nonsense"}, b"{}", "UnknownOperationException"),
            ({"X-Amz-Target": "Other.ListServices"}, b"{}", "UnknownOperationException"),
            ({}, b"{}", "UnknownOperationException"),
            ({"X-Amz-Target": target + "DescribeServices"}, long, "RequestEntityTooLargeException"),
        ]:
            connection = http.client.HTTPConnection(address.hostname, address.port, timeout=20)
            connection.request("POST", "/", body, {"Content-Type": "application/x-amz-json-1.1", **headers})
            answer = connection.getresponse()
            self.assertGreaterEqual(answer.status, 400)
            self.assertEqual(answer.headers["Content-Type"], "application/x-amz-json-1.1")
            self.assertEqual(json.loads(answer.read())["__type"], code)
            connection.close()

    def test_a_kept_connection_answers_at_once(self):
        address = urllib.parse.urlparse(URL)
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=20)
        headers = {
            "X-Amz-Target": "AmazonEC2ContainerServiceV20141113.ListClusters",
            "Content-Type": "application/x-amz-json-1.1",
        }
        times = []
        for _ in range(50):
            start = time.monotonic()
            connection.request("POST", "/", b"{}", headers)
            answer = connection.getresponse()
            answer.read()
            times.append(time.monotonic() - start)
            self.assertIsNotNone(connection.sock, "the connection was closed")
        connection.close()
        # A stall by Nagle's algorithm and delayed acknowledgements takes 40 ms every time.
        self.assertLess(sorted(times)[25], 0.03)

    def test_two_hundred_clients_at_once(self):
        self.register()
        self.create("shared", desired=0)

        def read(_):
            return self.ecs.describe_services(cluster=self.cluster, services=["shared"])["services"][0]["status"]

        with concurrent.futures.ThreadPoolExecutor(200) as pool:
            self.assertEqual(set(pool.map(read, range(400))), {"ACTIVE"})


def tearDownModule():
    calls = control("GET", "calls")["counts"]
    print(f"operations called: {len(calls)}, calls: {sum(calls.values())}", file=sys.stderr)


if __name__ == "__main__":
    if not URL:
        sys.exit("Set MOORING_SIMULATE_URL to the address of a running local ECS.")
    unittest.main(verbosity=2)
