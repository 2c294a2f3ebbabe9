"""Runs where ipsdk is installed: its first line says how to sign in, each other one what to ask. It prints answers."""

import asyncio
import json
import sys
from inspect import isawaitable

from ipsdk import platform_factory
from ipsdk.exceptions import HTTPStatusError


async def main() -> None:
    client = platform_factory(**json.loads(sys.stdin.readline()))
    for line in sys.stdin:
        verb, path, more = json.loads(line)
        try:
            answer = getattr(client, verb)(path, **more)
            if isawaitable(answer):
                answer = await answer
            told = {"status": answer.status_code, "body": answer.json()}
        except HTTPStatusError as refusal:
            told = {"status": refusal.response.status_code, "body": refusal.response.json(), "raised": str(refusal)}
        print(json.dumps(told), flush=True)


asyncio.run(main())
