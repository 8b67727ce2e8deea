"""Checks requests against a host's OpenAPI description, with openapi-core.

A description says what a host documents; what it leaves out though the host documents it is added here, each with its source.
"""

import json
import os
from urllib.parse import parse_qsl, urlsplit

NUMBER = {"schema": {"type": "integer"}}
TEXT = {"schema": {"type": "string"}}


def _path(names, query=()):
    parameters = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
    parameters += [{"name": name, "in": "query", "schema": {"type": "string"}} for name in query]
    return {"get": {"parameters": parameters, "responses": {"200": {"description": "OK"}}}}


# Paths that the reduced descriptions leave out.
ADDED_PATHS = {
    "bitbucket-cloud": {
        # "Get a commit" in Atlassian's reference: the whole id of one that lists name by its beginning.
        "/repositories/{workspace}/{repo_slug}/commit/{commit}": _path(["workspace", "repo_slug", "commit"]),
    },
    "bitbucket-dc": {
        # "Get pull request activity" in Atlassian's reference: the only list of comments that belong to no file.
        "/api/latest/projects/{projectKey}/repos/{repositorySlug}/pull-requests/{pullRequestId}/activities": _path(
            ["projectKey", "repositorySlug", "pullRequestId"], ["start", "limit"]),
    },
    "azure-devops": {
        # "Pull Request Iterations - List" in Microsoft's reference.
        "/{organization}/{project}/_apis/git/repositories/{repositoryId}/pullRequests/{pullRequestId}/iterations": _path(
            ["organization", "project", "repositoryId", "pullRequestId"], ["api-version"]),
    },
}

# Parameters that a host documents once for all its lists.
COMMON_QUERY = {
    "bitbucket-cloud": {"page", "pagelen", "q", "sort"},
    "gitea": {"page", "limit"},
    "azure-devops": {"continuationToken"},
}


class _Request:
    """A request as openapi-core wants it."""

    def __init__(self, host_url, method, path, query, headers, body):
        from openapi_core.datatypes import RequestParameters
        from werkzeug.datastructures import Headers, ImmutableMultiDict

        self.host_url, self.path, self.method, self.body = host_url, path, method.lower(), body or None
        self.content_type = headers.get("Content-Type") or ""
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(parse_qsl(query, keep_blank_values=True)), header=Headers(list(headers.items())),
            cookie=ImmutableMultiDict())


class Description:
    """What a host allows; says why where it cannot tell."""

    def __init__(self, host, file):
        self.host, self.openapi, self.skipped = host, None, ""
        if not file or not os.path.exists(file):
            self.skipped = f"skipped: there is no description at {file}"
            return
        try:
            from openapi_core import OpenAPI
        except ImportError as error:
            raise RuntimeError("there is a description but no openapi-core: run Tests/prepare --python") from error

        with open(file) as text:
            document = json.load(text)
        document["paths"].update(ADDED_PATHS.get(host, {}))
        self.paths = document["paths"]
        server = urlsplit(document["servers"][0]["url"])
        self.host_url, self.base = f"{server.scheme}://{server.netloc}", server.path
        self.document = document
        self.openapi = OpenAPI.from_dict(document)

    def problem(self, method, target, headers, body):
        """Why the request is not allowed; empty where it is."""
        if self.openapi is None:
            return ""
        from openapi_core.exceptions import OpenAPIError

        parts = urlsplit(target)
        request = _Request(self.host_url, method, parts.path, parts.query, headers, body)
        try:
            self.openapi.validate_request(request)
        except OpenAPIError as error:
            return self._words(error)
        return self._unknown_query(method, parts.path.removeprefix(self.base), parts.query)

    @staticmethod
    def _words(error):
        words, cause = [str(error)], error.__cause__
        while cause is not None:
            words.append(str(cause))
            words += [str(one.message) for one in getattr(cause, "schema_errors", [])]
            cause = cause.__cause__
        return "; ".join(dict.fromkeys(word for word in words if word))

    def _unknown_query(self, method, path, query):
        known = set(COMMON_QUERY.get(self.host, ()))
        for template, item in self.paths.items():
            if self._fits(template, path) and method.lower() in item:
                for parameter in item.get("parameters", []) + item[method.lower()].get("parameters", []):
                    while "$ref" in parameter:
                        target = self.document
                        for key in parameter["$ref"].split("/")[1:]:
                            target = target[key]
                        parameter = target
                    known.add(parameter["name"])
        unknown = sorted({name for name, _ in parse_qsl(query, keep_blank_values=True)} - known)
        return f"unknown parameters: {', '.join(unknown)}" if unknown else ""

    @staticmethod
    def _fits(template, path):
        left, right = template.split("/"), path.split("/")
        return len(left) == len(right) and all(a == b or a.startswith("{") for a, b in zip(left, right))
