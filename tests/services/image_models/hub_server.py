"""A server on the loopback address that speaks the protocol of the model hub, and breaks it on demand.

Small files are answered at once, with the SHA-1 of git as ETag. Weights are redirected to another host, with
their SHA-256 and size on the redirect, and with the headers of Xet, which plain HTTP ignores.
"""

import contextlib
import hashlib
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from huggingface_hub import close_session, constants

from app.services.settings import FOLDER_VARIABLE

COMMIT = "0123456789abcdef0123456789abcdef01234567"
SMALL = (".json", ".txt", ".md")


@dataclass
class Hub:
    """``files`` by repository and name. ``seen`` are the requests for bytes, as (name, Range, authorisation).

    ``break_at``: where each next transfer of weights ends, a list of byte counts that is used up.
    ``altered``: names that are sent with other bytes than their hash says. ``status``: what every request
    is answered with, 0 for what it deserves. ``hold``: transfers wait in the middle until it is set.
    """

    files: dict[str, dict[str, bytes]] = field(default_factory=dict)
    seen: list[tuple[str, str, str]] = field(default_factory=list)
    break_at: list[int] = field(default_factory=list)
    altered: set[str] = field(default_factory=set)
    gated: set[str] = field(default_factory=set)
    status: int = 0
    ranges: bool = True
    hashes: bool = True
    commit: str = COMMIT
    hold: threading.Event | None = None
    reached: threading.Event = field(default_factory=threading.Event)
    server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        assert self.server is not None
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    @contextlib.contextmanager
    def serving(self) -> Iterator[None]:
        hub = self

        class Bound(_Handler):
            pass

        Bound.hub = hub
        self.server = _Server(("127.0.0.1", 0), Bound)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, name="hub").start()
        try:
            yield
        finally:
            close_session()  # its open connections would keep the server's threads waiting
            if self.hold is not None:
                self.hold.set()
            self.server.shutdown()
            self.server.server_close()


def own_folders(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """An empty cache of the hub and an empty folder of settings; HF_HUB_OFFLINE is not set."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(folder / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(folder / "token"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder / "settings"))
    monkeypatch.delenv("HF_TOKEN", raising=False)


def use_hub(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Make the library of the hub ask this server."""
    monkeypatch.setattr(constants, "ENDPOINT", url)
    template = url + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    close_session()


def digest_of(name: str, data: bytes) -> str:
    if name.endswith(SMALL):
        return hashlib.sha1(f"blob {len(data)}\0".encode() + data).hexdigest()
    return hashlib.sha256(data).hexdigest()


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):  # a client that has cancelled
            super().handle_error(*_)


class _Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def _answer(self, with_body: bool) -> None:
        if self.hub.status:
            self._refuse(self.hub.status)
            return
        parts = self.path.strip("/").split("/")
        repository, name = "/".join(parts[:2]), "/".join(parts[4:])
        if repository in self.hub.gated:
            self._refuse(403, "GatedRepo")
        elif repository not in self.hub.files:
            self._refuse(401, "RepoNotFound")
        elif name not in self.hub.files[repository]:
            self._refuse(404, "EntryNotFound")
        elif parts[2] == "store":
            self._send(name, self.hub.files[repository][name])
        else:
            self._describe(repository, name, self.hub.files[repository][name], with_body)

    def _describe(self, repository: str, name: str, data: bytes, with_body: bool) -> None:
        digest = digest_of(name, data)
        large = not name.endswith(SMALL)
        self.send_response(302 if large else 200)
        self.send_header("X-Repo-Commit", self.hub.commit)
        self.send_header("ETag", f'"{digest if self.hub.hashes else "no-hash"}"')
        if large:
            port = self.server.server_address[1]
            self.send_header("X-Linked-Size", str(len(data)))
            if self.hub.hashes:
                self.send_header("X-Linked-ETag", f'"{digest}"')
            self.send_header("X-Xet-Hash", hashlib.sha256(b"xet" + data).hexdigest())
            self.send_header("Link", f'<{self.hub.url}/api/xet>; rel="xet-auth"')
            self.send_header("Location", f"http://localhost:{port}/{repository}/store/x/{name}")
        self.send_header("Content-Length", "0" if large else str(len(data)))
        self.end_headers()
        if with_body and not large:
            self.hub.seen.append((name, "", self.headers.get("Authorization", "")))
            self.wfile.write(data)

    def _send(self, name: str, data: bytes) -> None:
        wanted = self.headers.get("Range", "")
        self.hub.seen.append((name, wanted, self.headers.get("Authorization", "")))
        start = int(wanted.removeprefix("bytes=").split("-")[0]) if wanted and self.hub.ranges else 0
        if name in self.hub.altered:
            data = bytes(len(data))
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        end = min(self.hub.break_at.pop(0) if self.hub.break_at else len(data), len(data))
        if self.hub.hold is not None:
            middle = start + (end - start) // 2
            self.wfile.write(data[start:middle])
            self.wfile.flush()
            self.hub.reached.set()
            self.hub.hold.wait(30)
            start = middle
        try:
            self.wfile.write(data[start:end])
            self.wfile.flush()
        except (BrokenPipeError, ConnectionResetError):
            pass  # the client has cancelled
        if end < len(data):
            self.close_connection = True

    def _refuse(self, status: int, code: str = "") -> None:
        self.send_response(status)
        if code:
            self.send_header("X-Error-Code", code)
            self.send_header("X-Repo-Commit", self.hub.commit)
        self.send_header("Content-Length", "0")
        self.end_headers()
