"""npm packages that are the originals of what is read and written here, asked the same as we are.

JOBYARD_PACKAGES names the node_modules folder that holds them: moment, moment-timezone, papaparse, ajv, ajv-formats.
"""

import json
import os
import shutil
from typing import Any

import pytest

from . import processes

PACKAGES = os.environ.get("JOBYARD_PACKAGES", "")

beside_the_packages = [
    pytest.mark.skipif(not PACKAGES, reason="JOBYARD_PACKAGES names no node_modules folder"),
    pytest.mark.skipif(shutil.which("node") is None, reason="there is no node here"),
]


def ask(script: str, cases: Any) -> Any:
    """What the script's `answer(case, load)` gives for each case; `load` requires a package."""
    program = f"""
const load = (name) => require(process.argv[1] + '/' + name)
{script}
const cases = JSON.parse(require('fs').readFileSync(0))
console.log(JSON.stringify(cases.map((one) => answer(one))))
"""
    done = processes.run(
        ["node", "-e", program, PACKAGES],
        input=json.dumps(cases),
        check=True,
        env={**os.environ, "TZ": "UTC"},
    )
    return json.loads(done.stdout)
