"""How each host answers. Names of members and traps are the hosts' own; sources are in their descriptions."""

import base64
import itertools
import json
import re
import time


class Refusal(Exception):
    """An answer that is no success."""

    def __init__(self, status, body, headers=None):
        super().__init__(status)
        self.status, self.body, self.headers = status, body, headers or {}


class World:
    """What the host holds."""

    def __init__(self, host, token):
        self.host, self.url = host, ""
        self.pulls, self.comments, self.statuses, self.posted = {}, [], [], []
        self.deployments, self.checks = [], []
        self.ids = itertools.count(1)
        self.settings = {
            "token": token, "page": 100, "statuses_most": 1000, "jobs_most": 1000, "indexing": 0, "identity": True,
            "versions": 0, "transitions": True, "has_index": True, "app": None,
        }

    def post(self, what, on, **members):
        """Keeps what was accepted."""
        entry = {"what": what, "on": str(on), **members, "id": next(self.ids)}
        self.posted.append(entry)
        return entry

    def comment(self, number, text, author):
        comment = {"id": next(self.ids), "number": number, "text": text, "author": author, "version": 0}
        self.comments.append(comment)
        return comment

    def check_commit(self, sha, refusal):
        if not re.fullmatch("[0-9a-f]{40}", sha) or sha.startswith("dead"):
            raise refusal

    def newest(self, sha, key="context", what="status"):
        """The newest status of each key on a commit, oldest first."""
        newest = {}
        for entry in self.posted:
            if entry["what"] == what and entry["on"] == sha:
                newest.pop(entry[key], None)
                newest[entry[key]] = entry
        return list(newest.values())

    def merged(self, sha):
        return [pull for pull in self.pulls.values() if pull["state"] == "merged" and pull["merge_commit"] == sha]

    def listed(self, state, base=None):
        """Those that were touched last first."""
        pulls = [p for p in self.pulls.values() if p["state"] == state and base in (None, p["base"])]
        return sorted(pulls, key=lambda p: (-p.get("updated", 0), -p["number"]))


US = 41
OWN_PROJECT, FORK_PROJECT = 1, 2


class Dialect:
    """What the hosts have in common."""

    def __init__(self, world):
        self.world = world

    def not_found(self):
        return Refusal(404, {"message": "Not Found"})

    def token_of(self, headers):
        return (headers.get("Authorization") or "").removeprefix("Bearer ")

    def refused(self):
        return Refusal(401, {"message": "Bad credentials"})

    def authorise(self, method, path, headers):
        if self.token_of(headers) != self.world.settings["token"]:
            raise self.refused()

    def identify(self):
        if not self.world.settings["identity"]:
            raise Refusal(403, {"message": "Resource not accessible by personal access token"})

    def linked(self, rows, query, target, size_name, most=100):
        """A page, and the header that names the next one."""
        size = min(int(query.get(size_name, 30)), most, self.world.settings["page"])
        page = int(query.get("page", 1))
        headers = {"X-Total-Count": len(rows)}
        if page * size < len(rows):
            rest = re.sub(r"&page=\d+", "", target)
            following = f"{self.world.url}{rest}{'&' if '?' in rest else '?'}page={page + 1}"
            headers["Link"] = f'<{following}>; rel="next", <{self.world.url}{rest}>; rel="first"'
        return headers, rows[(page - 1) * size:page * size]


class GitHub(Dialect):
    def authorise(self, method, path, headers):
        if not headers.get("User-Agent"):
            raise Refusal(403, {"message": "Request forbidden by administrative rules."})
        token, app = self.token_of(headers), self.world.settings["app"]
        if path.endswith(("/access_tokens", "/installation")):
            self.check_app_token(token, app)
        elif token != self.world.settings["token"]:
            raise self.refused()

    def check_app_token(self, token, app):
        """A token that an App signed: as RFC 7519 says, within GitHub's bounds."""
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import padding

        def part(text):
            return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

        try:
            head, claims, signature = token.split(".")
            key = serialization.load_pem_public_key(app["public_key"].encode())
            key.verify(part(signature), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())
            assert json.loads(part(head)) == {"alg": "RS256", "typ": "JWT"}
            claims, now = json.loads(part(claims)), app["now"]
            assert claims["iss"] == str(app["id"]) and claims["iat"] <= now < claims["exp"] <= now + 600
        except Exception:
            raise Refusal(401, {"message": "A JSON web token could not be decoded"}) from None

    def answer(self, method, path, query, body, target):
        world = self.world
        match [method, *path]:
            case ["GET", "user"]:
                if world.settings["app"]:
                    raise Refusal(403, {"message": "Resource not accessible by integration"})
                self.identify()
                return 200, {"id": US, "login": "mooring"}
            case ["POST", "app", "installations", number, "access_tokens"]:
                if int(number) != world.settings["app"]["installation"]:
                    raise self.not_found()
                token = f"ghs_{next(world.ids)}"
                world.settings["token"] = token
                ends = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(world.settings["app"]["now"] + 3600))
                world.post("token", number, repositories=body["repositories"])
                return 201, {"token": token, "expires_at": ends}
            case [_, "repos", owner, name, *rest]:
                return self.repository(method, rest, query, body, target)
        raise self.not_found()

    def repository(self, method, path, query, body, target):
        world = self.world
        match [method, *path]:
            case ["GET", "installation"]:
                return 200, {"id": world.settings["app"]["installation"]}
            case ["POST", "statuses", sha]:
                return self.post_status(sha, body)
            case ["GET", "commits", sha, "status"]:
                world.check_commit(sha, Refusal(422, {"message": f"No commit found for SHA: {sha}"}))
                rows = [{"id": e["id"], "state": e["state"], "context": e["context"], "description": e["text"],
                         "target_url": e["link"]} for e in world.newest(sha)]
                headers, page = self.linked(rows, query, target, "per_page")
                return 200, headers, {"state": "pending", "sha": sha, "total_count": len(rows), "statuses": page}
            case ["GET", "commits", sha, "pulls"]:
                return 200, [self.pull(p) for p in world.merged(sha)]
            case ["GET", "commits", sha, "check-runs"]:
                newest = {}
                for run in world.checks:
                    if run["head_sha"] == sha:
                        newest[run["name"]] = run
                headers, page = self.linked(list(newest.values()), query, target, "per_page")
                return 200, headers, {"total_count": len(newest), "check_runs": page}
            case ["POST", "check-runs"]:
                return 201, self.check({"id": next(world.ids), "app": {"id": world.settings["app"]["id"]}}, body)
            case ["PATCH", "check-runs", number]:
                run = next((r for r in world.checks if r["id"] == int(number)), None)
                if run is None:
                    raise self.not_found()
                return 200, self.check(run, body)
            case ["GET", "pulls"]:
                headers, page = self.linked(
                    [self.pull(p) for p in world.listed(query["state"], query.get("base"))], query, target, "per_page")
                return 200, headers, page
            case ["GET", "issues", number, "comments"]:
                rows = [self.comment(c) for c in world.comments if c["number"] == int(number)]
                headers, page = self.linked(rows, query, target, "per_page")
                return 200, headers, page
            case ["POST", "issues", number, "comments"]:
                return 201, self.comment(self.wrote(world.comment(int(number), body["body"], self.us()), "create"))
            case ["PATCH", "issues", "comments", number]:
                comment = self.find_comment(number)
                comment["text"] = body["body"]
                return 200, self.comment(self.wrote(comment, "update"))
            case ["GET", "deployments"]:
                rows = [d for d in world.deployments
                        if all(d[name] == query[name] for name in ("sha", "environment", "task") if name in query)]
                return 200, rows[::-1]
            case ["POST", "deployments"]:
                if body.get("auto_merge") is not False or body.get("required_contexts") != []:
                    raise Refusal(409, {"message": "Conflict: Commit status checks failed for main."})
                row = {"id": next(world.ids), "sha": body["ref"], "environment": body["environment"],
                       "task": body["task"], "states": []}
                world.deployments.append(row)
                world.post("deployment", body["ref"], context=body["environment"])
                return 201, row
            case ["GET", "deployments", number, "statuses"]:
                return 200, [{"state": s} for s in self.deployment(number)["states"]][::-1]
            case ["POST", "deployments", number, "statuses"]:
                row = self.deployment(number)
                row["states"].append(body["state"])
                world.post("deployment-status", row["sha"], context=row["environment"], state=body["state"],
                           text=body.get("description"), link=body.get("log_url"))
                return 201, {"id": next(world.ids), "state": body["state"]}
        raise self.not_found()

    def post_status(self, sha, body):
        world = self.world

        def invalid(message):
            return Refusal(422, {"message": "Validation Failed", "errors": [{"message": message}]})

        world.check_commit(sha, Refusal(422, {"message": f"No commit found for SHA: {sha}"}))
        if len(body.get("context") or "") > 255:
            raise invalid("context is too long (maximum is 255 characters)")
        if world.host == "github" and len(body.get("description") or "") > 140:
            raise invalid("description is too long (maximum is 140 characters)")
        link = body.get("target_url")
        if link is not None and not re.match("https?://", link):
            raise invalid("Target URL must use http(s) scheme")
        same = [e for e in world.posted if e["what"] == "status" and e["on"] == sha and e["context"] == body["context"]]
        if len(same) >= world.settings["statuses_most"]:
            raise invalid("This SHA and context has reached the maximum number of statuses.")
        entry = world.post("status", sha, context=body["context"], state=body["state"],
                           text=body.get("description") or "", link=link)
        return 201, {"id": entry["id"], "state": body["state"], "context": body["context"]}

    def check(self, run, body):
        output = body.get("output") or {}
        if len(output.get("annotations") or []) > 50:
            raise Refusal(422, {"message": "Invalid request. No more than 50 annotations are allowed."})
        world = self.world
        if run not in world.checks:
            world.checks.append(run)
        run.update({name: value for name, value in body.items() if name != "output"})
        shown = run.setdefault("output", {"annotations_count": 0})
        shown["title"], shown["summary"] = output.get("title"), output.get("summary")
        shown["annotations_count"] += len(output.get("annotations") or [])
        world.post("check", run["head_sha"], context=run["name"], state=run.get("conclusion") or run["status"],
                   text=shown["title"], link=run.get("details_url"), check=run["id"], summary=output.get("summary"),
                   annotations=len(output.get("annotations") or []))
        return run

    def us(self):
        app = self.world.settings["app"]
        return f"app {app['id']}" if app else US

    def pull(self, pull):
        merged = pull["state"] == "merged"
        return {
            "number": pull["number"], "state": "open" if pull["state"] == "open" else "closed", "draft": False,
            "merged_at": "2026-01-01T00:00:00Z" if merged else None, "html_url": f"https://host.test/pull/{pull['number']}",
            # That of an open one is a trial merge.
            "merge_commit_sha": pull["merge_commit"] if merged else "f" * 40,
            "head": {"sha": pull["head"], "ref": pull["branch"], "repo": {"id": FORK_PROJECT if pull["fork"] else OWN_PROJECT}},
            "base": {"sha": "0" * 40, "ref": pull["base"], "repo": {"id": OWN_PROJECT}},
        }

    def comment(self, comment):
        author, app = comment["author"], self.world.settings["app"]
        return {"id": comment["id"], "body": comment["text"], "user": {"id": 99 if app else author},
                "performed_via_github_app": {"id": app["id"]} if app and author == self.us() else None,
                "html_url": f"https://host.test/comment/{comment['id']}"}

    def wrote(self, comment, how):
        self.world.post("comment", comment["number"], comment=comment["id"], text=comment["text"], how=how)
        return comment

    def find_comment(self, number):
        for comment in self.world.comments:
            if comment["id"] == int(number):
                return comment
        raise self.not_found()

    def deployment(self, number):
        for row in self.world.deployments:
            if row["id"] == int(number):
                return row
        raise self.not_found()


class Gitea(GitHub):
    def token_of(self, headers):
        return (headers.get("Authorization") or "").removeprefix("token ")

    def authorise(self, method, path, headers):
        Dialect.authorise(self, method, path, headers)

    def answer(self, method, path, query, body, target):
        if path[:2] != ["api", "v1"]:
            raise self.not_found()
        world = self.world
        match [method, *path[2:]]:
            case ["GET", "user"]:
                self.identify()
                return 200, {"id": US, "login": "mooring"}
            case ["GET", "repos", _, _, "commits", sha, "status"]:
                world.check_commit(sha, Refusal(404, {"message": "object does not exist"}))
                rows = [{"id": e["id"], "status": e["state"], "context": e["context"], "description": e["text"],
                         "target_url": e["link"] or ""} for e in world.newest(sha)]
                headers, page = self.linked(rows, query, target, "limit", 50)
                return 200, headers, {"state": "pending", "sha": sha, "statuses": page or None}
            case ["POST", "repos", _, _, "statuses", sha]:
                world.check_commit(sha, Refusal(404, {"message": "object does not exist"}))
                return self.post_status(sha, body)
            case ["GET", "repos", _, _, "commits", sha, "pull"]:
                for pull in world.merged(sha):
                    return 200, self.pull(pull)
                raise Refusal(404, {"message": "pull request does not exist"})
            case ["GET", "repos", _, _, "pulls"]:
                headers, page = self.linked([self.pull(p) for p in world.listed(query["state"])], query, target, "limit", 50)
                return 200, headers, page
            case ["GET", "repos", _, _, "issues", number, "comments"]:
                return 200, [self.comment(c) for c in world.comments if c["number"] == int(number)]
            case [_, "repos", _, _, "issues", *rest]:
                return self.repository(method, ["issues", *rest], query, body, target)
        raise self.not_found()

    def pull(self, pull):
        return super().pull(pull) | {"merged": pull["state"] == "merged"}


class GitLab(Dialect):
    def token_of(self, headers):
        return headers.get("PRIVATE-TOKEN")

    def refused(self):
        return Refusal(401, {"message": "401 Unauthorized"})

    def answer(self, method, path, query, body, target):
        world = self.world
        if path[:2] != ["api", "v4"]:
            raise self.not_found()
        match [method, *path[2:]]:
            case ["GET", "user"]:
                self.identify()
                return 200, {"id": US, "username": "mooring"}
            case [_, "projects", project, *rest]:
                if project not in ("acme/team/app", str(OWN_PROJECT), str(FORK_PROJECT)):
                    raise Refusal(404, {"message": "404 Project Not Found"})
                return self.project(method, project, rest, query, body, target)
        raise self.not_found()

    def project(self, method, project, path, query, body, target):
        world = self.world
        match [method, *path]:
            case ["POST", "statuses", sha]:
                return self.post_status(project, sha, body)
            case ["GET", "repository", "commits", sha, "statuses"]:
                world.check_commit(sha, Refusal(404, {"message": "404 Commit Not Found"}))
                rows = [{"id": e["id"], "sha": sha, "status": e["state"], "name": e["context"], "description": e["text"],
                         "target_url": e["link"]} for e in world.newest(sha)]
                headers, page = self.linked(rows, query, target, "per_page")
                return 200, headers, page
            case ["GET", "repository", "commits", sha, "merge_requests"]:
                return 200, [self.pull(p) for p in world.merged(sha)]
            case ["GET", "merge_requests"]:
                headers, page = self.linked(
                    [self.pull(p) for p in world.listed("open", query.get("target_branch"))], query, target, "per_page")
                return 200, headers, page
            case ["GET", "merge_requests", number]:
                return 200, self.pull(world.pulls[int(number)])
            case ["GET", "merge_requests", number, "notes"]:
                rows = [self.note(c) for c in world.comments if c["number"] == int(number)]
                headers, page = self.linked(rows, query, target, "per_page")
                return 200, headers, page
            case ["POST", "merge_requests", number, "notes"]:
                comment = world.comment(int(number), body["body"], US)
                world.post("comment", number, comment=comment["id"], text=comment["text"], how="create")
                return 201, self.note(comment)
            case ["PUT", "merge_requests", number, "notes", note]:
                for comment in world.comments:
                    if comment["id"] == int(note):
                        comment["text"] = body["body"]
                        world.post("comment", number, comment=comment["id"], text=comment["text"], how="update")
                        return 200, self.note(comment)
        raise self.not_found()

    def post_status(self, project, sha, body):
        world = self.world
        world.check_commit(sha, Refusal(404, {"message": "404 Commit Not Found"}))
        before = [e for e in world.newest(sha) if e["context"] == body["name"] and e["project"] == project]
        if world.settings["transitions"] and before and before[0]["state"] == body["state"]:
            step = "run" if body["state"] == "running" else "succeed" if body["state"] == "success" else "drop"
            raise Refusal(400, {"message": f"Cannot transition status via :{step} from :{body['state']} "
                                           f"(Reason(s): Status cannot transition via \"{step}\")"})
        if not before and len(world.newest(sha)) >= world.settings["jobs_most"]:
            raise Refusal(422, {"message": "The number of jobs has exceeded the limit of the pipeline"})
        entry = world.post("status", sha, context=body["name"], state=body["state"], text=body.get("description") or "",
                           link=body.get("target_url"), project=project)
        return 201, {"id": entry["id"], "sha": sha, "status": body["state"], "name": body["name"]}

    def pull(self, pull):
        merged = pull["state"] == "merged"
        squash = merged and pull.get("squash")
        return {
            "iid": pull["number"], "id": 1000 + pull["number"], "sha": pull["head"], "source_branch": pull["branch"],
            "target_branch": pull["base"], "state": {"open": "opened"}.get(pull["state"], pull["state"]),
            "source_project_id": FORK_PROJECT if pull["fork"] else OWN_PROJECT, "target_project_id": OWN_PROJECT,
            "merge_commit_sha": None if squash else pull["merge_commit"],
            "squash_commit_sha": pull["merge_commit"] if squash else None,
            "web_url": f"https://host.test/merge_requests/{pull['number']}",
        }

    def note(self, comment):
        return {"id": comment["id"], "body": comment["text"], "author": {"id": comment["author"]}, "system": False}


class BitbucketCloud(Dialect):
    def refused(self):
        return Refusal(401, {"type": "error", "error": {"message": "Token is invalid, expired, or not supported."}})

    def not_found(self):
        return Refusal(404, {"type": "error", "error": {"message": "Resource not found"}})

    def answer(self, method, path, query, body, target):
        world = self.world
        if path[:1] != ["2.0"]:
            raise self.not_found()
        match [method, *path[1:]]:
            case ["GET", "user"]:
                self.identify()
                return 200, {"uuid": "{us}", "display_name": "mooring"}
            case [_, "repositories", _, _, *rest]:
                return self.repository(method, rest, query, body, target)
        raise self.not_found()

    def page(self, rows, query, target):
        size = min(int(query.get("pagelen", 10)), 100, self.world.settings["page"])
        page = int(query.get("page", 1))
        answer = {"size": len(rows), "page": page, "pagelen": size, "values": rows[(page - 1) * size:page * size]}
        if page * size < len(rows):
            rest = re.sub(r"&page=\d+", "", target)
            answer["next"] = f"{self.world.url}{rest}{'&' if '?' in rest else '?'}page={page + 1}"
        return 200, answer

    def repository(self, method, path, query, body, target):
        world = self.world
        match [method, *path]:
            case ["POST", "commit", sha, "statuses", "build"]:
                world.check_commit(sha, Refusal(404, {"type": "error", "error": {"message": "Commit not found"}}))
                if len(body["key"]) > 40:
                    raise Refusal(400, {"type": "error", "error": {"message": "key: Ensure this value has at most 40 characters"}})
                if "localhost" in body["url"] or "127.0.0.1" in body["url"]:
                    raise Refusal(400, {"type": "error", "error": {"message": "url: Enter a valid URL."}})
                world.post("status", sha, key=body["key"], context=body.get("name") or body["key"], state=body["state"],
                           text=body.get("description") or "", link=body["url"])
                return 201, body
            case ["GET", "commit", sha, "statuses"]:
                world.check_commit(sha, Refusal(404, {"type": "error", "error": {"message": "Commit not found"}}))
                rows = [{"key": e["key"], "name": e["context"], "state": e["state"], "description": e["text"], "url": e["link"]}
                        for e in world.newest(sha, "key")]
                return self.page(rows, query, target)
            case ["GET", "commit", sha, "pullrequests"]:
                if not world.settings["has_index"]:
                    raise self.not_found()
                if world.settings["indexing"] > 0:
                    world.settings["indexing"] -= 1
                    return 202, {"values": []}
                # The index holds what was reviewed, not what a merge made of it.
                return self.page([], query, target)
            case ["GET", "commit", short]:
                for pull in world.pulls.values():
                    if pull["head"].startswith(short):
                        return 200, {"type": "commit", "hash": pull["head"]}
                raise self.not_found()
            case ["GET", "pullrequests"]:
                state = query["state"].lower()
                shown = [] if state == "merged" and world.settings["indexing"] > 0 else world.listed(state)
                return self.page([self.pull(p) for p in shown], query, target)
            case ["GET", "pullrequests", number, "comments"]:
                return self.page([self.comment(c) for c in world.comments if c["number"] == int(number)], query, target)
            case ["POST", "pullrequests", number, "comments"]:
                comment = world.comment(int(number), body["content"]["raw"], "{us}")
                world.post("comment", number, comment=comment["id"], text=comment["text"], how="create")
                return 201, self.comment(comment)
            case ["PUT", "pullrequests", number, "comments", note]:
                for comment in world.comments:
                    if comment["id"] == int(note):
                        comment["text"] = body["content"]["raw"]
                        world.post("comment", number, comment=comment["id"], text=comment["text"], how="update")
                        return 200, self.comment(comment)
        raise self.not_found()

    def pull(self, pull):
        merge = pull["merge_commit"]
        return {
            "id": pull["number"], "state": pull["state"].upper(),
            "source": {"branch": {"name": pull["branch"]}, "commit": {"hash": pull["head"][:12]},
                       "repository": {"full_name": "stranger/app" if pull["fork"] else "acme/app"}},
            "destination": {"branch": {"name": pull["base"]}, "commit": {"hash": "0" * 12},
                            "repository": {"full_name": "acme/app"}},
            "merge_commit": {"hash": merge[:12]} if merge else None,
            "links": {"html": {"href": f"https://host.test/pull-requests/{pull['number']}"}},
        }

    def comment(self, comment):
        return {"id": comment["id"], "content": {"raw": comment["text"]}, "user": {"uuid": comment["author"]}, "deleted": False,
                "links": {"html": {"href": f"https://host.test/comment/{comment['id']}"}}}


class BitbucketDataCenter(Dialect):
    def refused(self):
        return Refusal(401, {"errors": [{"context": None, "message": "Authentication failed."}]})

    def not_found(self):
        return Refusal(404, {"errors": [{"context": None, "message": "Not found."}]})

    def answer(self, method, path, query, body, target):
        world = self.world
        match [method, *path]:
            case ["GET", "plugins", "servlet", "applinks", "whoami"]:
                return 200, "mooring" if world.settings["identity"] else ""
            case ["GET", "rest", "build-status", "latest", "commits", sha]:
                rows = [{"key": e["key"], "name": e["context"], "state": e["state"], "description": e["text"],
                         "url": e["link"], "parent": e["parent"], "projectKey": "TEAM", "repositorySlug": "app"}
                        for e in world.newest(sha, "key")]
                return self.page(rows, query)
            case [_, "rest", "api", "latest", "projects", "TEAM", "repos", "app", *rest]:
                return self.repository(method, rest, query, body)
        raise self.not_found()

    def page(self, rows, query):
        size = min(int(query.get("limit", 25)), 100, self.world.settings["page"])
        start = int(query.get("start", 0))
        # A start is not a page times the limit: every other position belongs to what the token may not see.
        values = rows[start // 2:start // 2 + size]
        last = start // 2 + size >= len(rows)
        return 200, {"values": values, "size": len(values), "limit": size, "start": start, "isLastPage": last,
                     "nextPageStart": None if last else start + 2 * size}

    def repository(self, method, path, query, body):
        world = self.world
        match [method, *path]:
            case ["POST", "commits", sha, "builds"]:
                world.check_commit(sha, Refusal(404, {"errors": [{
                    "context": None, "message": f"Commit '{sha}' does not exist in repository 'app'."}]}))
                world.post("status", sha, key=body["key"], context=body["name"], state=body["state"],
                           text=body.get("description") or "", link=body["url"], parent=body.get("parent"))
                return 204, {}
            case ["GET", "pull-requests"]:
                base = query["at"].removeprefix("refs/heads/") if "at" in query else None
                return self.page([self.pull(p) for p in world.listed(query["state"].lower(), base)], query)
            case ["GET", "pull-requests", number, "activities"]:
                rows = [{"action": "OPENED"}] + [
                    {"action": "COMMENTED", "commentAction": "ADDED", "comment": self.comment(c)}
                    for c in world.comments if c["number"] == int(number)]
                return self.page(rows, query)
            case ["POST", "pull-requests", number, "comments"]:
                comment = world.comment(int(number), body["text"], "mooring")
                world.post("comment", number, comment=comment["id"], text=comment["text"], how="create")
                return 201, self.comment(comment)
            case ["PUT", "pull-requests", number, "comments", note]:
                for comment in world.comments:
                    if comment["id"] == int(note):
                        return self.update(comment, number, body)
        raise self.not_found()

    def update(self, comment, number, body):
        world = self.world
        if world.settings["versions"] > 0:
            # Somebody answered meanwhile.
            world.settings["versions"] -= 1
            comment["version"] += 1
        if body["version"] != comment["version"]:
            raise Refusal(409, {"errors": [{"context": None, "message": "You are attempting to modify a comment based on "
                                                                       "out-of-date information."}]})
        comment["text"], comment["version"] = body["text"], comment["version"] + 1
        world.post("comment", number, comment=comment["id"], text=comment["text"], how="update")
        return 200, self.comment(comment)

    def pull(self, pull):
        merge = pull["merge_commit"]
        return {
            "id": pull["number"], "version": 1, "state": pull["state"].upper(), "open": pull["state"] == "open",
            "fromRef": {"id": f"refs/heads/{pull['branch']}", "latestCommit": pull["head"],
                        "repository": {"id": FORK_PROJECT if pull["fork"] else OWN_PROJECT}},
            "toRef": {"id": f"refs/heads/{pull['base']}", "latestCommit": "0" * 40, "repository": {"id": OWN_PROJECT}},
            "properties": {"mergeCommit": {"id": merge}} if merge else {},
            "links": {"self": [{"href": f"https://host.test/pull-requests/{pull['number']}"}]},
        }

    def comment(self, comment):
        return {"id": comment["id"], "version": comment["version"], "text": comment["text"],
                "author": {"name": comment["author"]}}


class AzureDevOps(Dialect):
    def token_of(self, headers):
        kind, _, text = (headers.get("Authorization") or "").partition(" ")
        user, _, token = base64.b64decode(text).decode().partition(":") if kind == "Basic" else ("?", "", "")
        return token if user == "" else None

    def refused(self):
        # Not 401: the page for signing in.
        return Refusal(203, b"<html><title>Azure DevOps Services | Sign In</title></html>")

    def not_found(self):
        return Refusal(404, {"$id": "1", "message": "TF401019: The Git repository does not exist or you do not have permissions."})

    def answer(self, method, path, query, body, target):
        world = self.world
        match [method, *path]:
            case ["GET", "acme", "_apis", "connectionData"]:
                return 200, {"authenticatedUser": {"id": "us"} if world.settings["identity"] else {}}
            case [_, "acme", "my project", "_apis", "git", "repositories", "app", *rest]:
                if query.get("api-version") is None:
                    raise Refusal(400, {"message": "No api-version was supplied"})
                return self.repository(method, rest, query, body)
        raise self.not_found()

    def listing(self, rows, query, top, skip):
        most = min(int(query.get(top, 100)), self.world.settings["page"])
        start = int(query.get(skip, 0))
        token = query.get("continuationToken")
        start = int(token) if token else start
        headers = {}
        if start + most < len(rows) and most < int(query.get(top, 100)):
            # It gives fewer than asked for, and says where to go on.
            headers["x-ms-continuationtoken"] = start + most
        page = rows[start:start + most]
        return 200, headers, {"count": len(page), "value": page}

    def repository(self, method, path, query, body):
        world = self.world
        match [method, *path]:
            case ["POST", "commits", sha, "statuses"]:
                world.check_commit(sha, Refusal(404, {"message": "TF401175: The version descriptor could not be resolved"}))
                return self.post_status("status", sha, body)
            case ["POST", "pullRequests", number, "statuses"]:
                return self.post_status("pull-status", number, body)
            case ["GET", "pullRequests", number, "statuses"]:
                rows = [{"id": e["id"], "state": e["state"], "description": e["text"], "targetUrl": e["link"],
                         "iterationId": e["iteration"], "context": {"genre": e["genre"], "name": e["name"]}}
                        for e in world.newest(number, what="pull-status")]
                return 200, {"count": len(rows), "value": rows}
            case ["GET", "commits", sha, "statuses"]:
                rows = [{"id": e["id"], "state": e["state"], "description": e["text"], "targetUrl": e["link"],
                         "context": {"genre": e["genre"], "name": e["name"]}} for e in world.newest(sha)]
                return self.listing(rows[::-1], query, "top", "skip")
            case ["POST", "pullrequestquery"]:
                one = body["queries"][0]
                found = {sha: [self.pull(p) for p in world.merged(sha)] for sha in one["items"]}
                return 200, {"queries": body["queries"], "results": [{sha: rows for sha, rows in found.items() if rows}]}
            case ["GET", "pullrequests"]:
                base = query["searchCriteria.targetRefName"].removeprefix("refs/heads/")
                return self.listing([self.pull(p) for p in world.listed("open", base)], query, "$top", "$skip")
            case ["GET", "pullRequests", number, "iterations"]:
                heads = ["e" * 40, world.pulls[int(number)]["head"]]
                return 200, {"value": [{"id": at, "sourceRefCommit": {"commitId": head}} for at, head in enumerate(heads, 1)]}
            case ["GET", "pullRequests", number, "threads"]:
                rows = [self.thread(c) for c in world.comments if c["number"] == int(number)]
                return 200, {"count": len(rows), "value": rows}
            case ["POST", "pullRequests", number, "threads"]:
                comment = world.comment(int(number), body["comments"][0]["content"], "us")
                world.post("comment", number, comment=comment["id"], text=comment["text"], how="create", state=body["status"])
                return 200, self.thread(comment)
            case ["PATCH", "pullRequests", number, "threads", thread, "comments", "1"]:
                for comment in world.comments:
                    if comment["id"] == int(thread):
                        comment["text"] = body["content"]
                        world.post("comment", number, comment=comment["id"], text=comment["text"], how="update")
                        return 200, self.thread(comment)["comments"][0]
        raise self.not_found()

    def post_status(self, what, on, body):
        context = body["context"]
        name = "/".join(part for part in (context.get("genre"), context["name"]) if part)
        entry = self.world.post(what, on, context=name, genre=context.get("genre"), name=context["name"], state=body["state"],
                                text=body.get("description") or "", link=body.get("targetUrl"),
                                iteration=body.get("iterationId"))
        return 201, {"id": entry["id"], "state": body["state"]}

    def pull(self, pull):
        merged = pull["state"] == "merged"
        row = {
            "pullRequestId": pull["number"], "status": "completed" if merged else "active",
            "sourceRefName": f"refs/heads/{pull['branch']}", "targetRefName": f"refs/heads/{pull['base']}",
            "lastMergeSourceCommit": {"commitId": pull["head"]},
            "lastMergeCommit": {"commitId": pull["merge_commit"] if merged else "f" * 40},
        }
        return row | ({"forkSource": {"repository": {"id": "other"}}} if pull["fork"] else {})

    def thread(self, comment):
        return {"id": comment["id"], "status": "closed", "isDeleted": False,
                "comments": [{"id": 1, "content": comment["text"], "author": {"id": comment["author"]}, "isDeleted": False}]}


DIALECTS = {
    "github": GitHub, "gitea": Gitea, "gitlab": GitLab, "bitbucket-cloud": BitbucketCloud,
    "bitbucket-dc": BitbucketDataCenter, "azure-devops": AzureDevOps,
}
