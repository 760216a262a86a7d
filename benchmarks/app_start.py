"""CPU time until the application is ready, and the SQL it sends meanwhile (none).

python -m benchmarks.app_start
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

from benchmarks.scratch import report

ROUNDS = 5
PROGRAM = """
import json, time
import sqlalchemy as sa
sent = []
sa.event.listen(sa.Engine, "before_cursor_execute", lambda *args: sent.append(args[2]))
from app.factory import create_app
imported = time.process_time()
app = create_app()
print(json.dumps({"cpu": time.process_time(), "imports": imported, "sql": len(sent),
                  "routes": len(list(app.url_map.iter_rules()))}))
"""


def main() -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "QHATU_SECRET_KEY": "benchmark-" * 4,
        "QHATU_ENCRYPTION_KEYS": "YmVuY2htYXJrLWJlbmNobWFyay1iZW5jaG1hcmstISE=",
    }
    command = [sys.executable, "-c", PROGRAM]
    rounds = [
        json.loads(subprocess.run(command, env=environment, check=True, capture_output=True).stdout)
        for _ in range(ROUNDS + 1)
    ][1:]  # the first may compile
    best = min(rounds, key=lambda facts: facts["cpu"])
    report(
        "app_start",
        cpu_seconds=round(best["cpu"], 2),
        imports_seconds=round(best["imports"], 2),
        statements=best["sql"],
        routes=best["routes"],
    )


if __name__ == "__main__":
    main()
