/// A program that receives webhooks of ours, and checks them as its author was told to: with Python's own HMAC.
///
/// `POST /_mood` says how the next requests are answered: a list of `{"status": …, "retry": …}`, `{"hang": true}` or
/// `{"drop": true}`; when it is used up, all is well. `GET /_seen` lists what came, in order.
enum FakeReceiver {
    static let secret = "s3cret-of-the-receiver"

    static let program = #"""
        import hashlib, hmac, http.server, json, socket, threading, time

        SECRET = b"s3cret-of-the-receiver"
        seen, mood, lock = [], [], threading.Lock()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *a): pass
            def answer(self, status, body, headers={}):
                data = json.dumps(body).encode()
                self.send_response(status)
                for name, value in headers.items(): self.send_header(name, str(value))
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
            def do_GET(self):
                with lock: self.answer(200, seen)
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                if self.path == "/_mood":
                    with lock: mood[:] = json.loads(body)
                    return self.answer(200, {})
                h = self.headers
                stamp = h.get("X-Mooring-Timestamp", "")
                wanted = "sha256=" + hmac.new(SECRET, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
                with lock:
                    now = mood.pop(0) if mood else {}
                    seen.append({
                        "signed": hmac.compare_digest(wanted, h.get("X-Mooring-Signature", "")), "event": h.get("X-Mooring-Event"),
                        "delivery": h.get("X-Mooring-Delivery"), "time": stamp, "type": h.get("Content-Type"),
                        "path": self.path, "sync": json.loads(body).get("sync"), "commit": json.loads(body).get("commit"),
                        "text": json.loads(body).get("text"), "status": now.get("status", 200)})
                if now.get("hang"): time.sleep(100)
                if now.get("drop"):
                    self.close_connection = True
                    return self.connection.shutdown(socket.SHUT_RDWR)
                headers = {"Retry-After": now["retry"]} if "retry" in now else {}
                if 300 <= now.get("status", 200) < 400: headers["Location"] = "/elsewhere"
                self.answer(now.get("status", 200), {"echo": body.decode()}, headers)

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        print("ready", server.server_port, flush=True)
        server.serve_forever()
        """#
}
