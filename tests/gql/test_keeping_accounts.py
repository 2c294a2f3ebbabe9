"""Accounts, groups and roles in their documented shapes, and that nobody hands out more than they have."""

from collections.abc import Sequence

import pytest
from bson import ObjectId
from jobyard.models.permissions import METHODS
from jobyard.resolvers.accounts.tokens import issue

from .people import HOUR
from .world import World, code_of, data_of

pytestmark = pytest.mark.anyio


async def test_the_documented_shapes_of_authorization(world: World) -> None:
    listed = (await world.people.ask("reader", "GET", "/authorization/accounts?limit=2&skip=1")).json()
    assert list(listed) == ["results", "total"]
    assert (len(listed["results"]), listed["total"]) == (2, 5)
    account = (await world.people.ask("reader", "GET", f"/authorization/accounts/{world.variables['account']}")).json()
    assert (account["username"], account["provenance"], account["inactive"]) == ("guest", "Local", False)
    assert "credentials" not in account
    made = (await world.people.ask("admin", "POST", "/authorization/groups", json={"group": {"name": "g"}})).json()
    id = made["data"]["_id"]
    assert made["message"] == f"Successfully created group {id}."
    assert made["status"] == "OK"
    assert made["data"]["memberOf"] == []
    gone = (await world.people.ask("admin", "DELETE", f"/authorization/groups/{id}")).json()
    assert gone == {"status": "OK", "message": f"Successfully deleted group {id}."}
    assert (await world.people.ask("admin", "GET", f"/authorization/groups/{id}")).status_code == 404
    sent = {"group": {"name": "sent", "provenance": "Pronghorn"}}
    answered = await world.people.ask("admin", "POST", "/authorization/groups", json=sent)
    assert answered.json()["data"]["provenance"] == "Pronghorn"  # some clients delete only groups of this one
    again = {"group": {"name": "outer"}}
    taken = await world.people.ask("admin", "POST", "/authorization/groups", json=again)
    assert (taken.status_code, taken.json()["metadata"]["code"]) == (409, "NAME_TAKEN")
    group = (await world.people.ask("reader", "GET", f"/authorization/groups/{world.variables['group']}")).json()
    assert (group["inheritedGroups"], group["inheritedRoles"]) == ([], [])
    methods = (await world.people.ask("reader", "GET", "/authorization/methods?limit=1")).json()
    assert methods["total"] == len(METHODS)


async def keeper(world: World, name: str, *methods: str, groups: Sequence[str] = ()) -> str:
    """Somebody whose role allows these methods alone; the id of the role."""
    create = "mutation($name: String!, $methods: [String!]!) { createRole(name: $name, methods: $methods) { id } }"
    role = (await data_of(world, "admin", create, name=name, methods=methods))["id"]
    create = (
        "mutation($name: String!, $roles: [ID!], $groups: [ID!]) "
        '{ createAccount(username: $name, password: "long enough", roles: $roles, groups: $groups) { id } }'
    )
    made = await data_of(world, "admin", create, name=name, roles=[role], groups=list(groups))
    world.people.ids[name] = made["id"]
    world.people.tokens[name] = (await issue(ObjectId(made["id"]), world.people.doors.services.clock.now(), HOUR)).token
    return role


ADMINISTERING = (
    "createAccount", "updateAccount", "setPassword", "createRole", "updateRole", "createServiceAccount",
    "regenerateSecret", "createGroup",
)  # fmt: skip
TAKING_OVER = {
    "the own roles": "mutation { updateAccount(id: $me, roles: [$all]) { id } }",
    "a group with more roles": "mutation { updateAccount(id: $me, groups: [$strong]) { id } }",
    "a group that is in one with more roles": "mutation { updateAccount(id: $me, groups: [$inside]) { id } }",
    "membership of it": "mutation { addToGroup(groupId: $strong, accountIds: [$me]) { id } }",
    "the roles of the own group": "mutation { updateGroup(id: $own, roles: [$all]) { id } }",
    "the groups of the own group": "mutation { updateGroup(id: $own, groups: [$inside]) { id } }",
    "a group that one is not in": "mutation { updateAccount(id: $me, groups: [$group]) { id } }",
    "membership of that": "mutation { addToGroup(groupId: $group, accountIds: [$me]) { id } }",
    "another account": 'mutation { createAccount(username: "x", password: "long enough", roles: [$all]) { id } }',
    "a program's account": 'mutation { createServiceAccount(name: "x", roles: [$all]) { clientSecret } }',
    "another group": 'mutation { createGroup(name: "x", roles: [$all]) { id } }',
    "another role": 'mutation { createRole(name: "x", methods: ["updateAccount", "getJobsAdmin"]) { id } }',
    "the own role": 'mutation { updateRole(id: $role, methods: ["updateAccount", "getJobsAdmin"]) { id } }',
    "a closed group with more roles": "mutation { updateGroup(id: $closed, inactive: false) { id } }",
    "a closed group that one was in": "mutation { updateGroup(id: $former, inactive: false) { id } }",
    "the same and more of it": 'mutation { updateGroup(id: $former, description: "d", inactive: false) { id } }',
    "membership of a closed group": "mutation { addToGroup(groupId: $former, accountIds: [$me]) { id } }",
    "a closed group with a new account": (
        'mutation { createAccount(username: "x", password: "long enough", groups: [$former]) { id } }'
    ),
    "the account of who is in a closed group": 'mutation { setPassword(id: $second, password: "long enough") { id } }',
    "the secret of a program that may do more": "mutation { regenerateSecret(id: $program) { clientSecret } }",
    "the account of who sees more": 'mutation { setPassword(id: $guest, password: "long enough") { id } }',
    "the administrator's password": 'mutation { setPassword(id: $admin, password: "long enough") { id } }',
    "the administrator's account": "mutation { updateAccount(id: $admin, inactive: true) { id } }",
}


@pytest.mark.parametrize("what", TAKING_OVER)
async def test_who_keeps_accounts_hands_out_no_more_than_they_have(world: World, what: str) -> None:
    own = (await data_of(world, "admin", 'mutation { createGroup(name: "keepers") { id } }'))["id"]
    role = await keeper(world, "keeper", *ADMINISTERING, "updateGroup", groups=[own])
    roles = (await world.people.ask("admin", "GET", "/authorization/roles")).json()["results"]
    all_of_it = next(role["_id"] for role in roles if role["name"] == "admin")
    create = "mutation($name: String!, $g: [ID!], $r: [ID!]) { createGroup(name: $name, groups: $g, roles: $r) { id } }"
    strong = (await data_of(world, "admin", create, name="strong", r=[all_of_it]))["id"]
    inside = (await data_of(world, "admin", create, name="inside", g=[strong]))["id"]
    closed = 'mutation($r: [ID!]) { createGroup(name: "closed", roles: $r, inactive: true) { id } }'
    program = 'mutation($r: [ID!]) { createServiceAccount(name: "program", roles: $r) { account { id } } }'
    former = (await data_of(world, "admin", 'mutation { createGroup(name: "former") { id } }'))["id"]
    join = "mutation($g: ID!, $a: [ID!]!) { addToGroup(groupId: $g, accountIds: $a) { id } }"
    await data_of(world, "admin", join, g=former, a=[world.people.ids["keeper"]])
    second = 'mutation($g: [ID!]) { createAccount(username: "second", password: "long enough", groups: $g) { id } }'
    second = (await data_of(world, "admin", second, g=[former]))["id"]
    await data_of(world, "admin", "mutation($g: ID!) { updateGroup(id: $g, inactive: true) { id } }", g=former)
    ids = {
        "role": role,
        "former": former,
        "second": second,
        "closed": (await data_of(world, "admin", closed, r=[all_of_it]))["id"],
        "program": (await data_of(world, "admin", program, r=[all_of_it]))["account"]["id"],
        "me": world.people.ids["keeper"],
        "admin": world.people.ids["admin"],
        "guest": world.people.ids["guest"],
        "group": world.variables["group"],
        "all": all_of_it,
        "strong": strong,
        "inside": inside,
        "own": own,
    }
    query = TAKING_OVER[what]
    for name, id in ids.items():
        query = query.replace(f"${name}", f'"{id}"')
    before = await world.people.stored()
    assert await code_of(world, "keeper", query) == "NOT_YOURS_TO_GIVE"
    assert await world.people.stored() == before
    assert "errors" not in (await world.graphql("admin", query)).json()


async def test_who_keeps_accounts_hands_out_what_they_have(world: World) -> None:
    own = (await data_of(world, "admin", 'mutation { createGroup(name: "keepers") { id } }'))["id"]
    role = await keeper(world, "keeper", *ADMINISTERING, "updateGroup", groups=[own])
    create = (
        "mutation($r: [ID!], $g: [ID!]) "
        '{ createAccount(username: "second", password: "long enough", roles: $r, groups: $g) { id } }'
    )
    second = (await data_of(world, "keeper", create, r=[role], g=[own]))["id"]
    set_password = 'mutation($id: ID!) { setPassword(id: $id, password: "another one") { id } }'
    await data_of(world, "keeper", set_password, id=second)
    join = "mutation($g: ID!, $a: [ID!]!) { addToGroup(groupId: $g, accountIds: $a) { id } }"
    await data_of(world, "keeper", join, g=own, a=[world.people.ids["guest"]])
    await data_of(world, "keeper", 'mutation { createRole(name: "less", methods: ["setPassword"]) { id } }')


async def test_groups_in_a_circle_are_in_each_other(world: World) -> None:
    create = "mutation($name: String!, $g: [ID!]) { createGroup(name: $name, groups: $g) { id } }"
    one = (await data_of(world, "admin", create, name="one"))["id"]
    other = (await data_of(world, "admin", create, name="other", g=[one]))["id"]
    update = "mutation($id: ID!, $g: [ID!]) { updateGroup(id: $id, groups: $g) { id } }"
    await data_of(world, "admin", update, id=one, g=[other])
    join = "mutation($g: ID!, $a: [ID!]!) { addToGroup(groupId: $g, accountIds: $a) { id } }"
    await data_of(world, "admin", join, g=one, a=[world.people.ids["outsider"]])
    viewer = await data_of(world, "outsider", "{ viewer { groups { id } } }")
    assert sorted(group["id"] for group in viewer["groups"]) == sorted([one, other])
    found = (await world.people.ask("admin", "GET", f"/authorization/groups/{one}")).json()
    assert found["inheritedGroups"] == [other]


async def test_a_role_that_comes_with_the_server_stays(world: World) -> None:
    roles = (await world.people.ask("admin", "GET", "/authorization/roles")).json()["results"]
    admin = next(role for role in roles if role["name"] == "admin")
    answer = await world.people.ask("admin", "DELETE", f"/authorization/roles/{admin['_id']}")
    assert (answer.status_code, answer.json()["metadata"]["code"]) == (409, "ROLE_IS_DEFAULT")
