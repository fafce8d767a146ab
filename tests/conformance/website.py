"""A website of the test's own on loopback: it tells what it was sent, drops connections, receives
webhooks, and is a proxy."""

import json
import queue
import shutil
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass
class Call:
    """A webhook as it arrived."""

    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


class Website:
    def __init__(self, port: int):
        self._calls: dict[str, queue.Queue[Call]] = {}
        self._refusals: dict[str, int] = {}
        # Where callers asked to be connected to.
        self.tunnels: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def hook(self, name: str, refusals: int = 0) -> str:
        """An address for webhooks; the first calls are refused."""
        self._calls[name] = queue.Queue()
        self._refusals[name] = refusals
        return f"{self.url}/hook/{name}"

    def call(self, name: str, patience: float = 20) -> Call:
        return self._calls[name].get(timeout=patience)

    def no_more_calls(self, name: str) -> bool:
        return self._calls[name].empty()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def take_call(self, name: str, call: Call) -> int:
        self._calls[name].put(call)
        if self._refusals[name] > 0:
            self._refusals[name] -= 1
            return 503
        return 200


def _handler(site: Website):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            address = urlsplit(self.path)
            if address.path == "/dropped":
                # Nothing is answered: the caller sees the connection end.
                self.close_connection = True
                return
            if address.path == "/large":
                words = "<p>More than is told inside a listing.</p>\n" * 8000
                return self._answer(200, f"<!doctype html><title>Large</title>{words}".encode(), "text/html")
            self._echo(address, b"")

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            address = urlsplit(self.path)
            if address.path.startswith("/hook/"):
                call = Call({name.lower(): value for name, value in self.headers.items()}, body)
                self._answer(site.take_call(address.path.removeprefix("/hook/"), call), b"{}")
            else:
                self._echo(address, body)

        def do_CONNECT(self):
            site.tunnels.append(self.path)
            host, port = self.path.rsplit(":", 1)
            with socket.create_connection((host, int(port))) as target:
                self.send_response(200)
                self.end_headers()
                back = threading.Thread(target=_pour, args=(target, self.connection))
                back.start()
                _pour(self.connection, target)
                back.join()
            self.close_connection = True

        def _echo(self, address, body: bytes):
            told = {
                "method": self.command,
                "path": address.path,
                "query": parse_qs(address.query),
                "headers": {name.lower(): value for name, value in self.headers.items()},
                "body": body.decode(),
            }
            # Inside a page, so that a browser shows it and nothing takes it for an empty one.
            page = f"<!doctype html><title>What arrived</title><h1>What arrived</h1><pre>{json.dumps(told).replace('<', '&lt;')}</pre>"
            self._answer(200, page.encode(), "text/html; charset=utf-8")

        def _answer(self, status: int, body: bytes, kind: str = "application/json"):
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Handler


def _pour(source: socket.socket, target: socket.socket):
    # Either side may go away at any time.
    with suppress(OSError), source.makefile("rb", buffering=0) as stream, target.makefile("wb", buffering=0) as out:
        shutil.copyfileobj(stream, out)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def what_arrived(html: str) -> dict:
    """What the website was sent, from the page it answered."""
    import html as escapes

    inside = html.split("<pre>", 1)[1].split("</pre>", 1)[0]
    return json.loads(escapes.unescape(inside))
