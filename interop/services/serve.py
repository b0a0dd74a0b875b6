"""Starts the services on free ports: `python -m services.serve --ready-file F [service …]`."""

import argparse
import asyncio
import json
import os
import signal
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from . import SERVICES

HOST = "127.0.0.1"


class Server(uvicorn.Server):
    """A server that leaves signals to `run`, which stops all servers together."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def listen() -> socket.socket:
    # asyncio sets TCP_NODELAY only where the protocol is named; without it each reply waits 40 ms.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((HOST, 0))
    return sock


def start(name: str) -> tuple[Server, socket.socket]:
    config = uvicorn.Config(
        SERVICES[name](), log_level="warning", access_log=False, timeout_graceful_shutdown=1
    )
    return Server(config), listen()


def write_atomically(path: Path, text: str) -> None:
    """Readers see the whole file or none."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def watch_stdin(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Stops the services when the other end of stdin is gone."""

    def wait() -> None:
        while os.read(0, 4096):
            pass
        loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=wait, daemon=True).start()


async def run(names: list[str], ready_file: Path, max_seconds: float, parent_stdin: bool) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, stop.set)
    if parent_stdin:
        watch_stdin(loop, stop)
    loop.call_later(max_seconds, stop.set)
    ready_file.unlink(missing_ok=True)

    running = {name: start(name) for name in names}
    tasks = [asyncio.create_task(server.serve([sock])) for server, sock in running.values()]
    while not all(server.started for server, _ in running.values()):
        if any(task.done() for task in tasks):
            raise SystemExit("a service did not start")
        await asyncio.sleep(0.01)
    urls = {name: f"http://{HOST}:{sock.getsockname()[1]}" for name, (_, sock) in running.items()}
    write_atomically(ready_file, json.dumps(urls, indent=2) + "\n")

    await stop.wait()
    for server, _ in running.values():
        server.should_exit = True
    await asyncio.gather(*tasks)


def main() -> None:
    parser = argparse.ArgumentParser(prog="services.serve", description=__doc__)
    parser.add_argument("--ready-file", type=Path, required=True, help="gets the URLs as JSON")
    parser.add_argument("--max-seconds", type=float, default=900, help="stop after this long")
    parser.add_argument("--parent-stdin", action="store_true", help="stop when stdin closes")
    parser.add_argument("service", nargs="*", help="all services unless named")
    args = parser.parse_args()
    names: list[str] = list(dict.fromkeys(args.service)) or list(SERVICES)
    if unknown := set(names) - set(SERVICES):
        parser.error(f"unknown service: {', '.join(sorted(unknown))}")
    asyncio.run(run(names, args.ready_file, args.max_seconds, args.parent_stdin))


if __name__ == "__main__":
    main()
