"""A git host in small, as strict as the real one about what a reporter sends, with its traps.

    stub_host.py [--host gitlab] [--port 0] [--validate api/gitlab.json] [--token TOKEN]

prints `ready PORT URL CONTROL-URL`, or without a host `ready PORT` of a server whose only call is

    POST /_stub/hosts          {host, token, validate}: starts another one, answers {url, control}

so that many are had for one start of Python. Every request is checked against the description; what it does not allow is answered with
400 and kept under `invalid`. Where there is no description, `validation` says that it was skipped.

Control, under /_stub/ at the URL and at the control URL, which answers during an outage as well:
    GET  posted                what was accepted, in order
    GET  requests              method and target of all that came
    GET  invalid               what the description does not allow
    GET  validation            `on`, or why it was skipped
    POST pulls                 {number, head, branch, base, state: open|merged|closed, merge_commit, fork}
    POST settings              any of {token, page, statuses_most, jobs_most, indexing, identity: true|false, versions, app,
                               transitions, has_index}
    POST answers               {method, path: regular expression, status, headers, body, times, performed}: instead of the host's
                               own; where `performed`, the host does what was asked all the same
    POST comments              {number, text, author}: as somebody else's
    POST outage                {kind: refuse|503|none}
"""

import argparse
import http.server
import json
import re
import socket
import sys
import threading
from urllib.parse import parse_qs, unquote, urlsplit

sys.path.insert(0, __file__.rsplit("/", 1)[0])
from described import Description  # noqa: E402
from dialects import DIALECTS, Refusal, World  # noqa: E402


descriptions, descriptions_lock = {}, threading.Lock()


def description(host, file):
    """Read once: that takes longer than most tests."""
    with descriptions_lock:
        if (host, file) not in descriptions:
            descriptions[host, file] = Description(host, file)
        return descriptions[host, file]


class Stub:
    """One host: a server, and one to control it by."""

    def __init__(self, host, token, validate, port=0):
        self.world = World(host, token)
        self.dialect = DIALECTS[host](self.world)
        self.description = description(host, validate)
        self.lock = threading.RLock()
        self.requests, self.invalid, self.answers = [], [], []
        self.outage = "none"
        self.server, self.port = None, port
        self.open()
        control = Server(("127.0.0.1", 0), type("Control", (HostHandler,), {"stub": self, "only_control": True}))
        threading.Thread(target=control.serve_forever, daemon=True).start()
        self.control_url = f"http://127.0.0.1:{control.server_port}"

    def open(self):
        self.server = Server(("127.0.0.1", self.port), type("Handler", (HostHandler,), {"stub": self}))
        self.port = self.server.server_port
        self.world.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def set_outage(self, kind):
        before, self.outage = self.outage, kind
        if kind == "refuse" and before != "refuse":
            self.server.shutdown()
            self.server.server_close()
        if kind != "refuse" and before == "refuse":
            self.open()

    def control(self, method, name, body):
        with self.lock:
            world = self.world
            if method == "GET":
                return {
                    "posted": world.posted, "requests": self.requests, "invalid": self.invalid,
                    "validation": self.description.skipped or "on",
                }.get(name)
            if name == "pulls":
                world.pulls[body["number"]] = {"branch": f"feature-{body['number']}", "base": "main", "state": "open",
                                               "merge_commit": None, "fork": False, **body}
            elif name == "settings":
                world.settings.update(body)
            elif name == "answers":
                self.answers.append({"times": 1, "method": "", "path": "", "headers": {}, "body": {}, **body})
            elif name == "comments":
                world.comment(body["number"], body["text"], body["author"])
            elif name == "outage":
                self.set_outage(body["kind"])
            else:
                return None
            return {}

    def other_answer(self, method, target):
        """What a test wants to be answered, if anything."""
        for answer in self.answers:
            if answer["times"] > 0 and answer["method"] in ("", method) and re.search(answer["path"], target):
                answer["times"] -= 1
                return answer
        return None

    def respond(self, method, target, headers, body):
        """Status, headers and body of the host's answer."""
        with self.lock:
            self.requests.append(f"{method} {target}")
            if self.outage == "503":
                return 503, {}, b"<html>down for maintenance</html>"
            problem = self.description.problem(method, target, headers, body)
            if problem:
                self.invalid.append(f"{method} {target}: {problem} in {body.decode(errors='replace')[:500]}")
                return 400, {}, {"message": problem}
            other = self.other_answer(method, target)
            if other and not other.get("performed"):
                return other["status"], other["headers"], other["body"]
            parts = urlsplit(target)
            query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
            try:
                self.dialect.authorise(method, parts.path, headers)
                path = [unquote(piece) for piece in parts.path.strip("/").split("/")]
                value = json.loads(body) if body else None
                result = self.dialect.answer(method, path, query, value, target)
            except Refusal as refusal:
                return refusal.status, refusal.headers, refusal.body
            if other:
                return other["status"], other["headers"], other["body"]
            return result if len(result) == 3 else (*result[:1], {}, *result[1:])


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class HostHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    stub = None
    only_control = False

    def log_message(self, *arguments):
        pass

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.startswith("/_stub/"):
            try:
                value = self.stub.control(self.command, self.path.removeprefix("/_stub/"), json.loads(body or b"{}"))
            except Exception as error:  # A test must be told, not cut off.
                return self.send(500, {}, f"{type(error).__name__}: {error}")
            return self.send(404 if value is None else 200, {}, json.dumps(value).encode())
        if self.stub.outage == "refuse":
            # A connection that was kept open goes with the others.
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if self.only_control:
            return self.send(404, {}, {})
        self.send(*self.stub.respond(self.command, self.path, self.headers, body))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

    def send(self, status, headers, body):
        data = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        kind = "text/html" if data[:1] == b"<" else "text/plain" if isinstance(body, str) else "application/json"
        self.send_response(status)
        for name, value in {"Content-Type": kind, **headers}.items():
            self.send_header(name, str(value))
        if status != 204:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if status != 204:
            self.wfile.write(data)


class Starter:
    """Starts hosts."""

    outage = "none"

    def control(self, method, name, body):
        if method != "POST" or name != "hosts":
            return None
        stub = Stub(body["host"], body["token"], body["validate"])
        return {"url": stub.world.url, "control": stub.control_url}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", choices=sorted(DIALECTS))
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--validate", default="")
    parser.add_argument("--token", default="stub-token")
    arguments = parser.parse_args()
    if arguments.host:
        stub = Stub(arguments.host, arguments.token, arguments.validate, arguments.port)
        print("ready", stub.port, stub.world.url, stub.control_url, flush=True)
        threading.Event().wait()
    handler = type("Handler", (HostHandler,), {"stub": Starter(), "only_control": True})
    server = Server(("127.0.0.1", arguments.port), handler)
    print("ready", server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
