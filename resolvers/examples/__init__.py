"""Example workflows of our own, for the first minutes with a server."""

from importlib.resources import files

import orjson

from .. import workflows


async def bring_in() -> workflows.ImportReport:
    """Import every example; what somebody changed under the same name is replaced."""
    documents = [
        orjson.loads(file.read_bytes())
        for file in sorted(files(__package__).iterdir(), key=lambda file: file.name)
        if file.name.endswith(".json")
    ]
    return await workflows.import_documents(documents)
