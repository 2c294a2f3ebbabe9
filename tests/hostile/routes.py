"""`make hostile-routes`: schemathesis asks every route for MINUTES, with odd names of fields, and no answer is 5xx.

python -m tests.hostile.routes [MINUTES] [SEED]
"""

import os
import re
import sys
import tempfile
from pathlib import Path

import httpx

from .. import processes
from ..documents import chain, greeting, task
from ..servers import import_documents, serving

HOOKS = "tests.hostile.odd_names"
SPARE_SECONDS = 120  # for what is begun when the time is over


def main(minutes: str = "10", seed: str = "1") -> int:
    with tempfile.TemporaryDirectory() as folder, serving("--data", str(Path(folder, "data"))) as server:
        import_documents(server, greeting(), chain("ask", a1={**task("ViewData"), "type": "manual"}))
        address = f"{server.address}/operations-manager/jobs/start"
        started = httpx.post(address, json={"workflow": "ask", "options": {}}).json()["data"]["_id"]
        config = Path(folder, "schemathesis.toml")
        config.write_text(f'hooks = "{HOOKS}"\n[parameters]\n"path.id" = "{started}"\n"path.task" = "a1"\n')
        seconds = float(minutes) * 60
        command = [
            str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(config), "run",
            f"{server.address}/help/openapi", "--checks", "not_a_server_error", "--max-time", str(int(seconds)),
            "--max-examples", "100000", "--phases", "fuzzing", "--seed", seed, "--continue-on-failure", "--no-color",
            "--suppress-health-check", "all", "--request-timeout", "60",
        ]  # fmt: skip
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        done = processes.run(command, env=environment, timeout=seconds + SPARE_SECONDS)
        lives = httpx.get(f"{server.address}/healthz").status_code == 200
    failures = done.stdout.partition("= FAILURES =")[2]
    print(failures[:20_000] or done.stdout[-2000:])
    cases = re.search(r"([\d,]+) generated", done.stdout)
    print(f"{cases[1] if cases else '?'} cases in {minutes} minutes; the server {'lives' if lives else 'ENDED'}")
    return 0 if done.returncode == 0 and lives else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
