"""Calls that go wrong, and clients that mean harm."""

import concurrent.futures
import http.client
import json
import os
import sys
import time
import urllib.parse

import botocore.exceptions

from local_ecs import URL, Base, client, main, scenario

TARGET = "AmazonEC2ContainerServiceV20141113."
LONG = b'{"services":["' + b"a" * 10_000_000 + b'"]}'


def post(body, headers, method="POST"):
    address = urllib.parse.urlparse(URL)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
    try:
        connection.request(method, "/", body, headers)
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def resident():
    """Bytes that the server's process has in memory."""
    with open(f"/proc/{os.environ['MOORING_SIMULATE_PID']}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


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

    def test_nonsense_gets_an_answer_of_aws(self):
        json_type, form = "application/x-amz-json-1.1", "application/x-www-form-urlencoded; charset=utf-8"
        deep = b'{"services":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
        for target, kind, body, status, code in [
            ("ListServices", json_type, b'{"cluster":', 400, "SerializationException"),
            ("ListServices", json_type, b'{"cluster":[1]}', 400, "SerializationException"),
            ("ListServices", json_type, b'{"cluster":7}', 400, "SerializationException"),
            ("ListServices", json_type, b'{"maxResults":"7"}', 400, "SerializationException"),
            ("ListServices", json_type, b'{"maxResults":1e400}', 400, "SerializationException"),
            ("ListServices", json_type, b'{"maxResults":99999999999}', 400, "SerializationException"),
            ("ListServices", json_type, b"[]", 400, "SerializationException"),
            ("ListServices", json_type, b'"text"', 400, "SerializationException"),
            ("ListServices", json_type, b"\xff\xfe", 400, "SerializationException"),
            ("ListServices", json_type, b'{"launchType":"MOON"}', 400, "InvalidParameterException"),
            ("RunTask", json_type, b'{"placementStrategy":{"type":"spread"}}', 400, "SerializationException"),
            ("DescribeServices", json_type, deep, 400, "SerializationException"),
            ("DescribeServices", json_type, LONG, 413, "RequestEntityTooLargeException"),
            ("DescribeTaskDefinition", json_type, b'{"taskDefinition":"web:-9223372036854775808"}', 400, "ClientException"),
            ("ListTagsForResource", json_type, b'{"resourceArn":"arn:aws:ecs:us-east-1:123456789012:task-definition/'
             b'web:-9223372036854775808"}', 400, "ResourceNotFoundException"),
            ("Nonsense", json_type, b"{}", 400, "UnknownOperationException"),
            ("Other.ListServices", json_type, b"{}", 400, "UnknownOperationException"),
            (None, json_type, b"{}", 404, "UnknownOperationException"),
            ("ListServices", "text/plain", b"{}", 404, "UnknownOperationException"),
            ("ListServices", form, b"{}", 404, "UnknownOperationException"),
            (None, form, b"Action=Nonsense&Version=2011-06-15", 400, "InvalidAction"),
            (None, form, b"Action=CreateRole&Version=2010-05-08", 400, "ValidationError"),
            (None, form, b"Version=2011-06-15", 400, "MissingAction"),
            (None, form, b"Action=CreateRole&Version=2010-05-08&Tags." + b"x." * 100 + b"=1", 400,
             "MalformedQueryString"),
        ]:
            headers = {"Content-Type": kind}
            if target is not None:
                headers["X-Amz-Target"] = target if "." in target else TARGET + target
            answer, text = post(body, headers)
            self.assertEqual(answer.status, status, (target, body[:60], text[:200]))
            self.assertNotIn(b"<html", text.lower())
            if text.startswith(b"{"):
                self.assertEqual(answer.headers["Content-Type"], json_type)
                self.assertEqual(json.loads(text)["__type"], code, (target, body[:60]))
            else:
                self.assertEqual(answer.headers["Content-Type"], "text/xml")
                self.assertIn(f"<Code>{code}</Code>".encode(), text)
        for method in ("GET", "PUT", "DELETE"):
            answer, text = post(b"", {}, method=method)
            self.assertEqual((answer.status, json.loads(text)["__type"]), (404, "UnknownOperationException"))

    def test_wrong_values_are_named(self):
        """The words of AWS's framework, and the code under which each API answers them."""
        for name, operation, body, code, message in [
            ("ecs", "CreateService", {"serviceName": "a", "loadBalancers": [], "schedulingStrategy": "SOMETIMES"},
             "InvalidParameterException",
             "1 validation error detected: Value 'SOMETIMES' at 'schedulingStrategy' failed to satisfy constraint: "
             "Member must satisfy enum value set: [REPLICA, DAEMON]"),
            ("ecs", "CreateService", {"serviceName": "a", "networkConfiguration": {"awsvpcConfiguration": {}}},
             "InvalidParameterException",
             "1 validation error detected: Value null at 'networkConfiguration.awsvpcConfiguration.subnets' failed to "
             "satisfy constraint: Member must not be null"),
            ("application-autoscaling", "RegisterScalableTarget", {"ServiceNamespace": "ecs"}, "ValidationException",
             "2 validation errors detected: Value null at 'resourceId' failed to satisfy constraint: Member must not "
             "be null; Value null at 'scalableDimension' failed to satisfy constraint: Member must not be null"),
            ("logs", "CreateLogGroup", {"logGroupName": ""}, "InvalidParameterException",
             "1 validation error detected: Value '' at 'logGroupName' failed to satisfy constraint: Member must have "
             "length greater than or equal to 1"),
        ]:
            prefix = client(name).meta.service_model.metadata["targetPrefix"]
            answer, text = post(
                json.dumps(body).encode(),
                {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"{prefix}.{operation}"})
            self.assertEqual(answer.status, 400)
            self.assertEqual(json.loads(text), {"__type": code, "message": message})

    def test_unknown_members_are_ignored(self):
        answer, _ = post(b'{"unheardOf": [{"a": 1}], "maxResults": 5}', {
            "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": TARGET + "ListClusters"})
        self.assertEqual(answer.status, 200)

    def test_two_hundred_who_mean_harm_and_the_memory_comes_back(self):
        def attack(number):
            body = [LONG, b'{"cluster":' * 1000, b"{}" * 100, b'{"services":["' + b"x" * 500_000 + b'"]}'][number % 4]
            try:
                answer, text = post(body, {
                    "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": TARGET + "DescribeServices"})
                return answer.status if text.startswith(b'{"__type"') or answer.status == 200 else text[:100]
            except OSError as error:
                return repr(error)

        def wave():
            with concurrent.futures.ThreadPoolExecutor(200) as pool:
                return sorted(set(pool.map(attack, range(200))), key=str)

        sizes = []
        for _ in range(3):
            self.assertEqual(wave(), [200, 400, 413])
            sizes.append(resident())
        # The first wave may leave pools behind; half a gigabyte in each of the next two must leave nothing like it.
        growth = (sizes[2] - sizes[0]) / 1e6
        print(f"resident after each wave of 200 clients: {[round(size / 1e6) for size in sizes]} MB", file=sys.stderr)
        self.assertLess(growth, 60)
        self.assertTrue(self.ecs.list_clusters()["clusterArns"])

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


if __name__ == "__main__":
    main()
