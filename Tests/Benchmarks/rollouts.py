#!/usr/bin/env python3
"""Measures the local ECS: full rollouts of many services in the stepped clock, and how the costs grow with their number.

    Tests/Benchmarks/rollouts.py MOORING [--services 1000] [--tasks 10] [--at-most RATIO]

MOORING is a release build (`swift build -c release --product mooring`). A tenth of the services first, then all of them, each in a
process of its own: they are created with a circuit breaker, come up, are updated to another revision and roll out. Prints processor
time and peak memory of the server, and both for all services divided by both for a tenth; 10 is linear. Exit code 1 where a service
has not rolled out, or a ratio is above --at-most.
"""

import argparse
import http.client
import json
import re
import subprocess
import sys
import time

TARGET = "AmazonEC2ContainerServiceV20141113."


class Server:
    """A local ECS with a stepped clock, and one kept connection to it."""

    def __init__(self, mooring):
        self.process = subprocess.Popen(
            [mooring, "simulate", "--port", "0", "--stepped"], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)
        match = re.search(r"http://127\.0\.0\.1:(\d+)", self.process.stdout.readline())
        self.connection = http.client.HTTPConnection("127.0.0.1", int(match.group(1)), timeout=300)

    def exchange(self, path, document, headers):
        self.connection.request("POST", path, json.dumps(document), headers)
        response = self.connection.getresponse()
        body = response.read()
        if response.status != 200:
            sys.exit(f"{path} {headers}: {response.status} {body[:300]}")
        return json.loads(body)

    def call(self, operation, **members):
        return self.exchange(
            "/", members, {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": TARGET + operation})

    def advance(self, seconds):
        self.exchange("/_mooring/advance", {"milliseconds": seconds * 1000}, {"Content-Type": "application/json"})

    def costs(self):
        """Processor seconds so far, and peak memory in MiB."""
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rpartition(")")[2].split()
        ticks = 100  # Linux's USER_HZ, which no machine of this project changes
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            peak = int(re.search(r"VmHWM:\s+(\d+) kB", file.read()).group(1))
        return (int(fields[11]) + int(fields[12])) / ticks, peak / 1024

    def close(self):
        self.process.terminate()
        self.process.wait()


def register(server, tag):
    server.call(
        "RegisterTaskDefinition", family="web",
        containerDefinitions=[{"name": "app", "image": f"web:{tag}", "memory": 128, "portMappings": [{"containerPort": 80}]}])


def rollout(mooring, services, tasks):
    """One process: creation, first deployment, update, second deployment."""
    server = Server(mooring)
    try:
        wall = time.monotonic()
        _, empty = server.costs()
        register(server, 1)
        for index in range(services):
            server.call(
                "CreateService", serviceName=f"s{index}", taskDefinition="web", desiredCount=tasks,
                deploymentConfiguration={"deploymentCircuitBreaker": {"enable": True, "rollback": True}})
        server.advance(300)
        before, _ = server.costs()
        register(server, 2)
        for index in range(services):
            server.call("UpdateService", service=f"s{index}", taskDefinition="web")
        server.advance(600)
        processor, peak = server.costs()
        wall = time.monotonic() - wall
        unfinished = 0
        for start in range(0, services, 10):
            names = [f"s{index}" for index in range(start, min(start + 10, services))]
            for service in server.call("DescribeServices", services=names)["services"]:
                deployment = service["deployments"][0]
                whole = (
                    len(service["deployments"]) == 1 and deployment["rolloutState"] == "COMPLETED"
                    and deployment["taskDefinition"].endswith(":2") and service["runningCount"] == tasks)
                unfinished += not whole
        print(
            f"{services} services of {tasks} tasks: {processor:.2f} s of processor time, {processor - before:.2f} s of them for "
            f"the update; {peak:.0f} MiB at most, {empty:.0f} MiB of them empty; {wall:.1f} s in all")
        return processor, peak - empty, unfinished
    finally:
        server.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mooring")
    parser.add_argument("--services", type=int, default=1000)
    parser.add_argument("--tasks", type=int, default=10)
    parser.add_argument("--at-most", type=float)
    arguments = parser.parse_args()
    tenth = max(1, arguments.services // 10)
    few = rollout(arguments.mooring, tenth, arguments.tasks)
    many = rollout(arguments.mooring, arguments.services, arguments.tasks)
    factor = arguments.services / tenth
    ratios = [many[0] / max(few[0], 0.01), many[1] / max(few[1], 0.1)]
    print(f"{factor:.0f} times the services: {ratios[0]:.1f} times the processor time, {ratios[1]:.1f} times the memory")
    if few[2] or many[2]:
        sys.exit(f"{few[2] + many[2]} services did not roll out")
    if arguments.at_most and max(ratios) > arguments.at_most:
        sys.exit(f"more than {arguments.at_most} times as much")


if __name__ == "__main__":
    main()
