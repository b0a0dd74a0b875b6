"""Starts all services and calls every operation once: `python -m services.smoke`."""

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from .smoke_auth import check_auth, check_wallet
from .smoke_media import check_media, check_notifications
from .smoke_orders import check_faults, check_orders, check_users
from .smoke_relay import check_relay

CHECKS: dict[str, list[Callable[[httpx.Client], None]]] = {
    "order-service": [check_orders, check_faults],
    "user-service": [check_users],
    "auth-service": [check_auth],
    "wallet-service": [check_wallet],
    "notification-service": [check_notifications],
    "media-service": [check_media],
    "relay-service": [check_relay],
}


def wait_for(ready: Path, server: subprocess.Popen[bytes]) -> dict[str, str]:
    deadline = time.monotonic() + 30
    while not ready.exists():
        assert server.poll() is None, "the services stopped early"
        assert time.monotonic() < deadline, "the services did not start"
        time.sleep(0.05)
    urls: dict[str, str] = json.loads(ready.read_text(encoding="utf-8"))
    return urls


def check(service: str, url: str) -> int:
    """Runs a service's checks; every declared operation must have been called."""
    called: set[tuple[str, str]] = set()
    with httpx.Client(base_url=url, timeout=10) as http:
        document = http.get("/openapi.json").json()
        http.event_hooks["request"] = [lambda r: called.add((r.method.lower(), r.url.path))]
        for step in CHECKS[service]:
            step(http)
    declared = [(method, path) for path, ops in document["paths"].items() for method in ops]
    for method, path in declared:
        pattern = re.compile(re.sub(r"\\{\w+\\}", ".+", re.escape(path)))
        hit = any(m == method and pattern.fullmatch(p) for m, p in called)
        assert hit, f"{service}: {method} {path} was never called"
    return len(declared)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "ready.json"
        command = [sys.executable, "-m", "services.serve", "--parent-stdin"]
        command += ["--max-seconds", "120", "--ready-file", str(ready)]
        root = Path(__file__).resolve().parents[1]
        with subprocess.Popen(command, stdin=subprocess.PIPE, cwd=root) as server:
            try:
                for service, url in wait_for(ready, server).items():
                    print(f"{service}: {check(service, url)} operations")
            finally:
                assert server.stdin is not None
                server.stdin.close()
                status = server.wait(timeout=15)
    assert status == 0, f"the services stopped with status {status}"


if __name__ == "__main__":
    main()
