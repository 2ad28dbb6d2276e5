"""A webhook receiver for tests: answers as it is told and appends each request to a file as one line of JSON.

receiver.py PORT LOG [--script STATUS[:HEADER=VALUE],...] [--delay SECONDS] [--token TOKEN]
            [--tls CERT KEY CA]

PORT 0 takes a free one. The port is printed when it listens. The script's answers are given in order, then 200s; with a token, requests without
it get 401.
"""

import argparse
import gzip
import http.server
import json
import ssl
import sys
import threading
import time

parser = argparse.ArgumentParser()
parser.add_argument("port", type=int)
parser.add_argument("log")
parser.add_argument("--script", default="")
parser.add_argument("--delay", type=float, default=0)
parser.add_argument("--token")
parser.add_argument("--tls", nargs=3)
options = parser.parse_args()
script = [answer for answer in options.script.split(",") if answer]
lock = threading.Lock()
log = open(options.log, "a", encoding="utf-8")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body are two writes; the second must not wait for the first one's acknowledgement.
    disable_nagle_algorithm = True

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        time.sleep(options.delay)
        with lock:
            answer = script.pop(0) if script else "200"
            if options.token and self.headers.get("Authorization") != f"Bearer {options.token}":
                answer = "401"
            status, _, extra = answer.partition(":")
            entry = {
                "time": time.time(),
                "status": int(status),
                "connection": self.client_address[1],
                "headers": {name.lower(): value for name, value in self.headers.items()},
                "body": body.decode("utf-8", "replace"),
            }
            if options.tls:
                entry["peer"] = str(self.connection.getpeercert().get("subject"))
            log.write(json.dumps(entry) + "\n")
            log.flush()
        self.send_response(int(status))
        if extra:
            name, _, value = extra.partition("=")
            if value.startswith("date+"):
                value = self.date_time_string(time.time() + int(value[5:]))
            self.send_header(name, value)
        text = b"ok" if status == "200" else b"the receiver says no"
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True


server = Server(("127.0.0.1", options.port), Handler)
if options.tls:
    certificate, key, authority = options.tls
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.load_verify_locations(authority)
    context.verify_mode = ssl.CERT_REQUIRED
    server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1])
sys.stdout.flush()
server.serve_forever()
