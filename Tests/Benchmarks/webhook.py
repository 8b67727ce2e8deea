#!/usr/bin/env python3
"""Measures how long a push takes to reach ECS: from the webhook to the first RegisterTaskDefinition that the local ECS receives.

    Tests/Benchmarks/webhook.py MOORING [--manifests 10000] [--changes 20] [--at-most RATIO]

MOORING is a release build. A repository behind `git http-backend` holds that many manifests, half of them services; each change gives one
container of one service another image, and a signed webhook says so. Prints the distribution, and what of it passed until git's last
answer (fetch), until the first question to ECS (reading and comparing the manifests) and until RegisterTaskDefinition (what the plan
had to ask). The same is done with a hundredth of the manifests; exit code 1 where a change is not registered, or where the median
is more than --at-most times that of the small repository plus what `git fetch` and `mooring validate` take of the large one.
"""

import argparse
import hashlib
import hmac
import http.client
import http.server
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time

SECRET = "benchmark-secret"
SERVICE_TAGS = [{"key": "mooring:environment", "value": "production@bench"}]
GIT = {
    "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com", "PATH": os.environ["PATH"], "HOME": "/nonexistent",
}


class Times:
    """When what arrived, of one change."""

    def __init__(self):
        self.lock = threading.Lock()
        self.begin()

    def begin(self):
        with self.lock:
            self.git = self.first_call = self.registered = None

    def note(self, name):
        with self.lock:
            if getattr(self, name) is None:
                setattr(self, name, time.monotonic())

    def fetched(self):
        with self.lock:
            if self.first_call is None:
                self.git = time.monotonic()


class QuietServer(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def start(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self.server_port


def git_server(root, times):
    """`git http-backend`, which notes when its last answer to a fetch was given."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *arguments):
            pass

        def handle_any(self):
            path, _, query = self.path.partition("?")
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            environment = dict(
                GIT, GIT_PROJECT_ROOT=root, GIT_HTTP_EXPORT_ALL="1", REQUEST_METHOD=self.command, PATH_INFO=path, QUERY_STRING=query,
                CONTENT_TYPE=self.headers.get("Content-Type") or "", CONTENT_LENGTH=str(len(body)), REMOTE_USER="bench",
                HTTP_CONTENT_ENCODING=self.headers.get("Content-Encoding") or "", GIT_PROTOCOL=self.headers.get("Git-Protocol") or "")
            answer = subprocess.run(["git", "http-backend"], input=body, env=environment, capture_output=True, check=True).stdout
            head, _, content = answer.partition(b"\r\n\r\n")
            lines = [line.split(b": ", 1) for line in head.split(b"\r\n")]
            status = next((int(value.split()[0]) for name, value in lines if name == b"Status"), 200)
            self.send_response(status)
            for name, value in lines:
                if name != b"Status":
                    self.send_header(name.decode(), value.decode())
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            # What is asked of the notes meanwhile, and all that comes when ECS has been asked, is no part of the fetch.
            if self.command == "POST" and path.endswith("/git-upload-pack"):
                times.fetched()

        do_GET = do_POST = handle_any

    return QuietServer(("127.0.0.1", 0), Handler).start()


def ecs_proxy(port, times):
    """Passes calls on to the local ECS, and notes when the first one came and when RegisterTaskDefinition did."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *arguments):
            pass

        def do_POST(self):
            target = (self.headers.get("X-Amz-Target") or "").rpartition(".")[2]
            if times.git is not None:
                times.note("first_call")
            if target == "RegisterTaskDefinition":
                times.note("registered")
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("POST", self.path, body, {k: v for k, v in self.headers.items() if k.lower() != "host"})
            response = connection.getresponse()
            content = response.read()
            self.send_response(response.status)
            for name, value in response.getheaders():
                if name.lower() not in ("connection", "content-length", "transfer-encoding"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            connection.close()

    return QuietServer(("127.0.0.1", 0), Handler).start()


def git(folder, *arguments, **options):
    return subprocess.run(["git", *arguments], cwd=folder, env=GIT, check=True, capture_output=True, **options).stdout.decode().strip()


def task(image):
    return f"family: hot\ncontainerDefinitions:\n  - {{name: app, image: 'hot:{image}', memory: 64, essential: true}}\n"


def fill(repository, manifests):
    """One commit with all manifests: half services of one task definition, half task definitions of their own."""
    files = {
        "production/hot.task.yaml": task(0),
        "production/hot.yaml": "serviceName: hot\ntaskDefinition: hot.task.yaml\ndesiredCount: 1\nlaunchType: EC2\n",
        "production/base.task.yaml": task(0).replace("hot", "base"),
    }
    for index in range((manifests - 3) // 2):
        files[f"production/s{index % 100:02}/s{index}.yaml"] = (
            f"serviceName: s{index}\ntaskDefinition: base\ndesiredCount: 2\nlaunchType: EC2\n"
            "deploymentConfiguration: {minimumHealthyPercent: 100, maximumPercent: 200}\n")
        files[f"production/s{index % 100:02}/t{index}.task.yaml"] = task(index).replace("hot", f"t{index}")
    stream = ["commit refs/heads/main", "committer Ada <ada@example.com> 1700000000 +0000", "data 5", "Begin"]
    for name, text in files.items():
        stream += [f"M 100644 inline {name}", f"data {len(text)}", text]
    git(repository, "fast-import", "--quiet", input=("\n".join(stream) + "\n").encode())
    return files


def change(repository, number):
    """A commit that changes one image."""
    text = task(number)
    head = git(repository, "rev-parse", "refs/heads/main")
    message = f"Image {number}"
    stream = ["commit refs/heads/main", "committer Ada <ada@example.com> 1700000001 +0000", f"data {len(message)}", message,
              f"from {head}", "M 100644 inline production/hot.task.yaml", f"data {len(text)}", text]
    git(repository, "fast-import", "--quiet", input=("\n".join(stream) + "\n").encode())
    return git(repository, "rev-parse", "refs/heads/main")


def send(port, commit, number):
    body = json.dumps({
        "ref": "refs/heads/main", "after": commit, "before": "0" * 40, "deleted": False,
        "repository": {"full_name": "shop", "clone_url": "https://git.example.com/shop.git"}}).encode()
    signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    start = time.monotonic()
    connection.request("POST", "/hooks/github", body, {
        "Content-Type": "application/json", "X-GitHub-Event": "push", "X-GitHub-Delivery": f"bench-{os.getpid()}-{number}",
        "X-Hub-Signature-256": signature})
    status = connection.getresponse().status
    connection.close()
    if status not in (200, 202):
        sys.exit(f"the webhook was answered with {status}")
    return start


def call(port, operation, **members):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/", json.dumps(members), {
        "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "AmazonEC2ContainerServiceV20141113." + operation})
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        sys.exit(f"{operation}: {response.status} {body[:300]}")


def wait_for(what, seconds, condition):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.005)
    sys.exit(f"waited {seconds} s in vain for {what}")


class Lines:
    """What a process says, read on a thread."""

    def __init__(self, stream):
        self.lines = []
        threading.Thread(target=lambda: [self.lines.append(line) for line in stream], daemon=True).start()

    def find(self, pattern):
        return next((found for line in list(self.lines) if (found := re.search(pattern, line))), None)


def measure(mooring, manifests, changes):
    """Seconds per change: until git's last answer, until the first call, until the registration, and all of it."""
    times, processes = Times(), []
    with tempfile.TemporaryDirectory() as folder:
        repository = f"{folder}/shop.git"
        git("/", "init", "--quiet", "--bare", "--initial-branch=main", repository)
        git(repository, "config", "http.receivepack", "true")
        fill(repository, manifests)
        try:
            ecs = subprocess.Popen([mooring, "simulate", "--port", "0", "--speed", "60", "--cluster", "main"],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            processes.append(ecs)
            ecs_port = int(re.search(r"http://127\.0\.0\.1:(\d+)", ecs.stdout.readline()).group(1))
            call(ecs_port, "RegisterTaskDefinition", family="hot",
                 containerDefinitions=[{"name": "app", "image": "hot:0", "memory": 64, "essential": True}])
            call(ecs_port, "CreateService", cluster="main", serviceName="hot", taskDefinition="hot", desiredCount=1, launchType="EC2",
                 tags=SERVICE_TAGS)
            settings = pathlib.Path(folder, "settings.yaml")
            settings.write_text(
                f"data: {folder}/data\nlisten: 127.0.0.1:0\nenvironments:\n  - name: production\n"
                f"    repository: http://127.0.0.1:{git_server(folder, times)}/shop.git\n    repositoryId: bench\n"
                "    folder: production\n    account: '123456789012'\n    region: us-east-1\n    clusters: [main]\n    act: true\n"
                "    maxCreations: 0\n    pollInterval: 1h\n    sweepInterval: 24h\n    host: {kind: github, repository: acme/shop}\n"
                "    webhook: {secretVariable: BENCH_SECRET}\n", encoding="utf-8")
            environment = dict(
                os.environ, BENCH_SECRET=SECRET, AWS_ENDPOINT_URL=f"http://127.0.0.1:{ecs_proxy(ecs_port, times)}",
                AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="x", AWS_EC2_METADATA_DISABLED="true")
            controller = subprocess.Popen([mooring, "run", "--settings", str(settings)], env=environment, stdout=subprocess.DEVNULL,
                                          stderr=subprocess.PIPE, text=True)
            processes.append(controller)
            said = Lines(controller.stderr)
            port = int(wait_for("the port", 60, lambda: said.find(r"Webhooks are taken at .*port (\d+)")).group(1))
            first = git(repository, "rev-parse", "refs/heads/main")[:7]
            wait_for("the first look", 600, lambda: said.find(rf"{first} (OutOfSync|Synced)"))
            results = []
            for number in range(1, changes + 1):
                commit = change(repository, number)
                times.begin()
                start = send(port, commit, number)
                wait_for(f"change {number}", 120, lambda: times.registered)
                results.append((times.git - start, (times.first_call or times.registered) - times.git,
                                times.registered - (times.first_call or times.registered), times.registered - start))
                wait_for(f"the end of change {number}", 120, lambda: said.find(rf"{commit[:7]} (OutOfSync|Synced)"))
            return results
        finally:
            for process in reversed(processes):
                process.terminate()
                process.wait()


def baseline(mooring, manifests):
    """Seconds that a fetch of one change and an offline check of all manifests take by themselves."""
    with tempfile.TemporaryDirectory() as folder:
        repository = f"{folder}/shop.git"
        git("/", "init", "--quiet", "--bare", "--initial-branch=main", repository)
        for name, text in fill(repository, manifests).items():
            path = pathlib.Path(folder, "checkout", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        git("/", "clone", "--quiet", "--bare", repository, f"{folder}/mirror.git")
        change(repository, 1)
        start = time.monotonic()
        git(f"{folder}/mirror.git", "fetch", "--quiet", "origin", "main")
        fetch = time.monotonic() - start
        start = time.monotonic()
        subprocess.run([mooring, "validate", f"{folder}/checkout/production"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        return fetch, time.monotonic() - start


def show(name, values):
    ordered = sorted(value * 1000 for value in values)
    print(f"  {name:30} median {statistics.median(ordered):7.0f} ms   90% {ordered[int(len(ordered) * 0.9) - 1]:7.0f} ms   "
          f"worst {ordered[-1]:7.0f} ms")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mooring")
    parser.add_argument("--manifests", type=int, default=10_000)
    parser.add_argument("--changes", type=int, default=20)
    parser.add_argument("--at-most", type=float)
    arguments = parser.parse_args()
    medians = []
    for manifests in (max(10, arguments.manifests // 100), arguments.manifests):
        results = measure(arguments.mooring, manifests, arguments.changes)
        print(f"{manifests} manifests, {len(results)} changes, from the webhook to RegisterTaskDefinition:")
        for index, name in enumerate(("fetch", "reading and comparing", "questions to ECS", "all")):
            show(name, [result[index] for result in results])
        total = statistics.median(result[3] for result in results)
        shares = [statistics.median(result[index] for result in results) / total for index in range(3)]
        print("  shares: " + ", ".join(f"{name} {share:.0%}" for name, share in zip(("fetch", "plan", "calls"), shares)))
        medians.append(total)
    fetch, check = baseline(arguments.mooring, arguments.manifests)
    bound = medians[0] + fetch + check
    print(f"git fetch {fetch * 1000:.0f} ms and mooring validate {check * 1000:.0f} ms by themselves; "
          f"{medians[1] / bound:.2f} times them and the small repository's time together")
    if arguments.at_most and medians[1] > arguments.at_most * bound:
        sys.exit(f"more than {arguments.at_most} times")


if __name__ == "__main__":
    main()
