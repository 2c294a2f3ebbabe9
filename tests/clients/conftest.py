"""A server with sign-in for the programs of other people, and those programs."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from ..servers import Server, serving
from .programs import Installation

PASSWORD = "the password of ada"


@dataclass(frozen=True)
class Place:
    """Where the clients find the server; `ada` and the program `ci` may do all that needs no administrator."""

    address: str
    token: str  # of the administrator
    accounts: dict[str, str]  # their ids, by name
    client_id: str
    client_secret: str

    @property
    def port(self) -> int:
        return httpx.URL(self.address).port or 0

    def graphql(self, query: str, **variables: Any) -> Any:
        body = {"query": query, "variables": variables}
        answer = httpx.post(f"{self.address}/graphql", params={"token": self.token}, json=body, timeout=30)
        assert "errors" not in answer.json(), answer.text
        return answer.json()["data"]

    def import_documents(self, *documents: Any) -> None:
        query = "mutation($d: [JSON!]!) { importWorkflows(documents: $d) { skipped { reason } } }"
        assert self.graphql(query, d=list(documents)) == {"importWorkflows": {"skipped": []}}

    def expose(self, workflow: str, **trigger: Any) -> Any:
        """A trigger of an automation of the workflow, made as clients make them; all three have the same name."""
        automation = {"name": workflow, "description": "", "componentType": "workflows", "componentName": workflow}
        made = self._created("automations", automation)
        return self._created(
            "triggers",
            {"name": workflow, "actionType": "automations", "actionId": made["_id"], "enabled": True, **trigger},
        )

    def _created(self, kind: str, document: Any) -> Any:
        path = f"{self.address}/operations-manager/{kind}"
        answer = httpx.post(path, params={"token": self.token}, json=document, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]


@pytest.fixture(scope="session")
def installations(tmp_path_factory: pytest.TempPathFactory) -> Generator[dict[str, Installation]]:
    """They are installed beside each other, and beside the start of the server where this is asked for first."""
    folder = tmp_path_factory.mktemp("clients")
    requirements = {
        "itential-mcp": "itential-mcp==0.14.1",
        "ipsdk": "ipsdk==0.9.0",
        "iap-sdk": "iap-sdk==2023.12a1",
        "itential.py": "itential.py==1.0.0",
    }
    begun = {name: Installation(requirement, folder / name) for name, requirement in requirements.items()}
    yield begun
    for one in begun.values():
        one.wait()


@pytest.fixture(scope="session")
def place(mongodb_uri: str) -> Generator[Place]:
    settings: dict[str, Any] = {
        "MONGODB_URI": mongodb_uri,
        "JOBYARD_DATABASE": "clients",
        "JOBYARD_ADMIN_PASSWORD": PASSWORD,
    }
    with serving(closed=True, **settings) as server:
        yield inhabited(server)


def inhabited(server: Server) -> Place:
    token = httpx.post(f"{server.address}/login", json={"username": "admin", "password": PASSWORD}).text
    place = Place(server.address, token, {}, "", "")
    listed = httpx.get(f"{server.address}/authorization/roles", params={"token": token}).json()["results"]
    roles = {role["name"]: role["_id"] for role in listed}
    made = place.graphql(
        "mutation($password: String!, $roles: [ID!]) {"
        ' createAccount(username: "ada", password: $password, roles: $roles) { id }'
        ' createServiceAccount(name: "ci", roles: $roles) { clientId clientSecret account { id } } }',
        password=PASSWORD,
        roles=[roles["operations"]],
    )
    program = made["createServiceAccount"]
    ids = {"ada": made["createAccount"]["id"], "ci": program["account"]["id"]}
    return Place(server.address, token, ids, program["clientId"], program["clientSecret"])
