"""Example workflows for a new server."""

from pathlib import Path

import orjson

from ..workflows import imports as workflows


async def import_examples() -> workflows.ImportReport:
    """Import every example. Each replaces a workflow of the same name."""
    documents = [orjson.loads(file.read_bytes()) for file in sorted(Path(__file__).parent.glob("*.json"))]
    return await workflows.import_documents(documents)
