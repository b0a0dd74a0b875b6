"""Writes the OpenAPI documents: `python -m services.emit DIR [service …]`."""

import argparse
import json
from pathlib import Path

from . import SERVICES


def document(service: str) -> str:
    """The document of a service exactly as FastAPI emits it; the same bytes every time."""
    return json.dumps(SERVICES[service]().openapi(), indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(prog="services.emit", description=__doc__)
    parser.add_argument("dir", type=Path, help="gets <service>/openapi.json for each service")
    parser.add_argument("service", nargs="*", help="all services unless named")
    args = parser.parse_args()
    names: list[str] = args.service or list(SERVICES)
    if unknown := set(names) - set(SERVICES):
        parser.error(f"unknown service: {', '.join(sorted(unknown))}")
    for name in names:
        target: Path = args.dir / name / "openapi.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(document(name).encode())


if __name__ == "__main__":
    main()
