/// A small GitHub in Python that is as strict as the real one about statuses. The name of the repository tells its mood.
///
/// `GET /_posts` lists what was accepted, in order.
enum FakeGitHub {
    static let token = "ghp_0123456789abcdefghijABCDEFGHIJ012345"

    static let program = #"""
        import http.server, json, time, threading, re
        from urllib.parse import urlsplit, parse_qs

        posts, calls, lock = [], [], threading.Lock()
        TOKEN = "ghp_0123456789abcdefghijABCDEFGHIJ012345"

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *a): pass
            def answer(self, status, body, **headers):
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in headers.items(): self.send_header(name.replace("_", "-"), str(value))
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
            def refused(self):
                if not self.headers.get("User-Agent"):
                    self.answer(403, {"message": "Request forbidden by administrative rules."}); return True
                if self.headers.get("Authorization") != "Bearer " + TOKEN:
                    self.answer(401, {"message": "Bad credentials", "status": "401"}); return True
                name = urlsplit(self.path).path.split("/")[3] if self.path.startswith("/repos/") else ""
                with lock:
                    calls.append(name)
                    nth = calls.count(name)
                if name == "secondary" and nth == 1:
                    self.answer(403, {"message": "You have exceeded a secondary rate limit."}, Retry_After=7); return True
                if name == "silent" and nth == 1:
                    self.answer(429, {"message": "Too many requests"}); return True
                if name == "primary" and nth == 1:
                    self.answer(403, {"message": "API rate limit exceeded for user ID 1."},
                                X_RateLimit_Remaining=0, X_RateLimit_Reset=1767225600 + 600); return True
                if name == "broken" and nth == 1: self.answer(502, b"<html>Unicorn!</html>"); return True
                if name == "hang": time.sleep(100); return True
                if name == "forbidden":
                    self.answer(403, {"message": "Resource not accessible by personal access token"}); return True
                if name == "sso":
                    self.answer(403, {"message": "Resource protected by organization SAML enforcement."},
                                X_GitHub_SSO="required; url=https://example.com"); return True
                if name == "archived":
                    self.answer(403, {"message": "Repository was archived so is read-only."}); return True
                if name == "moved": self.answer(307, {"message": "Moved"}, Location="/repositories/1/x"); return True
                if name == "absent": self.answer(404, {"message": "Not Found"}); return True
                if name == "notjson": self.answer(200, b"<html>welcome</html>"); return True
                return False
            def do_GET(self):
                url = urlsplit(self.path)
                if url.path == "/_posts": return self.answer(200, posts)
                if self.refused(): return
                match = re.fullmatch(r"/repos/([^/]+)/([^/]+)/commits/([0-9a-f]{40})/status", url.path)
                if not match: return self.answer(404, {"message": "Not Found"})
                query = parse_qs(url.query)
                size, page = min(100, int(query.get("per_page", ["30"])[0])), int(query.get("page", ["1"])[0])
                newest = {}
                for post in posts:
                    if post["repo"] == match[2] and post["sha"] == match[3]: newest[post["context"]] = post
                rows = sorted(newest.values(), key=lambda p: p["context"])
                self.answer(200, {"state": "pending", "sha": match[3], "total_count": len(rows),
                                  "statuses": rows[(page - 1) * size:page * size]})
            def do_POST(self):
                raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                if self.refused(): return
                match = re.fullmatch(r"/repos/([^/]+)/([^/]+)/statuses/([0-9a-f]{40})", self.path)
                if not match: return self.answer(404, {"message": "Not Found"})
                body, sha = json.loads(raw), match[3]
                def invalid(message): self.answer(422, {"message": "Validation Failed", "errors": [{"message": message}]})
                if sha.startswith("dead"): return self.answer(422, {"message": "No commit found for SHA: " + sha})
                if body.get("state") not in ("pending", "success", "failure", "error"): return invalid("state")
                if len(body.get("description") or "") > 140: return invalid("description is too long (maximum is 140 characters)")
                if len(body.get("context") or "") > 255: return invalid("context is too long (maximum is 255 characters)")
                link = body.get("target_url")
                if link is not None and not re.match(r"https?://", link): return invalid("Target URL must use http(s) scheme")
                with lock:
                    same = [p for p in posts if p["sha"] == sha and p["context"] == body["context"]]
                    if match[2] == "full" or len(same) >= 1000:
                        return invalid("This SHA and context has reached the maximum number of statuses.")
                    posts.append(dict(body, repo=match[2], owner=match[1], sha=sha, id=len(posts) + 1,
                                      created_at="2026-01-01T00:00:00Z"))
                self.answer(201, posts[-1])

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        print("ready", server.server_port, flush=True)
        server.serve_forever()
        """#
}
