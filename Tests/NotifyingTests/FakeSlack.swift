/// A small Slack in Python: what its Web API documents of three methods, as strictly as the real one or more so.
///
/// `POST /_mood` says how the next calls are answered: a list of `{"status": …, "retry": …}`, `{"error": …}`, or `{"drop": true}`,
/// which does what was asked and then hangs up without an answer. `GET /_state` tells messages and calls.
enum FakeSlack {
    static let token = "xoxb-0123456789-abcdefghijABCDEFGHIJ"
    static let channel = "C024BE91L"

    static let program = #"""
        import http.server, json, re, socket, threading
        from urllib.parse import urlsplit, parse_qs

        TOKEN, CHANNEL = "xoxb-0123456789-abcdefghijABCDEFGHIJ", "C024BE91L"
        messages, calls, mood, lock = [], [], [], threading.Lock()

        def objection(body):
            allowed = {"channel", "text", "blocks", "metadata", "unfurl_links", "unfurl_media", "ts"}
            if set(body) - allowed: return "invalid_arguments"
            if not isinstance(body.get("text"), str) or not body["text"] or len(body["text"]) > 4000: return "no_text"
            blocks = body.get("blocks")
            if not isinstance(blocks, list) or not 1 <= len(blocks) <= 50: return "invalid_blocks"
            for block in blocks:
                if set(block) != {"type", "text"} or block["type"] != "section": return "invalid_blocks"
                text = block["text"]
                if text.get("type") != "mrkdwn" or text.get("verbatim") is not True: return "invalid_blocks"
                if not 1 <= len(text["text"]) <= 3000: return "invalid_blocks"
            shown = body["text"] + "".join(b["text"]["text"] for b in blocks)
            if re.search(r"<[!@#]", shown): return "somebody_was_rung"
            if re.sub(r"&(amp|lt|gt);", "", shown).count("&"): return "unescaped"
            metadata = body.get("metadata")
            if metadata is not None:
                if set(metadata) != {"event_type", "event_payload"}: return "invalid_metadata_format"
                if not re.fullmatch(r"[a-z_]{1,255}", metadata["event_type"]): return "invalid_metadata_schema"
            return None

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *a): pass
            def answer(self, body, status=200, headers={}):
                data = json.dumps(body).encode()
                self.send_response(status)
                for name, value in headers.items(): self.send_header(name, str(value))
                self.send_header("Content-Type", "application/json; charset=utf-8")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
            def handle_call(self, method, arguments, body):
                with lock:
                    now = mood.pop(0) if mood else {}
                    calls.append(method + (":" + str(now) if now else ""))
                    if self.headers.get("Authorization") != "Bearer " + TOKEN:
                        return self.answer({"ok": False, "error": "invalid_auth"})
                    if "status" in now:
                        return self.answer({"ok": False, "error": now.get("error", "ratelimited")}, now["status"],
                                           {"Retry-After": now["retry"]} if "retry" in now else {})
                    if "error" in now: return self.answer({"ok": False, "error": now["error"]})
                    result = self.do(method, arguments, body)
                    if now.get("drop"):
                        self.close_connection = True
                        return self.connection.shutdown(socket.SHUT_RDWR)
                self.answer(result)
            def do(self, method, arguments, body):
                if method == "chat.postMessage":
                    if body.get("channel") != CHANNEL: return {"ok": False, "error": "channel_not_found"}
                    wrong = objection(body)
                    if wrong or "ts" in body: return {"ok": False, "error": wrong or "invalid_arguments"}
                    ts = "%d.%06d" % (1767225700 + len(messages), len(messages))
                    messages.append(dict(body, ts=ts, edits=0))
                    return {"ok": True, "channel": CHANNEL, "ts": ts, "message": {"text": body["text"]}}
                if method == "chat.update":
                    wrong = objection(body)
                    if wrong: return {"ok": False, "error": wrong}
                    for message in messages:
                        if message["ts"] == body.get("ts") and body.get("channel") == CHANNEL:
                            message.update(body, edits=message["edits"] + 1)
                            return {"ok": True, "channel": CHANNEL, "ts": body["ts"], "text": body["text"]}
                    return {"ok": False, "error": "message_not_found"}
                if method == "conversations.history":
                    if arguments.get("channel") != [CHANNEL]: return {"ok": False, "error": "channel_not_found"}
                    limit = int(arguments.get("limit", ["100"])[0])
                    if limit > 999: return {"ok": False, "error": "invalid_limit"}
                    rows = [m for m in reversed(messages) if float(m["ts"]) > float(arguments.get("oldest", ["0"])[0])]
                    start = int(arguments.get("cursor", ["0"])[0].replace("next=", "") or 0)
                    page = [dict(m) for m in rows[start:start + limit]]
                    if arguments.get("include_all_metadata") != ["true"]:
                        for message in page: message.pop("metadata", None)
                    more = start + limit < len(rows)
                    return {"ok": True, "messages": page, "has_more": more,
                            "response_metadata": {"next_cursor": "next=%d" % (start + limit) if more else ""}}
                return {"ok": False, "error": "unknown_method"}
            def do_GET(self):
                url = urlsplit(self.path)
                if url.path == "/_state":
                    with lock: return self.answer({"messages": [
                        {"ts": m["ts"], "text": m["text"], "edits": m["edits"]} for m in messages], "calls": calls})
                if not url.path == "/api/conversations.history": return self.answer({"ok": False, "error": "method_not_supported"})
                self.handle_call(url.path[5:], parse_qs(url.query), None)
            def do_POST(self):
                raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                if self.path == "/_mood":
                    with lock: mood[:] = json.loads(raw)
                    return self.answer({})
                if self.path == "/_forget":
                    with lock: messages.clear()
                    return self.answer({})
                if self.path == "/_chatter":
                    # What other people and programs write.
                    with lock:
                        for i in range(150):
                            messages.append({"ts": "%d.%06d" % (1767225700 + len(messages), len(messages)), "text": "hm", "edits": 0,
                                             "metadata": {"event_type": "other", "event_payload": {"commit": "a" * 40}}})
                    return self.answer({})
                if self.headers.get("Content-Type") != "application/json; charset=utf-8":
                    return self.answer({"ok": False, "error": "invalid_post_type"})
                self.handle_call(urlsplit(self.path).path[5:], {}, json.loads(raw))

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        print("ready", server.server_port, flush=True)
        server.serve_forever()
        """#
}
