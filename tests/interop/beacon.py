"""Answers every request and writes its path down.

usage: beacon.py LOG
The first line of the log is the port.
"""

import http.server
import sys

log = open(sys.argv[1], "w", buffering=1)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        log.write(self.path + "\n")
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(b"seen")

    do_POST = do_GET

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
log.write("%d\n" % server.server_address[1])
server.serve_forever()
