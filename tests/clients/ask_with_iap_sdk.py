"""Runs where iap-sdk is installed: its first line says how to sign in, each other one what to call and print."""

import json
import sys
from functools import reduce

from iap_sdk import Iap

client = Iap(**json.loads(sys.stdin.readline()))
for line in sys.stdin:
    path, options = json.loads(line)
    print(json.dumps(reduce(getattr, path.split("."), client)(**options)), flush=True)
