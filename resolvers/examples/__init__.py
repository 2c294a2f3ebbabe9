"""Example workflows of our own, for the first minutes with a server."""

from pathlib import Path

import orjson

from ..workflows import imports as workflows


async def import_examples() -> workflows.ImportReport:
    """Import every example; what somebody changed under the same name is replaced."""
    documents = [orjson.loads(file.read_bytes()) for file in sorted(Path(__file__).parent.glob("*.json"))]
    return await workflows.import_documents(documents)
