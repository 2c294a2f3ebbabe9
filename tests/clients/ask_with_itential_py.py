"""Runs where itential.py is installed: its first line says how to sign in, each other one what to call and print."""

import json
import sys

from itential import Itential
from itential.modules.v2020_2._app_workflow_engine import AppWorkflowEngine

engine = AppWorkflowEngine(Itential(**json.loads(sys.stdin.readline())))
for line in sys.stdin:
    method, options = json.loads(line)
    answer = getattr(engine, method)(**options)
    print(json.dumps([answer.status_code, answer.json()]), flush=True)
